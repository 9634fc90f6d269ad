import { type DeliveryTrouble } from '../../domain/delivery.ts';
import { type Notice } from '../../domain/ports.ts';
import { filesLost } from '../messages/files.ts';
import { lostMessage } from '../messages/undelivered.ts';
import { postOnce } from './once.ts';
import { isThreaded, type Sending } from './sending.ts';
import { inThread } from './thread.ts';
import { codeOf, isConversationLost, troubleOf } from './trouble.ts';

/**
 * Drops a notice that Slack will not take, after telling the person who asked for the push: of files
 * in the thread, of other messages directly. An edit that is lost is not missed.
 * @throws what Slack says when it may take that sentence later
 */
export async function giveUp(
  delivery: Sending,
  notice: Notice,
  why: { readonly reason: string; readonly trouble: DeliveryTrouble },
): Promise<void> {
  if (notice.kind === 'progress' || notice.posted !== null) {
    await delivery.notices.drop(notice.id, why.reason);
    return;
  }
  try {
    await tellRequester(delivery, notice, why.trouble);
  } catch (error) {
    const kind = troubleOf(error)?.kind;
    if (kind !== 'refused' && kind !== 'blocks_refused' && !isConversationLost(kind)) throw error;
    delivery.logger.error(
      { code: codeOf(error), notice: notice.key },
      'nobody could be told of a message that was given up',
    );
  }
  await delivery.notices.drop(notice.id, why.reason, why.trouble);
}

async function tellRequester(
  delivery: Sending,
  notice: Notice,
  trouble: DeliveryTrouble,
): Promise<void> {
  const run = await delivery.services.run(notice.runId);
  if (run === undefined) return;
  const told = { ...notice, key: `${notice.key}:lost` };
  if ((notice.kind === 'files' || notice.kind === 'plan_files') && isThreaded(run)) {
    await inThread(delivery, { run, notice: told }, (place) =>
      postOnce(delivery, {
        notice: told,
        place,
        draft: () => filesLost(run, notice.kind === 'files' ? 'report' : 'plan'),
      }),
    );
    return;
  }
  const { channelId, slackUserId } = notice.about;
  const to = channelId ?? slackUserId ?? notice.tried?.channelId ?? null;
  await postOnce(delivery, {
    notice: told,
    place: { channelId: run.requestedBy.slackUserId, threadTs: null },
    draft: () => lostMessage(run, notice.kind, { trouble, channelId: to }),
  });
}
