import { isDeepStrictEqual } from 'node:util';
import { type DataType } from '../../src/domain/push-options.ts';
import { OUTCOMES, REASONS } from '../../src/domain/outcome.ts';
import { describe } from './effect.ts';
import { childKey, groupBy, recordId, recordsOf, rowOwner, weightKey } from './payloads.ts';
import { type Item, type PushWish } from './push.ts';
import { type Rows, STUDENT_TABLES } from './rows.ts';

/** A finished push: the request, what the plan said, and the district before and after. */
export interface Done {
  readonly wish: PushWish;
  readonly items: readonly Item[];
  readonly before: Rows;
  readonly after: Rows;
}

/** What holds after any push, whatever happened before it; each breach is a sentence. */
export function brokenInvariants(done: Done): string[] {
  return [
    ...studentWorkChanged(done),
    ...localRowsDeleted(done),
    ...brokenLinksLeft(done),
    ...namesTwice(done),
    ...orphanedDefinitions(done),
    ...unexplainedItems(done),
  ];
}

/** P11, A14. */
function studentWorkChanged({ before, after }: Done): string[] {
  return STUDENT_TABLES.filter((table) => !isDeepStrictEqual(before[table], after[table])).map(
    (table) => `${table} changed in a push`,
  );
}

/**
 * Locked mode deletes no local row; calculations of a task that goes are the one exception (N10).
 * A row that a link names, or that was made again by hand under a link's key, is not local (R06, R07).
 */
function localRowsDeleted({ wish, before, after, items }: Done): string[] {
  if (wish.mode !== 'push_locked' && wish.kind !== 'relink') return [];
  const left = new Set(recordsOf(after).keys());
  const linked = new Set(before.sync_link.map(identityOf));
  const cascades = new Set(
    items
      .filter((item) => item.rule === 'N10')
      .map((item) => recordId(item.data_type, rowOwner(item.scope_id, item.row_id), item.item_key)),
  );
  return [...recordsOf(before).keys()]
    .filter((id) => !/^(course_info|cross_site|composite_weights)/.test(id))
    .filter((id) => !left.has(id) && !linked.has(sameItem(id)) && !cascades.has(id))
    .map((id) => {
      const [, place, key] = id.split('|');
      const scope = Number(place?.split('/')[0]);
      const said = items.filter((item) => item.scope_id === scope && item.item_key === key);
      return `the local row ${id} was deleted in locked mode: ${said.map(describe).join(', ')}`;
    });
}

/**
 * S09, S12: overwrite, also of chosen courses, leaves no broken link of a pushed type at a course that
 * takes part, but for items that wait for something else and say so (M07, M10, M13), and weights without
 * one above (M13).
 */
function brokenLinksLeft({ wish, after, items }: Done): string[] {
  if (wish.mode !== 'overwrite' || wish.kind === 'push_all_courses') return [];
  const records = byIdentity(after);
  const versions = new Map(after.payload_version.map(({ id, payload }) => [id, payload]));
  const courses = targetCourses(wish, after, items);
  const scopes = new Map(
    after.setup_scope
      .filter((scope) => courses.has(scope.course_id ?? 0))
      .map((scope) => [scope.id, scope]),
  );
  const waiting = new Set(
    items
      .filter((item) => item.outcome === 'SKIPPED_DEPENDENCY')
      .map((item) => recordId(item.data_type, item.scope_id ?? 0, item.item_key)),
  );
  const composites = new Map(after.composite.map((row) => [row.id, row]));
  const weights = new Set(
    after.composite_child.flatMap((child) => {
      const composite = composites.get(child.composite_id);
      return composite === undefined
        ? []
        : [`${composite.scope_id}|${weightKey(composite, childKey(child))}`];
    }),
  );
  return after.sync_link
    .filter(
      (link) =>
        link.data_type !== 'composite_weights' ||
        weights.has(`${link.upstream_scope_id ?? 0}|${link.item_key}`),
    )
    .filter((link) => scopes.has(link.scope_id) && pushedTypes(wish, after).has(link.data_type))
    .filter((link) => !waiting.has(recordId(link.data_type, link.scope_id, link.item_key)))
    .filter((link) => !waiting.has(recordId('composite_grades', link.scope_id, compositeOf(link))))
    .filter(
      (link) =>
        link.state === 'broken' ||
        (link.state === 'linked' &&
          !isDeepStrictEqual(records.get(identityOf(link)), versions.get(link.version_id))),
    )
    .map(
      (link) =>
        `the link ${JSON.stringify(link)} is broken after overwrite: ${items
          .filter((item) => item.scope_id === link.scope_id && item.data_type.startsWith('comp'))
          .map(describe)
          .join(', ')}`,
    );
}

