import { type ApprovalView, type NamedPerson } from './approval.ts';
import { type Outcome } from './outcome.ts';
import { type PlanSummary } from './plan-summary.ts';
import { type PushMode, type PushedType, type RunKind } from './push-options.ts';

export const RUN_STATES = [
  'planning',
  'planned',
  'awaiting_approval',
  'queued',
  'running',
  'completed',
  'completed_with_exceptions',
  'failed',
  'canceled',
  'rejected',
  'expired',
] as const;
export type RunState = (typeof RUN_STATES)[number];

const TERMINAL: ReadonlySet<RunState> = new Set([
  'completed',
  'completed_with_exceptions',
  'failed',
  'canceled',
  'rejected',
  'expired',
]);

/** True when nothing more will happen to the run by itself. */
export function isFinished(state: RunState): boolean {
  return TERMINAL.has(state);
}

const CUT_SHORT: ReadonlySet<RunState> = new Set(['failed', 'canceled', 'rejected', 'expired']);

/** True when a run ended before its plan was carried out, or before all of it was. */
export function endedEarly(state: RunState): boolean {
  return CUT_SHORT.has(state);
}

/** True when everything that was to be pushed was there already (G17). */
export function neededNothing({ state, applied }: Pick<RunView, 'state' | 'applied'>): boolean {
  return state === 'completed' && applied === 0;
}

export type ArtifactKind = 'push_report' | 'change_log' | 'plan';
export type ArtifactFormat = 'csv' | 'xlsx';

/** Counts of plan items; `written` counts what was applied, `held` what went stale. */
export interface OutcomeCount {
  readonly calendarId: number | null;
  readonly level: 'run' | 'course' | 'section';
  readonly dataType: PushedType;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly items: number;
}

export interface RunCalendar {
  readonly calendarId: number;
  readonly name: string;
  readonly status: string;
  readonly coursesTotal: number;
  /** Brought in line with the course master; of a calendar that was cut short only those written to. */
  readonly coursesDone: number;
  /** Left alone for Ignore Master Push. */
  readonly coursesIgnored: number;
  /** Left alone because they are no longer linked to a course master of this push. */
  readonly coursesUnlinked: number;
  /** With changes that are still to be made; of a run that ended, that never were. */
  readonly coursesLeft: number;
  /** Items written. */
  readonly applied: number;
  /** Items that were to be pushed and were not; of a run that ended early, in the courses it came to. */
  readonly exceptions: number;
  readonly error: string | null;
}

/** All that a message, the queue list or the CLI says about a run. */
export interface RunView {
  readonly id: number;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly catalogId: number;
  readonly catalog: string;
  readonly yearId: number;
  readonly year: string;
  readonly mode: PushMode;
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly dataTypes: readonly PushedType[];
  readonly allCalendars: boolean;
  readonly masterNumber: string | null;
  /** The push that this run takes back; null for a push. */
  readonly undoes: number | null;
  readonly requestedBy: NamedPerson;
  /** Why it was asked for, in the requester's words. */
  readonly reason: string | null;
  readonly isActiveYear: boolean;
  readonly requestedAt: Date;
  readonly scheduledFor: Date;
  readonly runNow: boolean;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Somebody canceled it: it ends after the courses it is at. */
  readonly isStopping: boolean;
  /** Nobody holds it, or who does gives no sign of life. */
  readonly isUnattended: boolean;
  /** Who canceled, withdrew or rejected it; null when it ended by itself. */
  readonly endedBy: NamedPerson | null;
  readonly error: string | null;
  /** Until when its requester, or the approvers, can answer; null when nobody is asked. */
  readonly answerBy: Date | null;
  /** Of an overwrite that asked for approval. */
  readonly approval: ApprovalView | null;
  /** First letters of the hash of its last line in the audit log, which anchor the log outside of it. */
  readonly auditMark: string | null;
  /** Courses left out by hand. */
  readonly leftOutCourses: number;
  readonly calendars: readonly RunCalendar[];
  /** Courses by plan verdict; null before there is a plan. */
  readonly courses: {
    readonly total: number;
    readonly ignored: number;
    readonly linkLost: number;
  } | null;
  /** Who approved the plan that it was bound to, in the order of their approvals. */
  readonly approvedBy: readonly NamedPerson[];
  readonly plan: {
    readonly id: number;
    readonly hash: string;
    readonly items: number;
    readonly writes: number;
    /** Null for a plan that nobody was asked about. */
    readonly summary: PlanSummary | null;
  } | null;
  /**
   * Before the end: what is planned; after: what came of it (a held item counts as held). Of a run
   * that ended early: of the courses it came to, and nothing when it wrote nothing.
   */
  readonly counts: readonly OutcomeCount[];
  readonly applied: number;
  readonly held: number;
  readonly artifacts: readonly {
    readonly kind: ArtifactKind;
    readonly format: ArtifactFormat;
    readonly fileName: string;
    readonly rows: number;
  }[];
  readonly thread: {
    readonly channelId: string;
    readonly anchorTs: string | null;
    /** The conversation that the thread was meant for, where it could not be posted. */
    readonly lostChannelId?: string;
  } | null;
}
