import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type PeopleAdmin } from '../../domain/people-admin.ts';
import { codeOf } from '../delivery/trouble.ts';
import { stateOf } from './states.ts';

/** Slack's user groups by name; none when Slack does not say, e.g. without the scope. */
export async function slackUserGroups(
  client: WebClient,
  logger: Logger,
): Promise<{ readonly id: string; readonly name: string }[]> {
  try {
    const { usergroups = [] } = await client.usergroups.list({ include_disabled: false });
    return usergroups
      .map(({ id = '', name = '', handle = '' }) => ({ id, name: `${name} (@${handle})` }))
      .filter(({ id }) => id !== '');
  } catch (error) {
    logger.warn({ code: codeOf(error) }, 'Slack did not list its user groups');
    return [];
  }
}

/** Brings the groups that Slack fills up to date with Slack. What Slack does not tell stays as it is. */
export async function syncSubteams(settings: {
  readonly client: WebClient;
  readonly people: PeopleAdmin;
  readonly teamId: string;
  readonly logger: Logger;
}): Promise<void> {
  const { client, people, teamId, logger } = settings;
  for (const { groupId, slackSubteamId } of await people.subteams()) {
    try {
      const { users = [] } = await client.usergroups.users.list({ usergroup: slackSubteamId });
      const members = await Promise.all(users.map((userId) => memberOf(client, userId)));
      const present = members.filter((member) => member !== undefined);
      await people.syncSubteam({ groupId, slackTeamId: teamId, members: present });
    } catch (error) {
      logger.warn({ code: codeOf(error), slackSubteamId }, 'a Slack user group was not read');
    }
  }
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
