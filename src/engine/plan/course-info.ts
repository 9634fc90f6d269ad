import { sql } from 'kysely';
import { attributePayload } from '../setup-types.ts';
import { type RunToPlan } from './run-to-plan.ts';
import { applyRules } from './apply-rules.ts';
import { type Tx } from './staging.ts';

const CODE = sql`k.attribute_code`;

/**
 * Course Info: the unit is the attribute (G16). Locked mode pushes hard-locked attributes and fails
 * those changed below; soft-locked ones are a three-way comparison (M01). Overwrite writes every
 * locked attribute (M22) and, with sections, clears their overrides (M23).
 */
export async function planCourseInfo(tx: Tx, run: RunToPlan): Promise<void> {
  await reportUnlockedAttributes(tx, run);
  await pairAttributes(tx, run);
  await settleAttributes(tx, run);
  await withholdTakenNumbers(tx);
  await applyRules(tx);
  if (run.toSections && run.kind !== 'relink') await planSectionOverrides(tx, run);
}

/** One line per attribute that masters use and the catalog does not lock (A07). */
async function reportUnlockedAttributes(tx: Tx, run: RunToPlan): Promise<void> {
  await sql`
    insert into plan_pair (level, data_type, item_key, k1, rule)
    select 'run', 'course_info', 'attr:' || a.code, a.code, 'G10'
    from course_attribute a
    where exists (select 1 from plan_target t join course_master m on m.id = t.master_id
        where t.active and (a.code in ('number', 'name') or jsonb_typeof(m.attrs -> a.code) <> 'null'))
      and not exists (select 1 from catalog_attribute_lock l
        where l.catalog_id = ${run.catalogId} and l.attribute_code = a.code and l.mode <> 'unlocked')`.execute(
    tx,
  );
}

async function pairAttributes(tx: Tx, run: RunToPlan): Promise<void> {
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, scope_id, upstream_scope_id,
      item_key, k1, desired, existing, base, link_state, soft)
    select 'course', 'course_info', t.calendar_id, t.course_id, t.course_scope_id, t.master_scope_id,
      'attr:' || ${CODE}, ${CODE}, ${attributePayload('m', CODE)}, ${attributePayload('c', CODE)}, v.payload,
      case when l.state = 'linked' and l.upstream_scope_id is distinct from t.master_scope_id
        then 'broken' else l.state end,
      k.mode = 'soft' or a.soft_lock_only
    from plan_target t
    join catalog_attribute_lock k on k.catalog_id = ${run.catalogId} and k.mode <> 'unlocked'
    join course_attribute a on a.code = k.attribute_code
    join course_master m on m.id = t.master_id
    join course c on c.id = t.course_id
    left join sync_link l on l.scope_id = t.course_scope_id and l.data_type = 'course_info'
      and l.item_key = 'attr:' || ${CODE}
    left join payload_version v on v.id = l.version_id
    where t.active`.execute(tx);
}

async function settleAttributes(tx: Tx, run: RunToPlan): Promise<void> {
  const rule =
    run.kind === 'relink' && run.mode === 'push_locked'
      ? sql`case when link_state is null and existing = desired then 'S13' else 'L7' end`
      : run.mode === 'overwrite'
        ? sql`case
          when existing = desired and link_state = 'linked' and base = desired then 'L2-same'
          when existing = desired then 'S13'
          when link_state = 'broken' or existing <> base then 'O2'
          else 'L2' end`
        : sql`case
          when existing = desired and link_state = 'linked' and base = desired then 'L2-same'
          when link_state is null and existing = desired then 'S13'
          when link_state is null then 'L2'
          when soft and existing = desired then 'S13'
          when soft and existing <> base and base = desired then 'S04-kept'
          when soft then 'L2'
          when existing <> base then 'L3-changed'
          when link_state = 'broken' then 'L3-broken'
          when existing = desired then 'L2-same'
          else 'L2' end`;
  await sql`
    update plan_pair set rule = ${rule}
    where level = 'course' and data_type = 'course_info' and rule is null`.execute(tx);
}

/**
 * Two courses of one calendar cannot share a number: the push of that attribute waits (A24). A course
 * that keeps its number keeps it from the one that wanted it, and so on down the line.
 */
export async function withholdTakenNumbers(tx: Tx): Promise<void> {
  let withheld = true;
  while (withheld) withheld = await withholdOnce(tx);
}

async function withholdOnce(tx: Tx): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update plan_pair p set rule = case when p.rule = 'X07-refresh' then 'X07-number' else 'A24' end
    where p.data_type = 'course_info' and p.level = 'course' and p.k1 = 'number'
      and p.rule in ('L2', 'O2', 'S13', 'X07-refresh') and p.outcome is null
      and p.existing <> p.desired
      and (
        exists (
          select 1 from course other
          where other.calendar_id = p.calendar_id and other.number = p.desired ->> 'value'
            and other.id <> p.course_id
            and not exists (select 1 from plan_pair o where o.course_id = other.id
              and o.data_type = 'course_info' and o.k1 = 'number'
              and o.rule in ('L2', 'O2', 'X07-refresh')
              and o.desired <> o.existing)
        ) or exists (
          select 1 from plan_pair twin
          where twin.calendar_id = p.calendar_id and twin.data_type = 'course_info'
            and twin.k1 = 'number' and twin.desired = p.desired and twin.id <> p.id
            and twin.rule in ('L2', 'O2', 'X07-refresh'))
      )`.execute(tx);
  return numAffectedRows > 0n;
}

/** Section overrides of hard-locked attributes: reported (M02), cleared by overwrite (M23); a blank is none (E07). */
async function planSectionOverrides(tx: Tx, run: RunToPlan): Promise<void> {
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, section_id, scope_id,
      upstream_scope_id, item_key, k1, desired, existing, rule)
    select 'section', 'course_info', s.calendar_id, s.course_id, s.section_id, s.scope_id,
      s.course_scope_id, 'attr:' || k.attribute_code, k.attribute_code, '{"value": null}',
      jsonb_build_object('value', e.attr_overrides -> k.attribute_code),
      ${sql.lit(run.mode === 'overwrite' ? 'M23' : 'M02')}
    from plan_section s
    join section e on e.id = s.section_id
    join catalog_attribute_lock k on k.catalog_id = ${run.catalogId} and k.mode = 'hard'
    join course_attribute a on a.code = k.attribute_code and not a.soft_lock_only
    where btrim(coalesce(e.attr_overrides ->> k.attribute_code, '')) <> ''`.execute(tx);
  await applyRules(tx);
}
