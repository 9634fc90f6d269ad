import { type RawBuilder, sql } from 'kysely';

/** The courses of a plan's batches that are not applied: those that its run has not come to. */
export function coursesLeft(planId: RawBuilder<number> | number): RawBuilder<number> {
  return sql<number>`select unnest(courses) from push_batch where plan_id = ${planId} and state = 'pending'`;
}

/** Whether a plan has been carried out in part, by which the run's files have something to tell. */
export function hasBegun(planId: RawBuilder<number> | number): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from push_batch where plan_id = ${planId} and state = 'applied')`;
}
