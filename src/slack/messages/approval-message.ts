import { type KnownBlock } from '@slack/types';

import { approvalsOf, type ApprovalView, type Decision } from '../../domain/approval.ts';
import { isFinished, type RunView } from '../../domain/push-run.ts';
import { planButtons } from '../approval/buttons.ts';
import { LIMITS, truncate } from '../limits.ts';
import { count, escapeMrkdwn, messageText, moment, number, plainName } from '../wording.ts';
import { approvedBy, approvedText } from './approved-by.ts';
import { planBlocks, planMark } from './plan-message.ts';
import { consequencesOf } from './plan-words.ts';
import { WITHIN_APPROVAL } from './replaced.ts';
import { bold, date, emoji, header, lines, mention, type Message, words } from './rich-text.ts';
import { askedFor, calendarsOf, dataOf, modeOf, runName, subject } from './run-words.ts';
import { type Surroundings, verdictOf } from './verdict.ts';

/** Characters of a reason in a message; the audit log has all of it. */
const REASON_LENGTH = 500;

const CHANGED = 'The plan changed since it was approved, so it needs a new approval.';

/**
 * The request for approval (5.3): who asks, why, what it does, and how far the approval is. Once
 * decided, the same message says by whom, and has no buttons.
 * @param difference in sentences, when an earlier plan had been approved (G20)
 */
export function approvalMessage(
  run: RunView,
  around: Surroundings,
  difference: readonly string[] = [],
): Message {
  const isAsked = run.state === 'awaiting_approval';
  const verdict = verdictOf(run, around);
  const again = difference.length === 0 ? [] : [CHANGED, ...difference];
  const headline = isAsked
    ? `${run.undoes === null ? 'Overwrite' : 'Undo'} needs approval${again.length === 0 ? '' : ' again'}`
    : verdict.headline;
  const head: KnownBlock[] = [
    header(truncate(`${headline}: ${runName(run)}`, LIMITS.header)),
    facts(run, around.zone),
    ...(again.length === 0 ? [] : [lines(...again.map((line) => [line]))]),
  ];
  const foot: KnownBlock[] = [
    standing(run, around, isAsked),
    ...(isAsked ? [planButtons(run, ['approve', 'reject', 'show', 'file'], around.now)] : []),
  ];
  return {
    text: isAsked
      ? askingText(run, around, again)
      : answeredText(run, `${verdict.headline}. ${verdict.detail}`),
    blocks: [...head, ...planBlocks(run, [...head, ...foot]), ...foot],
  };
}

/**
 * The same message once the push started with a plan made anew: who approved it, and what came of it.
 * @param difference of the plan that is carried out to the approved one, in sentences (G20)
 */
export function startedApprovalMessage(
  run: RunView,
  around: Surroundings,
  difference: readonly string[],
): Message {
  const { headline, detail, emoji: sign } = verdictOf(run, around);
  // How far it is stands in its thread; here it would stay as it was at the start.
  const outcome = isFinished(run.state) ? [` ${detail}`] : [];
  const changes = difference.length === 0 ? [] : [WITHIN_APPROVAL, ...difference];
  return {
    text: messageText(
      `${answeredText(run, [`${headline}.${outcome.join('')}`, ...changes].join(' '))}${approvedText(run)}`,
    ),
    blocks: [
      header(truncate(`${headline}: ${runName(run)}`, LIMITS.header)),
      facts(run, around.zone),
      ...(changes.length === 0 ? [] : [lines(...changes.map((line) => [line]))]),
      lines([emoji(sign), ' ', bold(`${headline}.`), ...outcome, ...approvedBy(run)]),
    ],
  };
}

/** Somebody approved: a reply in the run's thread, which tells the requester. */
export function decisionMessage(run: RunView, decision: Decision): Message {
  const { quorum = 1 } = run.approval ?? {};
  const given = run.approval === null ? 1 : approvalsOf(run.approval).length;
  const left = quorum - given;
  const next =
    left > 0
      ? `${count(left, 'more approval is', 'more approvals are')} needed.`
      : run.runNow
        ? 'It starts now.'
        : 'It starts at its scheduled time.';
  const why = decision.reason === null ? '' : ` They say: ${quoted(decision.reason)}`;
  const { slackUserId } = run.requestedBy;
  return {
    text: messageText(
      `<@${slackUserId}> ${escapeMrkdwn(plainName(decision.by.name))} approved ${runName(run)}. ${next}${escapeMrkdwn(why)}`,
    ),
    blocks: [
      lines([
        mention(slackUserId),
        ' ',
        emoji('white_check_mark'),
        ' ',
        mention(decision.by.slackUserId),
        bold(` approved ${runName(run)}.`),
        ` ${next}${why}`,
      ]),
    ],
  };
}

