import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { masterPayload, recordId, type Records, recordsOf, rowOwner } from './payloads.ts';
import { type Item } from './push.ts';
import { type Rows, type Table, TABLES, without } from './rows.ts';

/** A link without what only tells when and by which run it was made. */
interface Link {
  readonly upstream: number | null;
  readonly rowId: number | null;
  readonly state: string;
  readonly base: unknown;
}

/**
 * Plan = effect: carries out the plan's items on paper, record by record, and compares the outcome
 * with the whole district afterwards. Every difference is a sentence.
 */
export function effectProblems(before: Rows, after: Rows, items: readonly Item[]): string[] {
  const problems: string[] = [];
  const records = recordsOf(before);
  const links = linksOf(before);
  const written = items.filter((item) => item.op !== 'none' && item.result === 'applied');
  for (const item of items) problems.push(...beforeProblems(records, item));
  for (const item of written) {
    problems.push(...idleProblems(links, item));
    writeRecord(records, item, before);
    writeLink(links, item);
  }
  for (const item of written) writeWeights(records, links, item);
  problems.push(
    ...differences('record', records, recordsOf(after)),
    ...differences('link', links, linksOf(after)),
  );
  for (const table of TABLES)
    if (!isDeepStrictEqual(untouched(table, before), untouched(table, after)))
      problems.push(`${table} changed outside the plan`);
  return problems;
}

export function linksOf(rows: Rows): Map<string, Link> {
  const versions = new Map(rows.payload_version.map(({ id, payload }) => [id, payload]));
  return new Map(
    rows.sync_link.map((link) => [
      recordId(link.data_type, link.scope_id, link.item_key),
      {
        upstream: link.upstream_scope_id,
        rowId: link.row_id,
        state: link.state,
        base: versions.get(link.version_id),
      },
    ]),
  );
}

/** Where an item's record is kept in `Records`. */
export function idOf(item: Item): string {
  if (item.data_type === 'course_info' || item.data_type === 'cross_site')
    return recordId(item.data_type, ownerOf(item), item.item_key);
  const key = item.data_type === 'categories' ? 'row' : item.item_key;
  return recordId(item.data_type, rowOwner(item.scope_id, item.row_id), key);
}

function ownerOf(item: Item): number {
  return item.level === 'section' ? -(item.section_id ?? 0) : (item.course_id ?? 0);
}

function isAbout(item: Item): boolean {
  return (
    item.level !== 'run' && !['tasks', 'mirror'].includes(item.item_key) && item.rule !== 'G08'
  );
}

/** The plan names the value that is there before, for what it writes and for what it refuses. */
function beforeProblems(records: Records, item: Item): string[] {
  if (!isAbout(item)) return [];
  const missing = item.data_type === 'course_info' ? { value: null } : null;
  const there = records.get(idOf(item)) ?? missing;
  return isDeepStrictEqual(there, item.before)
    ? []
    : [`${describe(item)} says before ${json(item.before)}, but there is ${json(there)}`];
}

/** An item that writes has an effect: on the record, its link or both. */
function idleProblems(links: ReadonlyMap<string, Link>, item: Item): string[] {
  const same = isDeepStrictEqual(item.before, item.after);
  const link = links.get(linkId(item));
  const idle = {
    insert: item.before !== null,
    update: same,
    delete: item.before === null,
    link: !same || isLinkedAlready(item, link),
    unlink: link === undefined,
    none: false,
  }[item.op];
  return idle ? [`${describe(item)} has the op ${item.op} and would change nothing`] : [];
}

/** A link also changes when it leads to another master than before (S12). */
function isLinkedAlready(item: Item, link: Link | undefined): boolean {
  return (
    link?.state === item.link_after &&
    link.upstream === item.upstream_scope_id &&
    isDeepStrictEqual(link.base, item.after)
  );
}

export function linkId(item: Item): string {
  return recordId(item.data_type, item.scope_id ?? 0, item.item_key);
}

function writeRecord(records: Records, item: Item, before: Rows): void {
  if (item.op === 'delete') records.delete(idOf(item));
  if (item.op !== 'insert' && item.op !== 'update') return;
  const value = item.item_key === 'link' ? masterOf(item, before) : item.after;
  if (isDeepStrictEqual(value, { value: null })) records.delete(idOf(item));
  else records.set(idOf(item), value);
}

