import { createHash } from 'node:crypto';

import { type InteractiveClient, type SlackContext, type Who } from '../context.ts';
import { codeOf } from '../delivery/trouble.ts';
import { loadHome } from './load.ts';

/** The client of a workspace; undefined once it uninstalled the app. */
type ClientOf = (teamId: string) => Promise<InteractiveClient | undefined>;

/** Keeps the Home tabs up to date of people who opened theirs lately. */
export interface HomeWatch {
  /** Publishes a tab at once, and watches it from now on. */
  open(client: InteractiveClient, who: Who): Promise<void>;
  /**
   * Publishes the tabs that look different since something changed, those that waited longest first
   * and a few at a time: Slack takes about 100 a minute of all of them together (F28).
   */
  refresh(clientOf: ClientOf): Promise<void>;
}

const WATCHED_MS = 7 * 86_400_000;
const MOST_WATCHED = 1000;
/** A round comes every 5 s, so that a tab changes at most that often. */
const PER_ROUND = 8;

interface Tab {
  readonly who: Who;
  readonly openedMs: number;
  /** The state of the district that it shows. */
  mark: string;
  refreshedMs: number;
  /** A digest of the view last published. */
  shown: string;
}

/** Watches the tabs that people opened; those opened before a restart are watched on. */
export function homeWatch(context: SlackContext): HomeWatch {
  const tabs = new Map<string, Tab>();
  let isRestored = false;

  const put = (tab: Tab): void => {
    // The map keeps the order of insertion: whoever opened theirs last comes last.
    tabs.delete(keyOf(tab.who));
    tabs.set(keyOf(tab.who), tab);
  };

  const restore = async (since: Date): Promise<void> => {
    if (isRestored) return;
    const kept = await keptTabs(context, since);
    isRestored = true;
    for (const tab of [...kept, ...tabs.values()]) put(tab);
  };

  const publish = async (client: InteractiveClient, tab: Tab, mark: string): Promise<void> => {
    tab.mark = mark;
    tab.refreshedMs = context.now().getTime();
    const view = await loadHome(context, client, tab.who);
    const shown = createHash('sha256').update(JSON.stringify(view)).digest('hex');
    if (tab.shown === shown) return;
    await client.views.publish({ user_id: tab.who.userId, view });
    tab.shown = shown;
    await context.homeTabs.save({ ...tab.who, openedAt: new Date(tab.openedMs), shown });
  };

  const refreshTab = async (clientOf: ClientOf, tab: Tab, mark: string): Promise<void> => {
    const client = await clientOf(tab.who.teamId);
    if (client === undefined) {
      tabs.delete(keyOf(tab.who));
      await context.homeTabs.forget(tab.who);
    } else await publish(client, tab, mark);
  };

  return {
    open: async (client, who) => {
      const openedMs = context.now().getTime();
      const tab: Tab = { who, openedMs, mark: '', refreshedMs: openedMs, shown: '' };
      put(tab);
      const [oldest] = tabs.keys();
      if (tabs.size > MOST_WATCHED && oldest !== undefined) tabs.delete(oldest);
      await publish(client, tab, await context.queue.mark());
    },
    refresh: async (clientOf) => {
      const since = context.now().getTime() - WATCHED_MS;
      await restore(new Date(since));
      for (const [key, { openedMs }] of tabs) if (openedMs < since) tabs.delete(key);
      if (tabs.size === 0) return;
      const mark = await context.queue.mark();
      const due = [...tabs.values()]
        .filter((tab) => tab.mark !== mark)
        .toSorted((a, b) => a.refreshedMs - b.refreshedMs)
        .slice(0, PER_ROUND);
      for (const tab of due) {
        await refreshTab(clientOf, tab, mark).catch((error: unknown) => {
          // Tried again with the next round.
          tab.mark = '';
          context.logger.warn({ code: codeOf(error), ...tab.who }, 'a Home tab was not refreshed');
        });
      }
    },
  };
}

/** The tabs that an earlier process of the bot kept up to date; all are due. */
async function keptTabs({ homeTabs }: SlackContext, since: Date): Promise<Tab[]> {
  const kept = await homeTabs.since(since, MOST_WATCHED);
  return kept.map(({ openedAt, shown, ...who }) => ({
    ...{ who, shown, openedMs: openedAt.getTime() },
    ...{ mark: '', refreshedMs: 0 },
  }));
}

function keyOf({ teamId, userId }: Who): string {
  return `${teamId}:${userId}`;
}
