import { sql } from 'kysely';
import { type PlanHead } from '../../domain/report-item.ts';
import { type Db } from '../database.ts';

/**
 * The figures above a run's plan (domain.md 5.4). A section loses its calculation with its own row or
 * when that is set to No Calculation by the course's (N03, N04).
 * @throws Error when the run has no plan
 */
export async function readPlanHead(db: Db, runId: number): Promise<PlanHead> {
  const { rows } = await sql<PlanHead>`
    select
      (select coalesce(jsonb_agg(d order by d."dataType", d.level), '[]') from (
        select data_type as "dataType", level, count(*) as items from push_item
        where plan_id = p.id and op = 'delete' group by data_type, level) d) as deletions,
      (select count(distinct section_id) from push_item where plan_id = p.id
        and level = 'section' and data_type = 'grade_calc_options' and before ->> 'calcType' <> 'none'
        and (op = 'delete' or op = 'update' and after ->> 'calcType' = 'none'))
        as "sectionsWithoutCalculation",
      (select count(*) from push_item where plan_id = p.id and link_after = 'residual'
        and link_before ->> 'state' is distinct from 'residual') as "residualItems",
      (select count(*) from push_item where plan_id = p.id and outcome = 'RENAMED_LOCAL')
        as "renamedCategories",
      (select count(*) from push_item where plan_id = p.id and data_type = 'course_info'
        and level = 'section' and op <> 'none') as "clearedOverrides",
      (select count(*) from push_plan_course where plan_id = p.id and verdict = 'ignored')
        as "coursesIgnored",
      (select count(distinct course_id) from push_item where plan_id = p.id
        and outcome = 'FAILED_DESYNCED') as "coursesDesynced",
      (select count(*) from course c join push_job j on j.calendar_id = c.calendar_id
        where j.run_id = r.id and c.course_master_id is null and exists (
          select 1 from course_master m where m.catalog_id = r.catalog_id and m.number = c.number)
        and not exists (select 1 from push_plan_course t
          where t.plan_id = p.id and t.course_id = c.id)) as "coursesNotLinked",
      y.is_active as "activeYear",
      (select count(*) from calendar k where k.is_summer and exists (
        select 1 from push_plan_course t where t.plan_id = p.id and t.calendar_id = k.id))
        as "summerCalendars"
    from push_run r
    join push_plan p on p.id = r.plan_id
    join school_year y on y.id = r.school_year_id
    where r.id = ${runId}`.execute(db);
  const [head] = rows;
  if (head === undefined) throw new Error(`run ${runId} has no plan`);
  return head;
}
