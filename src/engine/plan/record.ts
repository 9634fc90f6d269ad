import { sql } from 'kysely';
import { pushes, type RunToPlan } from './run-to-plan.ts';
import { applyRules } from './apply-rules.ts';
import { analyze, type Tx } from './staging.ts';

/** A batch is whole courses of one calendar: at most this many, with about this many items. */
const BATCH_COURSES = 200;
const BATCH_ITEMS = 10_000;

/** One line per selected type that the catalog does not lock (G10). */
export async function reportUnlockedTypes(tx: Tx, run: RunToPlan): Promise<void> {
  const unlocked = [...run.dataTypes].filter(
    (type) => type !== 'course_info' && !pushes(run, type),
  );
  await sql`
    insert into plan_pair (level, data_type, item_key, rule)
    select 'run', y::data_type, 'type', 'G10' from unnest(${unlocked}::text[]) y`.execute(tx);
  await applyRules(tx);
}

/** The item of pair `p` in the words of the reports: names instead of ids; it takes LABEL_JOINS. */
export const ITEM_LABEL = sql`case
  when p.item_key = 'type' then 'All of this type'
  when p.item_key in ('link', 'tasks', 'mirror') then 'Whole course'
  when p.level = 'run' and p.data_type = 'cross_site' then p.k1
  when p.data_type = 'course_info' then coalesce(a.label, p.k1)
  when p.data_type = 'cross_site' then 'Cross-Site Enrollment'
  when p.data_type = 'grading_tasks_standards' then g1.name
  when p.data_type in ('grade_calc_options', 'composite_grades') then g1.name || ', term ' || p.k2
  when p.data_type = 'composite_weights' then g3.name || ', term ' || p.k4 || ': ' || g1.name
    || ', term ' || p.k2
  when p.data_type = 'categories' then coalesce(p.desired ->> 'name', p.existing ->> 'name',
    p.base ->> 'name')
  when p.data_type = 'assessments' then coalesce(exam.name, p.k1) end`;

/** Where the names in ITEM_LABEL come from. */
export const LABEL_JOINS = sql`
  left join course_attribute a on p.data_type = 'course_info' and a.code = p.k1
  left join gradable g1 on p.data_type not in ('course_info', 'assessments', 'cross_site') and g1.id = p.k1
  left join gradable g3 on g3.id = p.k3
  left join test exam on p.data_type = 'assessments' and exam.id = p.k1`;

/**
 * Keeps the settled pairs as the plan's items, counts and batches. Items are what is written or
 * refused; UNCHANGED and untouched local rows are counted only.
 */
export async function recordPlan(tx: Tx, planId: number): Promise<void> {
  await analyze(tx, 'plan_pair');
  await insertItems(tx, planId);
  await sql`
    insert into push_plan_course (plan_id, course_id, calendar_id, verdict, master_scope_id, course_scope_id)
    select ${planId}, course_id, calendar_id, verdict, master_scope_id, course_scope_id
    from plan_target`.execute(tx);
  await sql`
    insert into push_plan_count (plan_id, calendar_id, level, data_type, outcome, reason, items)
    select ${planId}, calendar_id, level, data_type, outcome, reason, count(*)::int
    from plan_pair where outcome is not null and (rule is not null or desired is not null)
    group by calendar_id, level, data_type, outcome, reason`.execute(tx);
  await insertBatches(tx, planId);
}

