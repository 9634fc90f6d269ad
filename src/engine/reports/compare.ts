import { type RawBuilder, sql } from 'kysely';
import { type Db } from '../../db/database.ts';
import { type DataType } from '../../domain/push-options.ts';
import { type ComparedItem } from '../../domain/setup-report.ts';
import { type Look, lookThrough } from '../look-through.ts';
import { ITEM_LABEL, LABEL_JOINS } from '../plan/record.ts';
import { type Tx } from '../plan/staging.ts';

export type CompareLook = Omit<Look, 'kind' | 'mode' | 'toSections'>;

/**
 * Course rows that differ from what their master has, as a locked push finds them now, whether or not
 * it would deliver them; also courses that it leaves alone as a whole. Read off master rows and links,
 * never off a mark that a script might not set (5.6).
 */
export function findAwaiting(
  db: Db,
  look: CompareLook,
  dataTypes: readonly DataType[],
): Promise<ComparedItem[]> {
  const differs = sql`p.rule is distinct from 'R02' and p.desired is distinct from p.existing
    and (p.desired is not null or p.link_state in ('linked', 'broken'))`;
  return find(db, look, { dataTypes, where: sql`(p.item_key = 'link' or ${differs})` });
}

const words = new Intl.Collator('en', { numeric: true });

/** By calendar and course; what is of one course keeps its order. */
function byPlace(a: ComparedItem, b: ComparedItem): number {
  return words.compare(a.calendar, b.calendar) || words.compare(a.courseNumber, b.courseNumber);
}

/** What makes a course differ from Linked. */
const DIFFERS = sql`(p.item_key = 'link' or p.outcome = 'FAILED_DESYNCED' or p.rule = 'L5')`;

/**
 * What makes courses differ from Linked: broken items, lost links, local rows in the place of pushed
 * ones; then a line for every course without a course master that has the number of one (G09), and on
 * demand for every course that is linked (5.8).
 */
export function findForAudit(
  db: Db,
  look: CompareLook,
  wish: { readonly dataTypes: readonly DataType[]; readonly withLinked: boolean },
): Promise<ComparedItem[]> {
  const { dataTypes, withLinked } = wish;
  const more = (tx: Tx): Promise<ComparedItem[]> => findWholeCourses(tx, look, withLinked);
  return find(db, look, { dataTypes, where: DIFFERS, more });
}

/** Courses of which there is nothing to tell but that they are linked, or never were. */
async function findWholeCourses(
  tx: Tx,
  { catalogId, calendarIds }: CompareLook,
  withLinked: boolean,
): Promise<ComparedItem[]> {
  const { rows } = await sql<ComparedItem>`
    with differing as materialized (
      select distinct p.course_id from plan_pair p where p.level = 'course' and ${DIFFERS}
    ), whole as materialized (
      select c.*, coalesce(t.master_id, m.id) as master_id,
        case when t.course_id is null then 'not_linked' else 'linked' end as standing
      from course c
      left join plan_target t on t.course_id = c.id
      left join differing d on d.course_id = c.id
      left join course_master m on m.catalog_id = ${catalogId} and m.number = c.number
      where c.calendar_id = any(${[...calendarIds]}::int[])
        and case when t.course_id is null then c.course_master_id is null and m.id is not null
          else ${withLinked} and d.course_id is null end
    )
    select y.label as year, g.name as catalog, k.name as calendar, c.number as "courseNumber",
      c.name as "courseName", m.number as "masterNumber", m.name as "masterName",
      c.ignore_master_push as ignored, 'course_info' as "dataType", true as whole,
      'Whole course' as "itemLabel", null as rule, null as reason, null as existing, null as base,
      null as desired, false as "typeFailed", null as "masterChangedAt", null as "lastPushedAt",
      null as "lastRun",
      'changed' as history, c.standing,
      (select count(*)::int from section s where s.course_id = c.id) as sections,
      (select count(*)::int from section s where s.course_id = c.id and (
        exists (select 1 from assignment a where a.section_id = s.id and a.deleted_at is null)
        or exists (select 1 from posted_grade p where p.section_id = s.id)
        or exists (select 1 from test_score r where r.section_id = s.id))) as "sectionsWithData"
    from whole c
    join calendar k on k.id = c.calendar_id
    join school_year y on y.id = k.school_year_id
    join course_master m on m.id = c.master_id
    join course_catalog g on g.id = m.catalog_id
    where c.standing = 'linked' or exists (select 1 from catalog_school_year u
      where u.catalog_id = m.catalog_id and u.school_id = k.school_id
        and u.school_year_id = k.school_year_id)`.execute(tx);
  return rows;
}

