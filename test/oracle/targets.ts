import { type Draft, pushes, report, restoresMasters, type Run } from './draft.ts';
import { attributeLock, valueOf } from './course-info.ts';
import { DATA_TYPES } from '../../src/domain/push-options.ts';
import { type Course, type GradingType, type Master } from './state.ts';

export const GRADING_TYPES: readonly GradingType[] = DATA_TYPES.filter(
  (type) => type !== 'course_info',
);

/** E03: what sections have rows of. */
const OF_SECTIONS: readonly GradingType[] = [
  'composite_grades',
  'composite_weights',
  'grade_calc_options',
  'categories',
];

export interface Target {
  readonly course: Draft<Course>;
  readonly master: Master;
  readonly verdict: 'push' | 'ignored' | 'mirror' | 'link_lost' | 'other_catalog';
}

/** S10: the master that the course's links come from. OD: links of one course have one. */
function lineageOf(course: Draft<Course>): string | null {
  return course.links.find((link) => link.upstream !== null)?.upstream ?? null;
}

/** G02, G03, G07-G09, S10: the courses of the run, in the order of their ids. */
export function targetsOf(run: Run): Target[] {
  return coursesOf(run)
    .flatMap((course) => targetOf(run, course) ?? [])
    .sort((a, b) => (a.course.id < b.course.id ? -1 : 1));
}

/** The courses of the calendars; of a reset only those it names (S12). */
export function coursesOf({ request, state }: Run): Draft<Course>[] {
  const calendars = state.calendars
    .filter((c) => request.calendars.includes(c.id) && c.year === request.year)
    .map((c) => c.id);
  return state.courses
    .filter((course) => calendars.includes(course.calendar))
    .filter((course) => request.courses?.includes(course.id) ?? true);
}

function targetOf(run: Run, course: Draft<Course>): Target | null {
  const inRun = (id: string | null): Master | undefined =>
    run.state.masters.find(
      (m) =>
        m.id === id &&
        m.catalog === run.request.catalog &&
        (run.request.master === null || m.id === run.request.master),
    );
  const lineage = lineageOf(course) ?? course.master;
  const own = inRun(lineage);
  const named = inRun(course.master);
  if (run.request.kind === 'relink') return relinkedTo(run, course, { own, named });
  const master = own ?? named;
  if (master === undefined) return null;
  if (course.ignoreMasterPush) return { course, master, verdict: 'ignored' };
  if (course.crossSiteRole === 'home_mirror') return { course, master, verdict: 'mirror' };
  // OD: a course pushed from a master outside this run is that master's to resync.
  if (own === undefined) return { course, master, verdict: 'other_catalog' };
  return { course, master, verdict: course.master === master.id ? 'push' : 'link_lost' };
}

/** S12: the course goes to the master it names; else to the one its links name; else to the one of its number. */
function relinkedTo(
  run: Run,
  course: Draft<Course>,
  { own, named }: { own: Master | undefined; named: Master | undefined },
): Target | null {
  const isUnknown = course.master === null && lineageOf(course) === null;
  const sameNumber = run.state.masters.find(
    (m) =>
      isUnknown &&
      m.catalog === run.request.catalog &&
      (run.request.master === null || m.id === run.request.master) &&
      m.attrs['number'] === course.attrs['number'],
  );
  const master = named ?? own ?? sameNumber;
  if (master === undefined) return null;
  if (course.ignoreMasterPush) return { course, master, verdict: 'ignored' };
  if (course.crossSiteRole === 'home_mirror') return { course, master, verdict: 'mirror' };
  return { course, master, verdict: named === undefined ? 'link_lost' : 'push' };
}

/**
 * G10: one line per selected type that the catalog does not lock; per attribute (A07). OD: only for
 * attributes that a master of the push uses.
 */
export function reportUnlocked(run: Run, targets: readonly Target[]): void {
  const item = { outcome: 'SKIPPED_UNLOCKED', reason: 'not_locked' } as const;
  for (const type of GRADING_TYPES)
    if (run.request.types.includes(type) && !pushes(run, type))
      report(run, null, { ...item, dataType: type, key: '' });
  if (!run.request.types.includes('course_info')) return;
  const masters = targets
    .filter(
      ({ verdict }) => verdict === 'push' || (verdict === 'link_lost' && restoresMasters(run)),
    )
    .map(({ master }) => master);
  for (const { code } of run.state.attributes)
    if (attributeLock(run, code) === 'unlocked' && masters.some((m) => valueOf(m, code) !== null))
      report(run, null, { ...item, dataType: 'course_info', key: `attr:${code}` });
}

/**
 * S10, S02: a course that lost its master, or came from a master outside of the run, fails as a whole. OD:
 * one item for the course, because one thing is broken: the course's own link.
 */
export function failLost(run: Run, { course, verdict }: Target): void {
  const reason = verdict === 'link_lost' ? 'master_link_lost' : 'other_catalog';
  const item = { dataType: 'course_info', key: '', outcome: 'FAILED_DESYNCED' } as const;
  report(run, { course, section: null }, { ...item, reason });
}

/** S10: the course gets its master back, which its links still name; or the one of its number (S12). */
export function restoreMaster(run: Run, { course, master, verdict }: Target): boolean {
  if (verdict !== 'link_lost') return true;
  if (!restoresMasters(run)) return false;
  course.master = master.id;
  const item = { dataType: 'course_info', key: '', outcome: 'RELINKED' } as const;
  report(run, { course, section: null }, item);
  return true;
}

/** X07: one line per selected, locked grading type of a mirror; of those of sections in Push All Courses. */
export function reportMirror(run: Run, course: Draft<Course>): void {
  const item = { key: '', outcome: 'SKIPPED_MIRROR', reason: 'mirror' } as const;
  const types = run.request.kind === 'push_all_courses' ? OF_SECTIONS : GRADING_TYPES;
  for (const dataType of types)
    if (pushes(run, dataType)) report(run, { course, section: null }, { ...item, dataType });
}
