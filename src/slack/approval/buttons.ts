import { type ActionsBlock, type Button, type ConfirmationDialog } from '@slack/types';
import { z } from 'zod';

import { type RunView } from '../../domain/push-run.ts';
import { plainText } from '../form/fields.ts';

/** action_ids of the buttons under a plan and under a request for approval. */
export const ACTION = {
  push: 'plan_push',
  pushNow: 'plan_push_now',
  ask: 'plan_ask',
  show: 'plan_show',
  change: 'plan_change',
  withdraw: 'plan_withdraw',
  cancel: 'plan_cancel',
  file: 'plan_file',
  approve: 'approval_approve',
  reject: 'approval_reject',
} as const;
export type PlanAction = keyof typeof ACTION;

/** Letters of the hash that a button carries, and that a person can compare. */
const SHORT_HASH = 12;

/** The hash of a plan as people see it. */
export function shortHash(hash: string): string {
  return hash.slice(0, SHORT_HASH);
}

export interface PlanTarget {
  readonly runId: number;
  /** First letters of the hash of the plan that the person saw. */
  readonly hash: string;
}

/** The value of a button: which run, and which plan the person saw (T07). */
export function targetValue(run: RunView): string {
  return `${run.id}.${shortHash(run.plan?.hash ?? '')}`;
}

const value = z.looseObject({ value: z.string().regex(/^\d{1,9}\.[0-9a-f]{0,12}$/) });

/** @throws ZodError when the button is none of ours */
export function readTargetValue(action: unknown): PlanTarget {
  const [runId = '', hash = ''] = value.parse(action).value.split('.');
  return { runId: Number(runId), hash };
}

/** The plan's whole hash when the person saw the present plan; else what they saw, which will not match. */
export function seenHash(run: RunView, { hash }: PlanTarget): string {
  const present = run.plan?.hash ?? '';
  return hash !== '' && present.startsWith(hash) ? present : hash;
}

const WITHDRAW: ConfirmationDialog = {
  title: plainText('Withdraw this push?'),
  text: plainText('Nothing was pushed, and nothing will be. It can be asked for again.'),
  confirm: plainText('Withdraw'),
  deny: plainText('Back'),
  style: 'danger',
};

const CANCEL: ConfirmationDialog = {
  title: plainText('Cancel this push?'),
  text: plainText('It stops after the courses it is at. Courses already done stay pushed.'),
  confirm: plainText('Cancel the push'),
  deny: plainText('Back'),
  style: 'danger',
};

/** Nothing of it is done yet. */
const CANCEL_UNBEGUN: ConfirmationDialog = {
  ...CANCEL,
  text: plainText('It has not begun, so nothing is pushed. It can be pushed again later.'),
};

/** What a button asks before it acts. */
function confirmOf(run: RunView, action: PlanAction): ConfirmationDialog | undefined {
  if (action === 'withdraw') return WITHDRAW;
  if (action !== 'cancel') return undefined;
  return run.state === 'running' ? CANCEL : CANCEL_UNBEGUN;
}

const WORDS: Readonly<Record<PlanAction, string>> = {
  push: 'Push now',
  pushNow: 'Push now instead',
  ask: 'Ask for approval…',
  show: 'The plan…',
  change: 'Change and plan again…',
  withdraw: 'Withdraw',
  cancel: 'Cancel…',
  file: 'Full plan as a file',
  approve: 'Approve…',
  reject: 'Reject…',
};

const STYLE: Readonly<Partial<Record<PlanAction, 'primary' | 'danger'>>> = {
  push: 'primary',
  ask: 'primary',
  approve: 'primary',
  reject: 'danger',
  cancel: 'danger',
};

/** A row of buttons about the run's present plan. */
export function planButtons(run: RunView, actions: readonly PlanAction[], now: Date): ActionsBlock {
  return { type: 'actions', elements: actions.map((action) => planButton(run, action, now)) };
}

function planButton(run: RunView, action: PlanAction, now: Date): Button {
  const words = action === 'push' ? pushWords(run, now) : WORDS[action];
  const style = STYLE[action];
  const confirm = confirmOf(run, action);
  return {
    type: 'button',
    action_id: ACTION[action],
    value: targetValue(run),
    text: plainText(words),
    accessibility_label: `${words} Push ${run.id}`,
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm }),
  };
}

/** action_ids of a button wherever it stands; in a list each row has its own (V3). */
export function actionIds(action: PlanAction): RegExp {
  return new RegExp(`^${ACTION[action]}(~\\d{1,9})?$`);
}

/** A button in a list of runs, about whatever plan the run then has: a modal shows that first. */
export function listButton(runId: number, action: 'show' | 'approve' | 'reject'): Button {
  return {
    type: 'button',
    action_id: `${ACTION[action]}~${runId}`,
    value: `${runId}.`,
    text: plainText(WORDS[action]),
    accessibility_label: `${WORDS[action]} Push ${runId}`,
  };
}

/** What the requester can do with a plan that waits for their word, or for an approval they asked for. */
export function requesterActions(run: RunView, now: Date): PlanAction[] {
  if (run.state === 'awaiting_approval') return ['show', ...takeBackActions(run)];
  const yes: PlanAction[] =
    run.mode === 'overwrite' ? ['ask'] : isLater(run, now) ? ['push', 'pushNow'] : ['push'];
  return [...yes, 'show', ...takeBackActions(run)];
}

/** An undo takes back all that its push wrote, so there is nothing to choose in it. */
export function takeBackActions({ kind }: RunView): PlanAction[] {
  return kind === 'undo' ? ['withdraw'] : ['change', 'withdraw'];
}

/** Whether the run starts only at its scheduled time. */
export function isLater(run: RunView, now: Date): boolean {
  return !run.runNow && run.scheduledFor > now;
}

function pushWords(run: RunView, now: Date): string {
  return isLater(run, now) ? 'Schedule it' : 'Push now';
}
