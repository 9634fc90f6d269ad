import { type Kysely, sql } from 'kysely';

/** Members who are in a group because a Slack user group says so, and leave it when it no longer does. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table user_group_member add via_subteam boolean not null default false`.execute(
    db,
  );
}
