import { type Db } from '../db/database.ts';
import {
  approvePlan,
  type AskedRun,
  countApprovals,
  hasDecided,
  listApprovers,
  lockRun,
  recordDecision,
} from '../db/queries/approvals.ts';
import { recordAudit } from '../db/queries/audit.ts';
import { findPersonById } from '../db/queries/people.ts';
import { readStanding } from '../db/queries/standing.ts';
import { readRun } from '../db/queries/run-view.ts';
import {
  type ApprovalServices,
  type Decided,
  type DecideRequest,
  missingForApproval,
} from '../domain/approval.ts';
import { PushRefused } from '../domain/errors.ts';
import { type RunState } from '../domain/push-run.ts';
import { standingFault } from '../domain/standing.ts';
import { type AnswerSettings, wake } from './answer-plan.ts';
import { endEverything } from './finish-run.ts';
import { announceDecision } from './notices.ts';

/**
 * An approver's decision on the plan they saw. One transaction behind the run's row lock checks
 * state, plan, time and rights (T05–T10), so of many clicks one counts and the others are told what
 * became of it.
 * @throws PushRefused saying why not, and who can
 */
export function decide(db: Db, settings: AnswerSettings): ApprovalServices['decide'] {
  return async (request) => {
    const { decided, epoch } = await db.transaction().execute((tx) => decideLocked(tx, request));
    if (decided === 'approved') wake(settings, { runId: request.runId, epoch });
    return decided;
  };
}

async function decideLocked(
  tx: Db,
  request: DecideRequest,
): Promise<{ decided: Decided; epoch: number }> {
  const run = await lockRun(tx, request.runId);
  if (run === undefined) throw new PushRefused('not_found', `There is no push #${request.runId}.`);
  await refuseUnlessAsked(tx, run);
  const { planId, planHash } = run;
  if (planId === null || planHash === null || planHash !== request.planHash)
    throw new PushRefused(
      'wrong_state',
      'The plan has changed since you saw it. Look at the new one and decide on that.',
    );
  await refuseWrongPerson(tx, run, request.person.id);
  if (await hasDecided(tx, { planId, personId: request.person.id }))
    throw new PushRefused('already_decided', 'You have already approved this plan.');
  const { reason } = checkWords(run, request);
  const decision = await recordDecision(tx, {
    run: { ...run, planId, planHash },
    approverId: request.person.id,
    decision: request.decision,
    reason,
  });
  if (decision === undefined)
    throw new PushRefused('already_decided', 'You have already approved this plan.');
  const asked = { ...run, planId, planHash };
  return {
    decided: await take(tx, asked, { ...request, reason, decisionId: decision }),
    epoch: run.epoch,
  };
}

/** Who decided, and when, is what a late click is told (A2). */
async function refuseUnlessAsked(tx: Db, run: AskedRun): Promise<void> {
  if (run.state === 'awaiting_approval' && !run.isOver) return;
  if (run.state === 'awaiting_approval' || run.state === 'expired')
    throw new PushRefused('wrong_state', `The time to approve push #${run.id} is over.`);
  const view = await readRun(tx, run.id);
  const last = view?.approval?.decisions.at(-1);
  if (last !== undefined) {
    const did = last.decision === 'approve' ? 'approved' : 'rejected';
    throw new PushRefused(
      'already_decided',
      `${last.by.name} has already ${did} push #${run.id}.`,
      {
        at: last.at,
      },
    );
  }
  throw new PushRefused('already_decided', `Push #${run.id} ${STATE_WORDS[run.state]}.`);
}

const STATE_WORDS: Readonly<Record<RunState, string>> = {
  planning: 'is being planned again',
  planned: 'waits until the person who asked for it confirms the plan',
  awaiting_approval: 'waits for approval',
  queued: 'is queued',
  running: 'is running',
  completed: 'has ended',
  completed_with_exceptions: 'has ended',
  failed: 'has ended',
  canceled: 'was withdrawn or canceled',
  rejected: 'was rejected',
  expired: 'has expired',
};

/** Persons are compared, not Slack ids (T06); the rights are those of this moment. */
async function refuseWrongPerson(tx: Db, run: AskedRun, personId: number): Promise<void> {
  if (personId === run.requestedBy)
    throw new PushRefused(
      'not_permitted',
      `You asked for this push, so someone else must decide on it. ${await whoCan(tx, run.id)}`,
    );
  const standing = await readStanding(tx, personId);
  const person = await findPersonById(tx, personId);
  const fault = standing && standingFault(standing, { needsSlack: true });
  if (standing === undefined || person === undefined || fault !== null)
    throw new PushRefused(
      'unknown_person',
      `You may not decide on this push: ${standing?.name ?? 'this person'} ${fault ?? 'is gone'}.`,
    );
  const missing = missingForApproval(person.rights, run.calendarIds);
  if (missing.length > 0)
    throw new PushRefused(
      'not_permitted',
      `You may not decide on this push: you lack ${missing.join('; ')}. ${await whoCan(tx, run.id)}`,
    );
}

const MOST_NAMES = 5;

async function whoCan(tx: Db, runId: number): Promise<string> {
  const names = (await listApprovers(tx, runId, 'undecided')).map(({ name }) => name);
  if (names.length === 0) return 'At present nobody can.';
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return `These people can: ${shown}${more > 0 ? ` and ${more} more` : ''}.`;
}

/** A rejection needs a reason; approving an overwrite of the active year is typed (G21). */
function checkWords(run: AskedRun, request: DecideRequest): { reason: string | null } {
  const reason = request.reason?.trim() ?? '';
  if (request.decision === 'reject' && reason === '')
    throw new PushRefused('invalid_options', 'Say why: the requester reads it.', {
      field: 'reason',
    });
  const typed = request.typedCatalog?.trim() ?? '';
  if (request.decision === 'approve' && run.isActiveYear && typed !== run.catalog.trim())
    throw new PushRefused('invalid_options', `Type the catalog's name exactly: ${run.catalog}`, {
      field: 'catalog',
    });
  return { reason: reason === '' ? null : reason };
}

async function take(
  tx: Db,
  run: AskedRun & { planId: number; planHash: string },
  request: DecideRequest & { decisionId: number },
): Promise<Decided> {
  const { id: runId, planId, planHash } = run;
  const { person, from, reason } = request;
  const detail = { from, ...(reason === null ? {} : { reason }) };
  if (request.decision === 'reject') {
    await endEverything(
      tx,
      { runId, planId },
      { as: 'rejected', actorId: person.id, action: 'approval.rejected', detail },
    );
    return 'rejected';
  }
  const approvals = await countApprovals(tx, { runId, planId });
  const quorum = run.quorum ?? 1;
  const isFull = approvals >= quorum;
  if (isFull) await approvePlan(tx, runId, planHash);
  await recordAudit(tx, {
    ...{ actorId: person.id, action: 'approval.given', runId, planHash },
    detail: { ...detail, approvals, quorum },
  });
  await announceDecision(tx, { runId, planId, decisionId: request.decisionId });
  return isFull ? 'approved' : 'more_needed';
}
