import { sql } from 'kysely';
import { isException } from '../../domain/run-result.ts';
import { type Db } from '../database.ts';
import { hasBegun } from './reached.ts';
import { readCounts } from './run-view.ts';

export type RunEnd = 'completed' | 'failed' | 'canceled' | 'rejected' | 'expired';

/**
 * Ends the calendars of a run that have no batch left, or with `all` every one, each with the number
 * of its exceptions. Call inside a transaction that holds the claim.
 */
export async function endJobs(
  tx: Db,
  run: { runId: number; planId: number | null; all?: { as: RunEnd } },
): Promise<void> {
  const end = run.all?.as ?? 'completed';
  // Of a push that broke off nobody knows what its other items would have come to.
  const reachedOnly = end !== 'completed';
  const counts = run.planId === null ? [] : await readCounts(tx, run.planId, { reachedOnly });
  const exceptions = counts.filter((count) => isException(count.outcome));
  await sql`
    update push_job j set
      exceptions = found.exceptions,
      status = case when ${end} = 'completed' and found.exceptions > 0 then 'completed_with_exceptions'
        else ${end} end,
      courses_done = case when ${end} = 'completed' then j.courses_total else j.courses_done end,
      finished_at = now()
    from (
      select job.id, coalesce(sum(e.items), 0)::int as exceptions
      from push_job job
      left join unnest(${exceptions.map((count) => count.calendarId)}::int[],
        ${exceptions.map((count) => count.items)}::int[]) as e (calendar_id, items)
        on e.calendar_id = job.calendar_id
      where job.run_id = ${run.runId}
      group by job.id
    ) found
    where found.id = j.id and j.finished_at is null
      and (${run.all !== undefined} or j.status = 'processing'
        and ${run.planId}::bigint is not null and not exists (
        select 1 from push_batch b
        where b.plan_id = ${run.planId} and b.job_id = j.id and b.state = 'pending'))`.execute(tx);
}

/** Sets the end state of a run from its jobs. Call inside a transaction that holds the claim. */
export async function endRun(
  tx: Db,
  run: { runId: number; end: RunEnd; error: string | null; actorId: number | null },
): Promise<string> {
  const row = await tx
    .updateTable('push_run')
    .set({
      state: sql`case when ${run.end} <> 'completed' then ${run.end}
        when exists (select 1 from push_job where run_id = ${run.runId} and exceptions > 0)
        then 'completed_with_exceptions' else 'completed' end`,
      error: run.error,
      // Who canceled it while it was at work was kept with their wish.
      ended_by: sql`case when ${run.end} = 'canceled' then coalesce(${run.actorId}, ended_by)
        else ${run.actorId} end`,
      answer_by: null,
      finished_at: sql`now()`,
      lease_until: null,
    })
    .where('id', '=', run.runId)
    .returning('state')
    .executeTakeFirstOrThrow();
  return row.state;
}

/** Whether a run has carried out a part of its plan. */
export async function hasApplied(db: Db, runId: number): Promise<boolean> {
  const { rows } = await sql<{ begun: boolean }>`
    select ${hasBegun(sql`r.plan_id`)} as begun from push_run r where r.id = ${runId}`.execute(db);
  return rows[0]?.begun ?? false;
}

/** What a cancel found. */
export type CancelFound = 'idle' | 'working' | 'finished';

/**
 * Asks a run to stop, in the name of a person. `idle`: nobody works on it, so the caller may end it in
 * this transaction; `working`: it ends after its current batch (B04). One that has begun and lost its
 * worker is ended by the next one, which also reports what was done.
 */
export async function requestCancel(
  tx: Db,
  { runId, personId }: { runId: number; personId: number },
): Promise<CancelFound> {
  const { rows } = await sql<{ found: CancelFound }>`
    update push_run r set cancel_requested = true, ended_by = ${personId}
    where r.id = ${runId} and r.finished_at is null
    returning case when r.state in ('planning', 'running') and r.lease_until > now()
      or r.state = 'running' and ${hasBegun(sql`r.plan_id`)}
      then 'working' else 'idle' end as found`.execute(tx);
  return rows[0]?.found ?? 'finished';
}
