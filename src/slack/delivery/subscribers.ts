import { type Notice } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { lostChannel } from '../messages/anchor.ts';
import { subscribedMessage } from '../messages/subscribed.ts';
import { postOnce } from './once.ts';
import { type Draft } from './poster.ts';
import { type Sending, surroundings } from './sending.ts';
import { isConversationLost, troubleOf } from './trouble.ts';

/**
 * Tells a subscriber how a push ended on the calendars that they hear of; where their conversation is
 * lost, the person who subscribed it.
 */
export async function sendToSubscriber(
  delivery: Sending,
  run: RunView,
  notice: Notice,
): Promise<void> {
  const { channelId, calendarIds, subscriber } = notice.about;
  if (channelId === undefined || calendarIds === undefined) {
    await delivery.notices.drop(notice.id, 'it names no subscriber');
    return;
  }
  const draft: Draft = (more) =>
    subscribedMessage(run, calendarIds, { ...surroundings(delivery), ...more });
  try {
    const place = { channelId, threadTs: null };
    await delivery.notices.sent(notice.id, await postOnce(delivery, { notice, place, draft }));
  } catch (error) {
    const trouble = troubleOf(error)?.kind;
    const isLost = trouble !== undefined && isConversationLost(trouble);
    if (!isLost || subscriber === undefined || subscriber === channelId) throw error;
    const posted = await postOnce(delivery, {
      notice,
      place: { channelId: subscriber, threadTs: null },
      draft: (more) => {
        const { text, blocks } = draft(more);
        return { text, blocks: [...blocks, lostChannel(channelId)] };
      },
    });
    await delivery.notices.sent(notice.id, { ...posted, detour: { trouble, channelId } });
  }
}
