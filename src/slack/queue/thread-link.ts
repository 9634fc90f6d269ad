import { type RunView } from '../../domain/push-run.ts';
import { type InteractiveClient, type SlackContext } from '../context.ts';
import { codeOf } from '../delivery/trouble.ts';

/** A link to the run's thread; undefined when there is none, or Slack does not say. */
export async function permalinkOf(
  context: SlackContext,
  client: InteractiveClient,
  run: RunView,
): Promise<string | undefined> {
  const channel = run.thread?.channelId;
  const ts = run.thread?.anchorTs;
  if (channel === undefined || ts === undefined || ts === null) return undefined;
  try {
    const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
    return permalink;
  } catch (error) {
    context.logger.warn({ code: codeOf(error), channel, ts }, 'Slack gave no link to a thread');
    return undefined;
  }
}