/**
 * Since when the master has the item as it is, or not at all: null when it is so since before this
 * was noted. A composite that was removed took its weights with it. Of a course left alone as a
 * whole it is the last change of anything.
 */
const MASTER_CHANGED_AT = sql`(
  select max(h.changed_at) from master_change h
  where h.scope_id = t.master_scope_id and (p.item_key = 'link' or h.data_type = p.data_type
      and h.item_key = p.item_key
    or p.data_type = 'composite_weights' and p.desired is null and h.data_type = 'composite_grades'
      and h.item_key = 'comp:' || p.k3 || ':' || p.k4
      and not exists (select 1 from composite u where u.scope_id = t.master_scope_id
        and u.parent_gradable_id = p.k3 and u.parent_term_seq = p.k4)))`;

interface Wish {
  readonly dataTypes: readonly DataType[];
  /** Which pairs `p` of courses and masters. */
  readonly where: RawBuilder<unknown>;
  /** What belongs on the report beside them. */
  readonly more?: (tx: Tx) => Promise<ComparedItem[]>;
}

function find(
  db: Db,
  look: CompareLook,
  { dataTypes, where, more }: Wish,
): Promise<ComparedItem[]> {
  const wish: Look = { ...look, kind: 'push', mode: 'push_locked', toSections: false };
  return lookThrough(db, wish, async (tx) => {
    const { rows } = await sql<ComparedItem>`
      with last as (
        select r.id, r.data_types from push_run r
        where r.catalog_id = ${look.catalogId} and r.school_year_id = ${look.schoolYearId}
          and r.id > 0 and r.kind = 'push' and r.state in ('completed', 'completed_with_exceptions')
        order by r.finished_at desc nulls last, r.id desc limit 1
      )
      select y.label as year, g.name as catalog, k.name as calendar, c.number as "courseNumber",
        c.name as "courseName", m.number as "masterNumber", m.name as "masterName",
        c.ignore_master_push as ignored, p.data_type as "dataType", p.item_key = 'link' as whole,
        case when p.item_key = 'link' then 'Whole course'
          else coalesce(${ITEM_LABEL}, p.item_key) end as "itemLabel",
        p.rule, p.reason, p.existing, p.base, p.desired,
        exists (select 1 from plan_skipped f where f.course_id = p.course_id
          and f.data_type = p.data_type) as "typeFailed",
        ${MASTER_CHANGED_AT} as "masterChangedAt", l.pushed_at as "lastPushedAt", l.run_id as "lastRun",
        case when last.id is null then 'never'
          when not exists (select 1 from push_job j where j.run_id = last.id
            and j.calendar_id = p.calendar_id) then 'calendar'
          when not p.data_type = any(last.data_types) then 'type' else 'changed' end as history,
        'differs' as standing,
        (select count(*)::int from section s where s.course_id = p.course_id) as sections,
        (select count(distinct e.section_id)::int from plan_evidence e
          where e.course_id = p.course_id) as "sectionsWithData"
      from plan_pair p
      join plan_target t on t.course_id = p.course_id
      join course c on c.id = p.course_id
      join calendar k on k.id = p.calendar_id
      join school_year y on y.id = k.school_year_id
      join course_master m on m.id = t.master_id
      join course_catalog g on g.id = m.catalog_id
      left join last on true
      left join sync_link l on l.scope_id = p.scope_id and l.data_type = p.data_type
        and l.item_key = p.item_key
      ${LABEL_JOINS}
      where p.level = 'course' and p.item_key not in ('tasks', 'mirror') and ${where}
        and (p.item_key = 'link' or p.data_type = any(${[...dataTypes]}::text[]::data_type[]))
      order by k.name, c.number, p.data_type, p.item_key`.execute(tx);
    return [...rows, ...((await more?.(tx)) ?? [])].sort(byPlace);
  });
}
