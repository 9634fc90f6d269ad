import { OUTCOMES, REASONS } from '../../src/domain/outcome.ts';
import { DATA_TYPES } from '../../src/domain/push-options.ts';
import { type OutcomeCount, type RunCalendar, type RunView } from '../../src/domain/push-run.ts';

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
    endedBy: null,
    answerBy: null,
    approval: null,
    approvedBy: [],
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
export function fullCounts(): OutcomeCount[] {
  const reasons = Object.keys(REASONS);
  return DATA_TYPES.flatMap((dataType) =>
    OUTCOMES.map((outcome, index) => ({
      calendarId: 1,
      level: 'course' as const,
      dataType,
      outcome,
      reason: reasons[index % reasons.length] ?? null,
      items: 1000 + index,
    })),
  );
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
