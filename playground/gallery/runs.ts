import { DELIVERY_TROUBLES, type Undelivered } from '../../src/domain/delivery.ts';
import { OUTCOMES, REASONS } from '../../src/domain/outcome.ts';
import { type PlanDifference } from '../../src/domain/plan-difference.ts';
import { type PlanSummary } from '../../src/domain/plan-summary.ts';
import { DATA_TYPES } from '../../src/domain/push-options.ts';
import {
  isFinished,
  type OutcomeCount,
  type RunCalendar,
  type RunState,
  type RunView,
} from '../../src/domain/push-run.ts';
import { ALICE, BOB, NOW, type Scene } from './scene.ts';

/** Names that a careless builder would let through as markup, or cut in half. */
export const HOSTILE_NAMES = [
  '<!channel> & <@U0ALICE> | <https://evil.example|click>',
  '*bold* _it_ ~no~ `code` ```block``` :bomb: @here',
  '\u202Egnp.exe\u202C\u0000\u0007\n\nnew line',
  '👩‍👩‍👧‍👦'.repeat(23),
  '"quotes" \\ backslashes '.repeat(11),
  'x'.repeat(255),
  ' ',
];

/** A run on `size` calendars whose names are made from `name`. */
export function runView(change: Partial<RunView> = {}, size = 1, name = 'Harrison High'): RunView {
  return {
    id: 1042,
    state: 'completed_with_exceptions',
    catalog: 'High School Catalog',
    year: '24-25',
    mode: 'push_locked',
    toSections: false,
    crossSite: false,
    dataTypes: DATA_TYPES,
    allCalendars: size > 1,
    kind: 'push',
    catalogId: 1,
    yearId: 1,
    masterNumber: null,
    requestedBy: { id: 7, slackUserId: 'U0ALICE', name: 'Alice Anderson' },
    reason: null,
    isActiveYear: false,
    isStopping: false,
    isUnattended: false,
    endedBy: null,
    answerBy: null,
    approval: null,
    approvedBy: [],
    undoes: null,
    auditMark: '0123456789ab',
    leftOutCourses: 0,
    requestedAt: new Date('2026-11-23T15:00:00Z'),
    scheduledFor: new Date('2026-11-24T02:00:00Z'),
    runNow: false,
    startedAt: new Date('2026-11-24T02:00:01Z'),
    finishedAt: new Date('2026-11-24T02:01:00Z'),
    error: null,
    calendars: calendars(size, name),
    courses: { total: 28, ignored: 1, linkLost: 0 },
    plan: { id: 1, hash: 'b81f2c'.repeat(10), items: 400, writes: 96, summary: null },
    counts: [],
    applied: 96,
    held: 0,
    artifacts: (['push_report', 'change_log'] as const).flatMap((kind) =>
      (['csv', 'xlsx'] as const).map((format) => ({
        kind,
        format,
        fileName: `${kind}-1042.${format}`,
        rows: kind === 'push_report' ? 18 : 96,
      })),
    ),
    thread: { channelId: 'C0PUSHES', anchorTs: '1.000001' },
    ...change,
  };
}

/** Counts of every outcome for every type: the fullest result there can be. */
export function fullCounts(items?: number): OutcomeCount[] {
  const reasons = Object.keys(REASONS);
  return DATA_TYPES.flatMap((dataType) =>
    OUTCOMES.map((outcome, index) => ({
      calendarId: 1,
      level: 'course' as const,
      dataType,
      outcome,
      reason: reasons[index % reasons.length] ?? null,
      items: items ?? 1000 + index,
    })),
  );
}

