import { type RawBuilder, sql } from 'kysely';
import { type Tx } from '../plan/staging.ts';
import { type BatchScope, held, pending, type PlanScope, WEIGHTS_OF } from './scope.ts';

/** An item `i` of an undo with the item `o` that it takes back, and that one's stored row (G23). */
const TAKES_BACK = sql`push_item i join push_item o on o.id = i.undoes_item_id`;

/**
 * Holds what an undo would destroy or could not put back, besides what every plan holds: a child's
 * weight that was changed since, an owner that is gone, a name or number that another row holds now.
 */
export async function holdWhatCannotGoBack(tx: Tx, scope: PlanScope): Promise<void> {
  await sql`
    update push_item i set ${held(sql`jsonb_build_object('weight', w.weight)`)}
    from (
      select distinct on (i.id) i.id, trim_scale(x.weight) as weight
      from ${TAKES_BACK} cross join jsonb_each_text(o.detail -> 'weights') b
      join composite_child x on x.composite_id = i.row_id
        and x.child_gradable_id || ':' || x.child_term_seq = b.key and x.weight <> b.value::numeric
      where ${pending(scope)} and i.data_type = 'composite_grades' and i.op in ('update', 'delete')
        and jsonb_typeof(o.detail -> 'weights') = 'object'
      order by i.id
    ) w where w.id = i.id`.execute(tx);
  await sql`
    update push_item i set ${held(sql`null`)}
    where ${pending(scope)} and i.op in ('insert', 'link')
      and not exists (select 1 from setup_scope o where o.id = i.scope_id)`.execute(tx);
  let more = true;
  while (more) more = (await holdTakenNames(tx, scope)) || (await holdTakenNumbers(tx, scope));
}

/** A category cannot have its old name again while one that stays has it. */
async function holdTakenNames(tx: Tx, scope: PlanScope): Promise<boolean> {
  return holdsAny(
    tx,
    sql`
    update push_item i set ${held(sql`jsonb_build_object('name', r.name)`)}
    from category r
    where ${pending(scope)} and i.data_type = 'categories' and i.op in ('insert', 'update')
      and r.scope_id = i.scope_id and r.name = i.after ->> 'name' and r.id <> i.row_id
      and not exists (select 1 from push_item m where m.plan_id = i.plan_id and m.course_id = i.course_id
        and m.data_type = 'categories' and m.row_id = r.id and m.result = 'planned'
        and (m.op = 'delete' or m.op = 'update' and m.after ->> 'name' <> r.name))`,
  );
}

/** Nor a course its old number while another of the calendar has it. */
async function holdTakenNumbers(tx: Tx, scope: PlanScope): Promise<boolean> {
  return holdsAny(
    tx,
    sql`
    update push_item i set ${held(sql`jsonb_build_object('value', c.number)`)}
    from course c
    where ${pending(scope)} and i.item_key = 'attr:number' and i.op = 'update'
      and c.calendar_id = i.calendar_id and c.number = i.after ->> 'value' and c.id <> i.course_id
      and not exists (select 1 from push_item m where m.plan_id = i.plan_id and m.course_id = c.id
        and m.item_key = 'attr:number' and m.op = 'update' and m.result = 'planned')`,
  );
}

async function holdsAny(tx: Tx, statement: RawBuilder<unknown>): Promise<boolean> {
  const { numAffectedRows = 0n } = await statement.execute(tx);
  return numAffectedRows > 0n;
}

/** The tables whose rows hold more than their payloads say, and the columns that a push writes. */
const RAW_COLUMNS = [
  [
    'grading_tasks_standards',
    'task_alignment',
    sql`credit_type, credit_overflow_override, terms`,
    sql`p.credit_type, p.credit_overflow_override, p.terms`,
  ],
  ['categories', 'category', sql`gradable_ids`, sql`p.gradable_ids`],
  ['grade_calc_options', 'calc_option', sql`read_only`, sql`p.read_only`],
] as const;

