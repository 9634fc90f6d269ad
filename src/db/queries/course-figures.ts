import { type RawBuilder, sql } from 'kysely';

/**
 * How far each calendar of some runs is: the one source of these figures, for threads, lists and the
 * Home tab alike. A subquery with the columns of push_job and `done`, `ignored`, `unlinked`, `waiting`,
 * `applied`.
 * @param which a condition on push_run `r`
 */
export function courseFigures(which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    with run as materialized (
      select r.id, r.plan_id, r.state from push_run r where ${which}
    ), batch as (
      select b.plan_id, b.job_id, b.state, b.written, b.courses from run r
      join push_batch b on b.plan_id = r.plan_id
    ), course as (
      select r.id as run_id, t.calendar_id, count(*) filter (where t.verdict = 'ignored') as ignored,
        count(*) filter (where t.verdict in ('link_lost', 'other_catalog') and b.state is null)
          as unlinked,
        count(*) filter (where b.state = 'pending') as waiting,
        count(*) filter (where b.state = 'applied') as reached
      from run r
      join push_plan_course t on t.plan_id = r.plan_id
      left join (select plan_id, unnest(courses) as course_id, state from batch) b
        on b.plan_id = t.plan_id and b.course_id = t.course_id
      group by 1, 2
    ), job as (
      select j.*, r.state = 'running' and r.plan_id is null as unplanned, coalesce(c.ignored, 0) as ignored, coalesce(c.unlinked, 0) as unlinked,
        coalesce(c.waiting, 0) as waiting, coalesce(c.reached, 0) as reached,
        coalesce((select sum(written) from batch where job_id = j.id), 0)::int as applied
      from run r join push_job j on j.run_id = r.id
      left join course c on c.run_id = r.id and c.calendar_id = j.calendar_id
    )
    select j.*, case when j.unplanned then 0 when j.status in ('processing', 'completed', 'completed_with_exceptions')
      then greatest(0, j.courses_total - j.ignored - j.unlinked - j.waiting)
      else j.reached end as done
    from job j`;
}
