import { type Kysely, sql } from 'kysely';

/** The last audit line of a run is shown in its messages. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index audit_event_run on audit_event (run_id, id)`.execute(db);
}
