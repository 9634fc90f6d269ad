import { type Notice } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { anchorMessage } from '../messages/anchor.ts';
import { type Surroundings } from '../messages/verdict.ts';
import { postOnce } from './once.ts';
import { type Draft, type Posted } from './poster.ts';
import { type Sending, type ThreadedRun } from './sending.ts';
import { codeOf, isConversationLost, troubleOf } from './trouble.ts';

/** Opens the thread, directly with the person where the conversation is lost (5.8). */
export async function sendAnchor(
  delivery: Sending,
  run: ThreadedRun,
  notice: Notice,
): Promise<void> {
  const { channelId, anchorTs } = run.thread;
  if (anchorTs !== null) {
    await delivery.notices.sent(notice.id, { channelId, ts: anchorTs });
    return;
  }
  const draft = await anchorDraft(delivery, run);
  try {
    const posted = await postOnce(delivery, {
      notice,
      draft,
      place: { channelId, threadTs: null },
    });
    await opened(delivery, { run, notice, posted });
  } catch (error) {
    const trouble = troubleOf(error)?.kind;
    const { slackUserId } = run.requestedBy;
    if (trouble === undefined || !isConversationLost(trouble) || channelId === slackUserId)
      throw error;
    const posted = await postOnce(delivery, {
      notice,
      draft: (more) => draft({ ...more, lostChannelId: channelId }),
      place: { channelId: slackUserId, threadTs: null },
    });
    await opened(delivery, { run, notice, posted, detour: { trouble, channelId } });
  }
}

async function opened(
  { notices }: Sending,
  {
    run,
    notice,
    posted,
    detour,
  }: { run: RunView; notice: Notice; posted: Posted } & Pick<
    Parameters<Sending['notices']['sent']>[1],
    'detour'
  >,
): Promise<void> {
  await notices.saveAnchor(run.id, posted);
  await notices.sent(notice.id, { ...posted, detour });
}

/** Edits the anchor, at most as often as the pace allows; the newest state is what is shown. */
export async function sendProgress(
  delivery: Sending,
  run: ThreadedRun,
  notice: Notice,
): Promise<void> {
  const anchor = anchorOf(run);
  if (anchor === undefined) {
    await delivery.notices.drop(notice.id, 'the thread has no first message');
    return;
  }
  const waitMs = await updateAnchor(delivery, run, { anchor, atOnce: false });
  if (waitMs > 0) {
    await delivery.notices.retry(notice.id, {
      ...{ delayMs: waitMs, error: 'waits for its turn', unknown: false, trouble: null },
    });
    return;
  }
  await delivery.notices.sent(notice.id, anchor);
}

/** Puts the end into the anchor. An anchor that cannot be edited keeps nobody from the result. */
export async function showEnd(delivery: Sending, run: ThreadedRun): Promise<void> {
  const anchor = anchorOf(run);
  if (anchor === undefined) return;
  await updateAnchor(delivery, run, { anchor, atOnce: true }).catch((error: unknown) => {
    const trouble = troubleOf(error)?.kind;
    if (trouble === undefined || trouble === 'rate_limited' || trouble === 'no_answer') throw error;
    delivery.logger.warn(
      { code: codeOf(error), runId: run.id },
      'the first message stays as it is',
    );
  });
}

function anchorOf({ thread }: ThreadedRun): Posted | undefined {
  return thread.anchorTs === null
    ? undefined
    : { channelId: thread.channelId, ts: thread.anchorTs };
}

const MOST_SHOWN = 500;

/** @returns 0 when the anchor shows the present state, else how long to wait, in ms */
async function updateAnchor(
  delivery: Sending,
  run: ThreadedRun,
  { anchor, atOnce }: { readonly anchor: Posted; readonly atOnce: boolean },
): Promise<number> {
  const { pace, poster, shown } = delivery;
  const draft = await anchorDraft(delivery, run);
  const content = JSON.stringify(draft({ planBlock: true }));
  const last = shown.get(run.id);
  if (last?.content === content) {
    await last.edit;
    return 0;
  }
  if (atOnce) pace.countUpdate(run.id);
  const waitMs = atOnce ? 0 : pace.untilUpdate(run.id);
  if (waitMs > 0) return waitMs;
  const edit = poster.update(anchor, draft);
  if (shown.size >= MOST_SHOWN) shown.clear();
  shown.set(run.id, { content, edit });
  await edit.catch((error: unknown) => {
    shown.delete(run.id);
    throw error;
  });
  return 0;
}

/** The first message of a run's thread as the run stands now. */
export async function anchorDraft(delivery: Sending, run: RunView): Promise<Draft> {
  const lostChannelId = run.thread?.lostChannelId;
  const needsWorker = ['planning', 'queued', 'running'].includes(run.state);
  const around: Omit<Surroundings, 'planBlock'> = {
    now: delivery.now(),
    zone: delivery.zone,
    ...(needsWorker ? { workers: await delivery.services.workers() } : {}),
    ...(lostChannelId === undefined ? {} : { lostChannelId }),
  };
  return (more) => anchorMessage(run, { ...around, ...more });
}
