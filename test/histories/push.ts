import fc from 'fast-check';
import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import {
  DATA_TYPES,
  type DataType,
  type PushMode,
  type RunKind,
} from '../../src/domain/push-options.ts';
import { applyNextBatch, type BatchResult } from '../../src/engine/apply-batch.ts';
import { planRun } from '../../src/engine/plan-run.ts';

/** A request as the form would record it. */
export interface PushWish {
  readonly kind: RunKind;
  /** The courses that are relinked or reset. */
  readonly courseIds?: readonly number[];
  readonly mode: PushMode;
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly dataTypes: readonly DataType[];
  readonly catalogId: number;
  readonly courseMasterId: number | null;
  readonly schoolYearId: number;
  readonly calendarIds: readonly number[];
}

export interface Planned {
  readonly runId: number;
  readonly planId: number;
  readonly hash: string;
  readonly items: number;
  readonly writes: number;
}

/** How a plan is carried out: courses per batch (the engine's own when left out) and workers at once. */
export interface Manner {
  readonly batchCourses?: number;
  readonly workers?: number;
}

const CALENDARS: readonly (readonly [year: number, calendars: readonly number[]])[] = [
  [1, [1, 2]],
  [1, [1]],
  [1, [2]],
  [2, [3, 4]],
  [2, [3]],
];

/** Any request: mostly all types and calendars of the first catalog. */
export const anyPush: fc.Arbitrary<PushWish> = fc
  .record({
    mode: fc.constantFrom<PushMode>('push_locked', 'overwrite'),
    toSections: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
    crossSite: fc.boolean(),
    dataTypes: fc.oneof(
      { weight: 2, arbitrary: fc.constant(DATA_TYPES) },
      { weight: 3, arbitrary: fc.subarray([...DATA_TYPES], { minLength: 1 }) },
    ),
    catalogId: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.constant(2)),
    master: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    where: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(CALENDARS.length - 1)),
  })
  .map(({ master, where, ...wish }) => {
    const [schoolYearId, calendarIds] = CALENDARS[where] ?? [1, [1]];
    const courseMasterId = master ? (wish.catalogId === 1 ? 1 : 3) : null;
    return { kind: 'push' as const, ...wish, courseMasterId, schoolYearId, calendarIds };
  });

/** Courses that every district has. */
const COURSES = [1, 2, 3, 4, 6];

/** The other kinds of runs over the same engine: to sections alone, relinked or reset courses. */
const anyOtherRun: fc.Arbitrary<PushWish> = fc
  .record({
    push: anyPush,
    kind: fc.constantFrom<RunKind>('push_all_courses', 'relink', 'reset'),
    courseIds: fc.subarray(COURSES, { minLength: 1 }),
    type: fc.constantFrom(...DATA_TYPES),
  })
  .map(({ push, kind, courseIds, type }): PushWish => {
    const wish = { ...push, kind, courseMasterId: null };
    if (kind === 'push_all_courses') return { ...wish, toSections: true, crossSite: false };
    if (kind === 'relink') return { ...wish, courseIds };
    return { ...wish, courseIds, mode: 'overwrite', dataTypes: [type] };
  });

/** Any run: mostly pushes of a catalog. */
export const anyRun: fc.Arbitrary<PushWish> = fc.oneof(
  { weight: 6, arbitrary: anyPush },
  { weight: 1, arbitrary: anyOtherRun },
);

let keys = 0;

