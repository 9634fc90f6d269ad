import {
  type Draft,
  isOverwrite,
  type Place,
  pushes,
  report,
  restoresMasters,
  type Run,
  typeLock,
} from './draft.ts';
import { assessmentsAt } from './assessments.ts';
import { courseCalcOptions, sectionCalcOptions } from './calc-options.ts';
import { adoptByName, categoriesAt, renameClashes } from './categories.ts';
import { compositesAt } from './composites.ts';
import {
  linkAttributes,
  numbersToKeep,
  pushAttributes,
  pushOverrides,
  refreshMirror,
} from './course-info.ts';
import { missingSwitch, pushCrossSite } from './cross-site.ts';
import { relink } from './relink.ts';
import { failsDesynced, removeAll, type TypeAt, upsertAll } from './standard.ts';
import {
  type CategoryRow,
  type CompositeRow,
  type DistrictState,
  type GradingType,
  type Ids,
  type Master,
  type PushRequest,
  type PushResult,
} from './state.ts';
import {
  coursesOf,
  failLost,
  reportMirror,
  reportUnlocked,
  restoreMaster,
  targetsOf,
  type Target,
} from './targets.ts';
import { tasksAt } from './tasks.ts';
import { linkWeights, pushWeights } from './weights.ts';

/**
 * A push by the rules of domain.md section 3, one course after the other, in the plainest way.
 * Reads and returns plain states; `ids` names the rows it inserts.
 */
export function pushModel(state: DistrictState, request: PushRequest, ids: Ids): PushResult {
  const catalog = state.catalogs.find((c) => c.name === request.catalog);
  if (catalog === undefined) throw new Error(`No catalog ${request.catalog} in the state.`);
  const run: Run = {
    request,
    catalog,
    ids,
    // Through JSON, so that no two places share a row.
    state: JSON.parse(JSON.stringify(state)) as Draft<DistrictState>,
    items: [],
    counted: [],
    newChildren: new Set(),
    refused: new Set(),
    keepNumber: new Set(),
  };
  if (request.kind === 'push_all_courses') pushAllCourses(run);
  else pushMasters(run);
  return { state: run.state, items: run.items, counted: run.counted };
}

function pushMasters(run: Run): void {
  const { request } = run;
  const targets = targetsOf(run);
  reportUnlocked(run, targets);
  if (request.crossSite) reportSwitches(run, targets);
  if (request.types.includes('course_info')) run.keepNumber = numbersToKeep(run, targets);
  for (const target of targets) pushTarget(run, target);
  for (const target of targets) if (target.verdict === 'mirror') pushMirror(run, target);
}

/**
 * Push All Courses (E09): each course of the calendars, of any catalog or of none, gives its sections
 * what it has. OD: Ignore Master Push is about masters only, and keeps no course from it.
 */
function pushAllCourses(run: Run): void {
  for (const course of coursesOf(run)) {
    const master = run.state.masters.find(({ id }) => id === course.master) ?? null;
    run.catalog = run.state.catalogs.find(({ name }) => name === master?.catalog) ?? null;
    if (course.crossSiteRole === 'home_mirror') reportMirror(run, course);
    else for (const section of course.sections) giveSection(run, { course, section }, master);
  }
}

function giveSection(run: Run, place: Place, master: Master | null): void {
  const { composites, categories } = place.course.setup;
  if (pushes(run, 'composite_grades'))
    reconcile(run, compositesAt(run, place, { above: composites, tasks: [] }));
  if (pushes(run, 'composite_weights')) pushWeights(run, place, composites);
  const readOnly = typeLock(run, 'grade_calc_options') !== 'unlocked';
  if (pushes(run, 'grade_calc_options'))
    reconcile(run, sectionCalcOptions(run, place, { master, readOnly }));
  if (pushes(run, 'categories')) reconcileCategories(run, place, categories);
}

