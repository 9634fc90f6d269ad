import { type App, type BlockAction } from '@slack/bolt';

import { type SlackContext } from '../context.ts';
import { openForm, type Opening } from '../listeners/open-form.ts';
import { openPeople } from '../people/listeners.ts';
import { openQueue, openRun } from '../queue/open.ts';
import { openSubscriptions } from '../subscriptions/listeners.ts';
import { HOME, SHOW_RUN } from './view.ts';
import { type HomeWatch } from './watch.ts';

type React = (opening: Opening, body: BlockAction) => Promise<void>;

/** The Home tab: published when it is opened, and by its button; the others open modals. */
export function registerHome(app: App, context: SlackContext, watch: HomeWatch): void {
  app.event('app_home_opened', async ({ event, body, client }) => {
    if (event.tab !== 'home') return;
    await watch.open(client, { teamId: body.team_id, userId: event.user });
  });
  const buttons: readonly [string | RegExp, React][] = [
    [HOME.push, (opening) => openForm(context, opening)],
    [HOME.queue, (opening) => openQueue(context, opening, false)],
    [HOME.people, (opening) => openPeople(context, opening)],
    [HOME.subscriptions, (opening) => openSubscriptions(context, opening, '')],
    [HOME.refresh, ({ client, who }) => watch.open(client, who)],
    [
      SHOW_RUN,
      (opening, body) => {
        const id = SHOW_RUN.exec(body.actions[0]?.action_id ?? '')?.[1];
        return openRun(context, opening, { kind: 'show', runId: Number(id) });
      },
    ],
  ];
  for (const [actionId, react] of buttons) {
    app.action<BlockAction>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, client }) => {
        await ack();
        const opening: Opening = {
          who: { teamId: body.team?.id ?? '', userId: body.user.id },
          triggerId: body.trigger_id,
          channelId: null,
          words: '',
          client,
        };
        await react(opening, body);
      },
    );
  }
}
