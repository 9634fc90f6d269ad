import { type ActionsBlock, type Button, type ConfirmationDialog } from '@slack/types';
import { z } from 'zod';

import { isFinished, type RunView } from '../../domain/push-run.ts';
import { plainText } from '../form/fields.ts';

/** action_ids of the buttons under a result. */
export const NEXT = {
  residual: 'next_residual',
  repair: 'next_repair',
  repeat: 'next_repeat',
  undo: 'next_undo',
} as const;
export type NextStep = keyof typeof NEXT;

const WORDS: Readonly<Record<NextStep, string>> = {
  residual: 'Residual report',
  repair: 'Plan a repair…',
  repeat: 'Push again…',
  undo: 'Undo…',
};

const ask = (title: string, text: string, confirm: string): ConfirmationDialog => ({
  title: plainText(title),
  text: plainText(text),
  confirm: plainText(confirm),
  deny: plainText('Back'),
});

const CONFIRM: Readonly<Partial<Record<NextStep, ConfirmationDialog>>> = {
  repair: ask(
    'Plan a repair?',
    'The desynced courses are linked again with the values of their course masters; nothing is removed. You see the plan first, and it needs approval like an overwrite.',
    'Plan it',
  ),
  repeat: ask(
    'Push again?',
    'The same push is planned anew from the course masters as they are now.',
    'Push again',
  ),
};

/** What a person can do next about a push that has ended. */
export function nextSteps(run: RunView): NextStep[] {
  if (!isFinished(run.state) || run.kind === 'undo') return [];
  const isThere = (outcomes: readonly string[]): boolean =>
    run.startedAt !== null &&
    run.counts.some(({ outcome, items }) => items > 0 && outcomes.includes(outcome));
  return [
    ...(isThere(['RETAINED_PROTECTED', 'SET_NO_CALCULATION']) ? (['residual'] as const) : []),
    ...(run.kind === 'push' && isThere(['FAILED_DESYNCED']) ? (['repair'] as const) : []),
    'repeat',
    ...(run.applied > 0 ? (['undo'] as const) : []),
  ];
}

/** The buttons for them. */
export function nextStepBlocks(run: RunView): ActionsBlock[] {
  const steps = nextSteps(run);
  if (steps.length === 0) return [];
  return [{ type: 'actions', elements: steps.map((step) => button(run.id, step)) }];
}

function button(runId: number, step: NextStep): Button {
  const confirm = CONFIRM[step];
  return {
    type: 'button',
    action_id: NEXT[step],
    value: String(runId),
    text: plainText(WORDS[step]),
    accessibility_label: `${WORDS[step]} Push ${runId}`,
    ...(confirm === undefined ? {} : { confirm }),
  };
}

const value = z.looseObject({ value: z.string().regex(/^\d{1,9}$/) });

/** @throws ZodError when the button is none of ours */
export function readNextValue(action: unknown): number {
  return Number(value.parse(action).value);
}
