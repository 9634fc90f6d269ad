import { type KnownBlock, type ModalView } from '@slack/types';
import { z } from 'zod';

import { SHORTEST_REASON } from '../../domain/approval.ts';
import { DATA_TYPE_LABELS, FORM_DATA_TYPES, type PushedType } from '../../domain/push-options.ts';
import { type OutcomeCount, type RunView } from '../../domain/push-run.ts';
import { alert, note, plainText } from '../form/fields.ts';
import { progressOf, quoted } from '../messages/approval-message.ts';
import { planMark } from '../messages/plan-message.ts';
import { consequencesOf, writesSentence } from '../messages/plan-words.ts';
import {
  calendarsByCourses,
  calendarsOf,
  countsByType,
  dataOf,
  emptyCalendars,
  modeOf,
  outcomesInWords,
  subject,
} from '../messages/run-words.ts';
import { verdictOf } from '../messages/verdict.ts';
import { count, moment, plainName } from '../wording.ts';
import { bulletNotes } from './bullet-notes.ts';
import { isLater, type PlanAction, planButtons, takeBackActions } from './buttons.ts';

/** callback_id of "The plan". */
export const PLAN = 'push_plan';
export const REASON = { block: 'plan_reason', action: 'plan_reason_text' } as const;
export const PAGE = { back: 'plan_page_back', on: 'plan_page_on' } as const;

/** A section holds 3,000 characters; a calendar's line is far below 300. */
const CALENDARS_PER_PAGE = 40;
const LEVELS = ['course', 'section', 'run'] as const;
const LEVEL_WORDS = { course: 'Courses', section: 'Sections', run: 'The whole push' } as const;

const metadata = z.object({
  runId: z.number().int(),
  hash: z.string(),
  page: z.number().int().min(0),
});
export type PlanMetadata = z.infer<typeof metadata>;

/** @throws ZodError or SyntaxError when it was not written by us */
export function readPlanMetadata(text: string): PlanMetadata {
  return metadata.parse(JSON.parse(text));
}

export interface PlanModel {
  readonly run: RunView;
  readonly page: number;
  /** The person asked for the push. */
  readonly isRequester: boolean;
  /** How it differs from the plan approved before, in sentences. */
  readonly difference: readonly string[];
  readonly zone: string;
  readonly now: Date;
  readonly said?: string;
}

/** "The plan" (G22): what it does on the first page, then calendar by calendar. Pure. */
export function planView(model: PlanModel): ModalView {
  const { run } = model;
  const page = Math.min(model.page, pagesOf(run) - 1);
  const isAsked = model.isRequester && run.state === 'planned' && page === 0;
  const data: PlanMetadata = { runId: run.id, hash: run.plan?.hash ?? '', page };
  return {
    type: 'modal',
    callback_id: PLAN,
    title: plainText('The plan'),
    close: plainText('Close'),
    private_metadata: JSON.stringify(data),
    ...(isAsked ? { submit: plainText(submitWords(run, model.now)) } : {}),
    blocks: [
      ...(model.said === undefined ? [] : [alert('warning', model.said)]),
      ...(page === 0 ? firstPage(model, isAsked) : calendarPage(run, page)),
      ...paging(run, page),
    ],
  };
}

function submitWords(run: RunView, now: Date): string {
  if (run.mode === 'overwrite') return 'Ask for approval';
  return isLater(run, now) ? 'Schedule it' : 'Push now';
}

function firstPage(model: PlanModel, isAsked: boolean): KnownBlock[] {
  const { run, zone, now, difference } = model;
  const verdict = verdictOf(run, { now, zone, planBlock: false });
  const summary = run.plan?.summary ?? null;
  const consequences = summary === null ? [] : consequencesOf(summary);
  return [
    note(`Push ${run.id}: ${subject(run)}, ${calendarsOf(run)}. ${modeOf(run)}. ${dataOf(run)}.`),
    note(`${verdict.headline}. ${verdict.detail} ${writesSentence(run)}`),
    ...(run.reason === null ? [] : [note(`Reason: ${quoted(run.reason)}`)]),
    ...(difference.length === 0 ? [] : bulletNotes('Since it was approved:', difference)),
    ...(consequences.length === 0
      ? []
      : bulletNotes('What to know before you say yes:', consequences)),
    ...LEVELS.flatMap((level) => levelBlock(run.counts, level)),
    ...approvalBlocks(run, isAsked, zone),
    { type: 'context', elements: [plainText(`${planMark(run)} of push ${run.id}`)] },
    planButtons(run, ['file', ...(model.isRequester ? takeBack(run) : [])], now),
    ...(isAsked && run.mode === 'overwrite' ? [reasonField(run)] : []),
  ];
}

