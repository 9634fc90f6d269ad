import { type Notice } from '../../domain/ports.ts';
import { carriesFilesOf } from './files.ts';
import { findMessages, type SentMessage } from './find-message.ts';
import { type Sending } from './sending.ts';
import { troubleOf } from './trouble.ts';

/**
 * Some time after a call that got no answer: removes what Slack shows beside the message that is
 * booked. Files of which nothing is to be seen, and of which no answer said that they are there, are
 * sent once more. A message that is not there although Slack gave its ts was deleted by somebody.
 */
export async function sweep(delivery: Sending, notice: Notice): Promise<void> {
  const { client, notices, pace, logger } = delivery;
  const { id, tried, posted, askedAt } = notice;
  const isFiles = notice.kind === 'files' || notice.kind === 'plan_files';
  const isIt = isFiles
    ? carriesFilesOf(notice)
    : (message: SentMessage): boolean => message.key === notice.key;
  pace.mustBeFree();
  const found =
    tried === null
      ? undefined
      : await findMessages(client, tried, { isIt, since: askedAt, logger });
  if (found === undefined || tried === null) {
    await notices.looked(id, 'cannot_look');
    return;
  }
  const keep = posted?.ts ?? found[0]?.ts;
  for (const { ts } of found) {
    if (ts === keep) continue;
    pace.mustBeFree();
    await client.chat.delete({ channel: tried.channelId, ts }).catch((error: unknown) => {
      if (troubleOf(error)?.kind !== 'gone') throw error;
    });
    logger.info({ notice: notice.key, ts }, 'a message that appeared twice was removed');
  }
  await notices.looked(id, keep === undefined ? 'again' : 'there');
}
