import { type RawBuilder, sql } from 'kysely';
import { type ApprovalPolicy, quorumOf } from '../../domain/approval.ts';
import { type PushMode } from '../../domain/push-options.ts';
import { type Db } from '../database.ts';

/** The right to work on a run until its lease ends; void as soon as another claim has a higher epoch. */
export interface Claim {
  readonly runId: number;
  readonly epoch: number;
  readonly state: 'planning' | 'running';
  readonly planId: number | null;
  readonly mode: PushMode;
  readonly requestedBy: number;
  /** Claims in a row that ended without progress, this one not counted. */
  readonly crashes: number;
  readonly lastError: string | null;
}

/** How long a claim holds without a sign of life. */
export interface Leases {
  /** Whose heartbeat keeps the claim; null when only the lease does. */
  readonly workerId: string | null;
  /** Renewed by every batch. */
  readonly leaseMs: number;
  /** A plan is one transaction, during which nobody may touch the run's row. */
  readonly planLeaseMs: number;
}

/**
 * Takes a due run (reliability.md 3.1, step 4). Duplicate, early, stale and forged wake-ups all end
 * here with undefined. A run that starts forgets its plan: it is made again (G13, G20).
 */
export async function claimRun(db: Db, runId: number, leases: Leases): Promise<Claim | undefined> {
  return db.transaction().execute(async (tx) => {
    await serializeCalendars(tx);
    const { rows } = await sql<Claim>`
      update push_run r set
        epoch = r.epoch + 1,
        state = case when r.state = 'queued' then 'running' else r.state end,
        started_at = case when r.state = 'queued' then coalesce(r.started_at, now()) else r.started_at end,
        plan_id = case when ${startsAnew} then null else r.plan_id end,
        crash_count = case
          when r.lease_until is null then r.crash_count
          when exists (select 1 from push_batch b where b.plan_id = r.plan_id and b.epoch = r.epoch) then 0
          else r.crash_count + 1 end,
        claimed_by = ${leases.workerId},
        lease_until = ${leaseEnd(leases)}
      where r.id = ${runId} and ${isDue}
      returning r.id as "runId", r.epoch, r.state, r.plan_id as "planId", r.mode,
        r.requested_by as "requestedBy", r.crash_count as crashes, r.error as "lastError"`.execute(
      tx,
    );
    const [claim] = rows;
    if (claim?.state === 'running') await takeCalendars(tx, runId, ['queued']);
    return claim;
  });
}

const startsAnew = sql<boolean>`(r.state = 'queued')`;

function leaseEnd({ leaseMs, planLeaseMs }: Leases): RawBuilder<Date> {
  return sql`clock_timestamp() + make_interval(secs => case
    when r.state = 'planning' or r.plan_id is null or ${startsAnew}
    then ${planLeaseMs}::float8 else ${leaseMs}::float8 end / 1000)`;
}

/** Nobody works on run `r`: its lease is over, or who holds it gives no sign of life. */
export const leaseIsOver: RawBuilder<boolean> = sql<boolean>`(r.lease_until is null or r.lease_until <= now()
  or r.claimed_by is not null and not exists (
    select 1 from worker_heartbeat h
    where h.worker_id = r.claimed_by and h.seen_at > now() - interval '15 seconds'))`;

/** A run's calendars are busy while another run works on one, or one that goes first waits for it (B06). */
const calendarsAreBusy = sql<boolean>`(exists (
    select 1 from push_job mine
    join push_job other on other.calendar_id = mine.calendar_id and other.status = 'processing'
    where mine.run_id = r.id and other.run_id <> r.id)
  or exists (
    select 1 from push_run ahead
    join push_job other on other.run_id = ahead.id
    join push_job mine on mine.run_id = r.id and mine.calendar_id = other.calendar_id
    where ahead.state = 'queued' and ahead.scheduled_for <= now()
      and (not ahead.high_priority, ahead.scheduled_for, ahead.id)
        < (not r.high_priority, r.scheduled_for, r.id)))`;

const isDue = sql<boolean>`(
  r.state in ('planning', 'running') and ${leaseIsOver}
  or r.state = 'queued' and r.scheduled_for <= now() and ${leaseIsOver} and not ${calendarsAreBusy})`;

