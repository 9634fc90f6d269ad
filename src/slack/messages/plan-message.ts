import { type KnownBlock } from '@slack/types';

import { type ApprovalOutlook } from '../../domain/approval.ts';
import { type RunView } from '../../domain/push-run.ts';
import { planButtons, requesterActions, shortHash } from '../approval/buttons.ts';
import { LIMITS } from '../limits.ts';
import { count, escapeMrkdwn, messageText, moment } from '../wording.ts';
import { approverWarning, consequencesOf, writesSentence } from './plan-words.ts';
import {
  bold,
  bullets,
  date,
  emoji,
  fittingBullets,
  lines,
  mention,
  type Message,
  sizeOf,
} from './rich-text.ts';
import { calendarsOf, countsByType, dataOf, modeOf, runName, subject } from './run-words.ts';
import { type Surroundings, verdictOf } from './verdict.ts';

/**
 * The preview in the run's thread (G22): what would happen, and the buttons of the requester. Once
 * answered, the same message says what became of it.
 * @param outlook who could approve it, before approval is asked for
 */
export function planMessage(
  run: RunView,
  around: Surroundings,
  outlook?: ApprovalOutlook,
): Message {
  const isAsked = run.state === 'planned';
  const { requestedBy } = run;
  const warning = isAsked ? approverWarning(outlook) : undefined;
  const headline = isAsked ? 'The plan is ready' : planOutcome(run, around);
  const head = lines(
    [
      mention(requestedBy.slackUserId),
      ' ',
      emoji('clipboard'),
      ' ',
      bold(`${headline}.`),
      ` ${writesSentence(run)}`,
    ],
    [`${subject(run)}, ${calendarsOf(run)}. ${modeOf(run)}. ${dataOf(run)}.${leftOut(run)}`],
  );
  const foot: KnownBlock[] = [
    ...(warning === undefined ? [] : [lines([emoji('warning'), ` ${warning}`])]),
    ...(isAsked ? [answerBy(run, around.zone)] : []),
    ...(isAsked || run.state === 'awaiting_approval'
      ? [planButtons(run, requesterActions(run, around.now), around.now)]
      : []),
  ];
  const blocks = [head, ...planBlocks(run, [head, ...foot]), ...foot];
  const summary = run.plan?.summary ?? null;
  const worst = summary === null ? '' : consequencesOf(summary).slice(0, 5).join(' ');
  const sentences = [
    `<@${requestedBy.slackUserId}> ${headline}: ${runName(run)}, ${escapeMrkdwn(subject(run))}, ${escapeMrkdwn(calendarsOf(run))}.`,
    writesSentence(run),
    escapeMrkdwn(worst),
    warning ?? '',
    ...(isAsked ? [nextStep(run), until(run, around.zone)] : []),
  ];
  return {
    text: messageText(sentences.filter((one) => one !== '').join(' ')),
    blocks,
  };
}

/**
 * What a plan does: consequences worst first, then the figures by kind of data.
 * @param beside the other blocks of the message, which leave less room
 */
export function planBlocks(run: RunView, beside: readonly KnownBlock[]): KnownBlock[] {
  const summary = run.plan?.summary ?? null;
  const found = summary === null ? [] : consequencesOf(summary);
  const consequences = found.map((line) => [line]);
  const byType = typeBlocks(run);
  return [
    ...(consequences.length === 0
      ? []
      : [
          fittingBullets('What to know before you say yes', consequences, {
            budget: LIMITS.messageJson - sizeOf(beside) - sizeOf(byType),
            total: consequences.length,
            rest: (left) => `${count(left, 'more point')}: see the plan.`,
          }),
        ]),
    ...byType,
  ];
}

function typeBlocks(run: RunView): KnownBlock[] {
  const byType = countsByType(run.counts);
  if (byType.length === 0) return [];
  return [
    bullets(
      'By kind of data',
      byType.map(({ label, text }) => [bold(label), `: ${text}`]),
    ),
  ];
}

/** "Plan 0123456789ab": what an approver can compare. */
export function planMark(run: RunView): string {
  return `plan ${shortHash(run.plan?.hash ?? '')}`;
}

function planOutcome(run: RunView, around: Surroundings): string {
  if (run.state === 'queued' || run.state === 'running') return 'The plan is confirmed';
  if (run.state === 'awaiting_approval') return 'Approval is asked for';
  return verdictOf(run, around).headline;
}

function answerBy(run: RunView, zone: string): KnownBlock {
  const step = nextStep(run);
  if (run.answerBy === null) return lines([step]);
  return lines([`${step} Without an answer it expires `, date(run.answerBy, zone), '.']);
}

function nextStep(run: RunView): string {
  if (run.undoes !== null) return 'Ask for approval, or withdraw it.';
  return run.mode === 'overwrite'
    ? 'Ask for approval, change it and plan again, or withdraw it.'
    : 'Push it, change it and plan again, or withdraw it.';
}

function until(run: RunView, zone: string): string {
  return run.answerBy === null ? '' : `It expires on ${moment(run.answerBy, zone)}.`;
}

function leftOut(run: RunView): string {
  return run.leftOutCourses === 0
    ? ''
    : ` ${count(run.leftOutCourses, 'course is', 'courses are')} left out by hand.`;
}
