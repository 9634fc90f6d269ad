import { type Kysely, sql } from 'kysely';

/** Which worker holds a run: its silence ends the claim before a long planning lease does. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table push_run add claimed_by text`.execute(db);
}
