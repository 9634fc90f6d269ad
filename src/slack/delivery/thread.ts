import { type Detour } from '../../domain/delivery.ts';
import { type MessagePlace, type Notice } from '../../domain/ports.ts';
import { anchorDraft } from './anchor.ts';
import { postAheadOnce, postOnce } from './once.ts';
import { type Draft, type Posted } from './poster.ts';
import { type Sending, type ThreadedRun } from './sending.ts';
import { isConversationLost, troubleOf } from './trouble.ts';

interface InThread {
  readonly run: ThreadedRun;
  readonly notice: Notice;
}

/** Posts a reply in the run's thread, or edits the one that is there. */
export async function postInThread(
  delivery: Sending,
  { run, notice, draft }: InThread & { readonly draft: Draft },
): Promise<void> {
  if (notice.posted !== null) {
    await edit(delivery, { notice, posted: notice.posted, draft });
    return;
  }
  const { result, detour } = await inThread(delivery, { run, notice }, (place) =>
    postOnce(delivery, { notice, place, draft }),
  );
  await delivery.notices.sent(notice.id, { ...result, detour });
}

/** An edit of a message that somebody deleted is no loss: the next event brings a new one. */
export async function edit(
  delivery: Sending,
  edited: { notice: Notice; posted: Posted; draft: Draft },
): Promise<void> {
  const { notice, posted, draft } = edited;
  await delivery.poster.update(posted, draft).catch((error: unknown) => {
    if (troubleOf(error)?.kind !== 'gone') throw error;
  });
  await delivery.notices.sent(notice.id, posted);
}

/**
 * Does the work in the run's thread. Where somebody deleted the thread it is opened anew in the same
 * conversation, where the conversation is lost, directly with the person (5.8); the rest of the run
 * then goes there.
 */
export async function inThread<Result>(
  delivery: Sending,
  { run, notice }: InThread,
  work: (place: MessagePlace) => Promise<Result>,
): Promise<{ result: Result; detour?: Detour }> {
  const { channelId, anchorTs } = run.thread;
  try {
    return { result: await work({ channelId, threadTs: anchorTs }) };
  } catch (error) {
    const trouble = troubleOf(error)?.kind;
    const isGone = trouble === 'gone' && anchorTs !== null;
    if (trouble === undefined || !(isGone || isConversationLost(trouble))) throw error;
    const to = isGone ? channelId : run.requestedBy.slackUserId;
    if (!isGone && channelId === (await delivery.conversations.idOf(to))) throw error;
    const root = await reopened(delivery, { run, notice, to });
    const result = await work({ channelId: root.channelId, threadTs: root.ts });
    return { result, detour: { trouble, channelId } };
  }
}

const MOST_REOPENED = 500;

/** Opens the thread anew, once for all notices that find it lost. @param to the conversation or person */
async function reopened(
  delivery: Sending,
  { run, notice, to }: InThread & { readonly to: string },
): Promise<Posted> {
  const { channelId, anchorTs } = run.thread;
  const key = `${run.id}:thread:${channelId}:${anchorTs ?? ''}`;
  const open = async (): Promise<Posted> => {
    const draft = await anchorDraft(delivery, run);
    const moved = to === channelId ? {} : { lostChannelId: channelId };
    const posted = await postAheadOnce(delivery, {
      ...{ notice, key, place: { channelId: to, threadTs: null } },
      draft: (more) => draft({ ...more, ...moved }),
    });
    await delivery.notices.saveAnchor(run.id, posted);
    return posted;
  };
  const opening = delivery.reopening.get(key) ?? open();
  if (delivery.reopening.size >= MOST_REOPENED) delivery.reopening.clear();
  delivery.reopening.set(key, opening);
  try {
    return await opening;
  } catch (error) {
    delivery.reopening.delete(key);
    throw error;
  }
}
