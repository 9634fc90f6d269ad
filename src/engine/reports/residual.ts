import { sql } from 'kysely';
import { type Db } from '../../db/database.ts';
import { type DataType } from '../../domain/push-options.ts';
import { type ResidualItem } from '../../domain/setup-report.ts';
import { type Look, lookThrough } from '../look-through.ts';
import { ITEM_LABEL, LABEL_JOINS } from '../plan/record.ts';

/**
 * Setup of locked types without a counterpart above, at courses and sections, with the student work
 * that keeps it (R09, P07). It is what an overwrite would keep, whichever tool left it behind, and
 * with `goes` what the next one would remove.
 */
export async function findResidual(
  db: Db,
  look: Omit<Look, 'kind' | 'mode' | 'toSections'>,
  dataTypes: readonly DataType[],
): Promise<ResidualItem[]> {
  const wish: Look = { ...look, kind: 'push', mode: 'overwrite', toSections: true };
  return lookThrough(db, wish, async (tx) => {
    const { rows } = await sql<ResidualItem>`
      with found as materialized (
        select * from plan_pair
        where level in ('course', 'section') and rule is not null and desired is null
          and existing is not null and data_type = any(${[...dataTypes]}::text[]::data_type[])
      ), work as (${WORK}), by_section as (
        select w.id, jsonb_agg(jsonb_build_object('section', s.number, 'assignments', w.assignments)
            order by s.number collate "C") as sections, max(w.last_on) as last_on
        from work w join section s on s.id = w.section_id group by w.id
      )
      select y.label as year, k.name as calendar, c.number as "courseNumber", c.name as "courseName",
        m.number as "masterNumber", p.level, s.number as section, s.primary_teacher_id as teacher,
        p.data_type as "dataType", coalesce(${ITEM_LABEL}, p.item_key) as "itemLabel",
        coalesce(p.k4, p.k2) as term, l.residual_since as "residualSince",
        l.residual_run_id as "fromRun", p.assignments, p.scores, p.grades, p.comments,
        coalesce(b.sections, '[]') as sections, to_char(b.last_on, 'YYYY-MM-DD') as "lastActivity",
        p.op = 'delete' as goes, p.reason
      from found p
      join plan_target t on t.course_id = p.course_id
      join course c on c.id = p.course_id
      join calendar k on k.id = p.calendar_id
      join school_year y on y.id = k.school_year_id
      join course_master m on m.id = t.master_id
      left join section s on s.id = p.section_id
      left join sync_link l on l.scope_id = p.scope_id and l.data_type = p.data_type
        and l.item_key = p.item_key and l.state = 'residual'
      left join by_section b on b.id = p.id
      ${LABEL_JOINS}
      order by p.op = 'delete', k.name, c.number, s.number nulls first, p.data_type, p.item_key`.execute(
      tx,
    );
    return rows;
  });
}

/** Sections whose student work keeps a pair (P07), how many assignments, and the last date on them. */
const WORK = sql`
  select p.id, e.section_id, sum(e.assignments)::int as assignments, max(d.last_on) as last_on
  from found p
  join plan_evidence e on e.course_id = p.course_id and e.gradable_id = p.k1
    and (p.section_id is null or e.section_id = p.section_id)
    and case p.data_type when 'grading_tasks_standards' then true
      when 'grade_calc_options' then e.term_seq is null or e.term_seq = p.k2
      when 'composite_grades' then e.term_seq = p.k2 and e.grades + e.comments > 0
      else false end
  cross join lateral (
    select max(day) as last_on from (
      select coalesce(a.due_on, a.assigned_on) as day
      from assignment a join assignment_gradable g on g.assignment_id = a.id
      where a.section_id = e.section_id and a.deleted_at is null and g.gradable_id = e.gradable_id
      union all
      select posted_at::date from posted_grade
      where section_id = e.section_id and gradable_id = e.gradable_id
    ) days
  ) d
  group by p.id, e.section_id
  union all
  select p.id, a.section_id, count(*)::int, max(coalesce(a.due_on, a.assigned_on))
  from found p
  left join plan_section s on p.level = 'course' and s.course_scope_id = p.scope_id
  left join sync_link copy on copy.scope_id = s.scope_id and copy.data_type = 'categories'
    and copy.item_key = 'cat:' || p.source_id
  join assignment a on a.category_id = coalesce(copy.row_id, p.row_id) and a.deleted_at is null
  where p.data_type = 'categories'
  group by p.id, a.section_id
  union all
  select p.id, r.section_id, 0, null
  from found p join plan_section s on s.course_id = p.course_id
  join test_score r on r.section_id = s.section_id and r.test_id = p.k1
  where p.data_type = 'assessments'
  group by p.id, r.section_id`;
