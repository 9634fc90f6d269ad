import { itemKey } from '../../src/domain/item-payload.ts';
import { type Outcome } from '../../src/domain/outcome.ts';
import { findLink, omit, type Place, type Run, setupOf } from './draft.ts';
import { hasWork, hasWorkInTerm } from './evidence.ts';
import { type Gone, type TypeAt } from './standard.ts';
import { type CalcOptionRow, type Master, type Payload } from './state.ts';

/** What No Calculation writes. OD: nothing of the former definition is left. */
const NO_CALCULATION: Payload = {
  calcType: 'none',
  gradingScale: null,
  weightCategories: false,
  useScorePercent: false,
  limitLastN: null,
  cumulativeFromTerm: null,
  proficiencyMethod: null,
};

const definitionOf = (row: CalcOptionRow): Payload => omit(row, ['gradable', 'term', 'readOnly']);

function keyOf(row: CalcOptionRow): string {
  return itemKey.calcOption(row.gradable, row.term);
}

function parse(key: string): { gradable: string; term: number } {
  const cut = key.lastIndexOf(':');
  return { gradable: key.slice('calc:'.length, cut), term: Number(key.slice(cut + 1)) };
}

function isAligned(tasks: readonly { readonly gradable: string }[], key: string): boolean {
  return tasks.some((task) => task.gradable === parse(key).gradable);
}

/** Grade Calc Options at a course (M07, M28). */
export function courseCalcOptions(run: Run, place: Place, master: Master): TypeAt {
  // N01, R09. OD: a task is residual when the course has it and the master has not, and either a
  // push marked it so or student work hangs on it, whether or not this run pushes tasks.
  const isResidual = (key: string): boolean => {
    const { gradable } = parse(key);
    const link = findLink(place, 'grading_tasks_standards', itemKey.task(gradable));
    return (
      isAligned(place.course.setup.tasks, key) &&
      !isAligned(master.setup.tasks, key) &&
      (link?.state === 'residual' || hasWork(run, place, gradable))
    );
  };
  return {
    ...calcOptionsAt(run, place),
    above: new Map(master.setup.calcOptions.map((row) => [keyOf(row), definitionOf(row)])),
    below: () =>
      new Map(place.course.setup.calcOptions.map((row) => [keyOf(row), definitionOf(row)])),
    refusal: (key) =>
      isAligned(place.course.setup.tasks, key) && isAligned(master.setup.tasks, key)
        ? null
        : 'not_aligned',
    gone: (key, pushed): Gone => {
      const worked = hasWorkInTerm(run, place, parse(key));
      if (isResidual(key))
        return pushed
          ? { reset: NO_CALCULATION, reason: 'master_task_removed' } // N02
          : { keep: worked ? 'student_work' : 'residual_task' }; // R02, N05
      const removed = worked ? 'calculation_removed' : 'master_item_removed';
      if (pushed) return { remove: removed }; // N09
      const link = findLink(place, 'grade_calc_options', key);
      if (link?.wasReset === true && isAligned(place.course.setup.tasks, key))
        return { remove: removed, ended: true }; // N05, N08
      return worked ? { keep: 'student_work' } : { remove: null };
    },
  };
}

/** Grade Calc Options at a section, against the course's effective rows (M08, M29, E02). */
export function sectionCalcOptions(
  run: Run,
  place: Place,
  { master, readOnly }: { master: Master | null; readOnly: boolean },
): TypeAt {
  const { course } = place;
  const payloadOf = (row: CalcOptionRow, closed: boolean): Payload => ({
    ...definitionOf(row),
    readOnly: closed,
  });
  return {
    ...calcOptionsAt(run, place),
    above: new Map(course.setup.calcOptions.map((row) => [keyOf(row), payloadOf(row, readOnly)])),
    below: () =>
      new Map(setupOf(place).calcOptions.map((row) => [keyOf(row), payloadOf(row, row.readOnly)])),
    gone: (key, pushed): Gone => {
      const worked = hasWorkInTerm(run, place, parse(key));
      // M08: a definition follows its owner, whatever the evidence.
      if (pushed) return { remove: worked ? 'calculation_removed' : 'master_item_removed' };
      return worked ? { keep: 'student_work' } : { remove: null };
    },
    // N03. OD: named as what it is when the section stops calculating for a residual task.
    outcomeOfUpdate: (key, before, after): Outcome =>
      after['calcType'] === 'none' &&
      before['calcType'] !== 'none' &&
      !isAligned((master ?? course).setup.tasks, key)
        ? 'SET_NO_CALCULATION'
        : 'UPDATED',
  };
}

function calcOptionsAt(
  run: Run,
  place: Place,
): Pick<TypeAt, 'place' | 'type' | 'keepsLocal' | 'write' | 'remove'> {
  const setup = setupOf(place);
  return {
    place,
    type: 'grade_calc_options',
    keepsLocal: (key) => hasWorkInTerm(run, place, parse(key)),
    write: (key, payload) => {
      const row = setup.calcOptions.find((option) => keyOf(option) === key);
      if (row !== undefined) Object.assign(row, payload);
      else
        setup.calcOptions.push({
          ...(payload as Omit<CalcOptionRow, 'readOnly'>),
          ...parse(key),
          readOnly: payload['readOnly'] === true,
        });
    },
    remove: (key) => {
      setup.calcOptions = setup.calcOptions.filter((option) => keyOf(option) !== key);
    },
  };
}
