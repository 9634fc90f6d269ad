import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import {
  askApproval,
  type AskedRun,
  listApprovers,
  lockRun,
  queueRun,
} from '../db/queries/approvals.ts';
import { recordAudit } from '../db/queries/audit.ts';
import { findPersonById } from '../db/queries/people.ts';
import { readNeeds } from '../db/queries/run-list.ts';
import {
  type ApprovalPolicy,
  type ApprovalServices,
  quorumOf,
  SHORTEST_REASON,
} from '../domain/approval.ts';
import { PushRefused } from '../domain/errors.ts';
import { type Person } from '../domain/ports.ts';
import { missingForPush } from '../domain/rights.ts';
import { type Enqueue } from './enqueue.ts';
import { announceAnswer, announceApproval } from './notices.ts';

export interface AnswerSettings {
  readonly policy: ApprovalPolicy;
  readonly enqueue: Enqueue;
  readonly logger: Logger;
}

type ConfirmRequest = Parameters<ApprovalServices['confirm']>[0];

/**
 * The requester's word on the plan they saw (G22): a locked push goes into the queue, an overwrite
 * asks for approval. Rights are checked again (T05).
 * @throws PushRefused when another plan has taken its place, or the run no longer waits for the word
 */
export function confirmRun(db: Db, settings: AnswerSettings): ApprovalServices['confirm'] {
  return async (request) => {
    const { runId } = request;
    const run = await db.transaction().execute((tx) => confirm(tx, request, settings.policy));
    if (run.mode === 'overwrite') return 'awaiting_approval';
    wake(settings, { runId, epoch: run.epoch });
    return 'queued';
  };
}

async function confirm(tx: Db, request: ConfirmRequest, policy: ApprovalPolicy): Promise<AskedRun> {
  const { runId, person } = request;
  const run = await lockOwn(tx, request);
  refuseUnlessPlanned(run, request.planHash);
  await refuseUnpermitted(tx, { runId, person });
  const now = request.now || run.isDue;
  const detail = { from: request.from, now };
  const { planHash } = run;
  if (run.mode === 'push_locked') {
    await queueRun(tx, runId, { now });
    await recordAudit(tx, {
      actorId: person.id,
      action: 'plan.confirmed',
      runId,
      planHash,
      detail,
    });
    await announceAnswer(tx, runId);
    return run;
  }
  const reason = (request.reason ?? run.comment ?? '').trim();
  if (reason.length < SHORTEST_REASON)
    throw new PushRefused(
      'invalid_options',
      `Say why in at least ${SHORTEST_REASON} characters: the approver reads it.`,
      { field: 'reason' },
    );
  const quorum = quorumOf(policy, run.isActiveYear);
  await refuseWithoutApprovers(tx, runId, quorum);
  await askApproval(tx, runId, { quorum, answerHours: policy.answerHours, now, reason });
  const asked = { ...detail, reason, quorum };
  await recordAudit(tx, {
    ...{ actorId: person.id, action: 'approval.asked', runId, planHash },
    detail: asked,
  });
  if (run.planId !== null) await announceApproval(tx, { runId, planId: run.planId });
  return run;
}

/** Locks the run and checks that it is the person's own. */
export async function lockOwn(
  tx: Db,
  { runId, person }: { runId: number; person: Person },
): Promise<AskedRun> {
  const run = await lockRun(tx, runId);
  if (run === undefined) throw new PushRefused('not_found', `There is no push #${runId}.`);
  if (run.requestedBy === person.id) return run;
  const requester = await findPersonById(tx, run.requestedBy);
  throw new PushRefused(
    'not_permitted',
    `Only ${requester?.name ?? 'the person'}, who asked for push #${runId}, can do that.`,
  );
}

function refuseUnlessPlanned(run: AskedRun, planHash: string): void {
  if (run.state !== 'planned')
    throw new PushRefused('already_decided', `Push #${run.id} no longer waits for your word.`);
  if (run.isOver)
    throw new PushRefused('wrong_state', `Push #${run.id} has expired. Start it again.`);
  if (run.planHash !== planHash)
    throw new PushRefused('wrong_state', 'The plan has changed since. Look at the new one first.');
}

/** The rights of this moment, read inside the transaction. */
export async function refuseUnpermitted(
  tx: Db,
  { runId, person }: { runId: number; person: Person },
): Promise<void> {
  const present = await findPersonById(tx, person.id);
  if (present === undefined)
    throw new PushRefused('unknown_person', 'You are no longer active in this product.');
  const missing = missingForPush(present.rights, await readNeeds(tx, runId));
  if (missing.length > 0)
    throw new PushRefused('not_permitted', `You lack: ${missing.join('; ')}.`);
}

/** A requester who is the only approver cannot proceed (domain.md section 6). */
async function refuseWithoutApprovers(tx: Db, runId: number, quorum: number): Promise<void> {
  const approvers = await listApprovers(tx, runId);
  if (approvers.length >= quorum) return;
  const found =
    approvers.length === 0 ? 'Nobody else may' : `Only ${approvers.length} of the others may`;
  const needed = quorum === 1 ? 'one person' : `${quorum} people`;
  throw new PushRefused(
    'not_permitted',
    `${found} approve it. It needs ${needed} beside you with Write on Push All Course Masters: ` +
      'Approve and Modify on every calendar of the push.',
  );
}

/** A lost wake-up does no harm: due runs are found by their rows. */
export function wake(
  { enqueue, logger }: Pick<AnswerSettings, 'enqueue' | 'logger'>,
  { runId, epoch }: { runId: number; epoch: number },
): void {
  enqueue({ runId, epoch, generation: Date.now() }).catch((error: unknown) => {
    logger.warn({ err: error, runId }, 'the queue did not take the run; it is found by its row');
  });
}
