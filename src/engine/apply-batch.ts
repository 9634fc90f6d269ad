import { sql } from 'kysely';
import { type Db } from '../db/database.ts';
import { keepRowsAsTheyAre } from './apply/journal.ts';
import { writeLinks } from './apply/links.ts';
import { lockRows } from './apply/lock-rows.ts';
import { type BatchScope } from './apply/scope.ts';
import { holdWhatCannotGoBack, restoreLinks } from './apply/undo.ts';
import { holdStaleItems } from './apply/verify.ts';
import { judgePlan, type PlanStale, STALE_SHARE } from './apply/whole-plan.ts';
import { writeItems } from './apply/write.ts';
import { type Tx } from './plan/staging.ts';

/** Advisory locks of this namespace keep two pushes from writing one calendar at once (A23). */
const CALENDAR_LOCK = 7_301;

export interface Claim {
  readonly runId: number;
  readonly planId: number;
  readonly epoch: number;
  readonly leaseMs: number;
  /** The share of stale items above which the plan is given up; 0.05 by default. */
  readonly staleShare?: number;
}

export type BatchResult =
  | {
      readonly kind: 'applied';
      readonly calendarId: number;
      readonly written: number;
      readonly held: number;
      readonly failed: number;
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'fenced' }
  | { readonly kind: 'canceled' }
  | PlanStale;

/** Courses to apply together. */
interface Courses extends BatchScope {
  readonly isUndo: boolean;
}

interface NextBatch extends Courses {
  readonly id: number;
  readonly jobId: number;
  readonly calendarId: number;
}

/**
 * Applies the next batch of a claimed run's plan, in one transaction that first checks the claim
 * (epoch fence) and last extends its lease. Before the first batch the whole plan is judged: nothing
 * is written when it is stale. Single items that changed are held (P12). A course that the database
 * refuses is rolled back alone and the rest goes on (G15).
 */
export async function applyNextBatch(db: Db, claim: Claim): Promise<BatchResult> {
  return db.transaction().execute(async (tx) => {
    const refusal = await checkClaim(tx, claim);
    if (refusal !== undefined) return refusal;
    const batch = await nextBatch(tx, claim.planId);
    if (batch === undefined) return { kind: 'done' };
    const stale = await judgePlan(tx, { staleShare: STALE_SHARE, ...claim });
    if (stale !== undefined) return stale;
    await sql`select pg_advisory_xact_lock(${CALENDAR_LOCK}, ${batch.calendarId}::int)`.execute(tx);
    await applyOrSplit(tx, batch);
    return closeBatch(tx, batch, claim);
  });
}

async function checkClaim(tx: Tx, claim: Claim): Promise<BatchResult | undefined> {
  const run = await tx
    .selectFrom('push_run')
    .select(['epoch', 'state', 'plan_id', 'cancel_requested'])
    .where('id', '=', claim.runId)
    .forUpdate()
    .executeTakeFirst();
  if (run?.epoch !== claim.epoch || run.state !== 'running' || run.plan_id !== claim.planId)
    return { kind: 'fenced' };
  return run.cancel_requested ? { kind: 'canceled' } : undefined;
}

async function nextBatch(tx: Tx, planId: number): Promise<NextBatch | undefined> {
  const row = await tx
    .selectFrom('push_batch as b')
    .innerJoin('push_job as j', 'j.id', 'b.job_id')
    .innerJoin('push_run as r', 'r.id', 'j.run_id')
    .select(['b.id', 'b.job_id as jobId', 'j.calendar_id as calendarId', 'b.courses', 'r.kind'])
    .where('b.plan_id', '=', planId)
    .where('b.state', '=', 'pending')
    .orderBy('b.seq')
    .limit(1)
    .forUpdate('b')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { kind, ...batch } = row;
  return { ...batch, planId, courses: row.courses.map(Number), isUndo: kind === 'undo' };
}

/** The whole batch under a savepoint; when the database refuses it, course by course (G15). */
async function applyOrSplit(tx: Tx, batch: NextBatch): Promise<void> {
  const refusal = await attempt(tx, batch);
  if (refusal === undefined) return;
  for (const course of batch.courses) {
    const one = { ...batch, courses: [course] };
    const refused = await attempt(tx, one);
    if (refused !== undefined) await rollBackCourse(tx, one, refused);
  }
}

async function attempt(tx: Tx, batch: Courses): Promise<Error | undefined> {
  await sql`savepoint courses`.execute(tx);
  try {
    await lockRows(tx, batch);
    await holdStaleItems(tx, batch);
    if (batch.isUndo) await holdWhatCannotGoBack(tx, batch);
    await keepRowsAsTheyAre(tx, batch);
    await writeItems(tx, batch);
    await (batch.isUndo ? restoreLinks(tx, batch) : writeLinks(tx, batch));
    await sql`
      update push_item i set result = 'applied'
      where i.plan_id = ${batch.planId} and i.course_id = any(${[...batch.courses]}::bigint[])
        and i.result = 'planned' and i.op <> 'none'`.execute(tx);
    await sql`release savepoint courses`.execute(tx);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || mustRetryWhole(error)) throw error;
    await sql`rollback to savepoint courses`.execute(tx);
    return error;
  }
}

/** Lost connections, deadlocks, lock time-outs and serialization failures concern the whole batch. */
function mustRetryWhole(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return !/^(22|23|P0)/.test(code);
}

async function rollBackCourse(tx: Tx, batch: BatchScope, error: Error): Promise<void> {
  await sql`
    update push_item i set result = 'rolled_back', held_reason = 'database_refused',
      found = jsonb_build_object('message', ${error.message}::text)
    where i.plan_id = ${batch.planId} and i.course_id = any(${[...batch.courses]}::bigint[])
      and i.result = 'planned' and i.op <> 'none'`.execute(tx);
}

async function closeBatch(tx: Tx, batch: NextBatch, claim: Claim): Promise<BatchResult> {
  const { rows } = await sql<{ written: number; held: number; failed: number }>`
    with counts as (
      select (count(*) filter (where result = 'applied' and op <> 'none'))::int as written,
        (count(*) filter (where result = 'held'))::int as held,
        (count(*) filter (where result = 'rolled_back'))::int as failed
      from push_item where plan_id = ${batch.planId} and course_id = any(${[...batch.courses]}::bigint[])
    ), closed as (
      update push_batch b set state = 'applied', applied_at = now(), epoch = ${claim.epoch},
        written = c.written, held = c.held, failed = c.failed
      from counts c where b.id = ${batch.id}
    ), job as (
      update push_job j set courses_done = least(courses_total, courses_done + ${batch.courses.length})
      where j.id = ${batch.jobId}
    ), lease as (
      update push_run r set lease_until = now() + make_interval(secs => ${claim.leaseMs / 1000}),
        crash_count = 0
      where r.id = ${claim.runId}
    )
    select * from counts`.execute(tx);
  const counts = rows[0] ?? { written: 0, held: 0, failed: 0 };
  return { kind: 'applied', calendarId: batch.calendarId, ...counts };
}
