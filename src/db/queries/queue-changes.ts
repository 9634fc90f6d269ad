import { type RawBuilder, sql } from 'kysely';
import { type DataType, type PushOptions, type RunKind } from '../../domain/push-options.ts';
import { type RunState } from '../../domain/push-run.ts';
import { type Db } from '../database.ts';

/** What the queue needs to know of a run before it is changed. */
export interface QueuedRun {
  readonly id: number;
  readonly requestedBy: number;
  readonly state: RunState;
  readonly hasReport: boolean;
  readonly isUndo: boolean;
  readonly highPriority: boolean;
  readonly keepUntilDeleted: boolean;
}

/** @returns undefined for an unknown run and for one that was deleted from the list */
export async function findQueuedRun(db: Db, runId: number): Promise<QueuedRun | undefined> {
  const { rows } = await sql<QueuedRun>`
    select r.id, r.requested_by as "requestedBy", r.state, r.undoes_run_id is not null as "isUndo",
      r.high_priority as "highPriority", r.keep_until_deleted as "keepUntilDeleted",
      exists (select 1 from push_artifact a where a.run_id = r.id and a.kind = 'push_report')
        as "hasReport"
    from push_run r
    where r.id = ${runId}
      and exists (select 1 from push_job j where j.run_id = r.id and j.deleted_at is null)`.execute(
    db,
  );
  return rows[0];
}

/** Sets another time for a run that waits. @returns false when it no longer waits, or is being planned */
export async function rescheduleRun(tx: Db, runId: number, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update push_run set scheduled_for = ${at}, run_now = false, enqueued_at = null
    where id = ${runId} and state in ('planning', 'planned', 'awaiting_approval', 'queued')
      and (lease_until is null or lease_until <= now())
    returning id`.execute(tx);
  return rows.length > 0;
}

/** Where a time lies by the database's clock; the current minute is not past yet. */
export async function placeInTime(
  db: Db,
  at: Date,
  furthestDays: number,
): Promise<'past' | 'ahead' | 'too_far'> {
  const { rows } = await sql<{ place: 'past' | 'ahead' | 'too_far' }>`
    select case when at < date_trunc('minute', now()) then 'past'
      when at > now() + make_interval(days => ${furthestDays}) then 'too_far' else 'ahead' end as place
    from (select ${at}::timestamptz as at) wish`.execute(db);
  return rows[0]?.place ?? 'past';
}

/** Marks a run. */
export async function markRun(
  db: Db,
  runId: number,
  mark: { highPriority: boolean } | { keepUntilDeleted: boolean },
): Promise<void> {
  const values =
    'highPriority' in mark
      ? { high_priority: mark.highPriority }
      : { keep_until_deleted: mark.keepUntilDeleted };
  await db.updateTable('push_run').set(values).where('id', '=', runId).execute();
}

/** Takes a finished run off the list and removes its files; plan, items and audit stay (B05). */
export async function hideRun(tx: Db, runId: number): Promise<boolean> {
  const { rows } = await sql`
    update push_job j set deleted_at = now() from push_run r
    where j.run_id = ${runId} and r.id = j.run_id and r.finished_at is not null
      and j.deleted_at is null
    returning j.id`.execute(tx);
  if (rows.length === 0) return false;
  await tx.deleteFrom('push_artifact').where('run_id', '=', runId).execute();
  return true;
}

/** When a file may go: so long after it was made, or after its run was no longer to be kept. */
const purgeAt = (days: number): RawBuilder<Date> =>
  sql<Date>`coalesce(a.purge_after, a.created_at + make_interval(days => ${days}))`;

/**
 * The files of a run that was kept get their time anew, so that none is gone within the hour.
 * @returns when they go; null when there are none
 */
export async function renewArtifacts(db: Db, runId: number, days: number): Promise<Date | null> {
  const { rows } = await sql<{ at: Date }>`
    update push_artifact a set purge_after = now() + make_interval(days => ${days})
    where a.run_id = ${runId} returning a.purge_after as at`.execute(db);
  return rows[0]?.at ?? null;
}

/**
 * Removes files whose time, in days, is over, except those of runs that are kept (B06).
 * @returns how many
 */
export async function purgeArtifacts(db: Db, days: number): Promise<number> {
  const { rows } = await sql`
    delete from push_artifact a using push_run r
    where r.id = a.run_id and not r.keep_until_deleted and ${purgeAt(days)} <= now()
    returning a.id`.execute(db);
  return rows.length;
}

/** What a run was asked to do, and where its thread is, so that it can be asked again. */
export interface RepeatableRun {
  readonly options: PushOptions;
  readonly channelId: string | null;
  readonly comment: string | null;
}

/** The wishes of a run as they were submitted. */
export async function readWishes(db: Db, runId: number): Promise<RepeatableRun | undefined> {
  const { rows } = await sql<
    Omit<PushOptions, 'courseMasterId' | 'kind' | 'courseIds' | 'leftOutCourses'> & {
      kind: RunKind;
      courseIds: number[] | null;
      leftOutCourses: number[];
      masterId: number | null;
      channelId: string | null;
      comment: string | null;
    }
  >`
    select r.school_year_id as "schoolYearId", r.catalog_id as "catalogId",
      r.course_master_id as "masterId", r.kind, to_jsonb(r.course_ids) as "courseIds",
      to_jsonb(r.left_out_courses) as "leftOutCourses", r.all_calendars as "allCalendars", r.mode,
      r.to_sections as "toSections", r.cross_site as "crossSite",
      r.data_types::text[] as "dataTypes", r.comment, t.channel_id as "channelId",
      array(select calendar_id from push_job where run_id = r.id order by calendar_id)
        as "calendarIds"
    from push_run r left join run_thread t on t.run_id = r.id
    where r.id = ${runId}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { masterId, courseIds, channelId, comment, ...options } = row;
  return {
    options: {
      ...options,
      ...(masterId === null ? {} : { courseMasterId: masterId }),
      ...(courseIds === null ? {} : { courseIds }),
    },
    channelId,
    comment,
  };
}

/**
 * Courses and kinds of data that a run left alone as desynced. A course that lost its link failed as a
 * whole, so all the run's kinds are meant.
 */
export async function readDesynced(
  db: Db,
  runId: number,
): Promise<{ courseIds: number[]; calendarIds: number[]; dataTypes: DataType[] }> {
  const { rows } = await sql<{
    courseIds: number[];
    calendarIds: number[];
    dataTypes: DataType[];
  }>`
    with desynced as (
      select i.course_id, i.calendar_id, y.data_type
      from push_run r
      join push_item i on i.plan_id = r.plan_id and i.outcome = 'FAILED_DESYNCED'
        and i.course_id is not null
      join lateral unnest(r.data_types) as y(data_type)
        on y.data_type = i.data_type or i.item_key = 'link'
      where r.id = ${runId}
    )
    select to_jsonb(array(select distinct course_id from desynced order by 1)) as "courseIds",
      array(select distinct calendar_id from desynced order by 1) as "calendarIds",
      array(select distinct data_type::text from desynced order by 1) as "dataTypes"`.execute(db);
  return rows[0] ?? { courseIds: [], calendarIds: [], dataTypes: [] };
}