async function insertItems(tx: Tx, planId: number): Promise<void> {
  await sql`
    insert into push_item (plan_id, calendar_id, course_id, section_id, level, data_type, item_key,
      item_label, rule, outcome, reason, op, scope_id, upstream_scope_id, row_id, k1, k2, k3, k4, before,
      after, base, master, link_after, link_before, assignments, scores, grades, comments, detail)
    select ${planId}, p.calendar_id, p.course_id, p.section_id, p.level, p.data_type, p.item_key,
      coalesce(${ITEM_LABEL}, p.item_key), p.rule, p.outcome, p.reason, p.op, p.scope_id, p.upstream_scope_id,
      p.row_id, p.k1, p.k2, p.k3, p.k4, p.existing, p.after,
      case when p.base is distinct from p.existing then p.base end,
      case when p.desired is null and p.after = p.existing then 'null'
        when p.desired is distinct from p.after then p.desired end,
      case when p.link_after <> 'none' then p.link_after::link_state end,
      case when l.scope_id is not null then to_jsonb(l) end,
      p.assignments, p.scores, p.grades, p.comments,
      case when p.source_id is null then p.detail
        else coalesce(p.detail, '{}') || jsonb_build_object('sourceId', p.source_id) end
    from plan_pair p
    ${LABEL_JOINS}
    left join sync_link l on l.scope_id = p.scope_id and l.data_type = p.data_type
      and l.item_key = p.item_key
    where p.rule is not null and not p.silent
    order by p.calendar_id, p.course_id, p.section_id nulls first, p.data_type, p.item_key`.execute(
    tx,
  );
}

/** Courses that pass a number on to each other change in one batch, else the first would find it taken. */
async function insertBatches(tx: Tx, planId: number): Promise<void> {
  await sql`
    insert into push_batch (plan_id, job_id, seq, courses, items)
    with renumbered as (
      select i.calendar_id, i.course_id, c.number as now, i.after ->> 'value' as next
      from push_item i join course c on c.id = i.course_id
      where i.plan_id = ${planId} and i.item_key = 'attr:number' and i.op = 'update'
    ), together as (
      select distinct unnest(array[taker.course_id, giver.course_id]) as course_id
      from renumbered taker join renumbered giver on giver.calendar_id = taker.calendar_id
        and giver.now = taker.next
    ), work as (
      select i.calendar_id, i.course_id, t.course_id is not null as first, count(*) as items
      from push_item i left join together t on t.course_id = i.course_id
      where i.plan_id = ${planId} and i.op <> 'none' group by 1, 2, 3
    ), filled as (
      select w.*, case when first then 0 else greatest(
        (sum(items) over in_order - items) / ${BATCH_ITEMS},
        (row_number() over in_order - 1) / ${BATCH_COURSES}
      ) end::int as chunk
      from work w window in_order as (partition by calendar_id order by first desc, course_id)
    )
    select ${planId}, j.id, row_number() over (order by f.calendar_id, f.chunk),
      array_agg(f.course_id order by f.course_id), sum(f.items)::int
    from filled f
    join push_plan q on q.id = ${planId}
    join push_job j on j.run_id = q.run_id and j.calendar_id = f.calendar_id
    group by j.id, f.calendar_id, f.chunk`.execute(tx);
}

/**
 * What is done to item `i` and why, as fields of a row: as text that sets null apart from blank and
 * one field from the next. `detail` has the weights that a composite brings.
 */
export const ITEM_CONTENT = sql`i.rule, i.outcome, i.reason, i.op, i.before, i.after, i.base, i.master,
  i.link_after, i.detail`;

/**
 * The digest of a plan's content: what is done to which record and why. It depends on neither row
 * order nor time nor on the ids that rows have.
 */
export async function planHash(tx: Tx, planId: number): Promise<string> {
  const { rows } = await sql<{ hash: string }>`
    with content as (
      select md5(row(i.level, i.calendar_id, c.source_id, s.source_id, i.data_type, i.item_key,
        ${ITEM_CONTENT})::text) as item
      from push_item i left join course c on c.id = i.course_id left join section s on s.id = i.section_id
      where i.plan_id = ${planId}
    ), run as (
      select md5(row(r.kind, r.course_ids, r.undoes_run_id, r.catalog_id, r.school_year_id,
        r.course_master_id, r.mode, r.to_sections, r.cross_site, r.data_types,
        (select array_agg(j.calendar_id order by j.calendar_id)
          from push_job j where j.run_id = r.id))::text) as options
      from push_plan q join push_run r on r.id = q.run_id where q.id = ${planId}
    )
    select encode(sha256(convert_to((select options from run) || coalesce(string_agg(item, '' order by item), ''),
      'UTF8')), 'hex') as hash
    from content`.execute(tx);
  return rows[0]?.hash ?? '';
}
