import { type RawBuilder, sql } from 'kysely';
import { type Level, payloadAt, SETUP_TYPES, type SetupType } from '../setup-types.ts';
import { type Lock, type RunToPlan } from './run-to-plan.ts';
import { analyzePairs, type Tx } from './staging.ts';

/** Fragments that differ between master → course and course → section. */
interface LevelSql {
  readonly owners: (type: SetupType) => RawBuilder<unknown>;
  readonly desired: (type: SetupType, run: RunToPlan) => RawBuilder<unknown>;
}

const LEVELS: Readonly<Record<Level, LevelSql>> = {
  course: {
    owners: () => sql`select calendar_id, course_id, null::bigint as section_id,
      course_scope_id as scope_id, master_scope_id as upstream_scope_id
      from plan_target where active`,
    desired: (type) => sql`
      select o.scope_id, ${SETUP_TYPES[type].key} as item_key, r.id as up_row_id,
        ${SETUP_TYPES[type].payload} as desired, ${keys(type)}
      from owners o join ${SETUP_TYPES[type].rows} r on r.scope_id = o.upstream_scope_id`,
  },
  // The course's effective rows: what it holds once the course part of this plan is done (E02).
  section: {
    owners: (type) => sql`select s.calendar_id, s.course_id, s.section_id, s.scope_id,
        s.course_scope_id as upstream_scope_id
      from plan_section s
      where not exists (select 1 from plan_skipped k
        where k.course_id = s.course_id and k.data_type = ${sql.lit(type)})`,
    desired: (type, run) => sql`
      select o.scope_id, ${type === 'categories' ? sql`'cat:' || p.source_id` : sql`p.item_key`} as item_key,
        p.row_id as up_row_id,
        ${type === 'grade_calc_options' ? sql`p.after || ${readOnly(run)}` : sql`p.after`} as desired,
        p.k1, p.k2, p.k3, p.k4
      from owners o join plan_pair p on p.level = 'course' and p.data_type = ${sql.lit(type)}
        and p.scope_id = o.upstream_scope_id and p.after is not null`,
  },
};

/**
 * A pushed row is read-only to teachers (E06). For Push All Courses the catalog of the course says
 * so, which it may not have (E09).
 */
function readOnly({ kind }: RunToPlan): RawBuilder<unknown> {
  if (kind !== 'push_all_courses') return sql`'{"readOnly": true}'`;
  return sql`jsonb_build_object('readOnly', ${lockedByOwnCatalog('grade_calc_options', 'soft', 'hard')})`;
}

/** Whether rows may be changed below (S04): what the catalog says, for Push All Courses each course's own. */
function softLock({ kind, locks }: RunToPlan, type: SetupType): RawBuilder<unknown> {
  return kind === 'push_all_courses'
    ? lockedByOwnCatalog(type, 'soft')
    : sql.lit(locks.get(type) === 'soft');
}

/** The catalog of the course of `o` locks the type in one of these ways. */
function lockedByOwnCatalog(type: SetupType, ...modes: Lock[]): RawBuilder<unknown> {
  return sql`exists (
    select 1 from plan_target t join course_master m on m.id = t.master_id
    join catalog_type_lock k on k.catalog_id = m.catalog_id
    where t.course_id = o.course_id and k.data_type = ${sql.lit(type)}
      and k.mode in (${sql.join(modes.map((mode) => sql.lit(mode)))}))`;
}

function keys(type: SetupType): RawBuilder<unknown> {
  const { k1, k2, k3, k4 } = SETUP_TYPES[type];
  return sql`${k1}::text as k1, ${k2}::smallint as k2, ${k3}::text as k3, ${k4}::smallint as k4`;
}

/**
 * Sets beside each other, for one type at one level, what the level above wants, what is here and
 * what was last pushed. One statement, whatever the number of courses.
 *
 * A link from another master counts as broken (S02). A category is matched by the row its link
 * names, everything else by its natural key (R06).
 */
export async function pairUp(
  tx: Tx,
  run: RunToPlan,
  at: { type: SetupType; level: Level },
): Promise<void> {
  const { type, level } = at;
  const isCategory = type === 'categories';
  const existingKey = isCategory
    ? sql`coalesce(l.item_key, 'local:' || r.source_id)`
    : SETUP_TYPES[type].key;
  const existingLink = isCategory
    ? sql`left join links l on l.scope_id = o.scope_id and l.row_id = r.id`
    : sql``;
  const sourceId = isCategory ? sql`r.source_id` : sql`null::text`;
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, section_id, scope_id,
      upstream_scope_id, item_key, k1, k2, k3, k4, source_id, up_row_id, row_id, desired, existing, base,
      link_state, soft)
    with owners as materialized (${LEVELS[level].owners(type)}),
    links as (
      select l.scope_id, l.item_key, l.row_id, v.payload as base,
        case when l.state = 'linked' and l.upstream_scope_id is distinct from o.upstream_scope_id
          then 'broken' else l.state end as link_state
      from owners o join sync_link l on l.scope_id = o.scope_id and l.data_type = ${sql.lit(type)}
      join payload_version v on v.id = l.version_id
    ),
    desired as (${LEVELS[level].desired(type, run)}),
    existing as (
      select o.scope_id, ${existingKey} as item_key, r.id as row_id, ${payloadAt(type, level)} as existing,
        ${keys(type)}, ${sourceId} as source_id
      from owners o join ${SETUP_TYPES[type].rows} r on r.scope_id = o.scope_id ${existingLink}
    ),
    paired as (
      select scope_id, item_key, coalesce(d.k1, e.k1) as k1, coalesce(d.k2, e.k2) as k2,
        coalesce(d.k3, e.k3) as k3, coalesce(d.k4, e.k4) as k4, e.source_id, d.up_row_id, e.row_id,
        d.desired, e.existing, l.base, l.link_state
      from desired d full join existing e using (scope_id, item_key)
      full join links l using (scope_id, item_key)
    )
    select ${sql.lit(level)}, ${sql.lit(type)}, o.calendar_id, o.course_id, o.section_id, o.scope_id,
      o.upstream_scope_id, p.item_key, p.k1, p.k2, p.k3, p.k4, p.source_id, p.up_row_id, p.row_id,
      p.desired, p.existing, p.base, p.link_state, ${softLock(run, type)}
    from paired p join owners o on o.scope_id = p.scope_id`.execute(tx);
  await analyzePairs(tx);
}
