import { setTimeout as pause } from 'node:timers/promises';
import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import { isConflict } from '../db/errors.ts';
import { type ApprovalPolicy } from '../domain/approval.ts';
import { type Claim, extendLease, type Leases } from '../db/queries/claims.ts';
import { type BatchResult } from '../engine/apply-batch.ts';
import { showProgress } from './finish-run.ts';
import { type NeedsNewApproval, type Planned, proceedWithPlan } from './make-plan.ts';

/** What the engine and the reports do for a run. */
export interface RunWork {
  /** One REPEATABLE READ transaction; stores the plan and makes it the run's, if the epoch holds. */
  planRun(db: Db, runId: number, epoch: number): Promise<{ planId: number }>;
  /** One transaction under the claim's fence; extends the lease by `leaseMs`. */
  applyNextBatch(
    db: Db,
    claim: { runId: number; planId: number; epoch: number; leaseMs: number },
  ): Promise<BatchResult>;
  /** Makes the files of the run's plan, for whoever is asked about it; repeating it replaces them. */
  writePlan?(db: Db, runId: number): Promise<void>;
  /** Makes the files of an applied run; repeating it replaces them. */
  writeReports(db: Db, runId: number): Promise<void>;
}

interface Settings {
  readonly work: RunWork;
  readonly leases: Leases;
  readonly policy: ApprovalPolicy;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export type CarriedOut =
  | { readonly kind: 'done'; readonly planId: number }
  | { readonly kind: 'canceled' | 'stopped' | 'waiting' | 'fenced' }
  | NeedsNewApproval;

/** A push follows masters and data that change under it this often (G13, P12); then it is tried later. */
const MAX_PLANS = 3;

/** Plans the claimed run where needed and applies it batch by batch until something ends it. */
export async function carryOut(db: Db, claim: Claim, settings: Settings): Promise<CarriedOut> {
  let planId = claim.state === 'running' ? claim.planId : null;
  for (let plans = 0; ; plans += 1) {
    if (planId === null) {
      const next = await plan(db, claim, settings);
      if (next.kind !== 'running') return next;
      ({ planId } = next);
    }
    const result = await applyAll(db, { ...claim, planId }, settings);
    if (result.kind === 'done') return { kind: 'done', planId };
    if (result.kind !== 'plan_stale') return { kind: result.kind };
    if (plans === MAX_PLANS) throw new Error(`the plan went stale ${MAX_PLANS + 1} times`);
    settings.logger.info({ planId, ...result }, 'the plan no longer holds; planning again');
    planId = null;
  }
}

async function plan(
  db: Db,
  claim: Claim,
  { work, leases, policy, logger, signal }: Settings,
): Promise<Planned | { readonly kind: 'stopped' }> {
  if (signal.aborted) return { kind: 'stopped' };
  await again(() => work.planRun(db, claim.runId, claim.epoch));
  const settings = {
    logger,
    policy,
    writePlan: async () => {
      await work.writePlan?.(db, claim.runId);
    },
  };
  return proceedWithPlan(db, { ...claim, leaseMs: leases.leaseMs }, settings);
}

async function applyAll(
  db: Db,
  claim: Claim & { planId: number },
  { work, leases, signal }: Settings,
): Promise<Exclude<BatchResult, { kind: 'applied' }> | { readonly kind: 'stopped' }> {
  const at = { ...claim, leaseMs: leases.leaseMs };
  while (!signal.aborted) {
    const batch = await again(() => work.applyNextBatch(db, at));
    switch (batch.kind) {
      case 'applied':
        await showProgress(db, claim);
        break;
      case 'done':
        // Long files take longer to make than a batch takes to write.
        await extendLease(db, claim, leases.planLeaseMs);
        await work.writeReports(db, claim.runId);
        return batch;
      case 'fenced':
      case 'canceled':
      case 'plan_stale':
        return batch;
    }
  }
  return { kind: 'stopped' };
}

const MAX_CONFLICTS = 5;

/** Repeats a transaction that another one was in the way of, after a short random pause (F21). */
async function again<Result>(transaction: () => Promise<Result>): Promise<Result> {
  for (let conflicts = 1; ; conflicts += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (conflicts === MAX_CONFLICTS || !isConflict(error)) throw error;
      await pause(Math.random() * 100 * 2 ** conflicts);
    }
  }
}
