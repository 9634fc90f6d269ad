import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type PeopleAdmin } from '../../domain/people-admin.ts';
import { type SlackState } from '../../domain/standing.ts';
import { codeOf } from '../delivery/trouble.ts';

/** The flags of Slack's user object that matter here. */
export interface AccountFlags {
  readonly deleted?: boolean | undefined;
  readonly is_bot?: boolean | undefined;
  readonly is_restricted?: boolean | undefined;
  readonly is_ultra_restricted?: boolean | undefined;
  readonly is_stranger?: boolean | undefined;
}

/** What Slack's user object says: guests, bots and strangers of a shared channel are no members (T04). */
export function stateOf(user: AccountFlags): SlackState {
  if (user.deleted === true) return 'deactivated';
  const flags = [user.is_bot, user.is_restricted, user.is_ultra_restricted, user.is_stranger];
  return flags.includes(true) ? 'guest' : 'member';
}

/**
 * Asks Slack about people and notes its answers; without an answer the last known one stays.
 * @param userIds whom; left out, those of whom Slack was not asked for the longest
 */
export async function checkPeople(settings: {
  readonly client: WebClient;
  readonly people: PeopleAdmin;
  readonly teamId: string;
  readonly logger: Logger;
  readonly userIds?: readonly string[];
}): Promise<void> {
  const { client, people, teamId, logger } = settings;
  for (const userId of settings.userIds ?? (await people.unchecked(teamId))) {
    try {
      const { user } = await client.users.info({ user: userId });
      if (user === undefined) continue;
      const states = [{ slackUserId: userId, state: stateOf(user) }];
      await people.noteSlackStates({ slackTeamId: teamId, states });
    } catch (error) {
      logger.warn({ code: codeOf(error), userId }, 'Slack did not say who this is');
    }
  }
}
