import { type Db } from '../db/database.ts';
import { hasArtifacts } from '../db/queries/artifacts.ts';
import { type AuditDetail, readPlanHash, recordAudit } from '../db/queries/audit.ts';
import { holdsClaim } from '../db/queries/claims.ts';
import { endJobs, endRun, type RunEnd } from '../db/queries/finishing.ts';
import { announceEnd, announceProgress } from './notices.ts';

interface ClaimedRun {
  readonly runId: number;
  readonly epoch: number;
  readonly planId: number | null;
}

/**
 * Ends a run: its jobs, its state, its audit line and its messages in one transaction (step 6).
 * @returns the end state, or undefined when the claim no longer holds
 */
export async function finishRun(
  db: Db,
  claim: ClaimedRun,
  end: { as: RunEnd; error?: string },
): Promise<string | undefined> {
  return db.transaction().execute(async (tx) => {
    if (!(await holdsClaim(tx, claim))) return undefined;
    return endEverything(tx, claim, { ...end, actorId: null });
  });
}

export interface End {
  readonly as: RunEnd;
  readonly error?: string;
  readonly actorId: number | null;
  /** What the audit log says of it instead of the end state, e.g. `run.withdrawn`. */
  readonly action?: string;
  readonly detail?: AuditDetail;
}

/** The part of `finishRun` behind the fence, for callers that hold the run's row themselves. */
export async function endEverything(
  tx: Db,
  run: { runId: number; planId: number | null },
  end: End,
): Promise<string> {
  const { runId, planId } = run;
  const { actorId, error = null } = end;
  await endJobs(tx, { runId, planId, all: { as: end.as } });
  const state = await endRun(tx, { runId, end: end.as, error, actorId });
  await recordAudit(tx, {
    actorId,
    action: end.action ?? `run.${state}`,
    runId,
    planHash: await readPlanHash(tx, runId),
    detail: { ...end.detail, ...(error === null ? {} : { error }) },
  });
  await announceEnd(tx, { id: runId, withFiles: await hasArtifacts(tx, runId) });
  return state;
}

/** Shows how far a run is: ends the calendars that have no batch left and asks for an edit. */
export async function showProgress(db: Db, claim: ClaimedRun): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await holdsClaim(tx, claim))) return;
    await endJobs(tx, claim);
    await announceProgress(tx, claim.runId);
  });
}
