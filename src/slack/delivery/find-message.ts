import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { codeOf } from './trouble.ts';

/** Where a message of unknown outcome may be. */
export interface Place {
  readonly channelId: string;
  /** The root of the thread; null for a message of the conversation itself. */
  readonly threadTs: string | null;
}

export interface SentMessage {
  readonly ts: string;
  readonly key: string | undefined;
  readonly fileIds: readonly string[];
}

/** Messages looked at, newest of the conversation or of the thread. */
const LOOK_AT = 100;

/**
 * Looks for a message that Slack may have taken although its answer was lost, so that it is not
 * posted twice. Needs a history scope, which is optional: without it nothing is found, and the
 * message may then appear twice rather than not at all.
 */
export async function findMessage(
  client: WebClient,
  place: Place,
  search: { readonly isIt: (message: SentMessage) => boolean; readonly logger: Logger },
): Promise<string | undefined> {
  if (!/^[CGD]/.test(place.channelId)) return undefined;
  try {
    const found = (await messagesAt(client, place)).find(search.isIt);
    return found?.ts;
  } catch (error) {
    search.logger.warn(
      { code: codeOf(error), ...place },
      'could not look for the message; it may appear twice',
    );
    return undefined;
  }
}

async function messagesAt(client: WebClient, place: Place): Promise<SentMessage[]> {
  const { channelId: channel, threadTs } = place;
  const { messages = [] } =
    threadTs === null
      ? await client.conversations.history({ channel, limit: LOOK_AT, include_all_metadata: true })
      : await client.conversations.replies({
          channel,
          ts: threadTs,
          limit: LOOK_AT,
          include_all_metadata: true,
        });
  return messages.map(({ ts = '', metadata, files = [] }) => ({
    ts,
    key: keyIn(metadata),
    fileIds: files.map(({ id = '' }) => id),
  }));
}

function keyIn(metadata: unknown): string | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const payload: unknown = Reflect.get(metadata, 'event_payload');
  if (typeof payload !== 'object' || payload === null) return undefined;
  const key: unknown = Reflect.get(payload, 'key');
  return typeof key === 'string' ? key : undefined;
}