function masterOf(item: Item, rows: Rows): unknown {
  const scope = rows.setup_scope.find(({ id }) => id === item.upstream_scope_id);
  return masterPayload(rows, scope?.course_master_id ?? null);
}

function writeLink(links: Map<string, Link>, item: Item): void {
  if (item.op === 'delete' || item.op === 'unlink') links.delete(linkId(item));
  else if (item.link_after !== null)
    links.set(linkId(item), {
      upstream: item.upstream_scope_id,
      rowId: item.row_id,
      state: item.link_after,
      base: item.after,
    });
}

/** A composite brings the weights of its new children and takes those of removed ones (M10). */
function writeWeights(records: Records, links: Map<string, Link>, item: Item): void {
  if (item.data_type !== 'composite_grades') return;
  const prefix = `${item.item_key.replace('comp:', 'compw:')}>`;
  const recordPrefix = recordId('composite_weights', rowOwner(item.scope_id, item.row_id), prefix);
  const linkPrefix = recordId('composite_weights', item.scope_id ?? 0, prefix);
  const { children } = compositeSchema.parse(item.after ?? { children: [] });
  deleteOthers(records, recordPrefix, children);
  const isMasters =
    item.op !== 'unlink' && !(item.link_after === 'residual' && item.link_before !== null);
  deleteOthers(links, linkPrefix, isMasters ? children : []);
  const { upstream_scope_id: upstream, row_id: rowId } = item;
  for (const [child, weight] of Object.entries(item.detail?.weights ?? {})) {
    records.set(`${recordPrefix}${child}`, { weight });
    if (item.link_after === 'linked')
      links.set(`${linkPrefix}${child}`, { upstream, rowId, state: 'linked', base: { weight } });
  }
}

const compositeSchema = z.object({ children: z.array(z.string()) });

function deleteOthers(
  all: Map<string, unknown>,
  prefix: string,
  children: readonly string[],
): void {
  for (const id of all.keys())
    if (id.startsWith(prefix) && !children.includes(id.slice(prefix.length))) all.delete(id);
}

function differences(
  what: string,
  planned: ReadonlyMap<string, unknown>,
  there: ReadonlyMap<string, unknown>,
): string[] {
  return [...new Set([...planned.keys(), ...there.keys()])]
    .filter((id) => !isDeepStrictEqual(planned.get(id), there.get(id)))
    .map(
      (id) => `${what} ${id}: planned ${json(planned.get(id))}, there is ${json(there.get(id))}`,
    );
}

const COURSE_COLUMNS = [
  ...(['number', 'name', 'attrs'] as const),
  ...(['course_master_id', 'cross_site_enabled'] as const),
];
const SECTION_COLUMNS = [
  ...(['attr_overrides'] as const),
  ...(['cross_site_enabled', 'cross_site_offered'] as const),
];

/** What no push may change: whole tables, the masters' setup, the columns that pushes do not own. */
function untouched(table: Table, rows: Rows): unknown {
  const masters = new Set(rows.setup_scope.filter((s) => s.kind === 'master').map((s) => s.id));
  const composites = new Set(
    rows.composite.filter((row) => masters.has(row.scope_id)).map((row) => row.id),
  );
  switch (table) {
    case 'course':
      return rows.course.map((row) => without(row, COURSE_COLUMNS)).sort(byId);
    case 'section':
      return rows.section.map((row) => without(row, SECTION_COLUMNS)).sort(byId);
    case 'composite_child':
      return rows.composite_child.filter((row) => composites.has(row.composite_id));
    case 'task_alignment':
    case 'calc_option':
    case 'composite':
    case 'category':
    case 'assessment_alignment':
      return rows[table].filter((row) => masters.has(row.scope_id));
    case 'sync_link':
    case 'payload_version':
      return null;
    default:
      return rows[table];
  }
}

function byId(a: { id: number }, b: { id: number }): number {
  return a.id - b.id;
}

export function describe(item: Item): string {
  const where =
    item.section_id === null ? `course ${item.course_id}` : `section ${item.section_id}`;
  return `${item.item_key} (${item.data_type}) at ${where}: ${item.rule} ${item.outcome} ${item.reason ?? ''}`;
}

function json(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
