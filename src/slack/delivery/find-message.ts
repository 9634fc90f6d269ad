import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type MessagePlace } from '../../domain/ports.ts';
import { codeOf, isConversationLost, troubleOf } from './trouble.ts';

export interface SentMessage {
  readonly ts: string;
  readonly key: string | undefined;
  readonly fileIds: readonly string[];
}

export interface MessageSearch {
  readonly isIt: (message: SentMessage) => boolean;
  /** No message is older than this. */
  readonly since: Date;
  readonly logger: Logger;
}

const PAGE = 200;
/** A conversation with more messages since is not searched to its end. */
const MOST_PAGES = 10;
/** How far our clock may be from Slack's. */
const CLOCKS_APART_SECONDS = 300;

/**
 * Looks for messages that Slack may have taken although an answer was lost, oldest first, so that none
 * is posted twice. Needs a history scope, which is optional: without it a message may rarely appear
 * twice rather than not at all.
 * @returns undefined when Slack does not let us look
 * @throws what the Web API throws when it would let us look at another time
 */
export async function findMessages(
  client: WebClient,
  place: MessagePlace,
  { isIt, since, logger }: MessageSearch,
): Promise<readonly SentMessage[] | undefined> {
  if (!/^[CGD]/.test(place.channelId)) return undefined;
  const oldest = Math.floor(since.getTime() / 1000) - CLOCKS_APART_SECONDS;
  const found: SentMessage[] = [];
  try {
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const read = await readPage(client, place, { oldest: String(oldest), cursor });
      found.push(...read.messages.filter(isIt));
      cursor = read.cursor;
      if (cursor === undefined) break;
    }
  } catch (error) {
    if (!isForGood(error)) throw error;
    // The thread was deleted, and what was in it is not shown any more.
    if (troubleOf(error)?.kind === 'gone') return [];
    const code = codeOf(error);
    logger.warn({ code, ...place }, 'could not look for the message; it may appear twice');
    return undefined;
  }
  return found.toSorted((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** Refusals that concern the history alone; what the app may post, it may post all the same. */
const NO_HISTORY: ReadonlySet<string> = new Set([
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'access_denied',
]);

function isForGood(error: unknown): boolean {
  const kind = troubleOf(error)?.kind;
  return (
    NO_HISTORY.has(codeOf(error)) ||
    kind === 'gone' ||
    kind === 'refused' ||
    isConversationLost(kind)
  );
}

async function readPage(
  client: WebClient,
  { channelId: channel, threadTs }: MessagePlace,
  { oldest, cursor }: { oldest: string; cursor: string | undefined },
): Promise<{ messages: SentMessage[]; cursor: string | undefined }> {
  const wanted = {
    ...{ channel, oldest, limit: PAGE, include_all_metadata: true },
    ...(cursor === undefined ? {} : { cursor }),
  };
  const { messages = [], response_metadata: next } =
    threadTs === null
      ? await client.conversations.history(wanted)
      : await client.conversations.replies({ ...wanted, ts: threadTs });
  return {
    messages: messages.map(({ ts = '', metadata, files = [] }) => ({
      ts,
      key: keyIn(metadata),
      fileIds: files.map(({ id = '' }) => id),
    })),
    cursor: next?.next_cursor === '' ? undefined : next?.next_cursor,
  };
}

function keyIn(metadata: unknown): string | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const payload: unknown = Reflect.get(metadata, 'event_payload');
  if (typeof payload !== 'object' || payload === null) return undefined;
  const key: unknown = Reflect.get(payload, 'key');
  return typeof key === 'string' ? key : undefined;
}
