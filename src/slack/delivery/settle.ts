import { type Logger } from 'pino';

import { type DeliveryTrouble } from '../../domain/delivery.ts';
import { type Notice, type NoticeBox } from '../../domain/ports.ts';
import { type Delivery } from './deliver.ts';
import { type PostOffice } from './post-office.ts';
import { codeOf, type Trouble, troubleOf } from './trouble.ts';

/** Clean refusals before a notice is given up. */
const MOST_REFUSALS = 8;
const LONGEST_DELAY_MS = 60_000;

/** Books a notice that could not be sent. */
export async function settle(
  desk: Desk,
  delivery: Delivery,
  { notice, error }: Failed,
): Promise<void> {
  const trouble = troubleOf(error);
  desk.logger.warn(
    { err: error, notice: notice.key, attempt: notice.attempt, trouble: trouble?.kind },
    'a notice was not sent',
  );
  if (trouble === undefined || !isHopeless(notice, trouble)) {
    await again(desk, delivery, { notice, error });
    return;
  }
  const teller = (await desk.post.deliveryToRequester(notice)) ?? delivery;
  await teller
    .giveUp(notice, { reason: codeOf(error), trouble: trouble.kind })
    .catch((later: unknown) => again(desk, teller, { notice, error: later }));
}

export interface Desk {
  readonly post: PostOffice;
  readonly notices: NoticeBox;
  readonly logger: Logger;
}

interface Failed {
  readonly notice: Notice;
  readonly error: unknown;
}

async function again(
  { notices }: Desk,
  delivery: Delivery,
  { notice, error }: Failed,
): Promise<void> {
  const trouble = troubleOf(error);
  heed(delivery, trouble);
  // When our own database failed, the message may be posted but not booked. An edit may always be repeated.
  const isEdit = notice.kind === 'progress' || notice.posted !== null;
  await notices.retry(notice.id, {
    delayMs: delayOf(notice, trouble),
    error: codeOf(error),
    unknown: (trouble?.mayBeDone ?? true) && !isEdit,
    trouble: trouble?.kind ?? null,
  });
}

/** Makes no more calls until Slack's wait is over. */
export function heed({ pace }: Delivery, trouble: Trouble | undefined): void {
  if (trouble !== undefined && trouble.waitMs > 0) pace.hold(trouble.waitMs);
}

/** How long a trouble is worth trying: until it is over, a few times, or not at all. */
const PATIENCE: Readonly<Record<DeliveryTrouble, 'for ever' | 'some' | 'none'>> = {
  rate_limited: 'for ever',
  no_answer: 'for ever',
  access_lost: 'for ever',
  upload_refused: 'some',
  refused: 'some',
  not_in_channel: 'none',
  archived: 'none',
  no_such_channel: 'none',
  may_not_post: 'none',
  gone: 'none',
  blocks_refused: 'none',
};

function isHopeless(notice: Notice, { kind }: Trouble): boolean {
  return (
    PATIENCE[kind] === 'none' || (PATIENCE[kind] === 'some' && notice.attempt >= MOST_REFUSALS)
  );
}

function delayOf(notice: Notice, trouble: Trouble | undefined): number {
  if (trouble?.kind === 'rate_limited') return trouble.waitMs;
  if (trouble?.kind === 'access_lost') return LONGEST_DELAY_MS;
  return Math.min(LONGEST_DELAY_MS, 1000 * 2 ** Math.min(notice.attempt, 6));
}

/** Waits until the app is installed in the workspace of a notice. */
export function waitForInstallation({ notices }: Desk, notice: Notice): Promise<void> {
  return notices.retry(notice.id, {
    ...{ delayMs: LONGEST_DELAY_MS, error: 'the app is not installed there' },
    ...{ unknown: false, trouble: 'access_lost' as const },
  });
}
