import { sql } from 'kysely';
import { payloadAt, SETUP_TYPES, type SetupType } from '../setup-types.ts';
import { type RunToPlan } from './run-to-plan.ts';
import { analyze, type Tx } from './staging.ts';

/**
 * Push All Courses: every course of the calendars, of whatever catalog or of none, gives its sections
 * what it holds (E09). Ignore Master Push concerns masters only; cross-site copies have no grading
 * setup to give (X09).
 */
export async function findCoursesOfCalendars(tx: Tx, run: RunToPlan): Promise<void> {
  await sql`
    insert into plan_target
    select c.id, c.calendar_id, k.school_id,
      case when c.cross_site_role = 'home_mirror' then 'mirror' else 'sections_only' end,
      c.course_master_id, coalesce(m.id, s.id), s.id, c.cross_site_role <> 'home_mirror'
    from push_job j
    join calendar k on k.id = j.calendar_id
    join course c on c.calendar_id = k.id
    join setup_scope s on s.course_id = c.id
    left join setup_scope m on m.course_master_id = c.course_master_id
    where j.run_id = ${run.runId}`.execute(tx);
  await analyze(tx, 'plan_target');
}

/** The rows of the courses stay as they are, and are what the sections receive (E02, E09). */
export async function takeCoursesAsTheyAre(tx: Tx, type: SetupType): Promise<void> {
  const { rows, key, k1, k2, k3, k4 } = SETUP_TYPES[type];
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, scope_id, upstream_scope_id,
      item_key, k1, k2, k3, k4, source_id, row_id, existing, after, outcome, op, silent)
    select 'course', ${sql.lit(type)}, t.calendar_id, t.course_id, t.course_scope_id, t.master_scope_id,
      ${key}, ${k1}, ${k2}, ${k3}, ${k4},
      ${type === 'categories' ? sql`r.source_id` : sql`null`}, r.id, ${payloadAt(type, 'course')},
      ${payloadAt(type, 'course')}, 'UNCHANGED', 'none', true
    from plan_target t join ${rows} r on r.scope_id = t.course_scope_id
    where t.active`.execute(tx);
}
