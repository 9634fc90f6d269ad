import { sql } from 'kysely';
import { type Db } from '../../db/database.ts';
import { attributePayload, SETUP_TYPES } from '../setup-types.ts';
import { type Tx } from './staging.ts';

/**
 * A digest of what a plan rests on besides the items themselves: the locks (every catalog's for Push
 * All Courses), the masters
 * with all their setup, the switches for cross-site, and which course is linked to which master.
 * When it differs at apply time nothing is written and a new plan is needed.
 */
export async function sourceDigest(db: Db | Tx, runId: number): Promise<string> {
  const setup = Object.values(SETUP_TYPES).map(
    (type) => sql`
      select s.course_master_id || '|' || ${type.key} || '|' || (${type.payload})::text
      from masters m join setup_scope s on s.course_master_id = m.id
      join ${type.rows} r on r.scope_id = s.id`,
  );
  const { rows } = await sql<{ digest: string }>`
    with run as (select * from push_run where id = ${runId}),
    masters as (
      select m.* from run join course_master m on run.kind not in ('push_all_courses', 'undo')
        and m.catalog_id = run.catalog_id
        and (run.course_master_id is null or m.id = run.course_master_id)
    ),
    facts(fact) as (
      select 'lock|' || k.catalog_id || '|' || k.data_type || '|' || k.mode
      from run join catalog_type_lock k on k.mode <> 'unlocked'
        and (run.kind = 'push_all_courses' or k.catalog_id = run.catalog_id)
      union all
      select 'attribute|' || attribute_code || '|' || mode from catalog_attribute_lock
      where catalog_id = (select catalog_id from run) and mode <> 'unlocked'
      union all
      select 'district|' || cross_site_participation from district
      union all
      select 'school|' || o.id || '|' || o.cross_site_enabled
      from push_job j join calendar k on k.id = j.calendar_id join school o on o.id = k.school_id
      where j.run_id = ${runId}
      union all
      select 'master|' || m.id || '|' || m.cross_site_enabled || '|' || k.attribute_code || '|'
        || (${attributePayload('m', sql`k.attribute_code`)})::text
      from masters m join catalog_attribute_lock k on k.catalog_id = m.catalog_id
        and k.mode <> 'unlocked'
      union all
      ${sql.join(setup, sql` union all `)}
      union all
      select 'course|' || c.id || '|' || coalesce(c.course_master_id, 0) || '|' || c.ignore_master_push
        || '|' || c.cross_site_role
      from push_job j join course c on c.calendar_id = j.calendar_id
      where j.run_id = ${runId} and c.course_master_id in (select id from masters)
    )
    select encode(sha256(convert_to(coalesce(string_agg(fact, E'\n' order by fact collate "C"), ''),
      'UTF8')), 'hex') as digest
    from facts`.execute(db);
  return rows[0]?.digest ?? '';
}
