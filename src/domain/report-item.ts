import { type Outcome, type Reason } from './outcome.ts';
import { type PushedType } from './push-options.ts';

/** A payload of src/domain/item-payload.ts as it comes from the database. */
export type Payload = Readonly<Record<string, unknown>>;

export type ItemOperation = 'none' | 'insert' | 'update' | 'delete' | 'link' | 'unlink';
export type ItemResult = 'planned' | 'applied' | 'held' | 'rolled_back';

/**
 * One item of a plan with the names a reader needs, as the report files are made from. It holds
 * counts of student work and no student data (T20). `outcome` and `reason` are what came of the
 * item: one that was held back or rolled back does not keep its planned outcome.
 */
export interface ReportItem {
  readonly runId: number;
  /** Null for an item of the whole run. */
  readonly calendar: string | null;
  readonly courseNumber: string | null;
  readonly courseName: string | null;
  readonly section: string | null;
  readonly teacher: string | null;
  readonly dataType: PushedType;
  readonly itemLabel: string;
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly op: ItemOperation;
  readonly result: ItemResult;
  /** False of an item whose course the run never came to. */
  readonly reached: boolean;
  readonly before: Payload | null;
  readonly after: Payload | null;
  /** What was last pushed; null when nothing was. */
  readonly base: Payload | null;
  /** What the level above wants; null when it has no such item. */
  readonly master: Payload | null;
  /** What was found in place of `before` when the item was held back. */
  readonly found: Payload | null;
  /** What the engine noted beside the values; see src/domain/item-detail.ts. */
  readonly detail: Payload | null;
  readonly linkBefore: string | null;
  readonly linkAfter: string | null;
  readonly assignments: number;
  readonly scores: number;
  readonly grades: number;
  readonly comments: number;
}

/** Figures of a plan for the person who approves it (domain.md 5.4). */
export interface PlanHead {
  readonly deletions: readonly {
    readonly dataType: PushedType;
    readonly level: 'course' | 'section';
    readonly items: number;
  }[];
  readonly sectionsWithoutCalculation: number;
  readonly residualItems: number;
  readonly renamedCategories: number;
  readonly clearedOverrides: number;
  readonly coursesIgnored: number;
  readonly coursesDesynced: number;
  readonly coursesNotLinked: number;
  readonly activeYear: boolean;
  readonly summerCalendars: number;
}
