import { itemKey } from '../../src/domain/item-payload.ts';
import { type Reason } from '../../src/domain/outcome.ts';
import { dropLink, omit, type Place, report, type Run } from './draft.ts';
import { hasWork, termsWithGrades, usesScoreGroup } from './evidence.ts';
import { type Gone, type TypeAt } from './standard.ts';
import { type Master, type Payload, type TaskRow } from './state.ts';

const payloadOf = (row: TaskRow): Payload => omit(row, ['id', 'gradable']);

const gradableOf = (key: string): string => key.slice('task:'.length);

/** Tasks/Standards at a course (M04, M25). Sections have none (M05, M26). */
export function tasksAt(run: Run, place: Place, master: Master): TypeAt {
  const { setup } = place.course;
  return {
    place,
    type: 'grading_tasks_standards',
    above: new Map(
      master.setup.tasks.map((task) => [itemKey.task(task.gradable), payloadOf(task)]),
    ),
    below: () => new Map(setup.tasks.map((task) => [itemKey.task(task.gradable), payloadOf(task)])),
    keepsLocal: () => false, // R08: same identity is always adopted
    gone: (key, pushed) => gone(run, { place, pushed, gradable: gradableOf(key) }),
    limit: (key, wanted) => limit(run, { place, wanted, gradable: gradableOf(key) }),
    write: (key, payload) => {
      const gradable = gradableOf(key);
      const row = setup.tasks.find((task) => task.gradable === gradable);
      if (row === undefined) {
        setup.tasks.push({
          ...(payload as Omit<TaskRow, 'id'>),
          terms: termsOf(payload),
          gradable,
          id: run.ids('task'),
        });
      } else {
        Object.assign(row, payload); // R05: the row keeps its id
      }
    },
    remove: (key) => {
      removeTask(run, place, gradableOf(key));
    },
  };
}

function termsOf(payload: Payload): number[] {
  return [...(payload['terms'] as readonly number[])];
}

/** P07, P09 */
function gone(
  run: Run,
  { place, pushed, gradable }: { place: Place; pushed: boolean; gradable: string },
): Gone {
  if (hasWork(run, place, gradable)) return { keep: 'student_work' };
  if (isInComposite(place, gradable)) return { keep: 'referenced_by_composite' };
  return { remove: pushed ? 'master_item_removed' : null };
}

/** P09. OD: a composite survives the run if it is still there once composites are settled. */
function isInComposite({ course }: Place, gradable: string): boolean {
  const all = [course.setup, ...course.sections.map((section) => section.setup)].flatMap(
    (setup) => setup.composites,
  );
  return all.some(
    (composite) =>
      composite.parent === gradable || composite.children.some((c) => c.gradable === gradable),
  );
}

/** P10. OD: no score group at all is not "in use"; a term in use is kept beside the master's. */
function limit(
  run: Run,
  { place, wanted, gradable }: { place: Place; wanted: Payload; gradable: string },
): { payload: Payload; withheld: Reason | null } {
  const row = place.course.setup.tasks.find((task) => task.gradable === gradable);
  if (row === undefined) return { payload: wanted, withheld: null };
  const keepsGroup =
    row.scoreGroup !== null &&
    row.scoreGroup !== wanted['scoreGroup'] &&
    usesScoreGroup(run, place, gradable);
  const terms = termsOf(wanted);
  const keptTerms = row.terms.filter(
    (term) => !terms.includes(term) && termsWithGrades(run, place, gradable).includes(term),
  );
  const payload = {
    ...wanted,
    scoreGroup: keepsGroup ? row.scoreGroup : wanted['scoreGroup'],
    terms: [...terms, ...keptTerms].sort((a, b) => a - b),
  };
  return { payload, withheld: reasonOf(keepsGroup, keptTerms.length > 0) };
}

function reasonOf(group: boolean, term: boolean): Reason | null {
  if (group && term) return 'score_group_and_term_in_use';
  if (group) return 'score_group_in_use';
  return term ? 'term_in_use' : null;
}

/** N10: calc options go with their task, selected or not; P09 left no composite behind. */
function removeTask(run: Run, place: Place, gradable: string): void {
  const { course } = place;
  course.setup.tasks = course.setup.tasks.filter((task) => task.gradable !== gradable);
  for (const section of [null, ...course.sections]) cascade(run, { course, section }, gradable);
}

function cascade(run: Run, place: Place, gradable: string): void {
  const setup = place.section === null ? place.course.setup : place.section.setup;
  for (const row of setup.calcOptions.filter((option) => option.gradable === gradable)) {
    const key = itemKey.calcOption(gradable, row.term);
    dropLink(place, 'grade_calc_options', key);
    report(run, place, {
      dataType: 'grade_calc_options',
      key,
      outcome: 'DELETED',
      reason: 'cascade',
    });
  }
  setup.calcOptions = setup.calcOptions.filter((option) => option.gradable !== gradable);
}
