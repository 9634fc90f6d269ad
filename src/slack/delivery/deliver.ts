import { type Notice } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { anchorMessage } from '../messages/anchor.ts';
import { filesComment, filesLost, planFilesComment } from '../messages/files.ts';
import { finishedMessage } from '../messages/finished.ts';
import { type Surroundings } from '../messages/verdict.ts';
import { sendApproval, sendDecision, sendPlan, sendReminder } from './ask.ts';
import { carries, shareFiles, type ShareTarget, uploadFiles } from './files.ts';
import { findMessage, type Place, type SentMessage } from './find-message.ts';
import { createPace, type Pace } from './pace.ts';
import { createPoster, type Draft, type Posted } from './poster.ts';
import { type DeliverySettings, type Sending, type ThreadedRun } from './sending.ts';
import { sendChangedPlan, sendNewTime } from './news.ts';
import { sendToSubscriber } from './subscribers.ts';
import { codeOf, troubleOf } from './trouble.ts';

const MOST_SHOWN = 500;

/** Sends one claimed notice, and throws what goes wrong. */
export interface Delivery {
  deliver(notice: Notice): Promise<void>;
  /** Drops the notice; missing files are said in the thread. */
  giveUp(notice: Notice, reason: string): Promise<void>;
  readonly pace: Pace;
}

/** The sender of single notices; the loop around it decides what becomes of a failure. */
export function createDelivery(settings: DeliverySettings): Delivery {
  const pace = createPace(() => settings.now().getTime());
  const poster = createPoster(settings.client, pace, settings.logger);
  const delivery: Sending = { ...settings, pace, poster, shown: new Map() };
  return {
    pace,
    deliver: async (notice) => {
      const run = await settings.services.run(notice.runId);
      if (run === undefined) await settings.notices.drop(notice.id, 'there is no such run');
      else if (notice.kind === 'approval') await sendApproval(delivery, run, notice);
      else if (notice.kind === 'reminder') await sendReminder(delivery, run, notice);
      else if (notice.kind === 'subscribed') await sendToSubscriber(delivery, run, notice);
      else if (isThreaded(run)) await SENDERS[notice.kind](delivery, run, notice);
      else await settings.notices.drop(notice.id, 'the run has no thread');
    },
    giveUp: (notice, reason) => giveUp(delivery, notice, reason),
  };
}

const SENDERS: Readonly<
  Record<
    Exclude<Notice['kind'], 'approval' | 'reminder' | 'subscribed'>,
    (delivery: Sending, run: ThreadedRun, notice: Notice) => Promise<void>
  >
> = {
  anchor: sendAnchor,
  progress: sendProgress,
  plan: sendPlan,
  plan_files: sendFiles,
  decision: sendDecision,
  new_time: sendNewTime,
  changed_plan: sendChangedPlan,
  finished: sendFinished,
  files: sendFiles,
};

/** Opens the thread; once it is open, an edit. */
async function sendAnchor(delivery: Sending, run: ThreadedRun, notice: Notice): Promise<void> {
  const { channelId, anchorTs } = run.thread;
  const earlier = anchorTs ?? (await findEarlier(delivery, notice, { channelId, threadTs: null }));
  const draft = await anchorDraft(delivery, run);
  const posted =
    earlier === undefined
      ? await delivery.poster.postOrDirect(
          { channelId, userId: run.requestedBy.slackUserId, key: notice.key },
          draft,
        )
      : { channelId, ts: earlier };
  if (anchorTs === null) await delivery.notices.saveAnchor(run.id, posted);
  await delivery.notices.sent(notice.id, posted);
}

/** Edits the anchor, at most as often as the pace allows; the newest state is what is shown. */
async function sendProgress(delivery: Sending, run: ThreadedRun, notice: Notice): Promise<void> {
  const anchor = anchorOf(run);
  if (anchor === undefined) {
    await delivery.notices.drop(notice.id, 'the thread has no first message');
    return;
  }
  const waitMs = await updateAnchor(delivery, run, { anchor, atOnce: false });
  if (waitMs > 0) {
    const again = { delayMs: waitMs, error: 'waits for its turn', unknown: false };
    await delivery.notices.retry(notice.id, again);
    return;
  }
  await delivery.notices.sent(notice.id, anchor);
}

