import { type Reason } from '../../src/domain/outcome.ts';
import { type PushedType } from '../../src/domain/push-options.ts';
import {
  type Catalog,
  type Course,
  type DistrictState,
  type GradingType,
  type Ids,
  type Link,
  type LockMode,
  type ModelItem,
  type Payload,
  type PushRequest,
  type Section,
} from './state.ts';

/** A copy that the model may change while it works. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Draft<T[Key]> }
    : T;

export interface Run {
  readonly request: PushRequest;
  /** Whose locks hold: the request's; for Push All Courses that of the course at work, if it has one (E09). */
  catalog: Catalog | null;
  readonly ids: Ids;
  readonly state: Draft<DistrictState>;
  items: ModelItem[];
  counted: ModelItem[];
  /** Composite children that this run inserted: `<scope>|<key of the weight>`. */
  readonly newChildren: Set<string>;
  /** Attributes, types that failed or were skipped: `<course>|<type or key>` (S07). */
  readonly refused: Set<string>;
  /** Courses that keep their number, because another of the calendar has or wants the new one (A24). */
  keepNumber: ReadonlySet<string>;
}

/** The place below that is written: a course, or a section of it. */
export interface Place {
  readonly course: Draft<Course>;
  readonly section: Draft<Section> | null;
}

export function linksOf(place: Place): Draft<Link>[] {
  return place.section === null ? place.course.links : place.section.links;
}

export function setupOf(place: Place): Draft<Course['setup']> {
  return place.section === null ? place.course.setup : place.section.setup;
}

export function placeId(place: Place): string {
  return place.section === null ? `course ${place.course.id}` : `section ${place.section.id}`;
}

/** The scope above: the course's master, or for a section its course. */
export function upstreamOf(place: Place): string | null {
  return place.section === null ? place.course.master : place.course.id;
}

export function findLink(place: Place, dataType: PushedType, key: string): Draft<Link> | undefined {
  return linksOf(place).find((link) => link.dataType === dataType && link.key === key);
}

/** S02: a script says that the link is broken, or it leads to another level above than the one of today. */
export function isMarked(place: Place, link: Link): boolean {
  return link.state === 'broken' || link.upstream !== upstreamOf(place);
}

/** OD: the links of weights end with the link of their composite. */
export function dropLink(place: Place, dataType: PushedType, key: string): void {
  const links = linksOf(place);
  const weights = dataType === 'composite_grades' ? `${key.replace('comp:', 'compw:')}>` : null;
  const left = links.filter(
    (link) =>
      !(link.dataType === dataType && link.key === key) &&
      !(weights !== null && link.dataType === 'composite_weights' && link.key.startsWith(weights)),
  );
  links.splice(0, links.length, ...left);
}

/** S01: the link stores the payload as written. A link that is linked is residual no more. */
export function setLink(
  place: Place,
  link: Pick<Link, 'dataType' | 'key' | 'base'> & { readonly row?: string | null },
): Draft<Link> {
  const links = linksOf(place);
  const index = links.findIndex(
    ({ dataType, key }) => dataType === link.dataType && key === link.key,
  );
  const written: Draft<Link> = {
    dataType: link.dataType,
    key: link.key,
    base: { ...link.base },
    row: link.row ?? null,
    upstream: upstreamOf(place),
    state: 'linked',
    residualRun: null,
    wasReset: false,
  };
  links.splice(index < 0 ? links.length : index, index < 0 ? 0 : 1, written);
  return written;
}

export type Written = Pick<ModelItem, 'dataType' | 'key' | 'outcome'> & {
  readonly reason?: Reason | null;
};

/** An item that is written or refused. */
export function report(run: Run, place: Place | null, item: Written): void {
  run.items.push(itemAt(place, item));
}

/** An item that is only counted (UNCHANGED, L7). */
export function count(run: Run, place: Place | null, item: Written): void {
  run.counted.push(itemAt(place, item));
}

function itemAt(place: Place | null, item: Written): ModelItem {
  return {
    course: place?.course.id ?? null,
    section: place?.section?.id ?? null,
    dataType: item.dataType,
    key: item.key,
    outcome: item.outcome,
    reason: item.reason ?? null,
  };
}

export function typeLock(run: Run, type: GradingType): LockMode {
  return run.catalog?.typeLocks[type] ?? 'unlocked';
}

/** S03, S04. OD: Push All Courses, for which a lock is no gate (E09), finds drift unless the lock is soft. */
export function isJudged(run: Run, type: GradingType): boolean {
  const lock = typeLock(run, type);
  return run.request.kind === 'push_all_courses' ? lock !== 'soft' : lock === 'hard';
}

/** G10, G11: whether the run pushes this grading type at all. */
export function pushes(run: Run, type: GradingType): boolean {
  const isGated = run.request.kind !== 'push_all_courses';
  return run.request.types.includes(type) && !(isGated && typeLock(run, type) === 'unlocked');
}

export function isOverwrite(run: Run): boolean {
  return run.request.mode === 'overwrite';
}

/** S10, S12: overwrite and relinking give a course back the master that it lost. */
export function restoresMasters(run: Run): boolean {
  return isOverwrite(run) || run.request.kind === 'relink';
}

/** The payload of a row: all its fields but those that identify it. */
export function omit(row: object, keys: readonly string[]): Payload {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key)));
}

/** G24: trimmed text, null the same as a missing key; order of keys does not matter. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.trim());
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value as Payload)
    .filter(([, field]) => field !== null && field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${key}:${canonical(field)}`).join(',')}}`;
}
