import { type WebClient } from '@slack/web-api';
import { type Logger } from 'pino';

import { codeOf } from './trouble.ts';

/** Knows the conversations that messages go to. */
export interface Conversations {
  /**
   * The conversation that a target names: itself, or the direct one with a person. Only in that one
   * can a message be found again. Without the scope im:write Slack does not say which it is, and the
   * person's id, which takes messages too, stands for it.
   */
  idOf(target: string): Promise<string>;
}

export function createConversations(client: WebClient, logger: Logger): Conversations {
  const directs = new Map<string, string>();
  return {
    idOf: async (target) => {
      if (!/^[UW]/.test(target)) return target;
      const known = directs.get(target);
      if (known !== undefined) return known;
      try {
        const { channel } = await client.conversations.open({ users: target });
        const id = channel?.id ?? target;
        directs.set(target, id);
        return id;
      } catch (error) {
        if (codeOf(error) !== 'missing_scope') throw error;
        logger.warn(
          { scope: 'im:write' },
          'cannot tell which conversation a direct message goes to; it may appear twice',
        );
        return target;
      }
    },
  };
}
