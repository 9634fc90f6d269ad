import { type KnownBlock, type ModalView } from '@slack/types';
import { z } from 'zod';

import { type RunView } from '../../domain/push-run.ts';
import { alert, note, plainText } from '../form/fields.ts';
import { quoted } from '../messages/approval-message.ts';
import { planMark } from '../messages/plan-message.ts';
import { consequencesOf, writesSentence } from '../messages/plan-words.ts';
import { calendarsOf, modeOf, subject } from '../messages/run-words.ts';
import { plainName } from '../wording.ts';
import { bulletNotes } from './bullet-notes.ts';

/** callback_ids of the two decisions. */
export const DECIDE = { approve: 'approval_approve_form', reject: 'approval_reject_form' } as const;
export type DecisionKind = keyof typeof DECIDE;

export const TYPED = { block: 'approval_typed', action: 'approval_typed_text' } as const;
export const WORDS = { block: 'approval_words', action: 'approval_words_text' } as const;

const metadata = z.object({ runId: z.number().int(), hash: z.string() });

/** @throws ZodError or SyntaxError when it was not written by us */
export function readDecideMetadata(text: string): z.infer<typeof metadata> {
  return metadata.parse(JSON.parse(text));
}

/** The question that an approver answers: the same figures again, and what has to be typed (G21). */
export function decideView(
  kind: DecisionKind,
  run: RunView,
  difference: readonly string[] = [],
): ModalView {
  const isYes = kind === 'approve';
  const what = run.undoes === null ? 'overwrite' : 'undo';
  return {
    type: 'modal',
    callback_id: DECIDE[kind],
    title: plainText(`${isYes ? 'Approve' : 'Reject'} ${what}`),
    submit: plainText(isYes ? 'Approve' : 'Reject'),
    close: plainText('Back'),
    private_metadata: JSON.stringify({ runId: run.id, hash: run.plan?.hash ?? '' }),
    blocks: [
      note(
        `Push ${run.id}: ${subject(run)}, ${calendarsOf(run)}. ${modeOf(run)}. ${writesSentence(run)}`,
      ),
      note(`${plainName(run.requestedBy.name)} asks for it: ${quoted(run.reason ?? '')}`),
      ...(difference.length === 0 ? [] : bulletNotes('Since it was approved:', difference)),
      ...consequences(run),
      { type: 'context', elements: [plainText(planMark(run))] },
      ...(isYes ? approveFields(run) : [wordsField('Why not', false)]),
    ],
  };
}

function consequences({ plan }: RunView): KnownBlock[] {
  const summary = plan?.summary ?? null;
  const known = summary === null ? [] : consequencesOf(summary);
  return known.length === 0 ? [] : bulletNotes('What to know before you say yes:', known);
}

function approveFields(run: RunView): KnownBlock[] {
  if (!run.isActiveYear) return [wordsField('Note to the requester', true)];
  return [
    alert(
      'error',
      `This ${run.undoes === null ? 'overwrites' : 'changes'} the current year. Grades may have to be moved by hand.`,
    ),
    {
      type: 'input',
      block_id: TYPED.block,
      label: plainText('Type the name of the course catalog to approve'),
      hint: plainText(plainName(run.catalog, 300)),
      element: { type: 'plain_text_input', action_id: TYPED.action, max_length: 300 },
    },
    wordsField('Note to the requester', true),
  ];
}

function wordsField(label: string, optional: boolean): KnownBlock {
  return {
    type: 'input',
    block_id: WORDS.block,
    optional,
    label: plainText(label),
    element: {
      type: 'plain_text_input',
      action_id: WORDS.action,
      multiline: true,
      max_length: 500,
    },
  };
}