/** Claims look at each other's calendars, so they pass one by one; each takes a few milliseconds. */
async function serializeCalendars(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('push_job.processing'))`.execute(tx);
}

async function takeCalendars(tx: Db, runId: number, from: readonly string[]): Promise<void> {
  await tx
    .updateTable('push_job')
    .set({
      status: 'processing',
      started_at: sql`coalesce(started_at, now())`,
      finished_at: null,
    })
    .where('run_id', '=', runId)
    .where('status', 'in', from)
    .execute();
}

export type AfterPlanning =
  | { readonly kind: 'running'; readonly planId: number }
  | { readonly kind: 'planned' | 'awaiting_approval'; readonly planId: number }
  | { readonly kind: 'queued' | 'canceled' | 'fenced' };

/** What is to be asked before a plan may be carried out, and for how long. */
export interface Asking {
  /** The new plan destroys what the approved one left alone (G20). */
  readonly beyondApproval: boolean;
  readonly policy: ApprovalPolicy;
}

/**
 * What comes after a plan, under the fence. A plan that writes waits for its requester's word (G22),
 * an overwrite without an approval, or whose new plan goes beyond it (G20), for its approvers. Else
 * work starts at once with this same plan when the run is due and its calendars are free. A plan that
 * writes nothing has nothing to ask and ends at once. Call inside a transaction.
 */
export async function proceedAfterPlanning(
  tx: Db,
  claim: { runId: number; epoch: number; leaseMs: number } & Asking,
): Promise<AfterPlanning> {
  await serializeCalendars(tx);
  const { rows } = await sql<PlannedRun>`
    select r.plan_id as "planId", r.cancel_requested as canceled, y.is_active as "isActiveYear",
      p.writes > 0 and r.confirmed_at is null as "needsWord",
      p.writes > 0 and r.mode = 'overwrite'
        and (r.approved_plan_hash is null or ${claim.beyondApproval}) as "needsApproval",
      (r.scheduled_for <= now() or p.writes = 0 and r.confirmed_at is null)
        and not ${calendarsAreBusy} as ready
    from push_run r
    join school_year y on y.id = r.school_year_id
    left join push_plan p on p.id = r.plan_id
    where r.id = ${claim.runId} and r.epoch = ${claim.epoch} and r.state in ('planning', 'running')
    for update of r`.execute(tx);
  const [run] = rows;
  if (run === undefined) return { kind: 'fenced' };
  if (run.canceled) return { kind: 'canceled' };
  const { planId } = run;
  if (planId === null) throw new Error(`run ${claim.runId} was planned but has no plan`);
  if (run.needsWord || run.needsApproval) {
    const kind = run.needsWord ? 'planned' : 'awaiting_approval';
    await askAs(tx, claim.runId, {
      state: kind,
      quorum: quorumOf(claim.policy, run.isActiveYear),
      answerHours: claim.policy.answerHours,
    });
    return { kind, planId };
  }
  if (!run.ready) {
    await waitInQueue(tx, claim.runId);
    return { kind: 'queued' };
  }
  await startApplying(tx, claim);
  return { kind: 'running', planId };
}

interface PlannedRun {
  readonly planId: number | null;
  readonly canceled: boolean;
  readonly isActiveYear: boolean;
  readonly needsWord: boolean;
  readonly needsApproval: boolean;
  readonly ready: boolean;
}

async function startApplying(tx: Db, claim: { runId: number; leaseMs: number }): Promise<void> {
  await sql`update push_run set state = 'running', crash_count = 0,
      started_at = coalesce(started_at, now()),
      lease_until = clock_timestamp() + make_interval(secs => ${claim.leaseMs}::float8 / 1000)
    where id = ${claim.runId}`.execute(tx);
  // After a plan made anew the calendars that were finished take part again.
  await takeCalendars(tx, claim.runId, ['queued', 'completed', 'completed_with_exceptions']);
}

async function waitInQueue(tx: Db, runId: number): Promise<void> {
  await sql`update push_run set state = 'queued', lease_until = null, crash_count = 0
    where id = ${runId}`.execute(tx);
  await sql`update push_job set status = 'queued' where run_id = ${runId}`.execute(tx);
}

/** A run that is asked about when its time has come starts with the answer. */
async function askAs(
  tx: Db,
  runId: number,
  ask: { state: 'planned' | 'awaiting_approval'; quorum: number; answerHours: number },
): Promise<void> {
  const approval = sql.lit(ask.state === 'awaiting_approval');
  await sql`update push_run set state = ${ask.state}, lease_until = null, crash_count = 0,
      approved_plan_hash = null, reminders_sent = 0, run_now = run_now or scheduled_for <= now(),
      quorum = case when ${approval} then ${ask.quorum}::int end,
      asked_for_approval_at = case when ${approval} then now() end,
      answer_by = now() + make_interval(hours => ${ask.answerHours})
    where id = ${runId}`.execute(tx);
  await sql`update push_job set status = case when ${approval} then 'awaiting_approval' else 'queued' end
    where run_id = ${runId}`.execute(tx);
}

/** Locks the run's row if the claim still holds: the first statement of every transaction of a run. */
export async function holdsClaim(
  tx: Db,
  claim: { runId: number; epoch: number },
): Promise<boolean> {
  const row = await tx
    .selectFrom('push_run')
    .select('id')
    .where('id', '=', claim.runId)
    .where('epoch', '=', claim.epoch)
    .where('state', 'in', ['planning', 'running'])
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

/** Keeps the claim for another `ms`, for work between two batches that takes long; void when fenced. */
export async function extendLease(
  db: Db,
  claim: { runId: number; epoch: number },
  ms: number,
): Promise<void> {
  await sql`update push_run
    set lease_until = clock_timestamp() + make_interval(secs => ${ms}::float8 / 1000)
    where id = ${claim.runId} and epoch = ${claim.epoch} and state = 'running'`.execute(db);
}

/** Gives the run back on shutdown: a peer goes on at once, and it does not count as a crash. */
export async function releaseRun(db: Db, claim: { runId: number; epoch: number }): Promise<void> {
  await db
    .updateTable('push_run')
    .set({ lease_until: null, enqueued_at: null })
    .where('id', '=', claim.runId)
    .where('epoch', '=', claim.epoch)
    .where('state', 'in', ['planning', 'running'])
    .execute();
}

/** Gives the run back after an error: it is tried again after `delayMs`, and counted as a crash. */
export async function releaseBroken(
  db: Db,
  claim: { runId: number; epoch: number },
  broken: { error: string; delayMs: number },
): Promise<void> {
  await sql`update push_run set error = ${broken.error},
      lease_until = clock_timestamp() + make_interval(secs => ${broken.delayMs}::float8 / 1000)
    where id = ${claim.runId} and epoch = ${claim.epoch} and state in ('planning', 'running')`.execute(
    db,
  );
}

/** A run to wake a worker for; `generation` makes the queue's job id fresh. */
export interface WakeUp {
  readonly runId: number;
  readonly epoch: number;
  readonly generation: number;
}

/**
 * Runs that are due, or whose worker is gone, and that nobody was woken for in the last 3 s. They are
 * marked as enqueued now. Several processes may look at once: each row goes to one (step 3).
 */
export async function takeDueRuns(db: Db, limit: number): Promise<WakeUp[]> {
  const { rows } = await sql<WakeUp>`
    with due as (
      select r.id from push_run r
      where r.state in ('planning', 'queued', 'running') and ${isDue}
        and (r.enqueued_at is null or r.enqueued_at < now() - interval '3 seconds')
      order by r.high_priority desc, r.scheduled_for, r.id
      limit ${limit}
      for update of r skip locked
    )
    update push_run r set enqueued_at = now() from due where r.id = due.id
    returning r.id as "runId", r.epoch, (extract(epoch from r.enqueued_at) * 1000)::bigint as generation`.execute(
    db,
  );
  return rows;
}

/** The run of high priority that is due and free and has waited longest, if there is one (B06). */
export async function findHurried(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    select r.id from push_run r
    where r.high_priority and r.state in ('planning', 'queued', 'running') and ${isDue}
    order by r.scheduled_for, r.id limit 1`.execute(db);
  return rows[0]?.id;
}