/** The time for an answer is running out: to an approver directly, or to the requester in the thread. */
export function reminderMessage(run: RunView, around: Surroundings): Message {
  const until = run.answerBy === null ? '' : ` by ${moment(run.answerBy, around.zone)}`;
  const { slackUserId, name } = run.requestedBy;
  if (run.state === 'planned') {
    const sentence = `The plan of ${runName(run)} waits for your word${until}; then it expires.`;
    return {
      text: messageText(`<@${slackUserId}> ${sentence}`),
      blocks: [
        lines([mention(slackUserId), ' ', emoji('alarm_clock'), ` ${sentence}`]),
        planButtons(run, ['show'], around.now),
      ],
    };
  }
  const sentence =
    `${plainName(name)} waits for approval of push ${run.id}, ${askedFor(run)}, ` +
    `${calendarsOf(run)}${until}; then it expires.`;
  return {
    text: messageText(escapeMrkdwn(sentence)),
    blocks: [
      lines([emoji('alarm_clock'), ' ', bold('Reminder. '), sentence]),
      planButtons(run, ['approve', 'reject', 'show'], around.now),
    ],
  };
}

/** "“We start over.”": words of a person, marked as theirs and on one line (T11). */
export function quoted(text: string): string {
  return `“${plainName(text, REASON_LENGTH)}”`;
}

/** "1 of 2 approvals, by Bob Baker". */
export function progressOf(approval: ApprovalView): string {
  const given = approvalsOf(approval);
  const by = given.map(({ by: person }) => plainName(person.name, 40)).join(' and ');
  return `${number(given.length)} of ${count(approval.quorum, 'approval')}${by === '' ? '' : `, by ${by}`}`;
}

function answeredText(run: RunView, ended: string): string {
  const what = `${askedFor(run)}, ${calendarsOf(run)}`;
  return messageText(escapeMrkdwn(`${ended} It was ${what}, push ${run.id}.`));
}

function askingText(run: RunView, around: Surroundings, again: readonly string[]): string {
  const summary = run.plan?.summary ?? null;
  const worst = summary === null ? [] : consequencesOf(summary).slice(0, 4);
  const until = run.answerBy === null ? '' : ` by ${moment(run.answerBy, around.zone)}`;
  const sentences = [
    `${plainName(run.requestedBy.name)} asks for ${askedFor(run)}, ${calendarsOf(run)}, push ${run.id}.`,
    `Reason: ${quoted(run.reason ?? '')}`,
    ...again.slice(0, 4),
    ...worst,
    `Approve or reject${until}.`,
  ];
  return messageText(escapeMrkdwn(sentences.join(' ')));
}

function facts(run: RunView, zone: string): KnownBlock {
  const fact = (label: string, value: string): ReturnType<typeof words>[] => [
    bold(`${label}: `),
    words(value),
  ];
  return lines(
    fact('Course catalog', subject(run)),
    fact('Calendars', calendarsOf(run)),
    fact('Push Mode', modeOf(run)),
    fact('Data', dataOf(run)),
    [bold('When: '), run.runNow ? 'as soon as it is approved' : date(run.scheduledFor, zone)],
    [bold('Requested by '), mention(run.requestedBy.slackUserId), ': ', quoted(run.reason ?? '')],
  );
}

function standing(run: RunView, around: Surroundings, isAsked: boolean): KnownBlock {
  const { approval } = run;
  const progress = approval === null ? '' : progressOf(approval);
  const verdict = verdictOf(run, around);
  if (!isAsked)
    return lines([
      emoji(verdict.emoji),
      ' ',
      bold(`${verdict.headline}.`),
      ` ${verdict.detail}`,
      ...decidedAt(run, around.zone),
      ` ${progress}; ${planMark(run)}.`,
    ]);
  const expires =
    run.answerBy === null ? [] : [' It expires ', date(run.answerBy, around.zone), ','];
  return lines([`${progress}.`, ...expires, ` ${planMark(run)}.`]);
}

function decidedAt(run: RunView, zone: string): (string | ReturnType<typeof date>)[] {
  const last = run.approval?.decisions.at(-1);
  if (last === undefined) return [];
  const did = last.decision === 'approve' ? 'Approved' : 'Rejected';
  return [` ${did} by `, mention(last.by.slackUserId), ', ', date(last.at, zone), '.'];
}
