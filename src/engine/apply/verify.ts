import { sql } from 'kysely';
import {
  attributePayload,
  masterPayload,
  payloadAt,
  SETUP_TYPES,
  type SetupType,
} from '../setup-types.ts';
import { type Tx } from '../plan/staging.ts';
import { holdNewStudentWork } from './student-work.ts';
import { holdTakenNames } from './taken.ts';
import { holdChangedUpstream } from './upstream.ts';
import { held, inScope, pending, type PlanScope } from './scope.ts';

const TYPES = Object.keys(SETUP_TYPES) as SetupType[];

/**
 * Holds every item that is no longer as the plan saw it: the row or its link changed, the course was
 * unlinked or set to ignore pushes, a section's course has another row for it, student work appeared on
 * what would be deleted or taken over, something new uses a task that would go, or a name or number is
 * taken; and what hangs on a held item. Held items are not written; each keeps what is there now
 * in `found` (P12). A statement per data type, whatever the size of the scope.
 */
export async function holdStaleItems(tx: Tx, scope: PlanScope): Promise<void> {
  await holdUnlinkedCourses(tx, scope);
  await holdChangedAttributes(tx, scope);
  for (const type of TYPES) {
    await holdChangedRows(tx, scope, type);
    await holdTakenKeys(tx, scope, type);
  }
  await holdChangedLinks(tx, scope);
  await holdChangedUpstream(tx, scope);
  await holdNewStudentWork(tx, scope);
  await holdTasksStillUsed(tx, scope);
  await holdWhatHangsOnHeld(tx, scope);
  while (await holdTakenNames(tx, scope)) await holdWhatHangsOnHeld(tx, scope);
}

/** The few courses first: joined to each item, their masters would be looked up once per item. */
async function holdUnlinkedCourses(tx: Tx, scope: PlanScope): Promise<void> {
  await sql`
    with unlinked as materialized (
      select i.course_id, jsonb_build_object('master', c.course_master_id,
        'ignoreMasterPush', c.ignore_master_push) as found
      from push_plan_course i
      join course c on c.id = i.course_id
      join setup_scope m on m.id = i.master_scope_id
      where ${inScope(scope)} and i.verdict in ('push', 'link_lost', 'mirror')
        and (c.ignore_master_push
          or (i.verdict = 'push' and c.course_master_id is distinct from m.course_master_id))
    )
    update push_item i set ${held(sql`u.found`)}
    from unlinked u where ${pending(scope)} and u.course_id = i.course_id`.execute(tx);
}

async function holdChangedAttributes(tx: Tx, scope: PlanScope): Promise<void> {
  await sql`
    update push_item i set ${held(sql`now.payload`)}
    from (
      select i.id, case
          when i.item_key = 'link' then ${masterPayload('m', 'k')}
          when i.level = 'section' then jsonb_build_object('value', s.attr_overrides -> i.k1)
          else ${attributePayload('c', sql`i.k1`)} end as payload
      from push_item i join course c on c.id = i.course_id left join section s on s.id = i.section_id
      left join course_master m on m.id = c.course_master_id
      left join course_catalog k on k.id = m.catalog_id
      where ${pending(scope)} and i.data_type = 'course_info'
      union all
      select i.id, case when i.level = 'section'
          then jsonb_build_object('enabled', s.cross_site_enabled, 'offered', s.cross_site_offered)
          else jsonb_build_object('enabled', c.cross_site_enabled) end
      from push_item i join course c on c.id = i.course_id left join section s on s.id = i.section_id
      where ${pending(scope)} and i.data_type = 'cross_site'
    ) now
    where now.id = i.id and now.payload is distinct from i.before`.execute(tx);
}

/** Rows that are there and would be changed, deleted, linked or unlinked, and are not what the plan saw. */
async function holdChangedRows(tx: Tx, scope: PlanScope, type: SetupType): Promise<void> {
  const { rows, key } = SETUP_TYPES[type];
  // A weight's row is its composite's, so its key tells it apart.
  const isRow =
    type === 'composite_weights'
      ? sql`r.id = i.row_id and ${key} = i.item_key`
      : sql`r.id = i.row_id`;
  await sql`
    update push_item i set ${held(sql`now.payload`)}
    from (
      select i.id, case when r.id is not null then
        case when i.level = 'section' then ${payloadAt(type, 'section')}
          else ${payloadAt(type, 'course')} end end as payload
      from push_item i left join ${rows} r on ${isRow}
      where ${pending(scope)} and i.data_type = ${sql.lit(type)} and i.before is not null
    ) now
    where now.id = i.id and now.payload is distinct from i.before`.execute(tx);
}

