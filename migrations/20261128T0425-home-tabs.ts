import { type Kysely, sql } from 'kysely';

/** The Home tabs that the bot keeps up to date, so that a restart forgets none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table slack_home_tab (
      slack_team_id text not null,
      slack_user_id text not null,
      opened_at timestamptz not null,
      shown text not null,
      primary key (slack_team_id, slack_user_id)
    )`.execute(db);
}
