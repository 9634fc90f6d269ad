import { setTimeout as pause } from 'node:timers/promises';

import { type WebClient } from '@slack/web-api';

import { type Notice, type NoticeBox } from '../domain/ports.ts';
import { createDelivery, type Delivery } from './delivery/deliver.ts';
import { UploadFailed } from './delivery/files.ts';
import { type DeliverySettings } from './delivery/sending.ts';
import { codeOf, type Trouble, troubleOf } from './delivery/trouble.ts';
import { type Workspaces } from './workspaces.ts';

const POLL_MS = 500;
/** Notices sent at the same time; an upload must not keep the others waiting. */
const AT_ONCE = 4;
/** Clean refusals before a notice is given up; lost connections are tried for ever. */
const MOST_REFUSALS = 8;
const LONGEST_DELAY_MS = 60_000;

/** Sends the notices of runs, each once in effect (reliability.md section 4). */
export interface Notifier {
  start(): void;
  /** Claims no more and waits for those being sent. */
  stop(): Promise<void>;
}

export type NotifierSettings = Omit<DeliverySettings, 'client' | 'approversChannel'> & {
  readonly workspaces: Workspaces;
  /** Where requests for approval are posted, beside directly to each approver. */
  readonly approversChannel?: ApproversChannel | undefined;
};

/** A channel, and its workspace where there are several. */
export interface ApproversChannel {
  readonly teamId?: string | undefined;
  readonly channelId: string;
}

/** The sender: claims due notices, sends them, and books what came of each. */
export function createNotifier(settings: NotifierSettings): Notifier {
  const { notices, logger } = settings;
  const post = createPostOffice(settings);
  const stopping = new AbortController();
  const underWay = new Map<number, Promise<void>>();
  let looping: Promise<void> | undefined;

  const send = async (notice: Notice): Promise<void> => {
    try {
      const delivery = await post.deliveryOf(notice);
      const waitMs = delivery === undefined ? LONGEST_DELAY_MS : delivery.pace.untilFree();
      if (delivery === undefined || waitMs > 0) await postpone(notices, notice, waitMs);
      else
        await delivery
          .deliver(notice)
          .catch((error: unknown) => settle(settings, delivery, { notice, error }));
    } catch (error) {
      // The lease of the claim runs out, and the notice is tried again.
      logger.error({ err: error, notice: notice.key }, 'booking a notice');
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const free = post.isHeld() ? 0 : AT_ONCE - underWay.size;
      const claimed = free > 0 ? await claim(free) : [];
      for (const notice of claimed) {
        // The claim ran out while we were still sending: the first attempt goes on.
        if (underWay.has(notice.id)) continue;
        const sending = send(notice).finally(() => underWay.delete(notice.id));
        underWay.set(notice.id, sending);
      }
      if (claimed.length === 0) await rest();
    }
  };

  const claim = (limit: number): Promise<readonly Notice[]> =>
    notices.claim(limit).catch((error: unknown) => {
      logger.error({ err: error }, 'claiming notices');
      return [];
    });

  const rest = async (): Promise<void> => {
    await pause(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
  };

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

/** A delivery for each workspace: its own client, and its own pace, as Slack counts by workspace. */
function createPostOffice({ workspaces, approversChannel, ...settings }: NotifierSettings): {
  /** Undefined while the app is not installed in the notice's workspace. */
  deliveryOf(notice: Notice): Promise<Delivery | undefined>;
  /** Whether every workspace said to wait. */
  isHeld(): boolean;
} {
  const deliveries = new Map<string, { readonly client: WebClient; readonly delivery: Delivery }>();
  const teamOf = ({ kind, about, teamId }: Notice): string =>
    kind === 'approval' && about.slackUserId === undefined
      ? (approversChannel?.teamId ?? teamId)
      : teamId;
  return {
    deliveryOf: async (notice) => {
      const teamId = teamOf(notice);
      const client = await workspaces.client(teamId);
      if (client === undefined) {
        settings.logger.warn({ teamId, notice: notice.key }, 'the app is not installed there');
        return undefined;
      }
      const known = deliveries.get(teamId);
      if (known?.client === client) return known.delivery;
      const { channelId } = approversChannel ?? {};
      const delivery = createDelivery({ ...settings, client, approversChannel: channelId });
      deliveries.set(teamId, { client, delivery });
      return delivery;
    },
    isHeld: () =>
      deliveries.size > 0 &&
      [...deliveries.values()].every(({ delivery }) => delivery.pace.untilFree() > 0),
  };
}

/** Tries again later, without having tried now. */
function postpone(notices: NoticeBox, notice: Notice, delayMs: number): Promise<void> {
  const { id, outcomeUnknown: unknown } = notice;
  return notices.retry(id, { delayMs, error: 'waiting for Slack', unknown });
}

/** Books a notice that could not be sent. */
async function settle(
  { notices, logger }: Pick<NotifierSettings, 'notices' | 'logger'>,
  delivery: Delivery,
  { notice, error }: { readonly notice: Notice; readonly error: unknown },
): Promise<void> {
  const trouble = error instanceof UploadFailed ? { kind: 'refused' as const } : troubleOf(error);
  logger.warn(
    { err: error, notice: notice.key, attempt: notice.attempt, trouble: trouble?.kind },
    'a notice was not sent',
  );
  if (trouble?.kind === 'rate_limited') delivery.pace.hold(trouble.waitMs);
  if (isHopeless(notice, trouble)) {
    await delivery.giveUp(notice, codeOf(error));
    return;
  }
  // When our own database failed, the message may be posted but not booked. An edit may always be repeated.
  const mayBeThere = trouble === undefined || trouble.kind === 'unknown';
  await notices.retry(notice.id, {
    delayMs: delayOf(notice, trouble),
    error: codeOf(error),
    unknown: mayBeThere && notice.kind !== 'progress',
  });
}

function isHopeless(notice: Notice, trouble: Trouble | undefined): boolean {
  if (trouble === undefined || trouble.kind === 'rate_limited' || trouble.kind === 'unknown') {
    return false;
  }
  return trouble.kind === 'refused' ? notice.attempt >= MOST_REFUSALS : true;
}

function delayOf(notice: Notice, trouble: Trouble | undefined): number {
  if (trouble?.kind === 'rate_limited') return trouble.waitMs;
  return Math.min(LONGEST_DELAY_MS, 1000 * 2 ** Math.min(notice.attempt, 6));
}