/** The end state in the anchor first, then the one new reply that notifies (5.5). */
async function sendFinished(delivery: Sending, run: ThreadedRun, notice: Notice): Promise<void> {
  const { channelId, anchorTs } = run.thread;
  const place = { channelId, threadTs: anchorTs };
  await showEnd(delivery, run);
  const earlier = await findEarlier(delivery, notice, place);
  if (earlier !== undefined) {
    await delivery.notices.sent(notice.id, { channelId, ts: earlier });
    return;
  }
  const around = { now: delivery.now(), zone: delivery.zone };
  const draft: Draft = (more) => finishedMessage(run, { ...around, ...more });
  const target = { ...place, userId: run.requestedBy.slackUserId, key: notice.key };
  const posted = await delivery.poster.postOrDirect(target, draft).catch((error: unknown) => {
    if (troubleOf(error)?.kind !== 'gone') throw error;
    // Someone deleted the anchor: the result still belongs into the conversation.
    return delivery.poster.postOrDirect({ ...target, threadTs: null }, draft);
  });
  if (posted.channelId !== channelId) await delivery.notices.saveAnchor(run.id, posted);
  await delivery.notices.sent(notice.id, posted);
}

/** The report files into the thread, or directly to the person when the conversation is lost. */
async function sendFiles(delivery: Sending, run: ThreadedRun, notice: Notice): Promise<void> {
  const { client, notices, logger } = delivery;
  const { channelId, anchorTs } = run.thread;
  const files = await uploadFiles(delivery, run, notice);
  if (files.length === 0) {
    await notices.drop(notice.id, 'the run has no files');
    return;
  }
  const place = { channelId, threadTs: anchorTs };
  const comment = notice.kind === 'files' ? filesComment(run) : planFilesComment(run);
  const search = { isIt: carries(files), logger };
  const isThere = notice.outcomeUnknown && (await findMessage(client, place, search)) !== undefined;
  if (!isThere) {
    const share = (to: Omit<ShareTarget, 'comment'>): Promise<void> =>
      delivery.pace.inTurn(to.channelId, () => shareFiles(client, files, { comment, ...to }));
    await share({ ...place, again: notice.outcomeUnknown }).catch(async (error: unknown) => {
      if (troubleOf(error)?.kind !== 'channel_lost') throw error;
      const direct = await openDirect(delivery, run, notice);
      await share({ channelId: direct.channelId, threadTs: direct.ts, again: false });
    });
  }
  await notices.sent(notice.id, { channelId, ts: null });
}

/** A message to the person, in whose thread the rest of the run then goes. */
async function openDirect(delivery: Sending, run: ThreadedRun, notice: Notice): Promise<Posted> {
  const draft = await anchorDraft(delivery, run);
  const posted = await delivery.poster.post(
    { channelId: run.requestedBy.slackUserId, key: `${notice.key}:direct` },
    (more) => draft({ ...more, lostChannelId: run.thread.channelId }),
  );
  await delivery.notices.saveAnchor(run.id, posted);
  return posted;
}

/** An anchor that cannot be edited keeps nobody from the result. */
async function showEnd(delivery: Sending, run: ThreadedRun): Promise<void> {
  const anchor = anchorOf(run);
  if (anchor === undefined) return;
  await updateAnchor(delivery, run, { anchor, atOnce: true }).catch((error: unknown) => {
    const trouble = troubleOf(error)?.kind;
    if (trouble === undefined || trouble === 'rate_limited' || trouble === 'unknown') throw error;
    delivery.logger.warn(
      { code: codeOf(error), runId: run.id },
      'the first message stays as it is',
    );
  });
}

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

async function anchorDraft(delivery: Sending, run: RunView): Promise<Draft> {
  const needsWorker = ['planning', 'queued', 'running'].includes(run.state);
  const around: Omit<Surroundings, 'planBlock'> = {
    now: delivery.now(),
    zone: delivery.zone,
    ...(needsWorker ? { workers: await delivery.services.workers() } : {}),
  };
  return (more) => anchorMessage(run, { ...around, ...more });
}

async function findEarlier(
  delivery: Sending,
  notice: Notice,
  place: Place,
): Promise<string | undefined> {
  if (!notice.outcomeUnknown) return undefined;
  const isIt = (message: SentMessage): boolean => message.key === notice.key;
  return findMessage(delivery.client, place, { isIt, logger: delivery.logger });
}

async function giveUp(delivery: Sending, notice: Notice, reason: string): Promise<void> {
  await delivery.notices.drop(notice.id, reason);
  if (notice.kind !== 'files' && notice.kind !== 'plan_files') return;
  const run = await delivery.services.run(notice.runId);
  if (run === undefined || !isThreaded(run)) return;
  const { channelId, anchorTs: threadTs } = run.thread;
  await delivery.poster
    .post({ channelId, threadTs, key: `${notice.key}:lost` }, () =>
      filesLost(run, notice.kind === 'files' ? 'report' : 'plan'),
    )
    .catch((error: unknown) => {
      delivery.logger.error(
        { code: codeOf(error), runId: run.id },
        'saying that files are missing',
      );
    });
}

function isThreaded(run: RunView): run is ThreadedRun {
  return run.thread !== null;
}

function anchorOf({ thread }: ThreadedRun): Posted | undefined {
  return thread.anchorTs === null
    ? undefined
    : { channelId: thread.channelId, ts: thread.anchorTs };
}
