import { type Kysely, sql } from 'kysely';

/**
 * What else the engine does besides a push of a catalog: relinking and resetting chosen courses
 * (S12, S13), pushing courses to their sections without the masters (E09), and undoing a run (G23).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table push_run
      add kind text not null default 'push'
        check (kind in ('push', 'push_all_courses', 'relink', 'reset', 'undo')),
      add course_ids bigint[] check (cardinality(course_ids) > 0),
      add undoes_run_id bigint references push_run,
      add check ((kind in ('relink', 'reset')) = (course_ids is not null)),
      add check ((kind = 'undo') = (undoes_run_id is not null)),
      add check (kind <> 'reset' or mode = 'overwrite' and cardinality(data_types) = 1)`.execute(
    db,
  );
  await sql`
    alter table push_plan_course
      drop constraint push_plan_course_verdict_check,
      add constraint push_plan_course_verdict_check check (verdict in
        ('push', 'ignored', 'mirror', 'link_lost', 'other_catalog', 'sections_only'))`.execute(db);
  // The row as it was, where the payload does not say all of it.
  await sql`alter table push_item add row_before jsonb`.execute(db);
}
