import {
  type CalendarChoice,
  type CatalogChoice,
  type LockMode,
  type Notice,
  type NoticeBox,
  type Person,
  type PushServices,
  type SubmitRequest,
  type YearChoice,
} from '../../src/domain/ports.ts';
import { type HomeTabs } from '../../src/domain/home-tabs.ts';
import { type PeopleAdmin } from '../../src/domain/people-admin.ts';
import { DATA_TYPES, type DataType } from '../../src/domain/push-options.ts';
import { type QueueServices } from '../../src/domain/queue-list.ts';
import { type RunView } from '../../src/domain/push-run.ts';
import { type SetupReports } from '../../src/domain/setup-report.ts';
import { type Subscriptions } from '../../src/domain/subscriptions.ts';
import { type Rights, type Tool, TOOLS } from '../../src/domain/rights.ts';

/** All rights on all tools. */
export function fullRights(without: readonly Tool[] = []): Rights {
  const all = { read: true, write: true, add: true, delete: true };
  return {
    tools: Object.fromEntries(
      TOOLS.filter((tool) => !without.includes(tool)).map((tool) => [tool, all]),
    ),
    modifiableCalendars: new Set(),
    visibleCalendars: new Set(),
  };
}

/** A mapped person of the stand-in's workspace. */
export function personNamed(slackUserId: string, teamId: string, rights = fullRights()): Person {
  return { id: 7, slackTeamId: teamId, slackUserId, name: slackUserId, rights };
}

/** A catalog that locks everything but what `unlocked` names. */
export function catalog(
  id: number,
  name: string,
  unlocked: readonly DataType[] = [],
): CatalogChoice {
  const mode = (type: DataType): LockMode => (unlocked.includes(type) ? 'unlocked' : 'hard');
  const locks: Record<DataType, LockMode> = {
    course_info: 'hard',
    grading_tasks_standards: 'hard',
    composite_grades: 'hard',
    composite_weights: 'hard',
    grade_calc_options: 'hard',
    categories: 'hard',
    assessments: 'hard',
  };
  for (const type of DATA_TYPES) locks[type] = mode(type);
  return { id, name, locks };
}

/** `size` calendars of one year. */
export function calendarsOf(year: string, size: number, from = 1): CalendarChoice[] {
  return Array.from({ length: size }, (_, index) => ({
    id: from + index,
    name: `${year} School ${from + index}`,
    school: index % 2 === 0 ? 'Harrison High' : 'Fillmore Middle',
    isSummer: false,
    linkedCourses: 10 * (index + 1),
  }));
}

export interface MemoryDistrict {
  people: Person[];
  years: YearChoice[];
  catalogs: Record<number, CatalogChoice[]>;
  calendars: Record<number, CalendarChoice[]>;
  leftOut: number;
  runs: Map<number, RunView>;
  /** Requests in the order in which they arrived, repeats included. */
  submitted: SubmitRequest[];
  /** Awaited before every answer: to make the district slow, or to fail it. */
  before: (call: string) => Promise<void>;
}

/** A district with two years, two catalogs in the first, and eight calendars a year. */
export function memoryDistrict(change: Partial<MemoryDistrict> = {}): MemoryDistrict {
  return {
    people: [],
    years: [
      { id: 25, label: '25-26', isActive: false },
      { id: 24, label: '24-25', isActive: true },
    ],
    catalogs: {
      24: [catalog(1, 'High School Catalog', ['assessments']), catalog(2, 'Middle School Catalog')],
      25: [catalog(3, 'Future Catalog')],
    },
    calendars: { 24: calendarsOf('24-25', 8), 25: calendarsOf('25-26', 3, 101) },
    leftOut: 0,
    runs: new Map(),
    submitted: [],
    before: () => Promise.resolve(),
    ...change,
  };
}

/** The services over a district in memory: one run per idempotency key, as the real ones promise. */
export function memoryServices(district: MemoryDistrict): PushServices {
  const keys = new Map<string, number>();
  return {
    findPerson: async ({ teamId, userId }) => {
      await district.before('findPerson');
      return district.people.find(
        (person) => person.slackUserId === userId && person.slackTeamId === teamId,
      );
    },
    grantors: () => Promise.resolve(['Ann Baker']),
    years: async () => {
      await district.before('years');
      return district.years;
    },
    catalogs: (yearId) => Promise.resolve(district.catalogs[yearId] ?? []),
    calendars: ({ schoolYearId }) =>
      Promise.resolve({
        calendars: district.calendars[schoolYearId] ?? [],
        leftOut: district.leftOut,
      }),
    masters: () => Promise.resolve({ exact: [], near: [] }),
    master: () => Promise.resolve(undefined),
    submit: async (request) => {
      await district.before('submit');
      district.submitted.push(request);
      const known = keys.get(request.idempotencyKey);
      if (known !== undefined) return { runId: known, created: false };
      const runId = 1042 + keys.size;
      keys.set(request.idempotencyKey, runId);
      return { runId, created: true };
    },
    run: (runId) => Promise.resolve(district.runs.get(runId)),
    artifact: (runId, kind, format) => {
      const run = district.runs.get(runId);
      const file = run?.artifacts.find((one) => one.kind === kind && one.format === format);
      return Promise.resolve(
        file && { kind, format, fileName: file.fileName, body: Buffer.from(`${kind} ${format}`) },
      );
    },
    approvals: {
      confirm: () => Promise.resolve('queued'),
      withdraw: () => Promise.resolve('canceled'),
      planAgain: () => Promise.resolve(),
      planChange: () => Promise.resolve(undefined),
      calendars: () => Promise.resolve([]),
      courses: () => Promise.resolve({ courses: [], total: 0 }),
      decide: () => Promise.resolve('approved'),
      difference: () => Promise.resolve(undefined),
      outlook: () => Promise.resolve(undefined),
    },
    workers: async () => {
      await district.before('workers');
      return { alive: 1, lastSeenAt: new Date() };
    },
  };
}

