import { sql } from 'kysely';
import { type CourseChoice, type NamedCalendar, type PlanChange } from '../../domain/approval.ts';
import { type Db } from '../database.ts';

/** What a run pushes and leaves out now. */
export async function readPlanChange(db: Db, runId: number): Promise<PlanChange | undefined> {
  const { rows } = await sql<PlanChange>`
    select r.data_types::text[] as "dataTypes", r.to_sections as "toSections",
      r.cross_site as "crossSite", to_jsonb(r.left_out_courses) as "leftOutCourses",
      array(select calendar_id from push_job where run_id = r.id order by calendar_id) as "calendarIds"
    from push_run r where r.id = ${runId}`.execute(db);
  return rows[0];
}

/** The calendars of the run's year by name, and whether the run pushes to them. */
export async function readYearCalendars(
  db: Db,
  runId: number,
): Promise<(NamedCalendar & { inRun: boolean })[]> {
  const { rows } = await sql<NamedCalendar & { inRun: boolean }>`
    select k.id as "calendarId", k.name, j.id is not null as "inRun"
    from push_run r join calendar k on k.school_year_id = r.school_year_id
    left join push_job j on j.run_id = r.id and j.calendar_id = k.id
    where r.id = ${runId} order by k.name, k.id`.execute(db);
  return rows;
}

/** Sets what the run pushes and has it planned anew: nothing of its earlier plan was carried out. */
export async function changeRun(tx: Db, runId: number, change: PlanChange): Promise<void> {
  const calendars = [...change.calendarIds];
  await sql`update push_run set data_types = ${[...change.dataTypes]}::data_type[],
      to_sections = ${change.toSections}, cross_site = ${change.crossSite},
      left_out_courses = ${[...change.leftOutCourses]}::bigint[],
      all_calendars = all_calendars and not exists (
        select 1 from push_job where run_id = ${runId} and calendar_id <> all (${calendars}::int[])),
      state = 'planning', confirmed_at = null, approved_plan_hash = null, answer_by = null,
      quorum = null, asked_for_approval_at = null, lease_until = null, enqueued_at = now()
    where id = ${runId}`.execute(tx);
  await sql`delete from push_batch b using push_job j
    where j.id = b.job_id and j.run_id = ${runId}
      and j.calendar_id <> all (${calendars}::int[])`.execute(tx);
  await sql`delete from push_job where run_id = ${runId}
      and calendar_id <> all (${calendars}::int[])`.execute(tx);
  await sql`insert into push_job (run_id, calendar_id) select ${runId}, unnest(${calendars}::int[])
    on conflict (run_id, calendar_id) do nothing`.execute(tx);
  await sql`update push_job set status = 'queued' where run_id = ${runId}`.execute(tx);
}

/**
 * Courses of the run's catalog in its calendars whose number, name or calendar holds every word typed,
 * or with `ids` exactly those.
 */
export async function searchCourses(
  db: Db,
  query: { runId: number; typed: string; ids?: readonly number[]; limit: number },
): Promise<{ courses: CourseChoice[]; total: number }> {
  const patterns = query.typed
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  const only = query.ids === undefined ? null : [...query.ids];
  const { rows } = await sql<CourseChoice & { total: number }>`
    select c.id, c.number, c.name, k.name as calendar, (count(*) over ())::int as total
    from push_run r
    join push_job j on j.run_id = r.id
    join course c on c.calendar_id = j.calendar_id
    join course_master m on m.id = c.course_master_id and m.catalog_id = r.catalog_id
    join calendar k on k.id = c.calendar_id
    where r.id = ${query.runId}
      and (${only}::bigint[] is null or c.id = any(${only}::bigint[]))
      and c.number || ' ' || c.name || ' ' || k.name ilike all (${patterns}::text[])
    order by c.number, k.name, c.id limit ${query.limit}`.execute(db);
  return {
    courses: rows.map(({ id, number, name, calendar }) => ({ id, number, name, calendar })),
    total: rows[0]?.total ?? 0,
  };
}
