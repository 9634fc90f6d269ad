import { type KnownBlock } from '@slack/types';

import { type Reason, REASONS } from '../../domain/outcome.ts';
import { type RunCalendar, type RunView } from '../../domain/push-run.ts';
import { LIMITS } from '../limits.ts';
import { count, escapeMrkdwn, messageText, number, plainName } from '../wording.ts';
import { lostChannel } from './anchor.ts';
import { nextStepBlocks } from './next-steps.ts';
import {
  bold,
  bullets,
  emoji,
  fittingBullets,
  lines,
  mention,
  type Message,
  sizeOf,
} from './rich-text.ts';
import {
  calendarsByTrouble,
  calendarsOf,
  countsByType,
  reportLines,
  modeOf,
  runName,
  subject,
  topReasons,
} from './run-words.ts';
import { type Surroundings, verdictOf } from './verdict.ts';

const TOP_REASONS = 5;
/** More calendars than this are summed up; the report files name every one. */
const MOST_CALENDARS = 25;

/** The one reply that notifies: verdict first, then figures, reasons and what to do (5.5, B07). */
export function finishedMessage(run: RunView, around: Surroundings): Message {
  const verdict = verdictOf(run, around);
  const blocks: KnownBlock[] = [
    lines(
      [
        mention(run.requestedBy.slackUserId),
        ' ',
        emoji(verdict.emoji),
        ' ',
        bold(`${verdict.headline}.`),
        ` ${verdict.detail}`,
      ],
      [`${subject(run)}, ${calendarsOf(run)}. ${modeOf(run)}. ${courseSentence(run)}`.trim()],
    ),
    ...(around.lostChannelId === undefined ? [] : [lostChannel(around.lostChannelId)]),
    // Figures of a plan that never started would read as if it had.
    ...(run.startedAt === null ? [] : [...typeBlocks(run), ...reasonBlocks(run)]),
  ];
  const closing = lines([`${closingSentence(run)}${auditSentence(run)}`]);
  const foot = [closing, ...nextStepBlocks(run)];
  const budget = LIMITS.messageJson - sizeOf(blocks) - sizeOf(foot);
  return {
    text: messageText(
      `<@${run.requestedBy.slackUserId}> ${verdict.headline}: ${runName(run)}, ${escapeMrkdwn(subject(run))}, ` +
        `${escapeMrkdwn(calendarsOf(run))}. ${escapeMrkdwn(verdict.detail)} ${escapeMrkdwn(courseSentence(run))} ${closingSentence(run)}`,
    ),
    blocks: [...blocks, ...calendarBlocks(run, budget), ...foot],
  };
}

/** Anchors the audit log outside of the database (T18). */
function auditSentence({ auditMark }: RunView): string {
  return auditMark === null ? '' : ` Audit mark ${auditMark}.`;
}

function courseSentence(run: RunView): string {
  if (run.courses === null) return '';
  const { total, ignored, linkLost } = run.courses;
  const apart = [
    ...(ignored > 0 ? [`${number(ignored)} left alone for Ignore Master Push`] : []),
    ...(linkLost > 0 ? [`${number(linkLost)} no longer linked to the course master`] : []),
  ];
  return `${count(total, 'course')}${apart.length === 0 ? '' : `, of them ${apart.join(' and ')}`}.`;
}

function typeBlocks(run: RunView): KnownBlock[] {
  const rows = countsByType(run.counts);
  if (rows.length === 0) return [];
  return [
    bullets(
      'By kind of data',
      rows.map(({ label, text }) => [bold(label), `: ${text}`]),
    ),
  ];
}

function reasonBlocks(run: RunView): KnownBlock[] {
  const reasons = topReasons(run.counts, TOP_REASONS);
  if (reasons.length === 0) return [];
  return [
    bullets(
      'Why, and what to do',
      reasons.map(({ reason, items }) => [bold(count(items, 'item')), `: ${explain(reason)}`]),
    ),
  ];
}

/** A reason in words; a code that this version does not know stays out of the message. */
function explain(reason: string): string {
  if (!isReason(reason)) return 'See the push report for the reason.';
  const { text, whatToDo } = REASONS[reason];
  return whatToDo === 'Nothing to do.' ? text : `${text} ${whatToDo}`;
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(REASONS, reason);
}

function calendarBlocks(run: RunView, budget: number): KnownBlock[] {
  if (run.calendars.length < 2) return [];
  return [
    fittingBullets(
      'By calendar',
      calendarsByTrouble(run)
        .slice(0, MOST_CALENDARS)
        .map((calendar) => [calendarLine(calendar)]),
      {
        budget,
        total: run.calendars.length,
        rest: (left) => `${count(left, 'more calendar')}; the report files name every one.`,
      },
    ),
  ];
}

function calendarLine(calendar: RunCalendar): string {
  const { coursesDone, coursesTotal, exceptions } = calendar;
  const courses =
    coursesDone === coursesTotal
      ? count(coursesTotal, 'course')
      : `${number(coursesDone)} of ${count(coursesTotal, 'course')}`;
  const trouble = exceptions === 0 ? 'no exceptions' : count(exceptions, 'exception');
  return `${plainName(calendar.name)}: ${courses}, ${trouble}`;
}

function closingSentence(run: RunView): string {
  if (!run.artifacts.some(({ kind }) => kind === 'push_report'))
    return 'There are no report files.';
  return reportLines(run) === 0
    ? 'The push report and the change log follow in this thread.'
    : 'The push report (what could not be pushed, and what to do) and the change log follow in this thread.';
}
