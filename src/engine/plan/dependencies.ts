import { type RawBuilder, sql } from 'kysely';
import { type SetupType } from '../setup-types.ts';
import { applyRules } from './apply-rules.ts';
import { type Tx } from './staging.ts';

/**
 * When tasks failed for a course, what rests on them is left alone for it, with one line per type
 * (S06); its sections do not receive the type either (S07).
 */
export async function skipWhereTasksFailed(tx: Tx, type: SetupType): Promise<void> {
  await sql`
    insert into plan_pair (level, data_type, calendar_id, course_id, scope_id, upstream_scope_id,
      item_key, rule)
    select 'course', ${sql.lit(type)}, t.calendar_id, t.course_id, t.course_scope_id, t.master_scope_id,
      'tasks', 'S06'
    from plan_skipped k join plan_target t on t.course_id = k.course_id
    where k.data_type = 'grading_tasks_standards'`.execute(tx);
  await sql`
    update plan_pair p set outcome = 'UNCHANGED', op = 'none', after = existing, silent = true
    from plan_skipped k
    where k.data_type = 'grading_tasks_standards' and p.course_id = k.course_id
      and p.level = 'course' and p.data_type = ${sql.lit(type)} and p.rule is null`.execute(tx);
  await sql`
    insert into plan_skipped
    select course_id, ${sql.lit(type)} from plan_skipped where data_type = 'grading_tasks_standards'
    on conflict do nothing`.execute(tx);
  await applyRules(tx);
}

/**
 * Items of the master that need a task or standard which the course will not be aligned to, or the
 * master is not, wait for it (M07, M10). `needs` lists the gradables of pair `p`, one per row, as
 * `gradable_id`. `settle` has the last word.
 */
export async function skipUnaligned(
  tx: Tx,
  type: SetupType,
  needs: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    update plan_pair p set rule = 'M07'
    where p.data_type = ${sql.lit(type)} and p.level = 'course' and p.rule is null
      and p.outcome is null and p.desired is not null
      and exists (
        select 1 from (${needs}) n
        where not exists (select 1 from plan_aligned a
            where a.course_id = p.course_id and a.gradable_id = n.gradable_id)
          or not exists (select 1 from task_alignment m
            where m.scope_id = p.upstream_scope_id and m.gradable_id = n.gradable_id))`.execute(tx);
}
