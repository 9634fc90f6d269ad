import { sql } from 'kysely';
import { type Db } from '../../db/database.ts';
import { type DataType } from '../../domain/push-options.ts';
import { type SectionItem } from '../../domain/setup-report.ts';
import { type Look, lookThrough } from '../look-through.ts';
import { ITEM_LABEL, LABEL_JOINS } from '../plan/record.ts';

/**
 * Section rows that differ from what their course has, as Push All Courses finds them now, whether or
 * not it would deliver them (5.7): of the courses of the catalog, and of those without a course master.
 */
export function findAwaitingSections(
  db: Db,
  look: Omit<Look, 'kind' | 'mode' | 'toSections'>,
  dataTypes: readonly DataType[],
): Promise<SectionItem[]> {
  const wish: Look = { ...look, kind: 'push_all_courses', mode: 'push_locked', toSections: true };
  return lookThrough(db, wish, async (tx) => {
    const { rows } = await sql<SectionItem>`
      with last as (
        select r.id, r.data_types from push_run r
        where r.school_year_id = ${look.schoolYearId} and r.id > 0
          and r.state in ('completed', 'completed_with_exceptions')
          and (r.kind = 'push_all_courses'
            or r.kind = 'push' and r.to_sections and r.catalog_id = ${look.catalogId})
        order by r.finished_at desc nulls last, r.id desc limit 1
      )
      select y.label as year, k.name as calendar, c.number as "courseNumber", c.name as "courseName",
        s.number as section, s.primary_teacher_id as teacher, p.data_type as "dataType",
        coalesce(${ITEM_LABEL}, p.item_key) as "itemLabel", p.rule, p.reason, p.existing, p.desired,
        l.pushed_at as "lastPushedAt",
        case when last.id is null then 'never'
          when not exists (select 1 from push_job j where j.run_id = last.id
            and j.calendar_id = p.calendar_id) then 'calendar'
          when not p.data_type = any(last.data_types) then 'type' else 'changed' end as history
      from plan_pair p
      join section s on s.id = p.section_id
      join course c on c.id = p.course_id
      join calendar k on k.id = p.calendar_id
      join school_year y on y.id = k.school_year_id
      left join course_master m on m.id = c.course_master_id
      left join last on true
      left join sync_link l on l.scope_id = p.scope_id and l.data_type = p.data_type
        and l.item_key = p.item_key
      ${LABEL_JOINS}
      where p.level = 'section' and p.item_key <> 'mirror'
        and (m.id is null or m.catalog_id = ${look.catalogId})
        and p.data_type = any(${[...dataTypes]}::text[]::data_type[])
        and p.rule is distinct from 'R02' and p.desired is distinct from p.existing
        and (p.desired is not null or p.link_state in ('linked', 'broken'))
      order by k.name, c.number, s.number collate "C", p.data_type, p.item_key`.execute(tx);
    return rows;
  });
}
