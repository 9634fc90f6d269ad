import { type Kysely, sql } from 'kysely';

/**
 * What is known about a message whose call got no answer, and about one that did not arrive where it
 * was meant to: when the last unanswered call was, how often Slack was searched since, the trouble that
 * it waits for or was given up for, and the conversation that it could not be posted in.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table slack_outbox
      add thread_ts text,
      add in_doubt_since timestamptz,
      add looks int not null default 0,
      add trouble text,
      add detour text,
      add detour_channel_id text`.execute(db);
  await sql`create index slack_outbox_doubt on slack_outbox (in_doubt_since)
    where in_doubt_since is not null`.execute(db);
  await sql`create index slack_outbox_trouble on slack_outbox (run_id)
    where trouble is not null or detour is not null`.execute(db);
}
