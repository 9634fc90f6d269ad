import { sql } from 'kysely';
import { findCoursesOfCalendars } from './courses-as-they-are.ts';
import { masterPayload } from '../setup-types.ts';
import { type RunToPlan } from './run-to-plan.ts';
import { analyze, type Tx } from './staging.ts';

/**
 * Which courses the run is for, and what is to become of each (G07, G08, S02, S10, X07).
 *
 * A course belongs to the run when its master is in the catalog, or when its links say that it was
 * pushed from one (S10: a script cleared or changed `course_master_id`): the master that wrote the
 * latest link, as a relinked course may have older ones. `active` courses take part in planning; the
 * others get one line each.
 */
export async function findTargets(tx: Tx, run: RunToPlan): Promise<void> {
  if (run.kind === 'push_all_courses') await findCoursesOfCalendars(tx, run);
  else await findCoursesOfMasters(tx, run);
  await analyze(tx, 'plan_target');
  await sql`
    insert into plan_section
    select s.id, t.course_id, t.calendar_id, t.course_scope_id, ss.id
    from plan_target t join section s on s.course_id = t.course_id
    join setup_scope ss on ss.section_id = s.id
    where t.active`.execute(tx);
  await analyze(tx, 'plan_section');
}

async function findCoursesOfMasters(tx: Tx, run: RunToPlan): Promise<void> {
  const oneMaster =
    run.courseMasterId === null ? sql`true` : sql`m.id = ${run.courseMasterId}::bigint`;
  const chosen =
    run.courseIds === null ? sql`true` : sql`c.id = any(${[...run.courseIds]}::bigint[])`;
  // Relinking takes the chosen courses to the masters they name, or are called like (S12).
  const relink = sql.lit(run.kind === 'relink');
  const overwrite = sql.lit(run.mode === 'overwrite');
  await sql`
    insert into plan_target
    with masters as (
      select m.id, m.number, s.id as scope_id from course_master m join setup_scope s on s.course_master_id = m.id
      where m.catalog_id = ${run.catalogId} and ${oneMaster}
    ), here as (
      select c.id, c.number, c.calendar_id, k.school_id, c.course_master_id, c.ignore_master_push,
        c.cross_site_role, s.id as scope_id, lineage.upstream_scope_id as lineage
      from push_job j
      join calendar k on k.id = j.calendar_id
      join course c on c.calendar_id = k.id
      join setup_scope s on s.course_id = c.id
      left join lateral (
        select l.upstream_scope_id from sync_link l
        where l.scope_id = s.id and l.upstream_scope_id is not null and l.state <> 'residual'
        group by 1 order by max(l.pushed_at) desc, count(*) desc, 1 limit 1
      ) lineage on true
      where j.run_id = ${run.runId} and ${chosen} and not c.id = any(
        (select left_out_courses from push_run where id = ${run.runId})::bigint[])
    ), judged as (
      select h.*, current.scope_id as current_scope, pushed.scope_id as pushed_scope,
        case when ${relink} then coalesce(current.scope_id, pushed.scope_id, named.scope_id)
          else coalesce(pushed.scope_id, current.scope_id) end as master_scope,
        case
          when h.ignore_master_push then 'ignored'
          when h.cross_site_role = 'home_mirror' then 'mirror'
          when named.scope_id is not null then 'link_lost'
          when h.lineage is null or h.lineage = current.scope_id then 'push'
          when current.scope_id is not null and ${relink} then 'push'
          when pushed.scope_id is not null then 'link_lost'
          else 'other_catalog'
        end as verdict
      from here h
      left join masters current on current.id = h.course_master_id
      left join masters pushed on pushed.scope_id = h.lineage
      left join masters named on ${relink} and h.course_master_id is null and h.lineage is null
        and named.number = h.number
      where current.id is not null or pushed.id is not null or named.id is not null
    )
    select j.id, j.calendar_id, j.school_id, j.verdict, s.course_master_id, j.master_scope, j.scope_id,
      j.verdict = 'push' or (j.verdict = 'link_lost' and (${overwrite} or ${relink}))
    from judged j join setup_scope s on s.id = j.master_scope`.execute(tx);
}

/** Student work on the target sections, once for the whole plan (P02-P06, P12). */
export async function gatherEvidence(tx: Tx): Promise<void> {
  await sql`
    insert into plan_evidence
    select s.course_id, e.section_id, e.gradable_id, e.term_seq, e.assignments, e.scores, e.grades,
      e.comments
    from gradable_evidence e join plan_section s on s.section_id = e.section_id
    where e.section_id = any ((select array_agg(section_id) from plan_section)::bigint[])`.execute(
    tx,
  );
  await analyze(tx, 'plan_evidence');
}

/**
 * One line for each course that takes no part: ignored (G08), link lost (S10), pushed from another
 * catalog (S02). In overwrite a lost link is restored to the master the links name (S10).
 */
export async function settleCourses(tx: Tx, run: RunToPlan): Promise<void> {
  const relink = sql.lit(run.kind === 'relink');
  const lost = sql.lit(run.mode === 'overwrite' || run.kind === 'relink' ? 'S10-restore' : 'S10');
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, scope_id, upstream_scope_id,
      item_key, desired, existing, rule)
    select 'course', 'course_info', t.calendar_id, t.course_id, t.course_scope_id, t.master_scope_id,
      'link', ${masterPayload('m', 'k')}, ${masterPayload('present', 'other')},
      case t.verdict when 'ignored' then 'G08' when 'other_catalog' then 'S02-other'
        when 'link_lost' then case when ${relink} and c.course_master_id is null and not exists (
            select 1 from sync_link l where l.scope_id = t.course_scope_id)
          then 'S12-link' else ${lost} end end
    from plan_target t
    join course c on c.id = t.course_id
    join course_master m on m.id = t.master_id join course_catalog k on k.id = m.catalog_id
    left join course_master present on present.id = c.course_master_id
    left join course_catalog other on other.id = present.catalog_id
    where t.verdict in ('ignored', 'link_lost', 'other_catalog')`.execute(tx);
}
