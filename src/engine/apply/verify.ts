import { type RawBuilder, sql } from 'kysely';
import { attributePayload, payloadAt, SETUP_TYPES, type SetupType } from '../setup-types.ts';
import { type Tx } from '../plan/staging.ts';

/** The part of a plan that one transaction applies: whole courses of one calendar. */
export interface BatchScope {
  readonly planId: number;
  readonly courses: readonly number[];
}

const TYPES = Object.keys(SETUP_TYPES) as SetupType[];

/** `i` is an item of the batch that still waits to be applied. */
export function pending({ planId, courses }: BatchScope): RawBuilder<boolean> {
  return sql<boolean>`i.plan_id = ${planId} and i.course_id = any(${[...courses]}::bigint[])
    and i.result = 'planned' and i.op <> 'none'`;
}

/**
 * Locks what the batch will write, in id order, so that a teacher's uncommitted work is waited for
 * before anything is judged (P12). Inserting an assignment holds a key-share lock on its category.
 */
export async function lockRows(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`select c.id from course c where c.id = any(${[...batch.courses]}::bigint[])
    order by c.id for update`.execute(tx);
  for (const [type, table] of ROW_TABLES) {
    await sql`
      select r.id from ${sql.table(table)} r
      where r.id in (select i.row_id from push_item i where ${pending(batch)}
        and i.data_type = ${sql.lit(type)} and i.op in ('update', 'delete', 'link'))
      order by r.id for update`.execute(tx);
  }
}

const ROW_TABLES = [
  ['grading_tasks_standards', 'task_alignment'],
  ['composite_grades', 'composite'],
  ['composite_weights', 'composite'],
  ['grade_calc_options', 'calc_option'],
  ['categories', 'category'],
  ['assessments', 'assessment_alignment'],
] as const;

/**
 * Holds every item that is no longer as the plan saw it: the row or its link changed, the course was
 * unlinked or set to ignore pushes, or student work appeared on what would be deleted. Held items
 * are not written; each keeps what is there now in `found`.
 */
export async function holdStaleItems(tx: Tx, batch: BatchScope): Promise<void> {
  await holdUnlinkedCourses(tx, batch);
  await holdChangedAttributes(tx, batch);
  for (const type of TYPES) await holdChangedRows(tx, batch, type);
  await holdChangedLinks(tx, batch);
  await holdNewStudentWork(tx, batch);
  await holdWhatHangsOnHeld(tx, batch);
}

async function holdUnlinkedCourses(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    update push_item i set result = 'held', held_reason = 'changed_since_plan',
      found = jsonb_build_object('master', c.course_master_id, 'ignoreMasterPush', c.ignore_master_push)
    from course c
    join push_plan_course t on t.course_id = c.id and t.plan_id = ${batch.planId}
    join setup_scope m on m.id = t.master_scope_id
    where ${pending(batch)} and c.id = i.course_id and t.verdict in ('push', 'link_lost')
      and (c.ignore_master_push
        or (t.verdict = 'push' and c.course_master_id is distinct from m.course_master_id))`.execute(
    tx,
  );
}

async function holdChangedAttributes(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    update push_item i set result = 'held', held_reason = 'changed_since_plan', found = now.payload
    from (
      select i.id, case when i.level = 'section'
          then jsonb_build_object('value', s.attr_overrides -> i.k1)
          else ${attributePayload('c', sql`i.k1`)} end as payload
      from push_item i join course c on c.id = i.course_id left join section s on s.id = i.section_id
      where ${pending(batch)} and i.data_type = 'course_info' and i.item_key like 'attr:%'
      union all
      select i.id, case when i.level = 'section'
          then jsonb_build_object('enabled', s.cross_site_enabled, 'offered', s.cross_site_offered)
          else jsonb_build_object('enabled', c.cross_site_enabled) end
      from push_item i join course c on c.id = i.course_id left join section s on s.id = i.section_id
      where ${pending(batch)} and i.data_type = 'cross_site'
    ) now
    where now.id = i.id and now.payload is distinct from i.before`.execute(tx);
}

