import { type Overflow, type SectionBlock } from '@slack/types';

import { DATA_TYPE_LABELS, type PushedType } from '../../domain/push-options.ts';
import { type QueueRow } from '../../domain/queue-list.ts';
import { undeliveredInShort } from '../messages/undelivered.ts';
import { choice } from '../form/fields.ts';
import { CHOICE_WORDS, choiceValue, rowMenu } from './choice.ts';
import { count, localDate, number, safeName } from '../wording.ts';

const STATUS_WORDS: Readonly<Record<string, string>> = {
  awaiting_approval: 'Awaiting approval',
  queued: 'Queued',
  processing: 'Processing',
  completed: 'Completed',
  completed_with_exceptions: 'Completed',
  failed: 'Failed',
  canceled: 'Canceled',
  rejected: 'Rejected',
  expired: 'Expired',
};

/** "Completed (17 exceptions)" (B01); of a run that works, how far it is. */
export function statusOf(
  row: Pick<QueueRow, 'status' | 'exceptions' | 'coursesDone' | 'coursesTotal'>,
): string {
  const word = STATUS_WORDS[row.status] ?? 'Queued';
  if (row.status === 'completed_with_exceptions')
    return `${word} (${count(row.exceptions, 'exception')})`;
  return row.status === 'processing'
    ? `${word} (${number(row.coursesDone)} of ${count(row.coursesTotal, 'course')})`
    : word;
}

/** The types alphabetically, Cross-Site Data among them, as the list has always shown them (5.1). */
export function pushedData(row: Pick<QueueRow, 'dataTypes' | 'crossSite'>): string {
  const types: readonly PushedType[] = [
    ...row.dataTypes,
    ...(row.crossSite ? (['cross_site'] as const) : []),
  ];
  return [...new Set(types.map((type) => DATA_TYPE_LABELS[type]))]
    .toSorted((a, b) => a.localeCompare(b, 'en'))
    .join(', ');
}

/** Entries of the menu beside a row: Slack takes five, the details have the rest. */
const IN_MENU = ['report', 'cancel', 'reschedule', 'repeat'] as const;

/** One row: the eight columns of the list in two lines, and what can be done with it. */
export function rowBlock(row: QueueRow, zone: string): SectionBlock {
  const marks = [
    ...(row.highPriority ? ['high priority'] : []),
    ...(row.keepUntilDeleted ? ['kept until deleted'] : []),
  ];
  const by = row.approvedBy === null ? '' : `, approved by ${safeName(row.approvedBy)}`;
  const lines = [
    `*${localDate(row.scheduledFor, zone, '{date_num} {time_secs}')}* · ${subjectOf(row)} · ${safeName(row.calendar)}`,
    [
      `*${statusOf(row)}*`,
      modeOf(row),
      `To sections: ${row.toSections ? 'Yes' : 'No'}`,
      ...marks,
    ].join(' · '),
    pushedData(row),
    `#${row.runId}, ${safeName(row.year)}, asked by ${safeName(row.requestedBy)}${by}`,
    ...row.undelivered.slice(0, 1).map((problem) => `:warning: ${undeliveredInShort(problem)}`),
  ];
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: lines.join('\n') },
    accessory: menuOf(row),
  };
}

function modeOf({ mode, undoes }: QueueRow): string {
  if (undoes !== null) return `Undo of #${undoes}`;
  return mode === 'overwrite' ? 'Overwrite' : 'Push';
}

function subjectOf({ catalog, masterNumber }: QueueRow): string {
  const master = masterNumber === null ? '' : `course master ${safeName(masterNumber)} of `;
  return `${master}${safeName(catalog)}`;
}

function menuOf(row: QueueRow): Overflow {
  return {
    type: 'overflow',
    action_id: rowMenu(row.runId, row.calendarId),
    options: (['show', ...IN_MENU] as const)
      .filter((entry) => entry === 'show' || row.acts.has(entry))
      .map((entry) => choice(choiceValue(entry, row.runId), CHOICE_WORDS[entry])),
  };
}