/** Records the request and plans it. */
export async function plan(db: Db, wish: PushWish): Promise<Planned> {
  keys += 1;
  const { rows } = await sql<{ id: number }>`
    with run as (
      insert into push_run (catalog_id, school_year_id, course_master_id, mode, to_sections, cross_site,
        data_types, all_calendars, requested_by, scheduled_for, run_now, idempotency_key, kind, course_ids)
      values (${wish.catalogId}, ${wish.schoolYearId}, ${wish.courseMasterId}::bigint, ${wish.mode}::push_mode,
        ${wish.toSections}, ${wish.crossSite}, ${[...wish.dataTypes]}::text[]::data_type[], false, 1, now(), true,
        ${`history-${keys}`}, ${wish.kind}, ${wish.courseIds === undefined ? null : [...wish.courseIds]}::bigint[])
      returning id
    ), jobs as (
      insert into push_job (run_id, calendar_id)
      select id, unnest(${[...wish.calendarIds]}::int[]) from run
    )
    select id from run`.execute(db);
  const runId = rows[0]?.id;
  if (runId === undefined) throw new Error('recording a run');
  return { runId, ...(await planRun(db, runId)) };
}

/** Carries out a plan, batch by batch, as a worker that holds the claim would. */
export async function apply(db: Db, planned: Planned, manner: Manner = {}): Promise<BatchResult[]> {
  const { runId, planId } = planned;
  if (manner.batchCourses !== undefined) await cutBatches(db, planId, manner.batchCourses);
  await sql`update push_run set state = 'running', epoch = 1 where id = ${runId}`.execute(db);
  const claim = { runId, planId, epoch: 1, leaseMs: 15_000 };
  const results: BatchResult[] = [];
  const work = async (): Promise<void> => {
    for (;;) {
      const result = await applyNextBatch(db, claim);
      results.push(result);
      if (result.kind !== 'applied') return;
    }
  };
  await Promise.all(Array.from({ length: manner.workers ?? 1 }, work));
  await sql`update push_run set state = 'completed' where id = ${runId}`.execute(db);
  return results;
}

/** The first push of both catalogs, with sections. */
export async function pushEverything(db: Db): Promise<void> {
  for (const catalogId of [1, 2])
    await apply(
      db,
      await plan(db, {
        kind: 'push',
        mode: 'push_locked',
        toSections: true,
        crossSite: false,
        dataTypes: DATA_TYPES,
        catalogId,
        courseMasterId: null,
        schoolYearId: 1,
        calendarIds: [1, 2],
      }),
    );
}

/** Cuts the plan's batches anew: at most so many courses of one calendar each. */
async function cutBatches(db: Db, planId: number, courses: number): Promise<void> {
  await sql`
    with old as (delete from push_batch where plan_id = ${planId} returning job_id, courses),
    work as (
      select job_id, course, (row_number() over (partition by job_id order by course) - 1) / ${courses} as chunk
      from old, unnest(courses) course
    )
    insert into push_batch (plan_id, job_id, seq, courses, items)
    select ${planId}, job_id, 1000 + row_number() over (order by job_id, chunk), array_agg(course order by course), 0
    from work group by job_id, chunk`.execute(db);
}

/** An item of a plan, as the invariants and the oracle look at it. */
export interface Item {
  readonly plan_id: number;
  readonly id: number;
  readonly course_id: number | null;
  readonly section_id: number | null;
  readonly calendar_id: number | null;
  readonly level: 'run' | 'course' | 'section';
  readonly data_type: string;
  readonly item_key: string;
  readonly rule: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly op: 'none' | 'insert' | 'update' | 'delete' | 'link' | 'unlink';
  readonly scope_id: number | null;
  readonly upstream_scope_id: number | null;
  readonly row_id: number | null;
  readonly k1: string | null;
  readonly k2: number | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly link_after: 'linked' | 'broken' | 'residual' | null;
  readonly link_before: unknown;
  readonly detail: {
    readonly weights?: Readonly<Record<string, number>> | null;
    readonly sourceId?: string;
  } | null;
  readonly result: string;
  readonly held_reason: string | null;
  readonly found: unknown;
}

export async function readItems(db: Db, planId: number): Promise<Item[]> {
  const { rows } =
    await sql<Item>`select * from push_item where plan_id = ${planId} order by id`.execute(db);
  return rows;
}
