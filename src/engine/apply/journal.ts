import { type RawBuilder, sql } from 'kysely';
import { type Tx } from '../plan/staging.ts';
import { type BatchScope, pending, WEIGHTS_OF } from './scope.ts';

/**
 * Keeps in `row_before` what an item's `before` and `link_before` do not say of what is about to be
 * written, so that an undo brings every row back bit for bit (G23):
 * - `row`: the row itself where it goes, and where its text or lists are not stored as compared (G24);
 * - `weights`, `weightLinks`: of the children that a composite loses, and the links that go with it;
 * - `attrs`, `number`, `name`, `master`: of a course, as stored;
 * - `used`: a task that comes is used already by what was there without it.
 * Call it once the items are verified and locked, before anything is written.
 */
export async function keepRowsAsTheyAre(tx: Tx, batch: BatchScope): Promise<void> {
  await keepRows(tx, batch, {
    type: 'grading_tasks_standards',
    table: 'task_alignment',
    looksOtherwise: sql`(r.credit_type is distinct from i.before ->> 'creditType'
      or r.credit_overflow_override is distinct from i.before ->> 'creditOverflowOverride'
      or to_jsonb(r.terms) is distinct from i.before -> 'terms')`,
  });
  await keepRows(tx, batch, {
    type: 'categories',
    table: 'category',
    looksOtherwise: sql`to_jsonb(r.gradable_ids) is distinct from i.before -> 'gradables'`,
  });
  for (const [type, table] of [
    ['grade_calc_options', 'calc_option'],
    ['assessments', 'assessment_alignment'],
  ] as const)
    await keepRows(tx, batch, { type, table, looksOtherwise: sql`false` });
  await keepAttributes(tx, batch);
  await keepComposites(tx, batch);
  await noteUses(tx, batch);
}

interface Kept {
  readonly type: string;
  readonly table: string;
  /** The stored row `r` is not the same as what its payload would write. */
  readonly looksOtherwise: RawBuilder<unknown>;
}

async function keepRows(
  tx: Tx,
  batch: BatchScope,
  { type, table, looksOtherwise }: Kept,
): Promise<void> {
  await sql`
    update push_item i set row_before = jsonb_build_object('row', to_jsonb(r))
    from ${sql.table(table)} r
    where ${pending(batch)} and i.data_type = ${sql.lit(type)} and r.id = i.row_id
      and (i.op = 'delete' or i.op = 'update' and ${looksOtherwise})`.execute(tx);
}

/** As text: to jsonb 1.50 equals 1.5, and a missing key is not a null (G24). */
async function keepAttributes(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    update push_item i set row_before = case i.item_key
      when 'link' then jsonb_build_object('master', c.course_master_id)
      when 'attr:number' then jsonb_build_object('number', c.number)
      when 'attr:name' then jsonb_build_object('name', c.name)
      else jsonb_build_object('attrs', jsonb_build_object(i.k1, c.attrs -> i.k1)) end
    from course c
    where ${pending(batch)} and i.op = 'update' and i.level = 'course' and i.data_type = 'course_info'
      and c.id = i.course_id and case i.item_key
        when 'link' then true
        when 'attr:number' then c.number <> i.before ->> 'value'
        when 'attr:name' then c.name <> i.before ->> 'value'
        else c.attrs ? i.k1 and (jsonb_typeof(c.attrs -> i.k1) = 'null'
          or (c.attrs -> i.k1)::text <> (i.before -> 'value')::text) end`.execute(tx);
}

/** The links of weights that go or are brought with a composite; see linkWeightsOfComposites. */
async function keepComposites(tx: Tx, batch: BatchScope): Promise<void> {
  const child = sql`x.child_gradable_id || ':' || x.child_term_seq`;
  await sql`
    update push_item i set row_before = k.row_before
    from (
      select i.id, jsonb_strip_nulls(jsonb_build_object(
        'weights', (
          select jsonb_object_agg(${child}, trim_scale(x.weight)) from composite_child x
          where x.composite_id = i.row_id and i.op in ('update', 'delete')
            and not coalesce(i.after -> 'children' ? (${child}), false)),
        'weightLinks', (
          select jsonb_agg(to_jsonb(l)) from sync_link l
          cross join substr(l.item_key, length(${WEIGHTS_OF}) + 1) as child
          where l.scope_id = i.scope_id and l.data_type = 'composite_weights'
            and starts_with(l.item_key, ${WEIGHTS_OF})
            and (not coalesce(i.after -> 'children' ? child, false)
              or coalesce(i.detail -> 'weights' ? child, false))))) as row_before
      from push_item i where ${pending(batch)} and i.data_type = 'composite_grades'
    ) k
    where k.id = i.id and k.row_before <> '{}'`.execute(tx);
}

/** Else taking the task away again would wait for what was there before it (N10). */
async function noteUses(tx: Tx, batch: BatchScope): Promise<void> {
  await sql`
    with coming as (
      select i.id, i.course_id, i.k1 as gradable_id from push_item i
      where ${pending(batch)} and i.op = 'insert' and i.data_type = 'grading_tasks_standards'
    ), owners as (
      select g.id, g.gradable_id, o.id as scope_id
      from coming g join setup_scope o on o.course_id = g.course_id
      union all
      select g.id, g.gradable_id, o.id
      from coming g join section s on s.course_id = g.course_id
      join setup_scope o on o.section_id = s.id
    )
    update push_item i set row_before = '{"used": true}'
    where i.id in (
      select w.id from owners w join calc_option r using (scope_id, gradable_id)
      union
      select w.id from owners w join composite r using (scope_id)
      left join composite_child x on x.composite_id = r.id
      where w.gradable_id in (r.parent_gradable_id, x.child_gradable_id))`.execute(tx);
}
