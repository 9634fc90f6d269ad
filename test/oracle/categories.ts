import { itemKey } from '../../src/domain/item-payload.ts';
import {
  type Draft,
  findLink,
  isOverwrite,
  linksOf,
  omit,
  type Place,
  report,
  type Run,
  same,
  setLink,
  setupOf,
} from './draft.ts';
import { hasAssignments, isNamedByAnyAssignment } from './evidence.ts';
import { type Gone, type TypeAt } from './standard.ts';
import { type CategoryRow, type Link, type Payload } from './state.ts';

const MAX_NAME = 50;
const TYPE = 'categories';

const payloadOf = (row: CategoryRow): Payload => omit(row, ['id']);

function linkOf(place: Place, row: CategoryRow): Draft<Link> | undefined {
  return linksOf(place).find((link) => link.dataType === TYPE && link.row === row.id);
}

/** R06: identity is the lineage, never the name; a row of nobody above goes by its own id. */
function keyOf(place: Place, row: CategoryRow): string {
  return linkOf(place, row)?.key ?? `local:${row.id}`;
}

function rowOf(place: Place, key: string): Draft<CategoryRow> | undefined {
  return setupOf(place).categories.find((row) => keyOf(place, row) === key);
}

/** Categories at a course or section (M16, M17, M37, M38) against the categories above. */
export function categoriesAt(run: Run, place: Place, above: readonly CategoryRow[]): TypeAt {
  const setup = setupOf(place);
  return {
    place,
    type: TYPE,
    above: new Map(above.map((row) => [itemKey.category(row.id), limited(place, row)])),
    below: () => new Map(setup.categories.map((row) => [keyOf(place, row), payloadOf(row)])),
    rowOf: (key) => rowOf(place, key)?.id ?? null,
    keepsLocal: () => true,
    gone: (key, pushed): Gone => {
      const row = rowOf(place, key);
      const used = row !== undefined && isUsed(run, place, row);
      return used ? { keep: 'student_work' } : { remove: pushed ? 'master_item_removed' : null };
    },
    write: (key, payload) => {
      const row = rowOf(place, key);
      if (row !== undefined) Object.assign(row, payload);
      else {
        // OD (R07): one that was lost and comes back is the same one to the sections.
        const id = findLink(place, TYPE, key)?.row ?? run.ids('category');
        setup.categories.push({ ...(payload as Draft<Omit<CategoryRow, 'id'>>), id });
        setLink(place, { dataType: TYPE, key, base: payload, row: id });
      }
    },
    remove: (key) => {
      const gone = rowOf(place, key);
      setup.categories = setup.categories.filter((row) => row !== gone);
    },
  };
}

/** C06: only gradables the course is aligned to. */
function limited(place: Place, row: CategoryRow): Payload {
  const aligned = place.course.setup.tasks.map((task) => task.gradable);
  return { ...payloadOf(row), gradables: row.gradables.filter((id) => aligned.includes(id)) };
}

/** OD: a row that a deleted assignment still names stays too; the database could not delete it. */
function isUsed(run: Run, place: Place, row: CategoryRow): boolean {
  return hasAssignments(run, place, row.id) || isNamedByAnyAssignment(run, row.id);
}

/** M37, M38: overwrite adopts a local category of the same name that has no assignments. */
export function adoptByName(run: Run, place: Place, above: readonly CategoryRow[]): void {
  if (!isOverwrite(run) && run.request.kind !== 'relink') return;
  for (const source of above) {
    const key = itemKey.category(source.id);
    if (rowOf(place, key) !== undefined) continue;
    if (!isOverwrite(run) && findLink(place, TYPE, key) !== undefined) continue;
    const local = setupOf(place).categories.find(
      (row) =>
        row.name === source.name &&
        keyOf(place, row).startsWith('local:') &&
        (isOverwrite(run)
          ? !hasAssignments(run, place, row.id)
          : same(payloadOf(row), limited(place, source))), // S13
    );
    if (local === undefined) continue;
    const own = linkOf(place, local);
    if (own !== undefined) linksOf(place).splice(linksOf(place).indexOf(own), 1);
    setLink(place, { dataType: TYPE, key, base: payloadOf(local), row: local.id });
    const link = findLink(place, TYPE, key);
    if (!isOverwrite(run)) {
      report(run, place, { dataType: TYPE, key, outcome: 'RELINKED', reason: 'baseline_linked' });
    } else if (link !== undefined) link.state = 'residual'; // so that it is relinked (O3)
  }
}

/** C01: the pushed one keeps its name; any other of that name becomes "name (1)", "name (2)" ... */
export function renameClashes(run: Run, at: TypeAt): void {
  const { place } = at;
  const { categories } = setupOf(place);
  const isPushed = (row: CategoryRow): boolean => {
    const link = linkOf(place, row);
    return link?.state === 'linked' && at.above.get(link.key)?.['name'] === row.name;
  };
  for (const row of categories) {
    if (isPushed(row)) continue;
    if (!categories.some((other) => isPushed(other) && other.name === row.name)) continue;
    row.name = freeName(
      row.name,
      categories.map((other) => other.name),
    );
    const link = linkOf(place, row);
    // S01: what becomes residual in this push has its new name as base.
    const isOurs = link?.residualRun === run.request.run || run.request.kind === 'relink';
    if (link !== undefined && isOurs) link.base = payloadOf(row);
    reportRenamed(run, place, keyOf(place, row));
  }
}

function freeName(name: string, taken: readonly string[]): string {
  for (let n = 1; ; n += 1) {
    const suffix = ` (${n})`;
    const candidate = name.slice(0, MAX_NAME - suffix.length).trimEnd() + suffix;
    if (!taken.includes(candidate)) return candidate;
  }
}

/** OD: a row that is both kept and renamed has one item, the rename. */
function reportRenamed(run: Run, place: Place, key: string): void {
  const isOther = (item: (typeof run.items)[number]): boolean =>
    item.dataType !== TYPE ||
    item.key !== key ||
    item.course !== place.course.id ||
    item.section !== (place.section?.id ?? null);
  run.items = run.items.filter(isOther);
  run.counted = run.counted.filter(isOther);
  const reason = 'name_taken';
  report(run, place, { dataType: TYPE, key, outcome: 'RENAMED_LOCAL', reason });
}
