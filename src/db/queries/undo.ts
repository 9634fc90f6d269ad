import { sql } from 'kysely';
import { type Db } from '../database.ts';

/** The undo of a run that is under way or was carried out, if there is one. */
export async function findUndoOf(db: Db, runId: number): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    select id from push_run where undoes_run_id = ${runId}
      and state not in ('failed', 'canceled', 'rejected', 'expired')
    order by id limit 1`.execute(db);
  return rows[0]?.id;
}

export interface NewUndo {
  readonly runId: number;
  readonly requestedBy: number;
  readonly comment: string | null;
  readonly idempotencyKey: string;
  /** Nobody is asked about its plan but the approvers. */
  readonly confirmed: boolean;
  /** Where its thread opens when the push has none; null: nowhere. */
  readonly channelId: string | null;
}

/** Writes the undo of a run: on its calendars, in its conversation. Call inside a transaction. */
export async function insertUndo(tx: Db, undo: NewUndo): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into push_run (kind, undoes_run_id, catalog_id, school_year_id, course_master_id, mode,
      to_sections, cross_site, data_types, all_calendars, requested_by, scheduled_for, run_now,
      idempotency_key, comment, confirmed_at, enqueued_at)
    select 'undo', id, catalog_id, school_year_id, course_master_id, 'overwrite', to_sections, cross_site,
      data_types, all_calendars, ${undo.requestedBy}, now(), true, ${undo.idempotencyKey},
      ${undo.comment}, case when ${undo.confirmed} then now() end, null
    from push_run where id = ${undo.runId} returning id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error(`recording the undo of run ${undo.runId}`);
  await sql`insert into push_job (run_id, calendar_id)
    select ${id}, calendar_id from push_job where run_id = ${undo.runId}`.execute(tx);
  await sql`insert into run_thread (run_id, channel_id)
    select ${id}, channel_id from (
      select coalesce((select channel_id from run_thread where run_id = ${undo.runId}),
        ${undo.channelId}) as channel_id) t
    where channel_id is not null`.execute(tx);
  return id;
}
