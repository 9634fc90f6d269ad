import { type RawBuilder, sql } from 'kysely';
import { type Db } from '../db/database.ts';
import { ITEM_CONTENT } from './plan/record.ts';
import {
  type DestructiveGroup,
  type DifferenceGroup,
  type PlanDifference,
} from '../domain/plan-difference.ts';

/** One of the two plans is not in the database. */
export class UnknownPlan extends Error {
  override readonly name = 'UnknownPlan';
}

/** Items shown per group; the plan's file has them all. */
const SAMPLES = 5;

/**
 * What item `i` destroys (G20), or null: it deletes; it unlinks, by removing the link or by making
 * the item residual; or it sets No Calculation, also on a section that the course's reset reaches (N03).
 */
export const DESTRUCTIVE_ACT: RawBuilder<string | null> = sql`case
  when i.op = 'delete' then 'delete'
  when i.op <> 'none' and i.data_type = 'grade_calc_options' and i.after ->> 'calcType' = 'none'
    and i.before ->> 'calcType' <> 'none' then 'no_calculation'
  when i.op = 'unlink' then 'unlink'
  when i.op <> 'none' and i.link_after = 'residual'
    and i.link_before ->> 'state' in ('linked', 'broken') then 'unlink' end`;

/**
 * Sets two persisted plans of one run beside each other, item by item and in set-based statements:
 * what the new one destroys beyond the approved one (G20), and what else came, went or changed.
 * An act on an item counts as approved when the approved plan does the same to it, or deletes it.
 * @throws UnknownPlan
 */
export async function comparePlans(
  db: Db,
  plans: { readonly approvedPlanId: number; readonly planId: number },
): Promise<PlanDifference> {
  const { approvedPlanId, planId } = plans;
  const known = await db
    .selectFrom('push_plan')
    .select(['id', 'hash'])
    .where('id', 'in', [approvedPlanId, planId])
    .execute();
  const approved = known.find((plan) => plan.id === approvedPlanId);
  const now = known.find((plan) => plan.id === planId);
  if (approved === undefined || now === undefined)
    throw new UnknownPlan(`There is no plan ${approved === undefined ? approvedPlanId : planId}.`);
  if (approved.hash === now.hash)
    return { ...plans, sameHash: true, destructive: [], groups: [], ...NOTHING };
  const groups = await differenceGroups(db, plans);
  const count = (kind: DifferenceGroup['kind']): number =>
    groups.filter((group) => group.kind === kind).reduce((sum, group) => sum + group.items, 0);
  return {
    ...plans,
    sameHash: false,
    destructive: await destructiveGroups(db, plans),
    groups,
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
  };
}

const NOTHING = { added: 0, removed: 0, changed: 0 };

type Plans = Parameters<typeof comparePlans>[1];

/** The items of a plan with what identifies each across plans; ids of run-wide lines are 0. */
function itemsOf(planId: number): RawBuilder<unknown> {
  return sql`select i.level, i.data_type, i.item_key, coalesce(i.calendar_id, 0) as calendar_id,
      coalesce(i.course_id, 0) as course_id, coalesce(i.section_id, 0) as section_id, i.item_label,
      i.outcome, ${DESTRUCTIVE_ACT} as act,
      row(${ITEM_CONTENT})::text as content
    from push_item i where i.plan_id = ${planId}`;
}

const SAME_ITEM = sql`(level, data_type, item_key, calendar_id, course_id, section_id)`;

const SAMPLE = sql`json_build_object('calendar', k.name, 'course', c.number || ' ' || c.name,
  'section', s.number, 'item', n.item_label)`;

const NAMES = sql`left join calendar k on k.id = n.calendar_id
  left join course c on c.id = n.course_id left join section s on s.id = n.section_id`;

async function destructiveGroups(db: Db, plans: Plans): Promise<DestructiveGroup[]> {
  const { rows } = await sql<DestructiveGroup>`
    with found as (
      select n.*, row_number() over (partition by n.act, n.level, n.data_type
        order by n.calendar_id, n.course_id, n.section_id, n.item_key) as place
      from (${itemsOf(plans.planId)}) n
      left join (${itemsOf(plans.approvedPlanId)}) a using ${SAME_ITEM}
      where n.act is not null and a.act is distinct from n.act and a.act is distinct from 'delete'
    )
    select n.act, n.level, n.data_type as "dataType", count(*)::int as items,
      json_agg(${SAMPLE} order by n.place) filter (where n.place <= ${SAMPLES}) as samples
    from found n ${NAMES}
    group by 1, 2, 3 order by 4 desc, 1, 2, 3`.execute(db);
  return rows;
}

async function differenceGroups(db: Db, plans: Plans): Promise<DifferenceGroup[]> {
  const { rows } = await sql<DifferenceGroup>`
    with found as (
      select n.*, row_number() over (partition by n.level, n.data_type, n.before, n.after
        order by n.calendar_id, n.course_id, n.section_id, n.item_key) as place
      from (
        select level, data_type, item_key, calendar_id, course_id, section_id,
          coalesce(n.item_label, a.item_label) as item_label, a.outcome as before, n.outcome as after
        from (${itemsOf(plans.approvedPlanId)}) a
        full join (${itemsOf(plans.planId)}) n using ${SAME_ITEM}
        where a.content is distinct from n.content
      ) n
    )
    select case when n.before is null then 'added' when n.after is null then 'removed'
        else 'changed' end as kind,
      n.level, n.data_type as "dataType", n.before, n.after, count(*)::int as items,
      json_agg(${SAMPLE} order by n.place) filter (where n.place <= ${SAMPLES}) as samples
    from found n ${NAMES}
    group by 1, 2, 3, 4, 5 order by 6 desc, 1, 2, 3, 4, 5`.execute(db);
  return rows;
}
