import { sql } from 'kysely';
import { attributePayload } from '../setup-types.ts';
import { withholdTakenNumbers } from './course-info.ts';
import { pushes, type RunToPlan } from './run-to-plan.ts';
import { applyRules } from './apply-rules.ts';
import { type Tx } from './staging.ts';

const CODE = sql`k.attribute_code`;

/**
 * Home-school copies of cross-site courses (X07): one line per selected, locked grading type; with
 * the cross-site option their locked attributes follow the serving course.
 */
export async function planMirrors(tx: Tx, run: RunToPlan): Promise<void> {
  const types = [...run.dataTypes].filter((type) => type !== 'course_info' && pushes(run, type));
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, scope_id, upstream_scope_id,
      item_key, rule)
    select 'course', y.type::data_type, t.calendar_id, t.course_id, t.course_scope_id, t.master_scope_id,
      'mirror', 'X07'
    from plan_target t cross join unnest(${types}::text[]) y(type)
    where t.verdict = 'mirror'`.execute(tx);
  if (run.crossSite && run.dataTypes.has('course_info')) await refreshMirrors(tx, run);
  await applyRules(tx);
}

async function refreshMirrors(tx: Tx, run: RunToPlan): Promise<void> {
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, scope_id, upstream_scope_id,
      item_key, k1, desired, existing, rule)
    select 'course', 'course_info', t.calendar_id, t.course_id, t.course_scope_id, t.master_scope_id,
      'attr:' || ${CODE}, ${CODE}, coalesce(served.after, ${attributePayload('s', CODE)}),
      ${attributePayload('c', CODE)},
      case when coalesce(served.after, ${attributePayload('s', CODE)}) = ${attributePayload('c', CODE)}
        then 'L2-same' else 'X07-refresh' end
    from plan_target t
    join course c on c.id = t.course_id
    join course s on s.id = c.mirror_of_course_id
    join catalog_attribute_lock k on k.catalog_id = ${run.catalogId} and k.mode <> 'unlocked'
    left join plan_pair served on served.level = 'course' and served.data_type = 'course_info'
      and served.course_id = s.id and served.item_key = 'attr:' || ${CODE}
    where t.verdict = 'mirror'`.execute(tx);
  await withholdTakenNumbers(tx);
}

/**
 * Cross-site flags (X01–X06): course flag := master flag, section flags := course flag; "offer
 * section" goes on when a push first makes a section cross-site, which its link remembers (X11). One line per school that is not enabled.
 */
export async function planCrossSite(tx: Tx, run: RunToPlan): Promise<void> {
  if (!run.crossSite) return;
  await reportMissingSwitches(tx);
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, scope_id, upstream_scope_id,
      item_key, desired, existing, rule)
    select 'course', 'cross_site', t.calendar_id, t.course_id, t.course_scope_id, t.master_scope_id,
      'xsite', jsonb_build_object('enabled', m.cross_site_enabled),
      jsonb_build_object('enabled', c.cross_site_enabled),
      case when m.cross_site_enabled = c.cross_site_enabled then 'X03-same' else 'X03' end
    from plan_target t
    join course_master m on m.id = t.master_id
    join course c on c.id = t.course_id
    join school s on s.id = t.school_id
    cross join district d
    where t.active and s.cross_site_enabled and d.cross_site_participation <> 'disable'`.execute(
    tx,
  );
  await applyRules(tx);
  await planSectionFlags(tx);
}

async function reportMissingSwitches(tx: Tx): Promise<void> {
  await sql`
    insert into plan_pair (level, data_type, calendar_id, item_key, k1, rule)
    select distinct on (s.id) 'run', 'cross_site'::data_type, t.calendar_id, 'xsite:' || s.source_id, s.name,
      case when coalesce(d.cross_site_participation, 'disable') = 'disable' then 'X04-district'
        else 'X04-school' end
    from plan_target t
    join school s on s.id = t.school_id
    left join district d on true
    where t.active and (coalesce(d.cross_site_participation, 'disable') = 'disable'
      or not s.cross_site_enabled)
    order by s.id, t.calendar_id`.execute(tx);
}

async function planSectionFlags(tx: Tx): Promise<void> {
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, section_id, scope_id,
      upstream_scope_id, item_key, desired, existing, rule)
    select 'section', 'cross_site', e.calendar_id, e.course_id, e.section_id, e.scope_id,
      e.course_scope_id, 'xsite', jsonb_build_object('enabled', e.wanted, 'offered', e.offered_after),
      jsonb_build_object('enabled', e.cross_site_enabled, 'offered', e.cross_site_offered),
      case when e.wanted = e.cross_site_enabled then 'X03-same'
        when not e.wanted and e.in_use then 'X06' else 'X03' end
    from (
      select s.*, x.cross_site_enabled, x.cross_site_offered,
        (p.after ->> 'enabled')::boolean as wanted,
        x.cross_site_offered or ((p.after ->> 'enabled')::boolean and not x.cross_site_enabled
          and not exists (select 1 from sync_link l where l.scope_id = s.scope_id
            and l.data_type = 'cross_site')) as offered_after,
        exists (select 1 from cross_site_map m where m.serving_section_id = x.id and m.status = 'mapped')
        or exists (select 1 from roster r where r.section_id = x.id
          and r.via_cross_site_map_id is not null) as in_use
      from plan_pair p
      join plan_section s on s.course_id = p.course_id
      join section x on x.id = s.section_id
      where p.level = 'course' and p.data_type = 'cross_site' and p.course_id is not null
    ) e`.execute(tx);
  await applyRules(tx);
}