/** What its requester can still do, also while others are asked. */
function takeBack(run: RunView): PlanAction[] {
  return run.state === 'planned' || run.state === 'awaiting_approval' ? takeBackActions(run) : [];
}

/** Counts by kind of data and outcome, at one level. */
function levelBlock(counts: readonly OutcomeCount[], level: OutcomeCount['level']): KnownBlock[] {
  const rows = countsByType(counts.filter((entry) => entry.level === level));
  if (rows.length === 0) return [];
  return bulletNotes(
    LEVEL_WORDS[level],
    rows.map(({ label, text }) => `${label}: ${text}`),
  );
}

function approvalBlocks(run: RunView, isAsked: boolean, zone: string): KnownBlock[] {
  const until = run.answerBy === null ? '' : ` It expires on ${moment(run.answerBy, zone)}.`;
  if (run.approval !== null && !isAsked) return [note(`${progressOf(run.approval)}.${until}`)];
  return until === '' ? [] : [note(until.trim())];
}

function reasonField(run: RunView): KnownBlock {
  const initial = plainName(run.reason ?? '', 500);
  return {
    type: 'input',
    block_id: REASON.block,
    label: plainText('Reason'),
    hint: plainText('Whoever approves it reads it.'),
    element: {
      type: 'plain_text_input',
      action_id: REASON.action,
      multiline: true,
      min_length: SHORTEST_REASON,
      max_length: 500,
      ...(initial.length < SHORTEST_REASON ? {} : { initial_value: initial }),
    },
  };
}

function pagesOf(run: RunView): number {
  if (run.calendars.length < 2) return 1;
  const { withCourses } = calendarsByCourses(run.calendars);
  return 1 + Math.ceil(withCourses.length / CALENDARS_PER_PAGE);
}

function calendarPage(run: RunView, page: number): KnownBlock[] {
  const from = (page - 1) * CALENDARS_PER_PAGE;
  const { withCourses, empty } = calendarsByCourses(run.calendars);
  const shown = withCourses.slice(from, from + CALENDARS_PER_PAGE);
  const isLast = from + CALENDARS_PER_PAGE >= withCourses.length;
  const byCalendar = new Map<number, OutcomeCount[]>();
  for (const entry of run.counts) {
    if (entry.calendarId === null) continue;
    byCalendar.set(entry.calendarId, [...(byCalendar.get(entry.calendarId) ?? []), entry]);
  }
  return [
    ...shown.map(({ calendarId, name, coursesTotal }) =>
      note(
        `${plainName(name)}, ${count(coursesTotal, 'course')}\n${outcomesOf(byCalendar.get(calendarId) ?? [])}`,
      ),
    ),
    ...(isLast && empty > 0 ? [note(emptyCalendars(empty, withCourses.length))] : []),
  ];
}

const PUSHED: readonly PushedType[] = [...FORM_DATA_TYPES, 'cross_site'];

/** "12 added, 3 deleted. In Categories, Assessments." */
function outcomesOf(counts: readonly OutcomeCount[]): string {
  const written = counts.filter(({ outcome }) => outcome !== 'UNCHANGED');
  if (written.length === 0) return 'Nothing would change.';
  const types = PUSHED.filter((type) => written.some(({ dataType }) => dataType === type));
  return `${outcomesInWords(written)}. In ${types.map((type) => DATA_TYPE_LABELS[type]).join(', ')}.`;
}

function paging(run: RunView, page: number): KnownBlock[] {
  const pages = pagesOf(run);
  if (pages === 1) return [];
  const button = (action: string, words: string): KnownBlock => ({
    type: 'actions',
    elements: [{ type: 'button', action_id: action, text: plainText(words) }],
  });
  const which = pages === 2 ? 'Its calendars' : `Calendars, page ${page} of ${pages - 1}`;
  const here = page === 0 ? 'What it does' : which;
  return [
    { type: 'context', elements: [plainText(here)] },
    ...(page > 0
      ? [button(PAGE.back, page === 1 ? 'Back to what it does' : 'Previous calendars')]
      : []),
    ...(page < pages - 1 ? [button(PAGE.on, page === 0 ? 'By calendar' : 'Next calendars')] : []),
  ];
}
