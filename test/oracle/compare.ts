import { itemKey } from '../../src/domain/item-payload.ts';
import { compositeKey, weightKey } from './composites.ts';
import { canonical, omit } from './draft.ts';
import { type Names, namesOf } from './names.ts';
import {
  type Course,
  type DistrictState,
  type ModelItem,
  type Payload,
  type Section,
  type Setup,
} from './state.ts';

/** One value in which the two differ; `null`: the other has it and this one has not. */
export interface Difference {
  readonly where: string;
  readonly key: string;
  readonly field: string;
  readonly oracle: string | null;
  readonly engine: string | null;
}

/** Two states, or item lists, after the same push of the state `before`. */
export interface Compared<Side> {
  readonly before: DistrictState;
  readonly oracle: Side;
  readonly engine: Side;
}

/** One field: `where` it is, its item `key` and `field`. */
type Fields = Map<string, string>;
const SEPARATOR = ' | ';

/** Every field in which two states differ, sorted by place; empty when they are the same. */
export function compareStates(compared: Compared<DistrictState>): Difference[] {
  const { before, oracle, engine } = compared;
  return differences(fieldsOf(before, oracle), fieldsOf(before, engine));
}

function differences(oracle: Fields, engine: Fields): Difference[] {
  const paths = [...new Set([...oracle.keys(), ...engine.keys()])].sort();
  return paths.flatMap((path) => {
    const [a, b] = [oracle.get(path) ?? null, engine.get(path) ?? null];
    if (a === b) return [];
    const [where = '', key = '', field = ''] = path.split(SEPARATOR);
    return [{ where, key, field, oracle: a, engine: b }];
  });
}

/** One difference a line. */
export function describeDifferences(differences: readonly Difference[]): string {
  return differences
    .map(
      (d) =>
        `${d.where} · ${d.key} · ${d.field}: oracle ${d.oracle ?? '(none)'}, engine ${d.engine ?? '(none)'}`,
    )
    .join('\n');
}

function fieldsOf(before: DistrictState, state: DistrictState): Fields {
  const fields: Fields = new Map();
  const names = namesOf(before, state);
  for (const course of state.courses) {
    addCourse(fields, course, names);
    for (const section of course.sections) addSection(fields, section, names);
  }
  for (const master of state.masters) {
    add(fields, { where: `master ${master.id}`, key: 'row' }, omit(master, ['setup', 'attrs']));
    add(fields, { where: `master ${master.id}`, key: 'attrs' }, master.attrs);
    addSetup(fields, `master ${master.id}`, { setup: master.setup, names });
  }
  for (const row of state.assignments)
    add(fields, { where: `section ${row.section}`, key: `assignment ${row.id}` }, { ...row });
  const studentWork = { where: 'student work', key: 'rows' };
  add(fields, studentWork, { postedGrades: state.postedGrades.map(canonical).sort() });
  add(fields, studentWork, { testScores: state.testScores.map(canonical).sort() });
  return fields;
}

function add(fields: Fields, at: { where: string; key: string }, values: Payload): void {
  fields.set([at.where, at.key, 'is there'].join(SEPARATOR), 'yes');
  for (const [field, value] of Object.entries(values))
    if (value !== null && value !== undefined)
      fields.set([at.where, at.key, field].join(SEPARATOR), canonical(value));
}

function addCourse(fields: Fields, course: Course, names: Names): void {
  const where = `course ${course.id}`;
  add(fields, { where, key: 'row' }, omit(course, ['attrs', 'setup', 'links', 'sections']));
  add(fields, { where, key: 'attrs' }, course.attrs);
  addSetup(fields, where, { setup: course.setup, names });
  addLinks(fields, where, { links: course.links, names });
}

function addSection(fields: Fields, section: Section, names: Names): void {
  const where = `section ${section.id}`;
  const row = omit(section, ['overrides', 'setup', 'links', 'mapStatuses']);
  add(fields, { where, key: 'row' }, row);
  add(fields, { where, key: 'overrides' }, section.overrides);
  addSetup(fields, where, { setup: section.setup, names });
  addLinks(fields, where, { links: section.links, names });
}

function addSetup(
  fields: Fields,
  where: string,
  { setup, names }: { setup: Setup; names: Names },
): void {
  for (const row of setup.tasks)
    add(fields, { where, key: itemKey.task(row.gradable) }, { ...row, id: names.task(row.id) });
  for (const row of setup.calcOptions)
    add(fields, { where, key: itemKey.calcOption(row.gradable, row.term) }, { ...row });
  for (const row of setup.composites) {
    add(fields, { where, key: compositeKey(row) }, {});
    for (const child of row.children)
      add(fields, { where, key: weightKey(row, child) }, { weight: child.weight });
  }
  for (const row of setup.categories)
    add(fields, { where, key: `category ${names.category(row.id)}` }, omit(row, ['id']));
  for (const row of setup.assessments)
    add(fields, { where, key: itemKey.assessment(row.test) }, { ...row });
}

function addLinks(
  fields: Fields,
  where: string,
  { links, names }: { links: Course['links']; names: Names },
): void {
  for (const link of links)
    add(
      fields,
      { where, key: `link ${link.dataType} ${names.key(link.key)}` },
      {
        ...omit(link, ['key', 'dataType']),
        row: link.row === null ? null : names.category(link.row),
      },
    );
}

/** What a push said: its items, and the state it left, which names the rows it inserted. */
export interface Said {
  readonly items: readonly ModelItem[];
  readonly after: DistrictState;
}

/** Every (place, type, key) of which the two say something else. */
export function compareItems({ before, oracle, engine }: Compared<Said>): Difference[] {
  return differences(wordsOf(before, oracle), wordsOf(before, engine));
}

/** OD: a written item needs no reason, so reasons are compared where something was refused. */
const NEEDS_NO_REASON: ReadonlySet<string> = new Set([
  'INSERTED',
  'UPDATED',
  'DELETED',
  'RELINKED',
  'UNCHANGED',
]);

function wordsOf(before: DistrictState, { items, after }: Said): Fields {
  const names = namesOf(before, after);
  const fields: Fields = new Map();
  for (const item of items) {
    const where = placeOf(item);
    const path = [where, names.key(item.key), item.dataType].join(SEPARATOR);
    const said = NEEDS_NO_REASON.has(item.outcome)
      ? item.outcome
      : `${item.outcome} (${item.reason ?? 'no reason'})`;
    fields.set(
      path,
      [fields.get(path), said]
        .filter((text) => text !== undefined)
        .sort()
        .join(' + '),
    );
  }
  return fields;
}

function placeOf({ course, section }: ModelItem): string {
  if (section !== null) return `section ${section}`;
  return course === null ? 'run' : `course ${course}`;
}
