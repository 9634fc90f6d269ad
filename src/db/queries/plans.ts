import { sql } from 'kysely';
import { type Db } from '../database.ts';

/** The plans of a run that tell what changed; null where there is none. */
export interface PlansToCompare {
  readonly planId: number | null;
  /** The plan that a person approved. */
  readonly approvedPlanId: number | null;
  /** The plan that the present one stands in for. */
  readonly replacedPlanId: number | null;
}

/** Plans are kept when a run is planned again, so that they can be compared (G20). */
export async function findPlansToCompare(db: Db, runId: number): Promise<PlansToCompare> {
  const { rows } = await sql<PlansToCompare>`
    select r.plan_id as "planId", q.replaces_plan_id as "replacedPlanId", (
        select min(a.id) from push_plan a
        where a.run_id = r.id and a.hash = r.approved_plan_hash) as "approvedPlanId"
    from push_run r left join push_plan q on q.id = r.plan_id
    where r.id = ${runId}`.execute(db);
  return rows[0] ?? { planId: null, approvedPlanId: null, replacedPlanId: null };
}

/** The run's plan when somebody is going to be asked about it (G20, G22), else null; nobody is about a canceled one. */
export async function findPlanToShow(
  db: Db,
  runId: number,
  beyondApproval: boolean,
): Promise<number | null> {
  const { rows } = await sql<{ planId: number }>`
    select p.id as "planId" from push_run r join push_plan p on p.id = r.plan_id
    where r.id = ${runId} and p.writes > 0 and not (r.cancel_requested and r.ended_by is not null)
      and (r.confirmed_at is null or r.mode = 'overwrite'
      and (r.approved_plan_hash is null or ${beyondApproval}))`.execute(db);
  return rows[0]?.planId ?? null;
}
