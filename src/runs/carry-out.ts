import { setTimeout as pause } from 'node:timers/promises';
import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import { isConflict } from '../db/errors.ts';
import { type Claim, type Leases, proceedAfterPlanning } from '../db/queries/claims.ts';
import { showProgress } from './finish-run.ts';
import { announceProgress } from './notices.ts';

/** One batch of a plan, as the engine applies it. */
export type BatchResult =
  | { kind: 'applied'; calendarId: number; written: number; held: number; failed: number }
  | { kind: 'done' | 'fenced' | 'canceled' | 'plan_stale' };

/** What the engine and the reports do for a run. */
export interface RunWork {
  /** One REPEATABLE READ transaction; stores the plan and makes it the run's, if the epoch holds. */
  planRun(db: Db, runId: number, epoch: number): Promise<{ planId: number }>;
  /** One transaction under the claim's fence; extends the lease by `leaseMs`. */
  applyNextBatch(
    db: Db,
    claim: { runId: number; planId: number; epoch: number; leaseMs: number },
  ): Promise<BatchResult>;
  /** Makes the files of an applied run; repeating it replaces them. */
  writeReports(db: Db, runId: number): Promise<void>;
}

interface Settings {
  readonly work: RunWork;
  readonly leases: Leases;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export type CarriedOut =
  | { readonly kind: 'done'; readonly planId: number }
  | { readonly kind: 'canceled' | 'stopped' | 'waiting' | 'fenced' };

/** A locked push follows masters that change under it this often (G13); then its plan stands. */
const MAX_PLANS = 3;

/** Plans the claimed run where needed and applies it batch by batch until something ends it. */
export async function carryOut(db: Db, claim: Claim, settings: Settings): Promise<CarriedOut> {
  let planId = claim.state === 'running' ? claim.planId : null;
  for (let plans = 0; ; plans += 1) {
    if (planId === null) {
      const next = await plan(db, claim, settings);
      if (typeof next === 'string') return { kind: next };
      planId = next;
    }
    const result = await applyAll(db, { ...claim, planId }, settings);
    if (result === 'done') return { kind: 'done', planId };
    if (result !== 'plan_stale') return { kind: result };
    if (plans === MAX_PLANS) throw new Error(`the plan went stale ${MAX_PLANS + 1} times`);
    settings.logger.info({ planId }, 'course masters changed; planning again');
    planId = null;
  }
}

async function plan(
  db: Db,
  claim: Claim,
  { work, leases, signal }: Settings,
): Promise<number | 'canceled' | 'stopped' | 'waiting' | 'fenced'> {
  if (signal.aborted) return 'stopped';
  await again(() => work.planRun(db, claim.runId, claim.epoch));
  const next = await db.transaction().execute(async (tx) => {
    const after = await proceedAfterPlanning(tx, { ...claim, leaseMs: leases.leaseMs });
    if (after.kind !== 'fenced') await announceProgress(tx, claim.runId);
    return after;
  });
  switch (next.kind) {
    case 'running':
      return next.planId;
    case 'queued':
    case 'awaiting_approval':
      return 'waiting';
    case 'canceled':
    case 'fenced':
      return next.kind;
  }
}

async function applyAll(
  db: Db,
  claim: Claim & { planId: number },
  { work, leases, signal }: Settings,
): Promise<'done' | 'canceled' | 'stopped' | 'fenced' | 'plan_stale'> {
  const at = { ...claim, leaseMs: leases.leaseMs };
  while (!signal.aborted) {
    const batch = await again(() => work.applyNextBatch(db, at));
    switch (batch.kind) {
      case 'applied':
        await showProgress(db, claim);
        break;
      case 'done':
        await work.writeReports(db, claim.runId);
        return 'done';
      case 'fenced':
      case 'canceled':
      case 'plan_stale':
        return batch.kind;
    }
  }
  return 'stopped';
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