function pushTarget(run: Run, target: Target): void {
  const { course, master, verdict } = target;
  if (verdict === 'ignored') {
    const item = { dataType: 'course_info', key: '', outcome: 'SKIPPED_IGNORED' } as const;
    report(run, { course, section: null }, { ...item, reason: 'ignore_master_push' }); // G08
  } else if (verdict === 'other_catalog' || !restoreMaster(run, target)) {
    if (verdict !== 'mirror') failLost(run, target);
  } else if (verdict !== 'mirror') {
    const step = run.request.kind === 'relink' ? relinkCourse : pushCourse;
    step(run, { course, section: null }, master);
  }
}

/** X07. OD: after all other courses, so that a mirror shows what its serving course has now. */
function pushMirror(run: Run, target: Target): void {
  reportMirror(run, target.course);
  const refresh = run.request.crossSite && run.request.types.includes('course_info');
  if (refresh) refreshMirror(run, { course: target.course, section: null });
}

/** X04: one line per school with courses to push. */
function reportSwitches(run: Run, targets: readonly Target[]): void {
  const schools = new Set(
    targets
      .filter((t) => t.verdict === 'push' || (t.verdict === 'link_lost' && restoresMasters(run)))
      .map(schoolOf(run)),
  );
  for (const school of schools) {
    const reason = missingSwitch(run, school);
    const item = { dataType: 'cross_site', key: `xsite:${school}` } as const;
    if (reason !== null) report(run, null, { ...item, outcome: 'SKIPPED_DEPENDENCY', reason });
  }
}

function schoolOf(run: Run): (target: Pick<Target, 'course'>) => string {
  return ({ course }) => run.state.calendars.find((c) => c.id === course.calendar)?.school ?? '';
}

/**
 * One course and its sections, in the order of G14: what depends comes later, and composites are
 * settled at the course and its sections before tasks are removed (P09).
 */
function pushCourse(run: Run, place: Place, master: Master): void {
  const { course } = place;
  const { toSections, types, crossSite } = run.request;
  const sections = toSections ? course.sections.map((section) => ({ course, section })) : [];
  if (types.includes('course_info')) {
    pushAttributes(run, place, master);
    for (const at of sections) pushOverrides(run, at);
  }
  const tasks = tasksAt(run, place, master);
  const tasksPushed = pushes(run, 'grading_tasks_standards') && !failsDesynced(run, tasks);
  if (tasksPushed) upsertAll(run, tasks);
  const failed = pushes(run, 'grading_tasks_standards') && !tasksPushed;
  pushComposites(run, { place, master, sections, failed });
  if (tasksPushed) removeAll(run, tasks);
  pushCalcOptions(run, { place, master, sections, failed });
  pushCategories(run, { place, master, sections });
  if (pushes(run, 'assessments')) reconcile(run, assessmentsAt(run, place, master));
  const school = schoolOf(run)({ course });
  if (crossSite && missingSwitch(run, school) === null) pushCrossSite(run, place, master);
}

/** S12, S13: the upsert half of overwrite; in locked mode only the links of what is equal. */
function relinkCourse(run: Run, place: Place, master: Master): void {
  const { course } = place;
  const { toSections, types, crossSite } = run.request;
  const sections = toSections ? course.sections.map((section) => ({ course, section })) : [];
  if (types.includes('course_info'))
    (isOverwrite(run) ? pushAttributes : linkAttributes)(run, place, master);
  if (pushes(run, 'grading_tasks_standards')) relink(run, tasksAt(run, place, master));
  relinkComposites(run, { place, master, sections });
  relinkDefinitions(run, { place, master, sections });
  if (pushes(run, 'assessments')) relink(run, assessmentsAt(run, place, master));
  const school = schoolOf(run)({ course });
  if (crossSite && missingSwitch(run, school) === null) pushCrossSite(run, place, master);
}

