import { type RunView } from '../../domain/push-run.ts';
import { escapeMrkdwn, messageText } from '../wording.ts';
import { emoji, lines, type Message } from './rich-text.ts';
import { runName } from './run-words.ts';

/** Above the difference of a plan that started without a new approval (G20). */
export const WITHIN_APPROVAL =
  'Data changed since it was approved; the new plan deletes, unlinks and stops calculating nothing beyond the approved one.';

/**
 * In place of a plan that was replaced by a newer one: the requester changed it, or the push starts.
 * @param result where the result is told
 */
export function replacedPlanMessage(
  run: RunView,
  result = 'Its thread tells the result.',
): Message {
  const isAsked = run.state === 'planned' || run.state === 'awaiting_approval';
  // A push that starts is planned once more (G13, G20); most often the new plan says the same.
  const why =
    isAsked || run.startedAt === null
      ? '.'
      : `: a push is worked out once more when it starts. ${result}`;
  return aboutPlan([`This plan of ${runName(run)} was replaced by a newer one${why}`]);
}

/**
 * In place of a request for approval whose plan was replaced (G20).
 * @param difference of the present plan to the approved one, in sentences
 */
export function replacedRequestMessage(
  run: RunView,
  planId: number | undefined,
  difference: readonly string[],
): Message {
  if (run.state !== 'awaiting_approval' || !wasApproved(run, planId))
    return replacedPlanMessage(run);
  return aboutPlan([
    `Approval is needed again: the plan of ${runName(run)} changed since this one was approved. The newer request has the buttons.`,
    ...difference,
  ]);
}

/** Whether it is the plan that was approved last before the present one. */
export function wasApproved(run: RunView, planId: number | undefined): boolean {
  return planId !== undefined && run.approval?.earlierPlanId === planId;
}

/** Whether the run started, with a plan made anew, within the approval of this one. */
export function isCarriedOut(run: RunView, planId: number | undefined): boolean {
  return (
    wasApproved(run, planId) &&
    run.startedAt !== null &&
    run.state !== 'awaiting_approval' &&
    run.approval?.decisions.length === 0 &&
    run.approvedBy.length > 0
  );
}

function aboutPlan(sentences: readonly string[]): Message {
  const [first = '', ...others] = sentences;
  return {
    text: messageText(escapeMrkdwn(sentences.join(' '))),
    blocks: [lines([emoji('clipboard'), ` ${first}`], ...others.map((line) => [line]))],
  };
}
