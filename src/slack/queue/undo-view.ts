import { type KnownBlock, type ModalView } from '@slack/types';

import { SHORTEST_REASON } from '../../domain/approval.ts';
import { type RunView } from '../../domain/push-run.ts';
import { type UndoCount, type UndoOutlook } from '../../domain/queue-list.ts';
import { note, plainText } from '../form/fields.ts';
import { calendarsOf, subject } from '../messages/run-words.ts';
import { count } from '../wording.ts';
import { CONFIRM, type Target } from './run-view.ts';

export const UNDO_REASON = { block: 'undo_reason', action: 'undo_reason_text' } as const;

/** Asks before a push is taken back: what would be put back, what stays, and why it is wished (G23). Pure. */
export function undoModal(
  run: RunView,
  outlook: UndoOutlook,
  from: Pick<Target, 'zone' | 'filter'>,
): ModalView {
  const target: Target = { question: 'undo', runId: run.id, ...from };
  return {
    type: 'modal',
    callback_id: CONFIRM,
    title: plainText(`Undo push #${run.id}?`.slice(0, 24)),
    submit: plainText('Plan the undo'),
    close: plainText('Back'),
    private_metadata: JSON.stringify(target),
    blocks: [
      note(`${subject(run)}, ${calendarsOf(run)}.`),
      note(
        `It wrote ${count(outlook.written, 'item')}. ${outlookSentences(outlook.counted).join(' ')}`,
      ),
      note(
        'You see the plan of the undo first, and it needs approval like an overwrite. Until then nothing changes.',
      ),
      reasonField(),
    ],
  };
}

function outlookSentences(counted: UndoCount | null): string[] {
  if (counted === null)
    return [
      'What was changed since, or has student work since, stays as it is; the plan of the undo counts it.',
    ];
  const { putBack, edited, used } = counted;
  return [
    putBack === 0
      ? 'None of them can be put back.'
      : `${count(putBack, 'would be', 'would be')} put back as ${putBack === 1 ? 'it was' : 'they were'} before.`,
    ...(edited === 0
      ? []
      : [`${count(edited, 'was', 'were')} changed since and ${stay(edited)} as now.`]),
    ...(used === 0
      ? []
      : [`${count(used, 'has', 'have')} student work since and ${stay(used)} as now.`]),
  ];
}

function stay(items: number): string {
  return items === 1 ? 'stays' : 'stay';
}

function reasonField(): KnownBlock {
  return {
    type: 'input',
    block_id: UNDO_REASON.block,
    label: plainText('Reason'),
    hint: plainText('Whoever approves it reads it.'),
    element: {
      type: 'plain_text_input',
      action_id: UNDO_REASON.action,
      multiline: true,
      min_length: SHORTEST_REASON,
      max_length: 500,
    },
  };
}
