import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import { type Claim, proceedAfterPlanning } from '../db/queries/claims.ts';
import { findPlansToCompare } from '../db/queries/plans.ts';
import { goesBeyondApproval, type PlanDifference } from '../domain/plan-difference.ts';
import { comparePlans } from '../engine/compare-plans.ts';
import { announceProgress } from './notices.ts';

/** What a new plan of a claimed run leads to. */
export type Planned =
  | { readonly kind: 'running'; readonly planId: number }
  | { readonly kind: 'waiting' | 'canceled' | 'fenced' }
  | NeedsNewApproval;

/** The new plan destroys what the approver has not seen; the run awaits approval again (G20). */
export interface NeedsNewApproval {
  readonly kind: 'plan_stale';
  readonly reason: 'beyond_approval';
  readonly difference: PlanDifference;
}

/**
 * Decides, under the fence, what comes after a plan: apply it, wait for time or calendars, or wait
 * for an approval. An approved run is planned again when it starts; its new plan is carried out
 * unless it deletes, unlinks or sets No Calculation on what the approved plan left alone (G20).
 */
export async function proceedWithPlan(
  db: Db,
  claim: Claim & { leaseMs: number },
  logger: Logger,
): Promise<Planned> {
  const difference = await compareWithEarlier(db, claim.runId, logger);
  const beyondApproval = difference !== undefined && goesBeyondApproval(difference);
  return db.transaction().execute(async (tx): Promise<Planned> => {
    const next = await proceedAfterPlanning(tx, { ...claim, beyondApproval });
    if (next.kind !== 'fenced') await announceProgress(tx, claim.runId);
    switch (next.kind) {
      case 'running':
        return next;
      case 'canceled':
      case 'fenced':
        return { kind: next.kind };
      case 'queued':
        return { kind: 'waiting' };
      case 'awaiting_approval':
        return difference === undefined
          ? { kind: 'waiting' }
          : { kind: 'plan_stale', reason: 'beyond_approval', difference };
    }
  });
}

/** @returns the difference to the approved plan, undefined where nothing was approved */
async function compareWithEarlier(
  db: Db,
  runId: number,
  logger: Logger,
): Promise<PlanDifference | undefined> {
  const { planId, approvedPlanId, replacedPlanId } = await findPlansToCompare(db, runId);
  const earlier = approvedPlanId ?? replacedPlanId;
  if (planId === null || earlier === null) return undefined;
  const difference = await comparePlans(db, { approvedPlanId: earlier, planId });
  const { added, removed, changed, sameHash } = difference;
  logger.info({ planId, earlier, added, removed, changed, sameHash }, 'planned again');
  return approvedPlanId === null ? undefined : difference;
}
