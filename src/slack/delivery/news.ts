import { type Notice } from '../../domain/ports.ts';
import { differenceLines } from '../messages/difference-words.ts';
import { changedPlanMessage, newTimeMessage } from '../messages/news.ts';
import { type Sending, type ThreadedRun } from './sending.ts';
import { postInThread } from './thread.ts';

/** Tells the approvers of a run in its thread that it got another time. */
export async function sendNewTime(
  delivery: Sending,
  run: ThreadedRun,
  notice: Notice,
): Promise<void> {
  const by = notice.about.by ?? run.requestedBy.name;
  await postInThread(delivery, {
    ...{ run, notice },
    draft: () => newTimeMessage(run, delivery.zone, by),
  });
}

/** Tells in the thread how the plan that starts differs from the approved one. */
export async function sendChangedPlan(
  delivery: Sending,
  run: ThreadedRun,
  notice: Notice,
): Promise<void> {
  const difference = await delivery.services.approvals.difference(run.id);
  if (difference === undefined || difference.planId !== notice.about.planId) {
    await delivery.notices.drop(notice.id, 'the plan was replaced by a newer one');
    return;
  }
  const draft = (): ReturnType<typeof changedPlanMessage> =>
    changedPlanMessage(run, differenceLines(difference));
  await postInThread(delivery, { run, notice, draft });
}
