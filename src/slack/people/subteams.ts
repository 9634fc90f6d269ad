import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type PeopleAdmin } from '../../domain/people-admin.ts';
import { codeOf } from '../delivery/trouble.ts';
import { stateOf } from './states.ts';

export interface SlackUserGroup {
  readonly id: string;
  readonly name: string;
  readonly isDisabled: boolean;
}

/** Slack's user groups, disabled ones too; undefined when Slack does not say, e.g. without the scope. */
export async function slackUserGroups(
  client: WebClient,
  logger: Logger,
): Promise<SlackUserGroup[] | undefined> {
  try {
    const { usergroups = [] } = await client.usergroups.list({ include_disabled: true });
    return usergroups
      .map(({ id = '', name = '', handle = '', date_delete: deletedAt = 0 }) => ({
        ...{ id, name: `${name} (@${handle})` },
        isDisabled: deletedAt > 0,
      }))
      .filter(({ id }) => id !== '');
  } catch (error) {
    logger.warn({ code: codeOf(error) }, 'Slack did not list its user groups');
    return undefined;
  }
}

/**
 * Brings the groups that Slack fills up to date with Slack: a user group that was disabled fills
 * none. What Slack does not tell stays as it is.
 */
export async function syncSubteams(settings: {
  readonly client: WebClient;
  readonly people: PeopleAdmin;
  readonly teamId: string;
  readonly logger: Logger;
}): Promise<void> {
  const { client, people, teamId, logger } = settings;
  const mapped = await people.subteams();
  const known = mapped.length === 0 ? undefined : await slackUserGroups(client, logger);
  if (known === undefined) return;
  const filling = new Set(known.filter(({ isDisabled }) => !isDisabled).map(({ id }) => id));
  for (const { groupId, slackSubteamId } of mapped) {
    try {
      const members = filling.has(slackSubteamId) ? await membersOf(client, slackSubteamId) : [];
      await people.syncSubteam({ groupId, slackTeamId: teamId, members });
    } catch (error) {
      logger.warn({ code: codeOf(error), slackSubteamId }, 'a Slack user group was not read');
    }
  }
}

async function membersOf(
  client: WebClient,
  subteamId: string,
): Promise<{ slackUserId: string; name: string }[]> {
  const { users = [] } = await client.usergroups.users.list({ usergroup: subteamId });
  const members = await Promise.all(users.map((userId) => memberOf(client, userId)));
  return members.filter((member) => member !== undefined);
}

/** Guests, bots and deactivated accounts are nobody here (T04). */
async function memberOf(
  client: WebClient,
  userId: string,
): Promise<{ slackUserId: string; name: string } | undefined> {
  const { user } = await client.users.info({ user: userId });
  if (user === undefined || stateOf(user) !== 'member') return undefined;
  return { slackUserId: userId, name: user.real_name ?? user.name ?? userId };
}
