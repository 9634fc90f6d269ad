import { type Kysely, sql } from 'kysely';

/**
 * The workspaces that installed the app, when it serves several. `sealed` holds the tokens, encrypted by
 * the bot with a key that the database never sees. Only the bot reads this table: `push_worker` has no
 * right to it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table slack_installation (
      team_id text primary key check (team_id ~ '^T'),
      team_name text not null,
      scopes text[] not null,
      sealed bytea not null,
      installed_by text not null,
      installed_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`.execute(db);
}
