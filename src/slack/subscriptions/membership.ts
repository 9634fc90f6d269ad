import { PushRefused } from '../../domain/errors.ts';
import { type InteractiveClient, type SlackContext } from '../context.ts';
import { codeOf } from '../delivery/trouble.ts';

/**
 * Makes sure that a conversation can be told: the bot has to be in a channel to post there.
 * @returns what to add to the answer where Slack does not say, for lack of a scope; else nothing
 * @throws PushRefused for a channel that the bot is not in
 */
export async function ensureReached(
  context: SlackContext,
  client: InteractiveClient,
  channelId: string,
): Promise<string> {
  if (!/^[CG]/.test(channelId)) return '';
  const found = await membership(context, client, channelId);
  if (found === 'unknown')
    return ' If I am not in that channel yet, invite me there with /invite: I cannot see whether I am.';
  if (found === 'out')
    throw new PushRefused(
      'invalid_options',
      'I am not in that channel, so I could not post there. Invite me in it with /invite @Push Course Masters, then subscribe again.',
    );
  return '';
}

async function membership(
  context: SlackContext,
  client: InteractiveClient,
  channelId: string,
): Promise<'in' | 'out' | 'unknown'> {
  try {
    const { channel } = await client.conversations.info({ channel: channelId });
    return channel?.is_member === true ? 'in' : 'out';
  } catch (error) {
    const code = codeOf(error);
    // A private channel that the bot is not in does not exist for it.
    if (code === 'channel_not_found') return 'out';
    context.logger.warn({ code, channelId }, 'Slack did not say whether the bot is in a channel');
    return 'unknown';
  }
}
