import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import { readAuditHead } from '../db/queries/audit.ts';
import {
  type Claim,
  claimRun,
  extendLease,
  type Leases,
  releaseBroken,
  releaseRun,
} from '../db/queries/claims.ts';
import { hasApplied } from '../db/queries/finishing.ts';
import { type ApprovalPolicy, DEFAULT_POLICY } from '../domain/approval.ts';
import { finishRun } from './finish-run.ts';
import { carryOut, type RunWork } from './carry-out.ts';
import { missingRights } from './missing-rights.ts';

export interface ExecuteSettings {
  readonly work: RunWork;
  readonly leases: Leases;
  /** Who has to agree to an overwrite; the default one when absent. */
  readonly policy?: ApprovalPolicy;
  readonly logger: Logger;
}

/** What became of a wake-up. `not_due` also stands for a duplicate, an unknown id, busy calendars. */
export type Executed = 'not_due' | 'ended' | 'waiting' | 'fenced' | 'stopped' | 'broken';

/** Claims of one run in a row without progress before it is given up. */
export const MAX_CRASHES = 5;

/**
 * Does a run's work, if it is due and free: plan, wait or apply, finish. Never throws for what goes
 * wrong in the run: that run is tried again after a pause, and fails after five tries (step 7).
 * The signal stops it between two batches; a peer goes on at once.
 */
export function executeRun(
  db: Db,
  settings: ExecuteSettings,
): (runId: number, signal: AbortSignal) => Promise<Executed> {
  return async (runId, signal) => {
    const claim = await claimRun(db, runId, settings.leases);
    if (claim === undefined) return 'not_due';
    const logger = settings.logger.child({ runId, epoch: claim.epoch });
    logger.info({ state: claim.state, crashes: claim.crashes }, 'run claimed');
    try {
      const executed = await work(db, claim, { ...settings, logger, signal });
      logger.info({ executed, auditHead: await readAuditHead(db) }, 'run left');
      return executed;
    } catch (error) {
      logger.error({ err: error }, 'run broke off; it will be tried again');
      await releaseBroken(db, claim, {
        error: reasonOf(error),
        delayMs: 1000 * 2 ** claim.crashes,
      });
      return 'broken';
    }
  };
}

async function work(
  db: Db,
  claim: Claim,
  settings: ExecuteSettings & { signal: AbortSignal },
): Promise<Executed> {
  if (claim.crashes >= MAX_CRASHES) {
    const why = claim.lastError ?? 'the worker ended each time';
    const error = `Given up after ${MAX_CRASHES} tries without progress: ${why}`;
    return endEarly(db, claim, { ...settings, end: { as: 'failed', error } });
  }
  const missing = await missingRights(db, claim);
  if (missing !== null) {
    const error = `Rights withdrawn: ${missing}`;
    return endEarly(db, claim, { ...settings, end: { as: 'failed', error } });
  }
  const result = await carryOut(db, claim, { policy: DEFAULT_POLICY, ...settings });
  switch (result.kind) {
    case 'done':
      return endAs(await finishRun(db, { ...claim, planId: result.planId }, { as: 'completed' }));
    case 'canceled':
      return endEarly(db, claim, { ...settings, end: { as: 'canceled' } });
    case 'stopped':
      await releaseRun(db, claim);
      return 'stopped';
    case 'plan_stale':
      return 'waiting';
    case 'waiting':
    case 'fenced':
      return result.kind;
  }
}

/**
 * Ends a run before its plan is carried out. What it had done by then is reported (B04); should the
 * files be what it fails of, it ends without them.
 */
async function endEarly(
  db: Db,
  claim: Claim,
  settings: ExecuteSettings & { end: Parameters<typeof finishRun>[2] },
): Promise<Executed> {
  const { work, leases, logger, end } = settings;
  if (await hasApplied(db, claim.runId)) {
    await extendLease(db, claim, leases.planLeaseMs);
    await work.writeReports(db, claim.runId).catch((error: unknown) => {
      logger.error({ err: error }, 'the reports of a run that ended early could not be made');
    });
  }
  return endAs(await finishRun(db, claim, end));
}

function endAs(state: string | undefined): Executed {
  return state === undefined ? 'fenced' : 'ended';
}

/** The messages of the error and its causes, outermost first. */
function reasonOf(error: unknown): string {
  const messages: string[] = [];
  for (let at = error; at instanceof Error && messages.length < 4; at = at.cause)
    messages.push(at.message);
  return messages.length > 0 ? messages.join(': ') : String(error);
}
