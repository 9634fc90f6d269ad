import { type Kysely, sql } from 'kysely';

/** Sections may swap numbers within one import, so the check waits for the end of the transaction. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table section
      drop constraint section_course_id_number_key,
      add constraint section_course_id_number_key unique (course_id, number) deferrable initially immediate`.execute(
    db,
  );
}
