import { sql } from 'kysely';
import {
  endedEarly,
  type OutcomeCount,
  type RunCalendar,
  type RunView,
} from '../../domain/push-run.ts';
import { planSummary } from '../../domain/plan-summary.ts';
import { type Db } from '../database.ts';
import { ANSWER_UNTIL, readApproval, readApprovers } from './approvals.ts';
import { AUDIT_MARK_LENGTH } from './audit.ts';
import { leaseIsOver } from './claims.ts';
import { courseFigures } from './course-figures.ts';
import { coursesLeft, hasBegun } from './reached.ts';

/** All that a message, the queue list or the CLI says about a run. */
export async function readRun(db: Db, runId: number): Promise<RunView | undefined> {
  const run = await readHead(db, runId);
  if (run === undefined) return undefined;
  const { planId, planHash, planItems, planWrites, summary, ...rest } = run;
  const { channelId, anchorTs, lostChannelId, ...head } = rest;
  const [calendars, artifacts, work, approval, approvedBy] = await Promise.all([
    readCalendars(db, runId),
    readArtifacts(db, runId),
    planId === null ? NO_WORK : readWork(db, planId, { reachedOnly: endedEarly(run.state) }),
    readApproval(db, runId),
    readApprovers(db, runId),
  ]);
  return {
    ...head,
    ...work,
    approval,
    approvedBy,
    calendars,
    artifacts,
    plan:
      planId === null || planHash === null
        ? null
        : {
            id: planId,
            hash: planHash,
            items: planItems,
            writes: planWrites,
            summary: planSummary.nullable().parse(summary),
          },
    thread:
      channelId === null
        ? null
        : { channelId, anchorTs, ...(lostChannelId === null ? {} : { lostChannelId }) },
  };
}

type Head = Pick<
  RunView,
  | 'id'
  | 'kind'
  | 'state'
  | 'catalogId'
  | 'yearId'
  | 'catalog'
  | 'year'
  | 'mode'
  | 'toSections'
  | 'crossSite'
  | 'dataTypes'
  | 'allCalendars'
  | 'masterNumber'
  | 'undoes'
  | 'requestedAt'
  | 'scheduledFor'
  | 'runNow'
  | 'startedAt'
  | 'finishedAt'
  | 'error'
  | 'requestedBy'
  | 'reason'
  | 'isActiveYear'
  | 'endedBy'
  | 'isStopping'
  | 'isUnattended'
  | 'answerBy'
  | 'auditMark'
  | 'leftOutCourses'
> & {
  readonly summary: unknown;
  readonly planId: number | null;
  readonly planHash: string | null;
  readonly planItems: number;
  readonly planWrites: number;
  readonly channelId: string | null;
  readonly anchorTs: string | null;
  readonly lostChannelId: string | null;
};

async function readHead(db: Db, runId: number): Promise<Head | undefined> {
  const { rows } = await sql<Head>`
    select r.id, r.kind, r.state, c.name as catalog, y.label as year,
      r.catalog_id as "catalogId", r.school_year_id as "yearId", r.mode, r.to_sections as "toSections",
      r.cross_site as "crossSite", r.data_types::text[] as "dataTypes",
      r.all_calendars as "allCalendars", m.number as "masterNumber", r.undoes_run_id as undoes,
      jsonb_build_object('id', u.id, 'slackUserId', u.slack_user_id, 'name', u.display_name)
        as "requestedBy",
      case when e.id is not null then jsonb_build_object('id', e.id, 'slackUserId', e.slack_user_id,
        'name', e.display_name) end as "endedBy",
      r.cancel_requested as "isStopping", ${leaseIsOver} as "isUnattended", r.comment as reason, y.is_active as "isActiveYear", ${ANSWER_UNTIL} as "answerBy",
      (select left(hash, ${AUDIT_MARK_LENGTH}) from audit_event a where a.run_id = r.id
        order by a.id desc limit 1) as "auditMark",
      cardinality(r.left_out_courses) as "leftOutCourses", p.summary,
      r.requested_at as "requestedAt", r.scheduled_for as "scheduledFor", r.run_now as "runNow",
      r.started_at as "startedAt", r.finished_at as "finishedAt", r.error,
      p.id as "planId", p.hash as "planHash", coalesce(p.items, 0) as "planItems",
      coalesce(p.writes, 0) as "planWrites", t.channel_id as "channelId", t.anchor_ts as "anchorTs",
      (select o.detour_channel_id from slack_outbox o
        where o.run_id = r.id and o.detour is not null and o.detour_channel_id <> t.channel_id
        order by o.id desc limit 1) as "lostChannelId"
    from push_run r
    join course_catalog c on c.id = r.catalog_id
    join school_year y on y.id = r.school_year_id
    join app_user u on u.id = r.requested_by
    left join app_user e on e.id = r.ended_by
    left join course_master m on m.id = r.course_master_id
    left join push_plan p on p.id = r.plan_id
    left join run_thread t on t.run_id = r.id
    where r.id = ${runId}`.execute(db);
  return rows[0];
}