/** The fullest run there can be in a state: every name and every count of it from the scene. */
export function fullRun(
  { name, size, amount }: Scene,
  state: RunState,
  change: Partial<RunView> = {},
): RunView {
  const by = { ...BOB, name };
  const run = runView({ state, catalog: name, year: name }, size, name);
  return {
    ...run,
    masterNumber: name,
    requestedBy: { ...ALICE, name },
    reason: name.repeat(3).slice(0, 500),
    isActiveYear: true,
    answerBy: isFinished(state) ? null : new Date('2026-11-25T16:00:00Z'),
    endedBy: state === 'canceled' ? by : null,
    isStopping: state === 'running',
    approvedBy: [by],
    error: state === 'failed' ? 'duplicate key value violates "course_pk"' : null,
    leftOutCourses: amount,
    counts: fullCounts(amount),
    applied: amount,
    calendars: run.calendars.map((calendar) => ({
      ...calendar,
      coursesTotal: amount,
      coursesDone: amount,
      coursesIgnored: amount,
      coursesUnlinked: amount,
      coursesLeft: amount,
      applied: amount,
      exceptions: amount,
    })),
    courses: { total: amount, ignored: amount, linkLost: amount },
    plan: {
      ...{ id: 1, hash: 'b81f2c'.repeat(10), items: amount, writes: amount },
      summary: fullSummary(name, amount),
    },
    artifacts: run.artifacts.map((file) => ({ ...file, rows: amount })),
    approval: {
      quorum: 2,
      askedAt: NOW,
      decisions: (['approve', 'reject'] as const).map((decision, index) => ({
        ...{ id: index + 1, by, decision, planId: 1, at: NOW },
        reason: name.repeat(3).slice(0, 500),
      })),
      approvers: [by],
      earlierPlanId: null,
    },
    ...change,
  };
}

/** The fullest summary there can be, every name made from `name`. */
export function fullSummary(name: string, amount = 1_234_567): PlanSummary {
  const tallies = DATA_TYPES.flatMap((dataType) =>
    (['course', 'section'] as const).map((level) => ({ level, dataType, items: amount })),
  );
  const place = { calendar: name, course: name, section: name };
  const five = <T>(sample: T): T[] => Array.from({ length: Math.min(5, amount) }, () => sample);
  return {
    deleted: tallies,
    replaced: tallies,
    residual: tallies,
    notUndone: { edited: amount, used: amount },
    renamed: { items: amount, samples: five({ ...place, before: name, after: name }) },
    noCalculation: { sections: amount, gradables: amount },
    weightTotals: { sections: amount, samples: five({ ...place, before: 100, after: 120 }) },
    overridesCleared: amount,
    courses: {
      ...{ total: amount, ignored: amount, mirrors: amount },
      ...{ desynced: amount, linkLost: amount, notLinked: amount },
    },
    activeYear: true,
    summerCalendars: {
      total: amount,
      names: Array.from({ length: Math.min(20, amount) }, () => name),
    },
    schools: {
      total: amount,
      largest: Array.from({ length: Math.min(20, amount) }, () => ({ name, courses: amount })),
    },
  };
}

/** The fullest difference between two plans. */
export function fullDifference({ name, amount }: Scene): PlanDifference {
  const sample = { calendar: name, course: name, section: name, item: name };
  const samples = Array.from({ length: Math.min(5, amount) }, () => sample);
  const level = 'section' as const;
  return {
    ...{ approvedPlanId: 1, planId: 2, sameHash: false },
    ...{ added: amount, removed: amount, changed: amount },
    destructive: (['delete', 'unlink', 'no_calculation'] as const).flatMap((act) =>
      DATA_TYPES.map((dataType) => ({ act, level, dataType, items: amount, samples })),
    ),
    groups: DATA_TYPES.map((dataType) => ({
      ...{ kind: 'added' as const, level, dataType, items: amount, samples },
      ...{ before: null, after: 'UPDATED' as const },
    })),
  };
}

function calendars(size: number, name: string): RunCalendar[] {
  return Array.from({ length: size }, (_, index) => ({
    calendarId: index + 1,
    name: size === 1 ? name : `24-25 ${name} ${index + 1}`,
    status: ['completed', 'processing', 'queued', 'failed'][index % 4] ?? 'queued',
    coursesTotal: 1200,
    coursesDone: 400,
    coursesIgnored: 0,
    coursesUnlinked: 0,
    coursesLeft: 800,
    applied: 96,
    exceptions: index % 3 === 0 ? 17 : 0,
    error: null,
  }));
}

/** Messages that did not arrive, for every trouble there is. */
export function undeliveredOf({ amount, size }: Scene): Undelivered[] {
  return DELIVERY_TROUBLES.slice(0, size).map((trouble, index) => ({
    ...{ runId: 1042 + index, trouble, channelId: 'C0PUSHES', messages: amount },
    fate: (['waiting', 'elsewhere', 'lost'] as const)[index % 3] ?? 'lost',
  }));
}
