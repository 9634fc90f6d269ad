import { type RawBuilder, sql } from 'kysely';
import { type Tx } from '../plan/staging.ts';
import { type BatchScope, pending } from './scope.ts';
import { takesFromCourse, SECTION_TYPES } from './upstream.ts';

const ROW_TABLES = [
  ['grading_tasks_standards', 'task_alignment'],
  ['grade_calc_options', 'calc_option'],
  ['categories', 'category'],
  ['assessments', 'assessment_alignment'],
] as const;

/**
 * Locks what the batch will write and what its decisions rest on, in id order, so that other
 * people's uncommitted work is waited for before anything is judged (P12):
 * - courses, and the owners of their setup: nobody adds setup to them meanwhile;
 * - the sections of courses that lose or take over something: nobody adds assignments, grades or
 *   test scores there; and their assignments where a task or a course's category goes;
 * - the rows themselves, and rows of courses that sections take as they are.
 */
export async function lockRows(tx: Tx, batch: BatchScope): Promise<void> {
  const courses = sql`any(${[...batch.courses]}::bigint[])`;
  await sql`select c.id from course c where c.id = ${courses} order by c.id for update`.execute(tx);
  // These three lock what a worker has no right to change, so a function does it.
  await sql`select hold_setup_owners(${[...batch.courses]}::bigint[])`.execute(tx);
  await sql`
    select s.id from section s
    where s.course_id in (select i.course_id from push_item i where ${pending(batch)}
      and ${RESTS_ON_STUDENT_WORK})
    order by s.id for update`.execute(tx);
  await sql`
    select hold_assignments(array(select distinct i.course_id from push_item i
      where ${pending(batch)} and i.op = 'delete' and (i.data_type = 'grading_tasks_standards'
        or i.data_type = 'categories' and i.level = 'course')))`.execute(tx);
  const composites = sql`select i.row_id from push_item i where ${pending(batch)}
    and i.data_type in ('composite_grades', 'composite_weights') and i.op in ('update', 'delete', 'link')`;
  await sql`select hold_composites(array(${composites}))`.execute(tx);
  await sql`
    select x.composite_id from composite_child x where x.composite_id in (${composites})
    order by x.composite_id, x.child_gradable_id, x.child_term_seq for update`.execute(tx);
  for (const [type, table] of ROW_TABLES) {
    await sql`
      select r.id from ${sql.table(table)} r
      where r.id in (select i.row_id from push_item i where ${pending(batch)}
        and i.data_type = ${sql.lit(type)} and i.op in ('update', 'delete', 'link'))
      order by r.id for update`.execute(tx);
  }
  await lockRowsAbove(tx, batch);
}

/** What sections take from the rows of their course, written or not (E02). */
async function lockRowsAbove(tx: Tx, batch: BatchScope): Promise<void> {
  for (const [type, table] of SECTION_TYPES) {
    const rows = sql`select r.id from ${sql.table(table)} r where r.scope_id in (
      select i.upstream_scope_id from push_item i where ${takesFromCourse(batch, type)})`;
    if (table !== 'composite') {
      await sql`${rows} order by r.id for share`.execute(tx);
      continue;
    }
    await sql`select hold_composites(array(${rows}))`.execute(tx);
    await sql`
      select x.composite_id from composite_child x where x.composite_id in (${rows})
      order by x.composite_id, x.child_gradable_id, x.child_term_seq for share`.execute(tx);
  }
}

/** Deletions, takeovers of local rows (R08), and updates of tasks, which stored grades limit (P10). */
const RESTS_ON_STUDENT_WORK: RawBuilder<boolean> = sql`(i.op = 'delete' or i.rule = 'O4'
  or i.op = 'update' and i.data_type = 'grading_tasks_standards')`;
