import { type Outcome } from './outcome.ts';
import { type PushedType } from './push-options.ts';

/**
 * Why a plan is not carried out: the course masters, locks or links changed since it was made, or
 * too many of its items did.
 */
export type StaleReason = 'sources_changed' | 'items_changed';

/** What an approver must have seen before it happens (G20). */
export const DESTRUCTIVE_ACTS = ['delete', 'unlink', 'no_calculation'] as const;
export type DestructiveAct = (typeof DESTRUCTIVE_ACTS)[number];

export type ItemLevel = 'run' | 'course' | 'section';

/** One item to show for a group of them. Course and section are null for a line about the whole run. */
export interface ItemSample {
  readonly calendar: string | null;
  readonly course: string | null;
  readonly section: string | null;
  readonly item: string;
}

/** Items of the new plan that destroy what the approved plan left alone. */
export interface DestructiveGroup {
  readonly act: DestructiveAct;
  readonly level: ItemLevel;
  readonly dataType: PushedType;
  readonly items: number;
  readonly samples: readonly ItemSample[];
}

/** Items that only one of the plans has, or that both have and treat differently. */
export interface DifferenceGroup {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly level: ItemLevel;
  readonly dataType: PushedType;
  /** In the approved plan; null when it is added. */
  readonly before: Outcome | null;
  /** In the new plan; null when it is removed. */
  readonly after: Outcome | null;
  readonly items: number;
  readonly samples: readonly ItemSample[];
}

/** How a run's new plan differs from the one that was approved, or that went stale. */
export interface PlanDifference {
  readonly approvedPlanId: number;
  readonly planId: number;
  /** True when both plans do the same to the same items; then there is no group. */
  readonly sameHash: boolean;
  /** Not in the approved plan, largest group first. Any item here needs a new approval. */
  readonly destructive: readonly DestructiveGroup[];
  readonly groups: readonly DifferenceGroup[];
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** True when the new plan deletes, unlinks or sets No Calculation beyond the approved one (G20). */
export function goesBeyondApproval(difference: PlanDifference): boolean {
  return difference.destructive.length > 0;
}
