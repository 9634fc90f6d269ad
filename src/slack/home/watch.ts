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
  shown: string;
}

/** Watches the tabs of one process; whoever opens theirs is watched again after a restart. */
export function homeWatch(context: SlackContext): HomeWatch {
  const tabs = new Map<string, Tab>();

  const publish = async (client: InteractiveClient, tab: Tab, mark: string): Promise<void> => {
    tab.mark = mark;
    tab.refreshedMs = context.now().getTime();
    const view = await loadHome(context, client, tab.who);
    const shown = JSON.stringify(view);
    if (tab.shown === shown) return;
    await client.views.publish({ user_id: tab.who.userId, view });
    tab.shown = shown;
  };

  const refreshTab = async (clientOf: ClientOf, tab: Tab, mark: string): Promise<void> => {
    const client = await clientOf(tab.who.teamId);
    if (client === undefined) tabs.delete(keyOf(tab.who));
    else await publish(client, tab, mark);
  };

  return {
    open: async (client, who) => {
      const openedMs = context.now().getTime();
      const tab: Tab = { who, openedMs, mark: '', refreshedMs: openedMs, shown: '' };
      // The map keeps the order of insertion: whoever opened theirs last comes last.
      tabs.delete(keyOf(who));
      tabs.set(keyOf(who), tab);
      const [oldest] = tabs.keys();
      if (tabs.size > MOST_WATCHED && oldest !== undefined) tabs.delete(oldest);
      await publish(client, tab, await context.queue.mark());
    },
    refresh: async (clientOf) => {
      const since = context.now().getTime() - WATCHED_MS;
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

function keyOf({ teamId, userId }: Who): string {
  return `${teamId}:${userId}`;
}
