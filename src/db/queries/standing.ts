import { sql } from 'kysely';
import { type SlackState, type Standing } from '../../domain/standing.ts';
import { type Db } from '../database.ts';

/** Whether a person counts, by our word and by Slack's last. */
export async function readStanding(db: Db, id: number): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`
    select display_name as name, active, slack_state as "slackState"
    from app_user where id = ${id}`.execute(db);
  return rows[0];
}

/** What Slack last said of a mapped user; `unknown` for everybody else. */
export async function readSlackState(
  db: Db,
  slack: { teamId: string; userId: string },
): Promise<SlackState> {
  const { rows } = await sql<{ state: SlackState }>`
    select slack_state as state from app_user
    where slack_team_id = ${slack.teamId} and slack_user_id = ${slack.userId}`.execute(db);
  return rows[0]?.state ?? 'unknown';
}

/** Active people of a workspace of whom Slack was not asked for the longest; those never asked of first. */
export async function readUnchecked(
  db: Db,
  query: { slackTeamId: string; olderThanSeconds: number; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ userId: string }>`
    select slack_user_id as "userId" from app_user
    where active and slack_team_id = ${query.slackTeamId}
      and (slack_checked_at is null
        or slack_checked_at < now() - make_interval(secs => ${query.olderThanSeconds}))
    order by slack_checked_at nulls first, id limit ${query.limit}`.execute(db);
  return rows.map(({ userId }) => userId);
}

/** A person of whom Slack now says something else. */
export interface ChangedState {
  readonly id: number;
  readonly before: SlackState;
  readonly after: SlackState;
}

/** Notes what Slack said just now; users who are not mapped are left out. @returns who changed */
export async function writeSlackStates(
  tx: Db,
  said: { slackTeamId: string; states: readonly { slackUserId: string; state: SlackState }[] },
): Promise<ChangedState[]> {
  const users = said.states.map(({ slackUserId }) => slackUserId);
  const states = said.states.map(({ state }) => state);
  const { rows } = await sql<ChangedState>`
    with known as (
      select u.id, u.slack_state as before, s.state as after
      from app_user u
      join unnest(${users}::text[], ${states}::text[]) as s (slack_user_id, state) using (slack_user_id)
      where u.slack_team_id = ${said.slackTeamId}
      order by u.id for update of u
    ), noted as (
      update app_user u set slack_state = k.after, slack_checked_at = now()
      from known k where u.id = k.id
    )
    select id, before, after from known where before <> after`.execute(tx);
  return rows;
}
