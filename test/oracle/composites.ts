import { itemKey } from '../../src/domain/item-payload.ts';
import {
  type Draft,
  dropLink,
  findLink,
  linksOf,
  type Place,
  placeId,
  type Run,
  same,
  setLink,
  setupOf,
} from './draft.ts';
import { hasPostedInTerm } from './evidence.ts';
import { type Gone, type TypeAt } from './standard.ts';
import { type CompositeChild, type CompositeRow, type Payload, type Setup } from './state.ts';

export function compositeKey(row: CompositeRow): string {
  return itemKey.composite(row.parent, row.term);
}

export function weightKey(row: CompositeRow, child: CompositeChild): string {
  return `compw:${row.parent}:${row.term}>${childText(child)}`;
}

function childText(child: CompositeChild): string {
  return `${child.gradable}:${child.term}`;
}

function payloadOf(row: CompositeRow): Payload {
  return { children: row.children.map(childText).sort() };
}

/**
 * Composite Grades at a course or section (M10, M11, M31, M32) against the composites above.
 * `tasks` are the lists to which every gradable of a composite must be aligned: the course's, and
 * at a course the master's too. OD: the parent must be aligned like its children.
 */
export function compositesAt(
  run: Run,
  place: Place,
  { above, tasks }: { above: readonly CompositeRow[]; tasks: readonly Setup['tasks'][] },
): TypeAt {
  const setup = setupOf(place);
  const find = (key: string): Draft<CompositeRow> | undefined =>
    setup.composites.find((row) => compositeKey(row) === key);
  const wanted = new Map(above.map((row) => [compositeKey(row), row]));
  const posted = (key: string): boolean => {
    const row = find(key);
    return (
      row !== undefined && hasPostedInTerm(run, place, { gradable: row.parent, term: row.term })
    );
  };
  return {
    place,
    type: 'composite_grades',
    above: new Map([...wanted].map(([key, row]) => [key, payloadOf(row)])),
    below: () => new Map(setup.composites.map((row) => [compositeKey(row), payloadOf(row)])),
    refusal: (key) => {
      const row = wanted.get(key);
      const needed = row === undefined ? [] : [row.parent, ...row.children.map((c) => c.gradable)];
      return needed.every((gradable) =>
        tasks.every((list) => list.some((task) => task.gradable === gradable)),
      )
        ? null
        : 'not_aligned';
    },
    keepsLocal: posted,
    gone: (key, pushed): Gone => {
      if (pushed) return { remove: 'master_item_removed' }; // M10: regardless of evidence
      return posted(key) ? { keep: 'student_work' } : { remove: null };
    },
    write: (key) => {
      const source = wanted.get(key);
      if (source !== undefined) writeComposite(run, place, source);
    },
    remove: (key) => {
      setup.composites = setup.composites.filter((other) => compositeKey(other) !== key);
    },
  };
}

/**
 * M10: a new child brings the weight from above, an existing child keeps its own. OD: the brought
 * weight is linked like any other write (S01), so that a school's later change of it is noticed.
 */
function writeComposite(run: Run, place: Place, source: CompositeRow): void {
  const setup = setupOf(place);
  let row = setup.composites.find((other) => compositeKey(other) === compositeKey(source));
  if (row === undefined) {
    row = { parent: source.parent, term: source.term, children: [] };
    setup.composites.push(row);
  }
  const present = row.children;
  const link = findLink(place, 'composite_grades', compositeKey(source));
  const unchanged =
    link?.state === 'linked' &&
    same(link.base, payloadOf(row)) &&
    same(payloadOf(row), payloadOf(source));
  row.children = source.children.map((child) => {
    const own = present.find((other) => childText(other) === childText(child));
    if (own === undefined) {
      const key = weightKey(source, child);
      run.newChildren.add(`${placeId(place)}|${key}`);
      setLink(place, { dataType: 'composite_weights', key, base: { weight: child.weight } });
    }
    return own ?? { ...child };
  });
  const keys = row.children.map((child) => weightKey(source, child));
  if (unchanged) return;
  // OD: the link of a weight ends with its child.
  const prefix = `compw:${source.parent}:${source.term}>`;
  for (const link of [...linksOf(place)])
    if (
      link.dataType === 'composite_weights' &&
      link.key.startsWith(prefix) &&
      !keys.includes(link.key)
    )
      dropLink(place, 'composite_weights', link.key);
}
