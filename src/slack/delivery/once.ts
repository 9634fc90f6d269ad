import { type MessagePlace, type Notice } from '../../domain/ports.ts';
import { findMessages, type SentMessage } from './find-message.ts';
import { type Draft, type Posted } from './poster.ts';
import { type Sending } from './sending.ts';

/** A message of a notice and where it goes. */
export interface Wanted {
  readonly notice: Notice;
  readonly place: MessagePlace;
  readonly draft: Draft;
}

/** Posts a notice's message, unless an earlier attempt that got no answer left it there. */
export async function postOnce(
  delivery: Sending,
  { notice, place, draft }: Wanted,
): Promise<Posted> {
  const to = await settled(delivery, place);
  const isIt = (message: SentMessage): boolean => message.key === notice.key;
  const earlier = await lookFor(delivery, notice, { place: to, isIt });
  if (earlier !== undefined) return earlier;
  await note(delivery, notice, to);
  return delivery.poster.post({ ...to, key: notice.key }, draft);
}

/** The same for a message that comes before the notice's own, under a key of its own. */
export async function postAheadOnce(
  delivery: Sending,
  { notice, place, draft, key }: Wanted & { readonly key: string },
): Promise<Posted> {
  const to = await settled(delivery, place);
  const isIt = (message: SentMessage): boolean => message.key === key;
  const earlier = await lookFor(delivery, { ...notice, tried: null }, { place: to, isIt });
  return earlier ?? delivery.poster.post({ ...to, key }, draft);
}

/** The place with the id of the conversation, where a person's was given. */
export async function settled(delivery: Sending, place: MessagePlace): Promise<MessagePlace> {
  delivery.pace.mustBeFree();
  return { ...place, channelId: await delivery.conversations.idOf(place.channelId) };
}

/** Keeps where the message is about to be posted. */
export async function note(
  { notices }: Sending,
  { id, tried }: Notice,
  place: MessagePlace,
): Promise<void> {
  if (!isSame(tried, place)) await notices.trying(id, place);
}

/** Looks where the last attempt went and where this one would go, when the last got no answer. */
export async function lookFor(
  { client, pace, logger }: Sending,
  { outcomeUnknown, tried, askedAt }: Notice,
  { place, isIt }: { place: MessagePlace; isIt: (message: SentMessage) => boolean },
): Promise<Posted | undefined> {
  if (!outcomeUnknown) return undefined;
  const places = tried === null || isSame(tried, place) ? [place] : [tried, place];
  for (const at of places) {
    pace.mustBeFree();
    const [first] = (await findMessages(client, at, { isIt, since: askedAt, logger })) ?? [];
    if (first !== undefined) return { channelId: at.channelId, ts: first.ts };
  }
  return undefined;
}

function isSame(a: MessagePlace | null, b: MessagePlace): boolean {
  return a?.channelId === b.channelId && a.threadTs === b.threadTs;
}
