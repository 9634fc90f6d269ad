import { sql } from 'kysely';
import { type QueueRow, type WaitingForApproval } from '../../domain/queue-list.ts';
import { type RunState } from '../../domain/push-run.ts';
import { type PushNeeds } from '../../domain/rights.ts';
import { type Db } from '../database.ts';
import { leaseIsOver } from './claims.ts';
import { courseFigures } from './course-figures.ts';

/** Who asked for a run, and its present plan. */
export async function readOwner(
  db: Db,
  runId: number,
): Promise<{ requestedBy: number; planId: number | null } | undefined> {
  return db
    .selectFrom('push_run')
    .select(['requested_by as requestedBy', 'plan_id as planId'])
    .where('id', '=', runId)
    .executeTakeFirst();
}

/** How a finished run ended; undefined while it has not. */
export async function readEnd(
  db: Db,
  runId: number,
): Promise<{ state: RunState; by: string | null; at: Date } | undefined> {
  const { rows } = await sql<{ state: RunState; by: string | null; at: Date }>`
    select r.state, u.display_name as by, r.finished_at as at
    from push_run r left join app_user u on u.id = r.ended_by
    where r.id = ${runId} and r.finished_at is not null`.execute(db);
  return rows[0];
}

export interface RunFilter {
  /** Only runs of this person; null shows all (B05). */
  readonly requestedBy: number | null;
  /** Scheduled between these instants; null is 7 days back, 35 days ahead (B02). */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly limit: number;
  /** Rows to leave out, for a later page. */
  readonly skip?: number;
}

/** A row of the queue list before it is known who looks at it (G18). */
export interface ListedJob extends Omit<QueueRow, 'acts' | 'undelivered'> {
  readonly requestedById: number;
}

/** The queue list, latest scheduled time first. */
export async function listJobs(db: Db, filter: RunFilter): Promise<ListedJob[]> {
  const { rows } = await sql<ListedJob>`
    select r.id as "runId", k.id as "calendarId", r.scheduled_for as "scheduledFor", c.name as catalog, m.number as "masterNumber", r.undoes_run_id as undoes, k.name as calendar,
      r.state as "runState", j.status, r.mode, r.to_sections as "toSections",
      r.cross_site as "crossSite", r.data_types::text[] as "dataTypes", y.label as year,
      r.requested_by as "requestedById", u.display_name as "requestedBy", (select string_agg(a.display_name, ', ' order by a.display_name) from push_approval p
        join app_user a on a.id = p.approver_id
        where p.run_id = r.id and p.plan_hash = r.approved_plan_hash and p.decision = 'approve')
        as "approvedBy",
      j.courses_total as "coursesTotal", coalesce(f.done, j.courses_done) as "coursesDone", j.exceptions,
      r.high_priority as "highPriority", r.keep_until_deleted as "keepUntilDeleted",
      exists (select 1 from push_artifact a where a.run_id = r.id and a.kind = 'push_report')
        as "hasReport"
    from push_run r
    join push_job j on j.run_id = r.id and j.deleted_at is null
    join calendar k on k.id = j.calendar_id
    join course_catalog c on c.id = r.catalog_id
    join school_year y on y.id = r.school_year_id
    join app_user u on u.id = r.requested_by
    left join course_master m on m.id = r.course_master_id
    left join (${courseFigures(sql`r.state = 'running'`)}) f on f.id = j.id
    where r.scheduled_for >= coalesce(${filter.from}::timestamptz, now() - interval '7 days')
      and r.scheduled_for <= coalesce(${filter.to}::timestamptz, now() + interval '35 days')
      and (${filter.requestedBy}::bigint is null or r.requested_by = ${filter.requestedBy}::bigint)
    order by r.scheduled_for desc, r.id desc, k.name
    limit ${filter.limit} offset ${filter.skip ?? 0}`.execute(db);
  return rows;
}

/** Overwrites that wait for a decision that this person has not made yet; rights are asked apart. */
export async function listUndecided(db: Db, personId: number): Promise<WaitingForApproval[]> {
  const { rows } = await sql<WaitingForApproval>`
    select r.id as "runId", c.name as catalog, y.label as year, u.display_name as "requestedBy",
      r.undoes_run_id as undoes, r.answer_by as "answerBy", j.ids as "calendarIds"
    from push_run r
    join course_catalog c on c.id = r.catalog_id
    join school_year y on y.id = r.school_year_id
    join app_user u on u.id = r.requested_by
    cross join lateral (
      select array_agg(calendar_id) as ids from push_job where run_id = r.id) j
    where r.state = 'awaiting_approval' and r.requested_by <> ${personId}
      and not exists (select 1 from push_approval p
        where p.run_id = r.id and p.plan_id = r.plan_id and p.approver_id = ${personId})
    order by r.answer_by nulls last, r.id`.execute(db);
  return rows;
}

/** The run whose thread a message opens or is in, or that it was sent about elsewhere. */
export async function findRunOfMessage(
  db: Db,
  { channelId, ts, threadTs }: { channelId: string; ts: string; threadTs: string | null },
): Promise<number | undefined> {
  const places = [ts, ...(threadTs === null ? [] : [threadTs])];
  const { rows } = await sql<{ id: number }>`
    select run_id as id from run_thread
    where channel_id = ${channelId} and anchor_ts = any(${places}::text[])
    union
    select run_id from slack_outbox
    where channel_id = ${channelId} and ts = any(${places}::text[])
    limit 1`.execute(db);
  return rows[0]?.id;
}

/** Runs with a thread that need a worker now and have none. A plan is due at once, whenever it starts. */
export async function listWaiting(db: Db): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select r.id from push_run r join run_thread t on t.run_id = r.id
    where (r.state in ('planning', 'running') or r.state = 'queued' and r.scheduled_for <= now())
      and ${leaseIsOver}
    order by r.id`.execute(db);
  return rows.map(({ id }) => id);
}

/** What running the push needs, as far as rights go. */
export async function readNeeds(db: Db, runId: number): Promise<PushNeeds> {
  const { rows } = await sql<PushNeeds>`
    select mode, to_sections as "toSections", cross_site as "crossSite",
      course_master_id is not null as "singleMaster", kind,
      array(select calendar_id from push_job where run_id = push_run.id) as "calendarIds"
    from push_run where id = ${runId}`.execute(db);
  const [needs] = rows;
  if (needs === undefined) throw new Error(`run ${runId} does not exist`);
  return needs;
}

/** Whether the run was asked for in Slack: it has a thread there. */
export async function wasAskedInSlack(db: Db, runId: number): Promise<boolean> {
  const { rows } = await sql<{ asked: boolean }>`
    select exists (select 1 from run_thread where run_id = ${runId}) as asked`.execute(db);
  return rows[0]?.asked ?? false;
}
