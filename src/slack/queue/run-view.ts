import { type Button, type KnownBlock, type ModalView } from '@slack/types';
import { z } from 'zod';

import { type QueueLook } from '../../domain/queue-list.ts';
import { type RunView } from '../../domain/push-run.ts';
import { bulletNotes } from '../approval/bullet-notes.ts';
import { alert, note, plainText } from '../form/fields.ts';
import { bold, lines } from '../messages/rich-text.ts';
import { undeliveredSentence } from '../messages/undelivered.ts';
import { calendarsOf, countsByType, dataOf, modeOf, subject } from '../messages/run-words.ts';
import { type Surroundings, verdictOf } from '../messages/verdict.ts';
import { moment, plainName } from '../wording.ts';
import {
  type Choice,
  CHOICE_WORDS,
  choiceAction,
  choiceValue,
  type Question,
  QUESTIONS_FIRST,
} from './choice.ts';

/** callback_ids of the modals about one run. */
export const SHOW = 'push_show';
export const CONFIRM = 'push_queue_confirm';
export const TIME_FIELD = { block: 'queue_time', action: 'queue_time_at' } as const;

const target = z.object({
  question: z.enum([...QUESTIONS_FIRST, 'undo']),
  runId: z.number().int().positive(),
  zone: z.string(),
  /** The list to go back to, when there is one below. */
  filter: z.string().nullable(),
});
export type Target = z.infer<typeof target>;

/** @throws ZodError or SyntaxError when it was not written by us */
export function readTarget(text: string): Target {
  return target.parse(JSON.parse(text));
}

/** Kinds of trouble with messages that the modal names. */
const MOST_PROBLEMS = 5;

const BUTTONS = ['report', 'reschedule', 'repeat', 'undo', 'cancel', 'delete'] as const;

export interface ShownRun {
  readonly run: RunView;
  readonly look: QueueLook;
  /** The list below, as its filter was written; null when there is none. */
  readonly filter: string | null;
  readonly around: Surroundings;
  /** Where the thread is, when Slack told. */
  readonly permalink: string | undefined;
  readonly said?: string;
}

/** All about one run, and what the person may do with it. */
export function runModal(shown: ShownRun): ModalView {
  const { run, look, permalink } = shown;
  const problems = look.undelivered.slice(0, MOST_PROBLEMS);
  const counts = countsByType(run.counts).map(({ label, text }) => `${label}: ${text}`);
  return {
    type: 'modal',
    callback_id: SHOW,
    title: plainText(`Push #${run.id}`.slice(0, 24)),
    close: plainText(shown.filter === null ? 'Close' : 'Back'),
    private_metadata: shown.filter ?? '',
    blocks: [
      ...(shown.said === undefined ? [] : [alert('info', shown.said)]),
      ...problems.map((problem) => mrkdwn(`:warning: ${undeliveredSentence(problem)}`)),
      ...factsOf(shown).map(([label, value]) => lines([bold(`${label}: `), value])),
      ...(counts.length === 0 ? [] : bulletNotes('By kind of data', counts)),
      ...(permalink === undefined ? [] : [mrkdwn(`<${permalink}|Open its thread>`)]),
      ...buttonsOf(shown),
    ],
  };
}

type Fact = readonly [label: string, value: string];

function factsOf({ run, look, around }: ShownRun): Fact[] {
  const verdict = verdictOf(run, around);
  const ended: Fact[] =
    run.finishedAt === null ? [] : [['Ended', moment(run.finishedAt, around.zone)]];
  return [
    ['State', `${verdict.headline}. ${verdict.detail}`],
    ['Course catalog', subject(run)],
    ['Calendars', calendarsOf(run)],
    ['Push mode', modeOf(run)],
    ['Data', dataOf(run)],
    ['Asked by', `${plainName(run.requestedBy.name)}, ${moment(run.requestedAt, around.zone)}`],
    ['Scheduled for', moment(run.scheduledFor, around.zone)],
    ...ended,
    ...(look.undoneBy === null ? [] : [['Undo', `Push #${look.undoneBy}`] as const]),
  ];
}

function buttonsOf({ run, look }: ShownRun): KnownBlock[] {
  const { acts, highPriority, keepUntilDeleted } = look;
  const marks: Choice[] = [
    ...(acts.has('priority') ? [highPriority ? ('unhurry' as const) : ('hurry' as const)] : []),
    ...(acts.has('keep') ? [keepUntilDeleted ? ('unkeep' as const) : ('keep' as const)] : []),
  ];
  return [BUTTONS.filter((act) => acts.has(act)), marks]
    .filter((choices) => choices.length > 0)
    .map((choices) => ({
      type: 'actions',
      elements: choices.map((choice) => button(run.id, choice)),
    }));
}

/** Asks before an act that ends, moves, repeats or removes a push. */
export function confirmModal(
  question: Question,
  run: RunView,
  from: Pick<Target, 'zone' | 'filter'>,
): ModalView {
  const { title, submit, text } = QUESTIONS[question](run);
  return {
    type: 'modal',
    callback_id: CONFIRM,
    title: plainText(title),
    submit: plainText(submit),
    close: plainText('Back'),
    private_metadata: JSON.stringify({ question, runId: run.id, ...from } satisfies Target),
    blocks: [
      note(`${subject(run)}, ${calendarsOf(run)}.`),
      note(text),
      ...(question === 'reschedule' ? [timeField(from.zone, run.scheduledFor)] : []),
    ],
  };
}

interface Wording {
  readonly title: string;
  readonly submit: string;
  readonly text: string;
}

const plain = (title: string, submit: string, text: string) => (): Wording => ({
  title,
  submit,
  text,
});

const QUESTIONS: Readonly<Record<Question, (run: RunView) => Wording>> = {
  cancel: (run) => ({
    title: `Cancel push #${run.id}?`.slice(0, 24),
    submit: 'Cancel the push',
    text:
      run.state === 'running'
        ? 'It stops after the courses it is at. Courses already done stay pushed.'
        : 'It has not begun, so nothing is pushed. It can be pushed again later.',
  }),
  reschedule: plain('Reschedule', 'Reschedule', 'Choose when the push is to start.'),
  repeat: plain(
    'Push again?',
    'Push again',
    'The same push is planned anew from the course masters as they are now.',
  ),
  delete: plain(
    'Delete?',
    'Delete',
    'The push leaves the list and its report files are removed. The record of what it changed stays.',
  ),
};

function timeField(zone: string, at: Date): KnownBlock {
  return {
    type: 'input',
    block_id: TIME_FIELD.block,
    label: plainText('Date and time'),
    hint: plainText(`In your Slack time zone, ${zone}.`),
    element: {
      type: 'datetimepicker',
      action_id: TIME_FIELD.action,
      initial_date_time: Math.floor(at.getTime() / 1000),
    },
  };
}

function button(runId: number, choice: Choice): Button {
  return {
    type: 'button',
    action_id: choiceAction(choice),
    value: choiceValue(choice, runId),
    text: plainText(CHOICE_WORDS[choice]),
    ...(choice === 'cancel' || choice === 'delete' ? { style: 'danger' as const } : {}),
  };
}

function mrkdwn(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}
