import { type Outcome } from './outcome.ts';
import { type PushMode, type PushedType } from './push-options.ts';

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
  readonly coursesDone: number;
  readonly exceptions: number;
  readonly error: string | null;
}

/** All that a message, the queue list or the CLI says about a run. */
export interface RunView {
  readonly id: number;
  readonly state: RunState;
  readonly catalog: string;
  readonly year: string;
  readonly mode: PushMode;
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly dataTypes: readonly PushedType[];
  readonly allCalendars: boolean;
  readonly masterNumber: string | null;
  readonly requestedBy: {
    readonly id: number;
    readonly slackUserId: string;
    readonly name: string;
  };
  readonly requestedAt: Date;
  readonly scheduledFor: Date;
  readonly runNow: boolean;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly error: string | null;
  readonly calendars: readonly RunCalendar[];
  /** Courses by plan verdict; null before there is a plan. */
  readonly courses: {
    readonly total: number;
    readonly ignored: number;
    readonly linkLost: number;
  } | null;
  readonly plan: {
    readonly id: number;
    readonly hash: string;
    readonly items: number;
    readonly writes: number;
  } | null;
  /** Before the end: what is planned; after: what came of it (a held item counts as held). */
  readonly counts: readonly OutcomeCount[];
  readonly applied: number;
  readonly held: number;
  readonly artifacts: readonly {
    readonly kind: ArtifactKind;
    readonly format: ArtifactFormat;
    readonly fileName: string;
    readonly rows: number;
  }[];
  readonly thread: { readonly channelId: string; readonly anchorTs: string | null } | null;
}
