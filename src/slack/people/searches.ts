import { type App } from '@slack/bolt';
import { type PlainTextOption } from '@slack/types';

import { type Person } from '../../domain/ports.ts';
import { type InteractiveClient, type SlackContext } from '../context.ts';
import { choice, namedChoices } from '../form/fields.ts';
import { LIMITS } from '../limits.ts';
import { admitAnybody } from '../listeners/entry.ts';
import { placeOptions } from './group-views.ts';
import { ACTION } from './ids.ts';
import { slackUserGroups } from './subteams.ts';

interface Question {
  readonly context: SlackContext;
  readonly client: InteractiveClient;
  readonly person: Person;
  /** What the person has typed. */
  readonly typed: string;
}

const searchPlaces = async ({ context, person, typed }: Question): Promise<PlainTextOption[]> =>
  placeOptions(await context.people.places({ by: person, search: typed, limit: LIMITS.options }));

const searchGroups = async ({ context, person, typed }: Question): Promise<PlainTextOption[]> => {
  const wanted = typed.toLowerCase();
  const found = (await context.people.groups(person)).filter(({ name }) =>
    name.toLowerCase().includes(wanted),
  );
  return namedChoices(found.slice(0, LIMITS.options));
};

const searchSubteams = async ({
  context,
  client,
  person,
  typed,
}: Question): Promise<PlainTextOption[]> => {
  await context.people.groups(person);
  const wanted = typed.toLowerCase();
  return ((await slackUserGroups(client, context.logger)) ?? [])
    .filter(({ name, isDisabled }) => !isDisabled && name.toLowerCase().includes(wanted))
    .slice(0, LIMITS.options)
    .map(({ id, name }) => choice(id, name));
};

const SEARCHES = [
  [ACTION.modifyPlaces, searchPlaces],
  [ACTION.seePlaces, searchPlaces],
  [ACTION.memberOf, searchGroups],
  [ACTION.subteam, searchSubteams],
] as const;

/** The menus that search: places, groups, Slack user groups. Whoever may not read them finds nothing. */
export function registerSearches(app: App, context: SlackContext): void {
  for (const [field, search] of SEARCHES) {
    app.options<'block_suggestion'>(
      { type: 'block_suggestion', action_id: field },
      async ({ ack, options, client }) => {
        const { team, user, value: typed } = options;
        const who = { teamId: team?.id ?? user.team_id ?? '', userId: user.id };
        const entry = await admitAnybody(context, client, who);
        const found =
          entry.kind === 'refused'
            ? []
            : await search({ context, client, person: entry.person, typed }).catch(
                (error: unknown) => {
                  context.logger.warn({ err: error, field }, 'searching for a menu');
                  return [];
                },
              );
        await ack({ options: found });
      },
    );
  }
}
