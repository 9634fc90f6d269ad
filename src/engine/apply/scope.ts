import { type RawBuilder, sql } from 'kysely';

/** A part of a plan: whole courses of one calendar, which one transaction applies, or all of it. */
export interface PlanScope {
  readonly planId: number;
  readonly courses: readonly number[] | 'all';
}

/** The part of a plan that one transaction applies. */
export interface BatchScope extends PlanScope {
  readonly courses: readonly number[];
}

/** `i`, an item or a course of a plan, is in the scope. */
export function inScope({ planId, courses }: PlanScope): RawBuilder<boolean> {
  const ofCourses =
    courses === 'all' ? sql`` : sql`and i.course_id = any(${[...courses]}::bigint[])`;
  return sql<boolean>`i.plan_id = ${planId} ${ofCourses}`;
}

/** `i` is an item of the scope that still waits to be applied. */
export function pending(scope: PlanScope): RawBuilder<boolean> {
  return sql<boolean>`${inScope(scope)} and i.result = 'planned' and i.op <> 'none'`;
}

/** The assignment part of an update of push_item `i` that holds it; `found` is what is there now. */
export function held(found: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`result = 'held', held_reason = 'changed_since_plan', found = ${found}`;
}

/** How the keys of the weights of composite `i` begin; the composite may be gone from both sides. */
export const WEIGHTS_OF: RawBuilder<string> = sql`('compw:' || substr(i.item_key, length('comp:') + 1) || '>')`;