function relinkComposites(run: Run, { place, master, sections }: CourseAndSections): void {
  const { setup } = place.course;
  const step = isOverwrite(run) ? pushWeights : linkWeights;
  if (pushes(run, 'composite_grades')) {
    const tasks = [setup.tasks, master.setup.tasks];
    relink(run, compositesAt(run, place, { above: master.setup.composites, tasks }));
    for (const at of sections)
      relink(run, compositesAt(run, at, { above: setup.composites, tasks: [] }));
  }
  if (pushes(run, 'composite_weights')) {
    step(run, place, master.setup.composites);
    for (const at of sections) step(run, at, setup.composites);
  }
}

function relinkDefinitions(run: Run, { place, master, sections }: CourseAndSections): void {
  if (pushes(run, 'grade_calc_options')) {
    relink(run, courseCalcOptions(run, place, master));
    for (const at of sections) relink(run, sectionCalcOptions(run, at, { master, readOnly: true }));
  }
  if (pushes(run, 'categories')) {
    relinkCategories(run, place, master.setup.categories);
    for (const at of sections) relinkCategories(run, at, place.course.setup.categories);
  }
}

function relinkCategories(run: Run, place: Place, above: readonly CategoryRow[]): void {
  adoptByName(run, place, above);
  const at = categoriesAt(run, place, above);
  relink(run, at);
  renameClashes(run, at);
}

interface CourseAndSections {
  readonly place: Place;
  readonly master: Master;
  readonly sections: readonly Place[];
}

/** S06: a type that depends on failed tasks is skipped, and so are its sections (S07). */
function isBlocked(run: Run, type: GradingType, at: { place: Place; failed: boolean }): boolean {
  if (!pushes(run, type)) return true;
  if (!at.failed) return false;
  const item = { dataType: type, key: '', outcome: 'SKIPPED_DEPENDENCY' } as const;
  report(run, at.place, { ...item, reason: 'tasks_failed' });
  return true;
}

/** Std behaviours of one type at one place. Returns whether the type failed (S05). */
function reconcile(run: Run, at: TypeAt): boolean {
  if (failsDesynced(run, at)) return false;
  upsertAll(run, at);
  removeAll(run, at);
  return true;
}

function pushComposites(run: Run, at: CourseAndSections & { readonly failed: boolean }): void {
  const { place, master, sections } = at;
  const tasks = place.course.setup.tasks;
  const above = master.setup.composites;
  const composites =
    !isBlocked(run, 'composite_grades', at) &&
    reconcile(run, compositesAt(run, place, { above, tasks: [tasks, master.setup.tasks] }));
  const weights = !isBlocked(run, 'composite_weights', at) && !pushWeights(run, place, above);
  const effective: readonly CompositeRow[] = place.course.setup.composites; // E02
  for (const section of sections) {
    if (composites) reconcile(run, compositesAt(run, section, { above: effective, tasks: [] }));
    if (weights) pushWeights(run, section, effective);
  }
}

function pushCalcOptions(run: Run, at: CourseAndSections & { readonly failed: boolean }): void {
  const { place, master, sections } = at;
  if (isBlocked(run, 'grade_calc_options', at)) return;
  if (!reconcile(run, courseCalcOptions(run, place, master))) return; // S07
  const readOnly = true; // E06
  for (const section of sections)
    reconcile(run, sectionCalcOptions(run, section, { master, readOnly }));
}

function pushCategories(run: Run, { place, master, sections }: CourseAndSections): void {
  if (!pushes(run, 'categories')) return;
  if (!reconcileCategories(run, place, master.setup.categories)) return; // S07
  for (const section of sections) reconcileCategories(run, section, place.course.setup.categories);
}

function reconcileCategories(run: Run, place: Place, above: readonly CategoryRow[]): boolean {
  adoptByName(run, place, above);
  const at = categoriesAt(run, place, above);
  const pushed = reconcile(run, at);
  if (pushed) renameClashes(run, at);
  return pushed;
}
