import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import { readPlanHash, recordAudit } from '../db/queries/audit.ts';
import { type Claim, proceedAfterPlanning } from '../db/queries/claims.ts';
import { keepPlanSummary } from '../db/queries/plan-summary.ts';
import { findPlansToCompare, findPlanToShow } from '../db/queries/plans.ts';
import { type ApprovalPolicy } from '../domain/approval.ts';
import { goesBeyondApproval, type PlanDifference } from '../domain/plan-difference.ts';
import { comparePlans } from '../engine/compare-plans.ts';
import {
  announceApproval,
  announceChangedPlan,
  announcePlan,
  announceProgress,
} from './notices.ts';

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

/** How a plan is announced to the people whose word it needs. */
export interface PlanSettings {
  readonly logger: Logger;
  readonly policy: ApprovalPolicy;
  /** Makes the files of the run's plan. */
  readonly writePlan: () => Promise<void>;
}

/**
 * Decides, under the fence, what comes after a plan: apply it, wait for time or calendars, or ask its
 * requester (G22) or the approvers. An approved run is planned again when it starts; its new plan is
 * carried out unless it deletes, unlinks or sets No Calculation on what the approved plan left alone
 * (G20).
 */
export async function proceedWithPlan(
  db: Db,
  claim: Claim & { leaseMs: number },
  settings: PlanSettings,
): Promise<Planned> {
  const difference = await compareWithEarlier(db, claim.runId, settings.logger);
  const beyondApproval = difference !== undefined && goesBeyondApproval(difference);
  const asking = { beyondApproval, policy: settings.policy };
  await describePlan(db, claim.runId, { beyondApproval, writePlan: settings.writePlan });
  return db.transaction().execute(async (tx): Promise<Planned> => {
    const next = await proceedAfterPlanning(tx, { ...claim, ...asking });
    switch (next.kind) {
      case 'fenced':
      case 'canceled':
        return { kind: next.kind };
      case 'running':
        await noteStep(tx, claim.runId, 'run.started');
        if (difference?.sameHash === false)
          await announceChangedPlan(tx, { runId: claim.runId, planId: next.planId });
        await announceProgress(tx, claim.runId);
        return next;
      case 'queued':
        await announceProgress(tx, claim.runId);
        return { kind: 'waiting' };
      case 'planned':
        await noteStep(tx, claim.runId, 'plan.shown');
        await announcePlan(tx, { runId: claim.runId, planId: next.planId });
        return { kind: 'waiting' };
      case 'awaiting_approval':
        await noteStep(tx, claim.runId, 'approval.asked');
        await announceApproval(tx, { runId: claim.runId, planId: next.planId });
        await announcePlan(tx, { runId: claim.runId, planId: next.planId });
        return difference === undefined
          ? { kind: 'waiting' }
          : { kind: 'plan_stale', reason: 'beyond_approval', difference };
    }
  });
}

async function noteStep(tx: Db, runId: number, action: string): Promise<void> {
  const planHash = await readPlanHash(tx, runId);
  await recordAudit(tx, { actorId: null, action, runId, planHash });
}

/** The figures and files of a plan that somebody is going to be asked about. */
async function describePlan(
  db: Db,
  runId: number,
  { beyondApproval, writePlan }: { beyondApproval: boolean } & Pick<PlanSettings, 'writePlan'>,
): Promise<void> {
  const planId = await findPlanToShow(db, runId, beyondApproval);
  if (planId === null) return;
  await keepPlanSummary(db, planId);
  await writePlan();
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