async function readCalendars(db: Db, runId: number): Promise<RunCalendar[]> {
  const { rows } = await sql<RunCalendar>`
    select f.calendar_id as "calendarId", k.name, f.status, f.courses_total as "coursesTotal",
      f.done as "coursesDone", f.ignored as "coursesIgnored", f.unlinked as "coursesUnlinked",
      f.waiting as "coursesLeft", f.applied, f.exceptions, f.error
    from (${courseFigures(sql`r.id = ${runId}`)}) f join calendar k on k.id = f.calendar_id
    order by k.name, k.id`.execute(db);
  return rows;
}

async function readArtifacts(db: Db, runId: number): Promise<RunView['artifacts']> {
  const { rows } = await sql<RunView['artifacts'][number]>`
    select kind, format, file_name as "fileName", row_count as rows
    from push_artifact where run_id = ${runId} order by kind desc, format`.execute(db);
  return rows;
}

type Work = Pick<RunView, 'courses' | 'counts' | 'applied' | 'held'>;

const NO_WORK: Work = { courses: null, counts: [], applied: 0, held: 0 };

async function readWork(db: Db, planId: number, which: WhichItems): Promise<Work> {
  const [{ rows: courses }, { rows: batches }, counts] = await Promise.all([
    sql<{ total: number; ignored: number; linkLost: number }>`
      select count(*) as total, count(*) filter (where verdict = 'ignored') as ignored,
        count(*) filter (where verdict = 'link_lost') as "linkLost"
      from push_plan_course where plan_id = ${planId}`.execute(db),
    sql<{ applied: number; held: number }>`
      select coalesce(sum(written), 0)::int as applied, coalesce(sum(held), 0)::int as held
      from push_batch where plan_id = ${planId}`.execute(db),
    readCounts(db, planId, which),
  ]);
  return {
    courses: courses[0] ?? null,
    counts,
    applied: batches[0]?.applied ?? 0,
    held: batches[0]?.held ?? 0,
  };
}

/** Whether items of courses that the run never came to are left out. */
interface WhichItems {
  readonly reachedOnly: boolean;
}

/** Items of a plan by calendar, level, type, outcome and reason. */
export function readCounts(
  db: Db,
  planId: number,
  { reachedOnly }: WhichItems,
): Promise<OutcomeCount[]> {
  return reachedOnly ? countReached(db, planId) : countAll(db, planId);
}

/**
 * What went otherwise than planned counts as what came of it: held back because it changed meanwhile, or rolled back with its course (G15).
 * The items are only read when a batch says that there are such.
 */
async function countAll(db: Db, planId: number): Promise<OutcomeCount[]> {
  const { rows } = await sql<OutcomeCount>`
    with otherwise as materialized (
      select calendar_id, level, data_type, outcome, reason, result, held_reason, count(*) as items
      from push_item
      where plan_id = ${planId} and result in ('held', 'rolled_back') and exists (
        select 1 from push_batch where plan_id = ${planId} and (held > 0 or failed > 0))
      group by calendar_id, level, data_type, outcome, reason, result, held_reason
    ), counted as (
      select calendar_id, level, data_type, outcome, reason, items
      from push_plan_count where plan_id = ${planId}
      union all
      select calendar_id, level, data_type, outcome, reason, -items from otherwise
      union all
      select calendar_id, level, data_type,
        case result when 'held' then 'WITHHELD' else 'FAILED_ERROR' end,
        coalesce(held_reason, case result when 'held' then 'changed_since_plan' else 'database_refused' end),
        items
      from otherwise
    )
    select calendar_id as "calendarId", level, data_type as "dataType", outcome, reason,
      sum(items)::int as items
    from counted
    group by calendar_id, level, data_type, outcome, reason
    having sum(items) <> 0
    order by calendar_id nulls first, level, data_type, outcome, reason`.execute(db);
  return rows;
}

/**
 * The same without the courses of batches that were never applied, whose items came to nothing, and
 * none when no batch was. Items that were up to date already are counted by calendar alone, so they
 * are left out.
 */
async function countReached(db: Db, planId: number): Promise<OutcomeCount[]> {
  const { rows } = await sql<OutcomeCount>`
    select calendar_id as "calendarId", level, data_type as "dataType",
      case result when 'held' then 'WITHHELD' when 'rolled_back' then 'FAILED_ERROR' else outcome end
        as outcome,
      coalesce(held_reason, reason) as reason, count(*)::int as items
    from push_item
    where plan_id = ${planId}
      and ${hasBegun(planId)}
      and (course_id is null or course_id not in (${coursesLeft(planId)}))
    group by 1, 2, 3, 4, 5
    order by calendar_id nulls first, level, data_type, 4, 5`.execute(db);
  return rows;
}