/** What became of a notice. */
export interface BookedNotice extends Notice {
  state: 'pending' | 'claimed' | 'sent' | 'dropped';
  dueAt: number;
  error?: string;
  channelId?: string;
  ts?: string | null;
}

/** A notice box in memory, in the order of the real one: the anchor first, files after the result. */
export function memoryNotices(district: MemoryDistrict): {
  readonly box: NoticeBox;
  readonly all: Map<number, BookedNotice>;
  ask(runId: number, kind: Notice['kind']): number;
} {
  const all = new Map<number, BookedNotice>();
  const book = (id: number, change: Partial<BookedNotice>): Promise<void> => {
    const notice = all.get(id);
    if (notice !== undefined) all.set(id, { ...notice, ...change });
    return Promise.resolve();
  };
  const isOpen = (runId: number, kind: Notice['kind']): boolean =>
    [...all.values()].some(
      (one) =>
        one.runId === runId && one.kind === kind && ['pending', 'claimed'].includes(one.state),
    );
  const mayGo = ({ kind, runId }: Notice): boolean =>
    kind === 'anchor' ||
    (!isOpen(runId, 'anchor') && !(kind === 'files' && isOpen(runId, 'finished')));
  return {
    all,
    ask: (runId, kind) => {
      const id = all.size + 1;
      const key = `${runId}:${kind}:${id}`;
      const fresh = {
        id,
        key,
        kind,
        runId,
        askedAt: new Date(),
        attempt: 0,
        outcomeUnknown: false,
        teamId: '',
        requesterTeamId: '',
        tried: null,
        progress: {},
        about: {},
        posted: null,
      };
      all.set(id, { ...fresh, state: 'pending', dueAt: 0 });
      return id;
    },
    box: {
      claim: async (limit) => {
        const due = [...all.values()].filter(
          (one) => one.state === 'pending' && one.dueAt <= Date.now() && mayGo(one),
        );
        for (const one of due.slice(0, limit)) {
          await book(one.id, { state: 'claimed', attempt: one.attempt + 1 });
        }
        return due.slice(0, limit).map((one) => ({ ...one, attempt: one.attempt + 1 }));
      },
      claimDoubtful: () => Promise.resolve([]),
      looked: () => Promise.resolve(),
      trying: (id, place) => book(id, { tried: place }),
      sent: (id, message) => book(id, { state: 'sent', ...message }),
      retry: (id, { delayMs, error, unknown }) =>
        book(id, { state: 'pending', dueAt: Date.now() + delayMs, error, outcomeUnknown: unknown }),
      drop: (id, reason) => book(id, { state: 'dropped', error: reason }),
      saveProgress: (id, progress) => book(id, { progress }),
      saveAnchor: (runId, { channelId, ts }) => {
        const run = district.runs.get(runId);
        if (run !== undefined) {
          district.runs.set(runId, { ...run, thread: { channelId, anchorTs: ts } });
        }
        return Promise.resolve();
      },
    },
  };
}

/** A queue without rows, for tests of other parts. */
export function memoryQueue(): QueueServices {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    list: () => Promise.resolve({ rows: [], more: false, maySeeAll: false }),
    toApprove: () => Promise.resolve([]),
    runOf: () => Promise.resolve(undefined),
    overview: () => {
      const none = { runs: [], total: 0 };
      return Promise.resolve({ running: none, waiting: none, finished: none, undelivered: [] });
    },
    mark: () => Promise.resolve(''),
    look: () => Promise.resolve(undefined),
    cancel: () => Promise.resolve('canceled'),
    repeat: () => Promise.resolve(1),
    repair: () => Promise.resolve(1),
    undo: () => Promise.resolve(1),
    undoOutlook: () => Promise.resolve({ written: 0, counted: null }),
    reschedule: nothing,
    prioritize: nothing,
    keep: () => Promise.resolve(null),
    remove: nothing,
  };
}

/** Nobody and no group, for tests of other parts. */
export function memoryPeople(): PeopleAdmin {
  return {
    people: () => Promise.resolve([]),
    find: () => Promise.resolve(undefined),
    groups: () => Promise.resolve([]),
    places: () => Promise.resolve([]),
    savePerson: () => Promise.resolve(),
    saveGroup: () => Promise.resolve(1),
    slackState: () => Promise.resolve('unknown'),
    noteSlackStates: () => Promise.resolve(),
    unchecked: () => Promise.resolve([]),
    subteams: () => Promise.resolve([]),
    syncSubteam: () => Promise.resolve(),
  };
}

/** No subscription, for tests of other parts. */
export function memorySubscriptions(): Subscriptions {
  return {
    list: () => Promise.resolve([]),
    subjects: () => Promise.resolve([]),
    add: ({ subject }) => Promise.resolve({ ...subject, name: '' }),
    remove: () => Promise.resolve(),
  };
}

/** No report, for tests of other parts. */
export function memoryReports(): SetupReports {
  return {
    calendars: () => Promise.resolve([]),
    make: () => Promise.resolve({ title: 'Report', rows: 0, files: [] }),
  };
}

/** Home tabs of one process, for tests of other parts. */
export function memoryHomeTabs(): HomeTabs {
  return {
    save: () => Promise.resolve(),
    since: () => Promise.resolve([]),
    forget: () => Promise.resolve(),
  };
}
