import { type Notice } from '../../domain/ports.ts';
import { type RunView } from '../../domain/push-run.ts';
import {
  approvalMessage,
  decisionMessage,
  reminderMessage,
  startedApprovalMessage,
} from '../messages/approval-message.ts';
import { differenceLines } from '../messages/difference-words.ts';
import { planMessage } from '../messages/plan-message.ts';
import {
  isCarriedOut,
  replacedPlanMessage,
  replacedRequestMessage,
  wasApproved,
} from '../messages/replaced.ts';
import { postOnce } from './once.ts';
import { type Draft } from './poster.ts';
import { type Sending, surroundings, type ThreadedRun } from './sending.ts';
import { edit, postInThread } from './thread.ts';

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
    isPresent
      ? planMessage(run, { ...around, ...more }, outlook)
      : replacedPlanMessage(run, 'The result follows here.');
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
  const { planId } = notice.about;
  const difference =
    isAsked || wasApproved(run, planId)
      ? await delivery.services.approvals.difference(run.id)
      : undefined;
  const lines = difference === undefined ? [] : differenceLines(difference);
  const around = surroundings(delivery);
  const draft: Draft = (more) => {
    if (isPresent) return approvalMessage(run, { ...around, ...more }, lines);
    return isCarriedOut(run, planId)
      ? startedApprovalMessage(run, { ...around, ...more }, lines)
      : replacedRequestMessage(run, planId, lines);
  };
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

/** Posts outside of the run's thread, or edits what was posted there. */
async function postOrEdit(
  delivery: Sending,
  { notice, target, draft }: { notice: Notice; target: string; draft: Draft },
): Promise<void> {
  if (notice.posted !== null) {
    await edit(delivery, { notice, posted: notice.posted, draft });
    return;
  }
  const place = { channelId: target, threadTs: null };
  await delivery.notices.sent(notice.id, await postOnce(delivery, { notice, place, draft }));
}
