import { type Kysely, sql } from 'kysely';

/**
 * An undo is planned like a push, item by item: each names the item that it takes back (G23). What is
 * pushed keeps in `row_before` what the payloads do not say of the row, its links included.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table push_item add undoes_item_id bigint`.execute(db);
  await sql`
    alter table push_plan_course
      drop constraint push_plan_course_verdict_check,
      add constraint push_plan_course_verdict_check check (verdict in
        ('push', 'ignored', 'mirror', 'link_lost', 'other_catalog', 'sections_only', 'undo'))`.execute(
    db,
  );
  await sql`create unique index push_run_undone on push_run (undoes_run_id)
    where state not in ('failed', 'canceled', 'rejected', 'expired')`.execute(db);
  // A row that comes back has the id that it had; another one takes the next.
  await sql`
    grant usage on sequence task_alignment_id_seq, calc_option_id_seq, assessment_alignment_id_seq
      to push_worker`.execute(db);
}
