import { type Notice } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import { approvalMessage, decisionMessage, reminderMessage } from '../messages/approval-message.ts';
import { differenceLines } from '../messages/difference-words.ts';
import { planMessage, replacedPlanMessage } from '../messages/plan-message.ts';
import { type Surroundings } from '../messages/verdict.ts';
import { type Sending, type ThreadedRun } from './sending.ts';
import { findMessage } from './find-message.ts';
import { type Draft } from './poster.ts';
import { troubleOf } from './trouble.ts';

/** Sends one kind of notice about a run; runs of the CLI may have no thread. */
export type AskSender = (delivery: Sending, run: RunView, notice: Notice) => Promise<void>;

/** The preview in the thread; edited when it is answered, or replaced by a newer plan (G22). */
export async function sendPlan(delivery: Sending, run: ThreadedRun, notice: Notice): Promise<void> {
  const isPresent = notice.about.planId === run.plan?.id;
  const isAsked = run.state === 'planned' || run.state === 'awaiting_approval';
  if (notice.posted === null && !(isPresent && isAsked)) {
    await delivery.notices.drop(notice.id, 'the plan was answered before it was shown');
    return;
  }
  const around = surroundings(delivery);
  const outlook =
    run.state === 'planned' ? await delivery.services.approvals.outlook(run.id) : undefined;
  const draft: Draft = (more) =>
    isPresent ? planMessage(run, { ...around, ...more }, outlook) : replacedPlanMessage(run);
  await postInThread(delivery, { run, notice, draft });
}

/** Tells the requester in the thread that somebody approved. */
export async function sendDecision(
  delivery: Sending,
  run: ThreadedRun,
  notice: Notice,
): Promise<void> {
  const decision = run.approval?.decisions.find(({ id }) => id === notice.about.decisionId);
  if (decision === undefined) {
    await delivery.notices.drop(notice.id, 'the decision was on an earlier plan');
    return;
  }
  await postInThread(delivery, { run, notice, draft: () => decisionMessage(run, decision) });
}

/** The request for approval: in the approvers' channel, or to one approver directly; edited later. */
export const sendApproval: AskSender = async (delivery, run, notice) => {
  const target = notice.about.slackUserId ?? delivery.approversChannel;
  const isPresent = notice.about.planId === run.plan?.id;
  const isAsked = run.state === 'awaiting_approval' && isPresent;
  if (target === undefined || (notice.posted === null && !isAsked)) {
    const why = target === undefined ? 'no channel of approvers is set' : 'it was answered before';
    await delivery.notices.drop(notice.id, why);
    return;
  }
  const isMadeAnew = !isPresent && run.startedAt !== null;
  const difference =
    isAsked || isMadeAnew ? await delivery.services.approvals.difference(run.id) : undefined;
  const lines = difference === undefined ? [] : differenceLines(difference);
  const around = surroundings(delivery);
  const draft: Draft = (more) =>
    isPresent
      ? approvalMessage(run, { ...around, ...more }, lines)
      : replacedPlanMessage(run, lines);
  await postOrEdit(delivery, { notice, target, draft });
};

/** A reminder to one approver directly, or to the requester in the thread. */
export const sendReminder: AskSender = async (delivery, run, notice) => {
  const isAsked = run.state === 'planned' || run.state === 'awaiting_approval';
  const { slackUserId } = notice.about;
  const draft: Draft = (more) => reminderMessage(run, { ...surroundings(delivery), ...more });
  if (!isAsked || notice.about.planId !== run.plan?.id) {
    await delivery.notices.drop(notice.id, 'it was answered before');
  } else if (slackUserId !== undefined) {
    await postOrEdit(delivery, { notice, target: slackUserId, draft });
  } else if (run.thread === null) {
    await delivery.notices.drop(notice.id, 'the run has no thread');
  } else {
    await postInThread(delivery, { run: { ...run, thread: run.thread }, notice, draft });
  }
};

function surroundings(delivery: Sending): Surroundings {
  return { now: delivery.now(), zone: delivery.zone, planBlock: true };
}

/** Posts a reply in the run's thread, or edits it. */
export async function postInThread(
  delivery: Sending,
  { run, notice, draft }: { run: ThreadedRun; notice: Notice; draft: Draft },
): Promise<void> {
  if (notice.posted !== null) {
    await edit(delivery, { notice, posted: notice.posted, draft });
    return;
  }
  const { channelId, anchorTs: threadTs } = run.thread;
  const place = { channelId, threadTs };
  const isIt = (message: { key: string | undefined }): boolean => message.key === notice.key;
  const earlier = notice.outcomeUnknown
    ? await findMessage(delivery.client, place, { isIt, logger: delivery.logger })
    : undefined;
  const posted =
    earlier === undefined
      ? await delivery.poster.postOrDirect(
          { ...place, userId: run.requestedBy.slackUserId, key: notice.key },
          draft,
        )
      : { channelId, ts: earlier };
  await delivery.notices.sent(notice.id, posted);
}

async function postOrEdit(
  delivery: Sending,
  { notice, target, draft }: { notice: Notice; target: string; draft: Draft },
): Promise<void> {
  if (notice.posted !== null) {
    await edit(delivery, { notice, posted: notice.posted, draft });
    return;
  }
  const posted = await delivery.poster.post({ channelId: target, key: notice.key }, draft);
  await delivery.notices.sent(notice.id, posted);
}

/** An edit of a message that somebody deleted is no loss: the next event brings a new one. */
async function edit(
  delivery: Sending,
  edited: { notice: Notice; posted: { channelId: string; ts: string }; draft: Draft },
): Promise<void> {
  const { notice, posted, draft } = edited;
  await delivery.poster.update(posted, draft).catch((error: unknown) => {
    if (troubleOf(error)?.kind !== 'gone') throw error;
  });
  await delivery.notices.sent(notice.id, posted);
}