/** Gives the rows that were written back exactly what was stored: text untrimmed, lists in their order. */
export async function restoreStoredRows(tx: Tx, batch: BatchScope): Promise<void> {
  for (const [type, table, columns, stored] of RAW_COLUMNS)
    await sql`
      update ${sql.table(table)} r set (${columns}) = (
        select ${stored} from jsonb_populate_record(null::${sql.table(table)}, o.row_before -> 'row') p)
      from ${TAKES_BACK}
      where ${pending(batch)} and i.op in ('insert', 'update') and o.row_before ? 'row'
        and i.data_type = ${sql.lit(type)} and r.id = i.row_id`.execute(tx);
  await sql`
    update course c set number = coalesce(w.number, c.number), name = coalesce(w.name, c.name),
      attrs = c.attrs || coalesce(w.attrs, '{}')
    from (
      select i.course_id, max(o.row_before ->> 'number') as number, max(o.row_before ->> 'name') as name,
        jsonb_object_agg(i.k1, o.row_before -> 'attrs' -> i.k1) filter (where o.row_before ? 'attrs')
          as attrs
      from ${TAKES_BACK}
      where ${pending(batch)} and i.op = 'update' and i.level = 'course'
        and i.data_type = 'course_info' and i.item_key <> 'link' and o.row_before is not null
      group by 1
    ) w where w.course_id = c.id`.execute(tx);
}

/** The push touched the link of its item `o`. */
export const TOUCHED_LINK = sql`(o.link_after is not null or o.op in ('delete', 'unlink'))`;

/**
 * Gives every item the link that it had, row for row: links of a level above that is gone since
 * excepted. The versions that they name are shared and never deleted.
 */
export async function restoreLinks(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    delete from sync_link l using ${TAKES_BACK}
    where ${pending(batch)} and ${TOUCHED_LINK} and o.link_before is null and l.scope_id = i.scope_id
      and l.data_type = i.data_type and l.item_key = i.item_key`.execute(tx);
  await sql`
    delete from sync_link l using push_item i
    where ${pending(batch)} and i.data_type = 'composite_grades' and l.scope_id = i.scope_id
      and l.data_type = 'composite_weights' and starts_with(l.item_key, ${WEIGHTS_OF})
      and not coalesce(i.after -> 'children' ? substr(l.item_key, length(${WEIGHTS_OF}) + 1), false)`.execute(
    tx,
  );
  await putLinks(
    tx,
    sql`
    select o.link_before as link from ${TAKES_BACK}
    where ${pending(batch)} and ${TOUCHED_LINK} and o.link_before is not null
    union all
    select w.link from ${TAKES_BACK} cross join jsonb_array_elements(o.row_before -> 'weightLinks') w(link)
    where ${pending(batch)} and i.data_type = 'composite_grades'`,
  );
}

async function putLinks(tx: Tx, links: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into sync_link (scope_id, data_type, item_key, upstream_scope_id, row_id, version_id, state,
      reason, run_id, residual_run_id, residual_since, pushed_at)
    select distinct on (l.scope_id, l.data_type, l.item_key) l.scope_id, l.data_type, l.item_key, u.id,
      l.row_id, l.version_id, l.state, l.reason, l.run_id, l.residual_run_id, l.residual_since, l.pushed_at
    from (${links}) k cross join jsonb_populate_record(null::sync_link, k.link) l
    left join setup_scope u on u.id = l.upstream_scope_id
    on conflict (scope_id, data_type, item_key) do update set
      upstream_scope_id = excluded.upstream_scope_id, row_id = excluded.row_id,
      version_id = excluded.version_id, state = excluded.state, reason = excluded.reason,
      run_id = excluded.run_id, residual_run_id = excluded.residual_run_id,
      residual_since = excluded.residual_since, pushed_at = excluded.pushed_at`.execute(tx);
}
