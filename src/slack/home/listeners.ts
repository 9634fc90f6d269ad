import { type App, type BlockAction } from '@slack/bolt';
import { type HomeView } from '@slack/types';

import { type Person } from '../../domain/ports.ts';
import { type QueueRow } from '../../domain/queue-list.ts';
import { holds } from '../../domain/rights.ts';
import { type InteractiveClient, type SlackContext, type Who } from '../context.ts';
import { codeOf } from '../delivery/trouble.ts';
import { admit } from '../listeners/entry.ts';
import { openForm, type Opening } from '../listeners/open-form.ts';
import { openPeople } from '../people/listeners.ts';
import { waitingSentence } from '../queue/open-approvals.ts';
import { openQueue, openRun } from '../queue/open.ts';
import { subscriptionLine } from '../subscriptions/view.ts';
import { count } from '../wording.ts';
import { closedHome, HOME, type HomeRun, homeView, SHOW_RUN } from './view.ts';

/** The Home tab: published when it is opened, refreshed by its button and while it is open. */
export function registerHome(app: App, context: SlackContext, watch: HomeWatch): void {
  app.event('app_home_opened', async ({ event, body, client }) => {
    if (event.tab !== 'home') return;
    await watch.open(client, { teamId: body.team_id, userId: event.user });
  });
  const buttons: readonly [
    string | RegExp,
    (opening: Opening, body: BlockAction) => Promise<void>,
  ][] = [
    [HOME.push, (opening) => openForm(context, opening)],
    [HOME.queue, (opening) => openQueue(context, opening, false)],
    [HOME.people, (opening) => openPeople(context, opening)],
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

/** Keeps the Home tabs up to date of people who opened theirs lately. */
export interface HomeWatch {
  open(client: InteractiveClient, who: Who): Promise<void>;
  /** Publishes the tabs that would look different now. */
  refresh(clientOf: (teamId: string) => Promise<InteractiveClient | undefined>): Promise<void>;
}

const WATCHED_MS = 900_000;
const MOST_WATCHED = 200;

export function homeWatch(context: SlackContext): HomeWatch {
  const watched = new Map<string, { readonly who: Who; openedMs: number; shown: string }>();

  const publish = async (client: InteractiveClient, who: Who): Promise<void> => {
    const view = await homeOf(context, client, who);
    const shown = JSON.stringify(view);
    const earlier = watched.get(who.userId);
    if (earlier?.shown === shown) return;
    await client.views.publish({ user_id: who.userId, view });
    if (earlier !== undefined) earlier.shown = shown;
  };

  return {
    open: async (client, who) => {
      if (watched.size >= MOST_WATCHED) watched.clear();
      watched.set(who.userId, { who, openedMs: context.now().getTime(), shown: '' });
      await publish(client, who);
    },
    refresh: async (clientOf) => {
      const since = context.now().getTime() - WATCHED_MS;
      for (const [userId, { who, openedMs }] of watched) {
        if (openedMs < since) watched.delete(userId);
        else
          await clientOf(who.teamId)
            .then((client) => (client === undefined ? undefined : publish(client, who)))
            .catch((error: unknown) => {
              context.logger.warn({ code: codeOf(error), userId }, 'a Home tab was not refreshed');
            });
      }
    },
  };
}

async function homeOf(
  context: SlackContext,
  client: InteractiveClient,
  who: Who,
): Promise<HomeView> {
  const entry = await admit(context, client, who);
  if (entry.kind === 'refused') return closedHome(entry.answer);
  const { person, zone } = entry;
  const [page, workers, subscriptions, toApprove] = await Promise.all([
    context.queue.list({ person, mine: true, from: null, to: null, size: 50, skip: 0 }),
    context.services.workers(),
    context.subscriptions.list({ person, channelId: null }),
    context.queue.toApprove(person),
  ]);
  return homeView({
    name: person.name,
    zone,
    runs: byRun(page.rows),
    toApprove: toApprove.map((waiting) => ({
      runId: waiting.runId,
      text: waitingSentence(waiting, zone),
    })),
    workers,
    mayManagePeople: holds(person.rights, 'user_security', 'read'),
    rights: rightsSentence(person),
    subscriptions: subscriptions.map(subscriptionLine),
  });
}

function byRun(rows: readonly QueueRow[]): HomeRun[] {
  const runs = new Map<number, QueueRow[]>();
  for (const row of rows) runs.set(row.runId, [...(runs.get(row.runId) ?? []), row]);
  return [...runs].map(([runId, of]) => ({ runId, rows: of }));
}

/** "You may push and approve overwrites on 8 calendars." */
function rightsSentence({ rights }: Person): string {
  const may = [
    ...(holds(rights, 'push_all_course_masters', 'write') ? ['push'] : ['look at pushes']),
    ...(holds(rights, 'push_all_course_masters.overwrite', 'write') ? ['ask to overwrite'] : []),
    ...(holds(rights, 'push_all_course_masters.approve', 'write') ? ['approve overwrites'] : []),
  ];
  const on = count(rights.modifiableCalendars.size, 'calendar');
  return `You may ${may.join(', ')}; you may modify ${on}.`;
}
