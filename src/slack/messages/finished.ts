import { type KnownBlock } from '@slack/types';

import { type Reason, REASONS } from '../../domain/outcome.ts';
import { endedEarly, type RunCalendar, type RunView } from '../../domain/push-run.ts';
import { LIMITS } from '../limits.ts';
import { count, escapeMrkdwn, messageText, number, plainName } from '../wording.ts';
import { lostChannel } from './anchor.ts';
import { approvedBy, approvedText } from './approved-by.ts';
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
  calendarsByCourses,
  calendarsByTrouble,
  calendarsOf,
  countsByType,
  coursesDone,
  didWord,
  emptyCalendars,
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

/**
 * The one reply that notifies: verdict and headline counts first, then by kind of data, by calendar,
 * and what to do (5.5, B07).
 */
export function finishedMessage(run: RunView, around: Surroundings): Message {
  const verdict = verdictOf(run, around);
  const { slackUserId } = run.requestedBy;
  const head: KnownBlock[] = [
    lines(
      [
        mention(slackUserId),
        ' ',
        emoji(verdict.emoji),
        ' ',
        bold(`${verdict.headline}.`),
        ` ${verdict.detail}`,
      ],
      [`${subject(run)}, ${calendarsOf(run)}. ${modeOf(run)}.`, ...approvedBy(run)],
    ),
    ...(around.lostChannelId === undefined ? [] : [lostChannel(around.lostChannelId)]),
    ...typeBlocks(run),
  ];
  const foot: KnownBlock[] = [
    ...reasonBlocks(run),
    lines([closingSentence(run)]),
    ...nextStepBlocks(run),
    ...auditBlocks(run),
  ];
  const budget = LIMITS.messageJson - sizeOf(head) - sizeOf(foot);
  return {
    text: messageText(
      `<@${slackUserId}> ${verdict.headline}: ${runName(run)}, ${escapeMrkdwn(subject(run))}, ` +
        `${escapeMrkdwn(calendarsOf(run))}. ${escapeMrkdwn(verdict.detail)}${approvedText(run)} ${closingSentence(run)}`,
    ),
    blocks: [...head, ...calendarBlocks(run, budget), ...foot],
  };
}

/** Anchors the audit log outside of the database (T18). */
function auditBlocks({ auditMark }: RunView): KnownBlock[] {
  if (auditMark === null) return [];
  const text = `Audit log up to here: ${auditMark}`;
  return [{ type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] }];
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
  const { withCourses, empty } = calendarsByCourses(run.calendars);
  if (
    run.calendars.length < 2 ||
    withCourses.length === 0 ||
    (endedEarly(run.state) && run.applied === 0)
  )
    return [];
  const rest = empty === 0 ? [] : [lines([emptyCalendars(empty, withCourses.length)])];
  return [
    fittingBullets(
      'By calendar',
      calendarsByTrouble(withCourses)
        .slice(0, MOST_CALENDARS)
        .map((calendar) => [calendarLine(run, calendar)]),
      {
        budget: budget - sizeOf(rest),
        total: withCourses.length,
        rest: (left) => `${count(left, 'more calendar')}; the report files name every one.`,
      },
    ),
    ...rest,
  ];
}

function calendarLine(run: RunView, calendar: RunCalendar): string {
  const { exceptions } = calendar;
  const name = plainName(calendar.name);
  const trouble = count(exceptions, 'exception');
  if (endedEarly(run.state) && calendar.coursesLeft > 0)
    return [
      `${name}: ${cutShort(didWord(run), calendar)}`,
      ...(exceptions === 0 ? [] : [trouble]),
    ].join(', ');
  const courses =
    calendar.coursesDone === calendar.coursesTotal
      ? count(calendar.coursesTotal, 'course')
      : coursesDone(calendar);
  return `${name}: ${courses}, ${exceptions === 0 ? 'no exceptions' : trouble}`;
}

/** How far a calendar was when the push ended. */
function cutShort(did: string, { applied, coursesDone: done, coursesLeft }: RunCalendar): string {
  const left = `${number(coursesLeft)} not reached`;
  return applied === 0 ? `nothing was ${did}, ${left}` : `${count(done, 'course')} done, ${left}`;
}

function closingSentence(run: RunView): string {
  const isEarly = endedEarly(run.state);
  if (!run.artifacts.some(({ kind }) => kind === 'push_report'))
    return isEarly && run.applied === 0
      ? `There are no report files, since nothing was ${didWord(run)}.`
      : 'There are no report files.';
  const unpushed = isEarly
    ? ` (what could not be ${didWord(run)} and what was not reached)`
    : reportLines(run) === 0
      ? ''
      : ` (what could not be ${didWord(run)}, and what to do)`;
  return `The push report${unpushed} and the change log follow in this thread.`;
}
