import { sql } from 'kysely';
import { type StaleReason } from '../../domain/plan-difference.ts';
import { sourceDigest } from '../plan/source-digest.ts';
import { type Tx } from '../plan/staging.ts';
import { holdStaleItems } from './verify.ts';

/** A plan of which too much no longer holds: nothing of it was written, and a new one is needed. */
export interface PlanStale {
  readonly kind: 'plan_stale';
  readonly reason: StaleReason;
  /** Items that are no longer as the plan saw them; 0 when masters, locks or links changed. */
  readonly staleItems: number;
  /** Items that the plan would have written. */
  readonly writes: number;
}

/** The share of a plan's writes that may go stale before a new plan is asked for. */
export const STALE_SHARE = 0.05;

/**
 * So few stale items do not stop a push for their share alone: each is a line of the report that a
 * person can read, and in a small push a single one would already be a large share.
 */
export const MIN_STALE_ITEMS = 10;

/** From this many on, a plan of which most writes went stale is given up, however small it is. */
export const MIN_STALE_MOST = 3;

/**
 * Judges a plan before its first batch writes; later batches follow a plan that has begun. It is
 * stale when the masters, locks, switches or the linked courses changed since, or when too many of
 * its items did. Stale items of a plan that stands are held at once.
 */
export async function judgePlan(
  tx: Tx,
  plan: { readonly runId: number; readonly planId: number; readonly staleShare: number },
): Promise<PlanStale | undefined> {
  const { rows } = await sql<{ digest: string; writes: number; begun: boolean }>`
    select q.source_digest as digest, q.writes,
      exists (select 1 from push_batch b where b.plan_id = q.id and b.state = 'applied') as begun
    from push_plan q where q.id = ${plan.planId}`.execute(tx);
  const found = rows[0];
  if (found === undefined || found.begun) return undefined;
  const { writes } = found;
  if (found.digest !== (await sourceDigest(tx, plan.runId)))
    return remember(tx, plan.planId, { reason: 'sources_changed', staleItems: 0, writes });
  await sql`savepoint whole_plan`.execute(tx);
  await holdStaleItems(tx, { planId: plan.planId, courses: 'all' });
  const staleItems = await countHeld(tx, plan.planId);
  if (!isTooMuch({ staleItems, writes, staleShare: plan.staleShare })) return undefined;
  await sql`rollback to savepoint whole_plan`.execute(tx);
  return remember(tx, plan.planId, { reason: 'items_changed', staleItems, writes });
}

function isTooMuch(plan: {
  readonly staleItems: number;
  readonly writes: number;
  readonly staleShare: number;
}): boolean {
  const { staleItems, writes, staleShare } = plan;
  return (
    (staleItems >= MIN_STALE_ITEMS && staleItems > writes * staleShare) ||
    (staleItems >= MIN_STALE_MOST && staleItems > writes / 2)
  );
}

async function countHeld(tx: Tx, planId: number): Promise<number> {
  const { rows } = await sql<{ items: number }>`
    select count(*)::int as items from push_item where plan_id = ${planId} and result = 'held'`.execute(
    tx,
  );
  return rows[0]?.items ?? 0;
}

async function remember(
  tx: Tx,
  planId: number,
  stale: Omit<PlanStale, 'kind'>,
): Promise<PlanStale> {
  await tx
    .updateTable('push_plan')
    .set({ stale_because: stale.reason, stale_items: stale.staleItems })
    .where('id', '=', planId)
    .execute();
  return { kind: 'plan_stale', ...stale };
}
