import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { type MessagePlace } from '../../domain/ports.ts';
import { type Message } from '../messages/rich-text.ts';
import { type Surroundings } from '../messages/verdict.ts';
import { type Pace } from './pace.ts';
import { troubleOf } from './trouble.ts';

/** A message whose wording may still change: without the `plan` block, or for another conversation. */
export type Draft = (around: Pick<Surroundings, 'planBlock' | 'lostChannelId'>) => Message;

export interface Target extends MessagePlace {
  /** An opaque key by which the message is found again (F33). */
  readonly key: string;
}

export interface Posted {
  readonly channelId: string;
  readonly ts: string;
}

/** Posts and edits messages; where Slack refuses blocks, says the same with fewer, and remembers. */
export interface Poster {
  post(target: Target, draft: Draft): Promise<Posted>;
  update(message: Posted, draft: Draft): Promise<void>;
}

const EVENT_TYPE = 'push_notice';

export function createPoster(client: WebClient, pace: Pace, logger: Logger): Poster {
  /** Older Slack clients and some plans may not know the block: asked once, then remembered. */
  let planBlock = true;

  /** Tries the message with all its blocks, then without the `plan` block, then as text alone. */
  const send = async <Result>(
    draft: (plan: boolean) => Message,
    call: (message: Message) => Promise<Result>,
  ): Promise<Result> => {
    const message = draft(planBlock);
    try {
      return await call(message);
    } catch (error) {
      if (troubleOf(error)?.kind !== 'blocks_refused') throw error;
      logger.error({ err: error, planBlock }, 'Slack refused the blocks of a message');
      if (planBlock && message.blocks.some(({ type }) => type === 'plan')) {
        planBlock = false;
        return send(draft, call);
      }
      return call({ text: message.text, blocks: [] });
    }
  };

  return {
    post: (target, draft) =>
      send(
        (plan) => draft({ planBlock: plan }),
        (message) =>
          pace.inTurn(target.channelId, () => {
            pace.mustBeFree();
            return postMessage(client, target, message);
          }),
      ),
    update: async (message, draft) => {
      await send(
        (plan) => draft({ planBlock: plan }),
        ({ text, blocks }) => {
          pace.mustBeFree();
          return client.chat.update({
            channel: message.channelId,
            ts: message.ts,
            text,
            blocks,
          });
        },
      );
    },
  };
}

async function postMessage(client: WebClient, target: Target, message: Message): Promise<Posted> {
  const { channelId, threadTs, key } = target;
  const answer = await client.chat.postMessage({
    channel: channelId,
    ...(threadTs === null ? {} : { thread_ts: threadTs }),
    text: message.text,
    blocks: message.blocks,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: EVENT_TYPE, event_payload: { key } },
  });
  return { channelId: answer.channel ?? channelId, ts: answer.ts ?? '' };
}