async function holdChangedRows(tx: Tx, batch: BatchScope, type: SetupType): Promise<void> {
  const { rows, key } = SETUP_TYPES[type];
  // An insert looks for its key, everything else for its row.
  const match =
    type === 'categories'
      ? sql`r.id = i.row_id`
      : type === 'composite_weights'
        ? sql`r.scope_id = i.scope_id and ${key} = i.item_key`
        : sql`(i.op = 'insert' and r.scope_id = i.scope_id and ${key} = i.item_key)
            or (i.op <> 'insert' and r.id = i.row_id)`;
  const payload = sql`case when i.level = 'section' then ${payloadAt(type, 'section')}
    else ${payloadAt(type, 'course')} end`;
  await sql`
    update push_item i set result = 'held', held_reason = 'changed_since_plan', found = now.payload
    from (
      select i.id, now.payload
      from push_item i
      left join lateral (select ${payload} as payload from ${rows} r where ${match} limit 1) now on true
      where ${pending(batch)} and i.data_type = ${sql.lit(type)} and i.op <> 'unlink'
    ) now
    where now.id = i.id and now.payload is distinct from i.before`.execute(tx);
}

async function holdChangedLinks(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    update push_item i set result = 'held', held_reason = 'changed_since_plan',
      found = jsonb_build_object('link', now.link)
    from (
      select i.id, to_jsonb(l) as link from push_item i
      left join sync_link l on l.scope_id = i.scope_id and l.data_type = i.data_type
        and l.item_key = i.item_key
      where ${pending(batch)}
    ) now
    where now.id = i.id and now.link - 'pushed_at' is distinct from i.link_before - 'pushed_at'`.execute(
    tx,
  );
}

/** Evidence that appeared after the plan keeps what the plan would delete (P12, G20). */
async function holdNewStudentWork(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    update push_item i set result = 'held', held_reason = 'changed_since_plan',
      found = jsonb_build_object('studentWork', true)
    where ${pending(batch)} and i.op = 'delete' and case i.data_type
      when 'grading_tasks_standards' then exists (
        select 1 from section s join gradable_evidence e on e.section_id = s.id
        where s.course_id = i.course_id and e.gradable_id = i.k1)
      when 'assessments' then exists (
        select 1 from section s join test_score t on t.section_id = s.id
        where s.course_id = i.course_id and t.test_id = i.k1)
      when 'categories' then exists (select 1 from assignment a where a.category_id = i.row_id)
        or (i.level = 'course' and exists (
          select 1 from sync_link l join setup_scope ss on ss.id = l.scope_id
          join section s on s.id = ss.section_id and s.course_id = i.course_id
          join assignment a on a.category_id = l.row_id
          where l.data_type = 'categories' and l.item_key = 'cat:' || (i.detail ->> 'sourceId')))
      when 'grade_calc_options' then i.rule = 'O6' and i.link_before is null and exists (
        select 1 from section s join gradable_evidence e on e.section_id = s.id
        where s.course_id = i.course_id and (i.section_id is null or s.id = i.section_id)
          and e.gradable_id = i.k1 and (e.term_seq = i.k2 or e.term_seq is null))
      when 'composite_grades' then i.link_before is null and exists (
        select 1 from section s join posted_grade g on g.section_id = s.id
        where s.course_id = i.course_id and (i.section_id is null or s.id = i.section_id)
          and g.gradable_id = i.k1 and g.term_seq = i.k2)
      else false end`.execute(tx);
}

/** What would be deleted because its task goes stays when the task stays (N10). */
async function holdWhatHangsOnHeld(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    update push_item i set result = 'held', held_reason = 'changed_since_plan', found = t.found
    from push_item t
    where ${pending(batch)} and i.rule = 'N10' and t.plan_id = i.plan_id and t.course_id = i.course_id
      and t.data_type = 'grading_tasks_standards' and t.k1 = i.k1 and t.result = 'held'`.execute(
    tx,
  );
}
