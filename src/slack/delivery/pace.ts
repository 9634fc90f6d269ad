import { setTimeout as pause } from 'node:timers/promises';

import { HeldBack } from './trouble.ts';

/** Slack's own limit for edits is about 50 a minute for the workspace (F28, F29). */
const UPDATES_PER_MINUTE = 40;
const MINUTE_MS = 60_000;
const BETWEEN_UPDATES_OF_A_RUN_MS = 3000;
/** Slack takes about one message a second per conversation (F28). */
const BETWEEN_POSTS_MS = 1000;

/** Keeps the sender inside Slack's rates, so that a 429 stays an exception. Times in ms. */
export interface Pace {
  /** How long an edit of this run has to wait; 0 takes its turn. */
  untilUpdate(runId: number): number;
  /** An edit of this run is made without waiting, because it shows the end: later ones wait for it. */
  countUpdate(runId: number): void;
  /** Does the work when the conversation's turn has come: one at a time, 1 s apart (V31). */
  inTurn<Result>(channelId: string, work: () => Promise<Result>): Promise<Result>;
  /** How long calls have to wait since Slack said so; 0 when they need not. */
  untilFree(): number;
  /** @throws HeldBack while calls have to wait */
  mustBeFree(): void;
  /** Slack said to wait. */
  hold(ms: number): void;
}

/** @param nowMs the clock */
export function createPace(nowMs: () => number): Pace {
  let updates: number[] = [];
  const lastUpdate = new Map<number, number>();
  const turns = new Map<string, Promise<unknown>>();
  let heldUntil = 0;
  const count = (runId: number, now: number): void => {
    updates.push(now);
    lastUpdate.set(runId, now);
  };
  const untilFree = (): number => Math.max(0, heldUntil - nowMs());
  return {
    untilUpdate: (runId) => {
      const now = nowMs();
      updates = updates.filter((at) => at > now - MINUTE_MS);
      for (const [id, at] of lastUpdate) {
        if (at < now - MINUTE_MS) lastUpdate.delete(id);
      }
      const own = (lastUpdate.get(runId) ?? -Infinity) + BETWEEN_UPDATES_OF_A_RUN_MS;
      const [oldest = now] = updates;
      const shared = updates.length < UPDATES_PER_MINUTE ? now : oldest + MINUTE_MS;
      const wait = Math.max(own, shared) - now;
      if (wait > 0) return wait;
      count(runId, now);
      return 0;
    },
    countUpdate: (runId) => {
      count(runId, nowMs());
    },
    inTurn: async (channelId, work) => {
      const before = turns.get(channelId) ?? Promise.resolve();
      const result = before.then(work);
      const turn = result
        .then(
          () => undefined,
          () => undefined,
        )
        .then(() => pause(BETWEEN_POSTS_MS, undefined, { ref: false }));
      turns.set(channelId, turn);
      void turn.then(() => {
        if (turns.get(channelId) === turn) turns.delete(channelId);
      });
      return result;
    },
    untilFree,
    mustBeFree: () => {
      const waitMs = untilFree();
      if (waitMs > 0) throw new HeldBack(waitMs);
    },
    hold: (ms) => {
      heldUntil = Math.max(heldUntil, nowMs() + ms);
    },
  };
}
