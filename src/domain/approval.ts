import { type PlanDifference } from './plan-difference.ts';
import { type Person } from './ports.ts';
import { type DataType } from './push-options.ts';
import { holds, type Rights } from './rights.ts';

/** Who has to agree to an overwrite, and how long a plan waits for an answer. */
export interface ApprovalPolicy {
  /** Approvers that have to agree. */
  readonly quorum: number;
  /** The same in the active year (G21, T32). */
  readonly quorumActiveYear: number;
  /** How long a plan waits for its requester, and a request for its approvers. */
  readonly answerHours: number;
}

export const DEFAULT_POLICY: ApprovalPolicy = { quorum: 1, quorumActiveYear: 2, answerHours: 48 };

/** Characters of the shortest reason for an overwrite that tells an approver anything. */
export const SHORTEST_REASON = 10;

/** How many approvers have to agree to an overwrite of this year. */
export function quorumOf(policy: ApprovalPolicy, isActiveYear: boolean): number {
  return isActiveYear ? policy.quorumActiveYear : policy.quorum;
}

/** What a person lacks to approve an overwrite of these calendars, in words (domain.md section 6). */
export function missingForApproval(rights: Rights, calendarIds: readonly number[]): string[] {
  const missing: string[] = [];
  if (!holds(rights, 'push_all_course_masters.approve', 'write'))
    missing.push('Write on Push All Course Masters: Approve');
  const closed = calendarIds.filter((id) => !rights.modifiableCalendars.has(id));
  if (closed.length > 0)
    missing.push(`Modify on ${closed.length} of the ${calendarIds.length} calendars`);
  return missing;
}

/** Somebody named in a message. */
export interface NamedPerson {
  readonly id: number;
  readonly slackUserId: string;
  readonly name: string;
}

export interface Decision {
  readonly id: number;
  readonly by: NamedPerson;
  readonly decision: 'approve' | 'reject';
  readonly reason: string | null;
  readonly at: Date;
  /** Of the plan that was decided on. */
  readonly planId: number;
}

/** How far the approval of a run is; of runs that ask for one. */
export interface ApprovalView {
  readonly quorum: number;
  readonly askedAt: Date;
  /** On the run's present plan, oldest first. */
  readonly decisions: readonly Decision[];
  /** Who may decide, by name; never the requester. */
  readonly approvers: readonly NamedPerson[];
  /** The plan that was approved before this one, which had to be asked for again (G20). */
  readonly earlierPlanId: number | null;
}

/** Who could approve an overwrite, never its requester, and how many have to. */
export interface ApprovalOutlook {
  readonly approvers: readonly NamedPerson[];
  readonly quorum: number;
}

/** Approvals of the present plan. */
export function approvalsOf({ decisions }: Pick<ApprovalView, 'decisions'>): readonly Decision[] {
  return decisions.filter(({ decision }) => decision === 'approve');
}

/** Who asks, for which run and plan, and from where: "slack:C0123" or "cli". */
interface Act {
  readonly person: Person;
  readonly runId: number;
  readonly from: string;
}

export interface DecideRequest extends Act {
  /** Of the plan the person saw; another one is not decided on (T07). */
  readonly planHash: string;
  readonly decision: 'approve' | 'reject';
  /** Required to reject. */
  readonly reason: string | null;
  /** What the person typed; required to approve in the active year (G21). */
  readonly typedCatalog: string | null;
}

/** `approved` when the quorum is full, `more_needed` while it is not. */
export type Decided = 'approved' | 'more_needed' | 'rejected';

/** What to leave out when a run is planned again. */
export interface PlanChange {
  readonly dataTypes: readonly DataType[];
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly calendarIds: readonly number[];
  readonly leftOutCourses: readonly number[];
}

export interface CourseChoice {
  readonly id: number;
  readonly number: string;
  readonly name: string;
  readonly calendar: string;
}

/** A calendar that a run pushes to, or could. */
export interface NamedCalendar {
  readonly calendarId: number;
  readonly name: string;
}

/** What the requester and the approvers do with a plan. Refusals are thrown as PushRefused. */
export interface ApprovalServices {
  /**
   * The requester's word on the plan they saw: push at its time, at once with `now`, or for an
   * overwrite ask for approval, which needs a reason.
   */
  confirm(
    request: Act & { readonly planHash: string; readonly now: boolean; readonly reason?: string },
  ): Promise<'queued' | 'awaiting_approval'>;
  /** The requester takes the request back. */
  withdraw(request: Act): Promise<'canceled' | 'stopping'>;
  /** The requester has the same run planned again with less in it. */
  planAgain(request: Act & { readonly change: PlanChange }): Promise<void>;
  /** What a run leaves out now; undefined for an unknown run. */
  planChange(runId: number): Promise<PlanChange | undefined>;
  /** Calendars of the run, and the others of its year that the person may modify, by name. */
  calendars(query: { person: Person; runId: number }): Promise<readonly NamedCalendar[]>;
  /** Courses of the run's plan that hold every word typed, and how many there are. */
  courses(query: {
    readonly runId: number;
    readonly typed: string;
    readonly ids?: readonly number[];
    readonly limit: number;
  }): Promise<{ readonly courses: readonly CourseChoice[]; readonly total: number }>;
  /** Who could approve an overwrite now, and how many have to; undefined for any other run. */
  outlook(runId: number): Promise<ApprovalOutlook | undefined>;
  decide(request: DecideRequest): Promise<Decided>;
  /** How the present plan differs from the one approved before; undefined when there is none. */
  difference(runId: number): Promise<PlanDifference | undefined>;
}
