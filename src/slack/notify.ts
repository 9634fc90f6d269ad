import { setTimeout as pause } from 'node:timers/promises';

import { type Notice, type NoticeBox } from '../domain/ports.ts';
import { createPostOffice, type NotifierSettings } from './delivery/post-office.ts';
import { type Desk, heed, settle, waitForInstallation } from './delivery/settle.ts';
import { troubleOf } from './delivery/trouble.ts';

const POLL_MS = 500;
/** Notices sent at the same time; an upload must not keep the others waiting. */
const AT_ONCE = 4;

/** Sends the notices of runs, each once in effect (reliability.md section 4). */
export interface Notifier {
  start(): void;
  /** Claims no more and waits for those being sent. */
  stop(): Promise<void>;
}

/** The sender: claims due notices, sends them, and books what came of each. */
export function createNotifier(settings: NotifierSettings): Notifier {
  const { notices, logger } = settings;
  const post = createPostOffice(settings);
  const desk: Desk = { post, notices, logger };
  const stopping = new AbortController();
  const underWay = new Map<number, Promise<void>>();
  let looping: Promise<void> | undefined;

  /** Does one thing about a claimed notice; when even booking fails, its claim runs out. */
  const attempt = (notice: Notice, work: () => Promise<void>): void => {
    const sending = work()
      .catch((error: unknown) => {
        logger.error({ err: error, notice: notice.key }, 'booking a notice');
      })
      .finally(() => underWay.delete(notice.id));
    underWay.set(notice.id, sending);
  };

  const send = async (notice: Notice): Promise<void> => {
    const delivery = await post.deliveryOf(notice);
    if (delivery === undefined) await waitForInstallation(desk, notice);
    else
      await delivery
        .deliver(notice)
        .catch((error: unknown) => settle(desk, delivery, { notice, error }));
  };

  const sweep = async (notice: Notice): Promise<void> => {
    const delivery = await post.deliveryOf(notice);
    await delivery?.sweep(notice).catch((error: unknown) => {
      // Its claim runs out, and Slack is searched then.
      heed(delivery, troubleOf(error));
      logger.warn({ err: error, notice: notice.key }, 'looking for doubles of a message');
    });
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const free = post.isHeld() ? 0 : AT_ONCE - underWay.size;
      const due = free > 0 ? await claim((limit) => notices.claim(limit), free) : [];
      const left = free - due.length;
      const doubtful = left > 0 ? await claim((limit) => notices.claimDoubtful(limit), left) : [];
      // Where a claim ran out while we were still sending, the first attempt goes on.
      const fresh = (one: Notice): boolean => !underWay.has(one.id);
      for (const notice of due.filter(fresh)) attempt(notice, () => send(notice));
      for (const notice of doubtful.filter(fresh)) attempt(notice, () => sweep(notice));
      if (due.length + doubtful.length === 0) await rest(stopping.signal);
    }
  };

  const claim = (take: NoticeBox['claim'], limit: number): Promise<readonly Notice[]> =>
    take(limit).catch((error: unknown) => {
      logger.error({ err: error }, 'claiming notices');
      return [];
    });

  return {
    start: () => {
      looping ??= loop();
    },
    stop: async () => {
      stopping.abort();
      await looping;
      await Promise.all(underWay.values());
    },
  };
}

async function rest(signal: AbortSignal): Promise<void> {
  await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
}