/** A weight waits with its composite. */
function compositeOf(link: Rows['sync_link'][number]): string {
  return link.item_key.replace(/^compw:(.*)>.*$/, 'comp:$1');
}

/** A row made again by hand under the same key is the same item; only a category is its row (R06). */
function byIdentity(rows: Rows): Map<string, unknown> {
  return new Map([...recordsOf(rows)].map(([id, value]) => [sameItem(id), value]));
}

function sameItem(id: string): string {
  return id.startsWith('categories') ? id : id.replace(/\/\d+\|/, '|');
}

function identityOf(link: Rows['sync_link'][number]): string {
  return link.data_type === 'categories'
    ? recordId(link.data_type, rowOwner(link.scope_id, link.row_id), 'row')
    : recordId(link.data_type, link.scope_id, link.item_key);
}

/** The setup types the run selects and the catalog locks (G10). */
function pushedTypes(wish: PushWish, rows: Rows): ReadonlySet<string> {
  return new Set(
    rows.catalog_type_lock
      .filter((lock) => lock.catalog_id === wish.catalogId && lock.mode !== 'unlocked')
      .map((lock) => lock.data_type)
      .filter((type) => wish.dataTypes.includes(type as DataType)),
  );
}

/** Courses of the run's masters and calendars that receive setup (G07, G08, S02, X07). */
function targetCourses(wish: PushWish, rows: Rows, items: readonly Item[]): ReadonlySet<number> {
  const masters = new Set(
    rows.course_master
      .filter((master) => master.catalog_id === wish.catalogId)
      .filter((master) => wish.courseMasterId === null || wish.courseMasterId === master.id)
      .map((master) => master.id),
  );
  const refused = new Set(
    items
      .filter((item) => item.rule === 'G08' || item.rule === 'S02-other')
      .map((item) => item.course_id),
  );
  return new Set(
    rows.course
      .filter((course) => masters.has(course.course_master_id ?? 0))
      .filter((course) => wish.calendarIds.includes(course.calendar_id))
      .filter((course) => wish.courseIds?.includes(course.id) ?? true)
      .filter((course) => course.mirror_of_course_id === null && !refused.has(course.id))
      .map((course) => course.id),
  );
}

function namesTwice({ after }: Done): string[] {
  return [...groupBy(after.category, (row) => row.scope_id)]
    .filter(([, rows]) => new Set(rows.map((row) => row.name)).size < rows.length)
    .map(([scope]) => `scope ${scope} has two categories of one name`);
}

/** P09, N10: what this push took from the tasks of a course is used by nothing that is left there. */
function orphanedDefinitions({ before, after }: Done): string[] {
  const sectionCourse = new Map(after.section.map((section) => [section.id, section.course_id]));
  const courseOf = new Map(
    after.setup_scope.map((scope) => [
      scope.id,
      scope.course_id ?? sectionCourse.get(scope.section_id ?? 0),
    ]),
  );
  const tasks = (rows: Rows): Set<string> =>
    new Set(rows.task_alignment.map((row) => `${courseOf.get(row.scope_id)}|${row.gradable_id}`));
  const left = tasks(after);
  const gone = new Set([...tasks(before)].filter((task) => !left.has(task)));
  const composites = new Map(after.composite.map((row) => [row.id, courseOf.get(row.scope_id)]));
  const uses = [
    ...after.calc_option.map((r) => `${courseOf.get(r.scope_id)}|${r.gradable_id}`),
    ...after.composite.map((r) => `${courseOf.get(r.scope_id)}|${r.parent_gradable_id}`),
    ...after.composite_child.map((r) => `${composites.get(r.composite_id)}|${r.child_gradable_id}`),
  ];
  return uses.filter((use) => gone.has(use)).map((use) => `the deleted task ${use} is still used`);
}

/** Every item has one outcome and one reason of the closed lists. */
function unexplainedItems({ items }: Done): string[] {
  return items
    .filter(
      (item) =>
        !OUTCOMES.some((outcome) => outcome === item.outcome) ||
        item.reason === null ||
        !(item.reason in REASONS) ||
        (item.op !== 'none' && item.result !== 'applied'),
    )
    .map(
      (item) => `${describe(item)} has no reason of the list, or was not applied: ${item.result}`,
    );
}

/**
 * What a push refuses, for telling that a repeat refuses the same (G17). A row that a relink lets go is
 * the school's own afterwards, and has no line any more (S12, L7).
 */
export function refusals(items: readonly Item[]): string[] {
  return items
    .filter((item) => /^(FAILED|SKIPPED|KEPT|WITHHELD|RETAINED)/.test(item.outcome))
    .filter((item) => item.op !== 'unlink')
    .map(
      (item) =>
        `${item.course_id}/${item.section_id} ${item.data_type} ${item.item_key} ${item.outcome}`,
    )
    .sort();
}
