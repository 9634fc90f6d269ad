import { type Notice } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { subscribedMessage } from '../messages/subscribed.ts';
import { findMessage } from './find-message.ts';
import { type Sending } from './sending.ts';

/** Tells a subscriber how a push ended on the calendars that they hear of. */
export async function sendToSubscriber(
  delivery: Sending,
  run: RunView,
  notice: Notice,
): Promise<void> {
  const { channelId, calendarIds } = notice.about;
  if (channelId === undefined || calendarIds === undefined) {
    await delivery.notices.drop(notice.id, 'it names no subscriber');
    return;
  }
  const earlier = notice.outcomeUnknown
    ? await findMessage(
        delivery.client,
        { channelId, threadTs: null },
        { isIt: ({ key }) => key === notice.key, logger: delivery.logger },
      )
    : undefined;
  const posted =
    earlier === undefined
      ? await delivery.poster.post({ channelId, key: notice.key }, (more) =>
          subscribedMessage(run, calendarIds, {
            now: delivery.now(),
            zone: delivery.zone,
            ...more,
          }),
        )
      : { channelId, ts: earlier };
  await delivery.notices.sent(notice.id, posted);
}
