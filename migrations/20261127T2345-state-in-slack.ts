import { type Kysely, sql } from 'kysely';

/** What Slack last said of a person's account, and when: guests and deactivated accounts may do nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table app_user
      add slack_state text not null default 'unknown'
        check (slack_state in ('member', 'guest', 'deactivated', 'unknown')),
      add slack_checked_at timestamptz`.execute(db);
}