/** Rows that were not there, so that they are inserted or only their link changes, and exist now. */
async function holdTakenKeys(tx: Tx, scope: PlanScope, type: SetupType): Promise<void> {
  if (type === 'categories') return; // Their keys are lineage: only their names can be taken.
  const { rows, key } = SETUP_TYPES[type];
  await sql`
    update push_item i set ${held(payloadAt(type, 'section'))}
    from ${rows} r
    where ${pending(scope)} and i.data_type = ${sql.lit(type)} and i.before is null
      and r.scope_id = i.scope_id and ${key} = i.item_key`.execute(tx);
}

async function holdChangedLinks(tx: Tx, scope: PlanScope): Promise<void> {
  await sql`
    update push_item i set ${held(sql`jsonb_build_object('link', now.link)`)}
    from (
      select i.id, to_jsonb(l) as link from push_item i
      left join sync_link l on l.scope_id = i.scope_id and l.data_type = i.data_type
        and l.item_key = i.item_key
      where ${pending(scope)}
    ) now
    where now.id = i.id and now.link - 'pushed_at' is distinct from i.link_before - 'pushed_at'`.execute(
    tx,
  );
}

/**
 * A task goes only when nothing is left that uses it (P09, N10): a composite or calculation that
 * came after the plan, or whose own deletion is held, keeps it. An undo takes a task from what used
 * it before it came.
 */
async function holdTasksStillUsed(tx: Tx, scope: PlanScope): Promise<void> {
  const stays = (type: SetupType, goes = sql`i.op = 'delete'`): ReturnType<typeof sql> => sql`
    not exists (select 1 from push_item i where ${pending(scope)} and i.course_id = o.course_id
      and i.data_type = ${sql.lit(type)} and i.row_id = r.id and (${goes}))`;
  const child = sql`x.child_gradable_id || ':' || x.child_term_seq`;
  await sql`
    with going as (
      select i.id, i.course_id, i.k1 from push_item i
      where ${pending(scope)} and i.op = 'delete' and i.data_type = 'grading_tasks_standards'
        and not exists (select 1 from push_item o
          where o.id = i.undoes_item_id and o.row_before ? 'used')
    ), owners as (
      select o.course_id, o.id as scope_id from setup_scope o
      where o.course_id in (select course_id from going)
      union all
      select s.course_id, o.id from section s join setup_scope o on o.section_id = s.id
      where s.course_id in (select course_id from going)
    ), used as (
      select o.course_id, r.parent_gradable_id as gradable_id, 'composite' as by
      from owners o join composite r on r.scope_id = o.scope_id
      where ${stays('composite_grades')}
      union all
      select o.course_id, x.child_gradable_id, 'composite'
      from owners o join composite r on r.scope_id = o.scope_id
      join composite_child x on x.composite_id = r.id
      where ${stays(
        'composite_grades',
        sql`i.op = 'delete'
        or i.op = 'update' and not i.after -> 'children' ? (${child})`,
      )}
      union all
      select o.course_id, r.gradable_id, 'calculation'
      from owners o join calc_option r on r.scope_id = o.scope_id
      where ${stays('grade_calc_options')}
    )
    update push_item i set ${held(sql`jsonb_build_object('usedBy', u.users)`)}
    from (
      select g.id, jsonb_agg(distinct u.by) as users from going g
      join used u on u.course_id = g.course_id and u.gradable_id = g.k1 group by g.id
    ) u
    where u.id = i.id`.execute(tx);
}

/**
 * What would be deleted because its task goes stays when the task stays (N10); a course whose master
 * is not restored receives nothing (S10); what a course does not get, its sections do not get (S07).
 * An undo takes back each row by itself (G23).
 */
async function holdWhatHangsOnHeld(tx: Tx, scope: PlanScope): Promise<void> {
  await sql`
    with stays as materialized (
      select i.course_id, i.item_key, i.k1, i.found from push_item i
      where ${inScope(scope)} and i.result = 'held' and i.undoes_item_id is null
        and (i.item_key = 'link' or i.data_type = 'grading_tasks_standards')
    )
    update push_item i set ${held(sql`t.found`)}
    from stays t
    where ${pending(scope)} and t.course_id = i.course_id
      and (t.item_key = 'link' or i.rule = 'N10' and t.k1 = i.k1)`.execute(tx);
  await sql`
    with kept as materialized (
      select i.scope_id, i.data_type, case i.data_type
        when 'categories' then 'cat:' || (i.detail ->> 'sourceId') else i.item_key end as item_key
      from push_item i where ${inScope(scope)} and i.result = 'held' and i.level = 'course'
    )
    update push_item i set ${held(sql`i.before`)}
    from kept k
    where ${pending(scope)} and i.level = 'section' and i.undoes_item_id is null
      and i.upstream_scope_id = k.scope_id and i.data_type = k.data_type and i.item_key = k.item_key`.execute(
    tx,
  );
}
