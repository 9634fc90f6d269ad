import {
  type Assignment,
  type CalcOptionRow,
  type CategoryRow,
  type Course,
  type DistrictState,
  EMPTY_SETUP,
  type Ids,
  type Master,
  type PostedGrade,
  type PushRequest,
  type PushResult,
  type Section,
  type Setup,
  type TaskRow,
} from './state.ts';
import { DATA_TYPES } from '../../src/domain/push-options.ts';
import { pushModel } from './push.ts';

/** The fixture of domain.md 4.1, in plain state. */
export const HS = 'High School Catalog';

export function task(gradable: string, changes: Partial<TaskRow> = {}): TaskRow {
  return {
    id: `task-${gradable}`,
    gradable,
    scoreGroup: 'A',
    credit: null,
    creditType: null,
    termGpaWeight: null,
    creditOverflowOverride: null,
    terms: [1, 2, 3, 4],
    postOnly: false,
    showOnPortal: true,
    seq: 0,
    ...changes,
  };
}

export function calcOption(
  gradable: string,
  term: number,
  changes: Partial<CalcOptionRow> = {},
): CalcOptionRow {
  return {
    gradable,
    term,
    calcType: 'in_progress',
    gradingScale: 'percent',
    weightCategories: true,
    useScorePercent: false,
    limitLastN: null,
    cumulativeFromTerm: null,
    proficiencyMethod: null,
    readOnly: false,
    ...changes,
  };
}

export function category(
  id: string,
  name: string,
  changes: Partial<CategoryRow> = {},
): CategoryRow {
  return {
    id,
    name,
    weight: 50,
    seq: 0,
    excludeFromCalc: false,
    dropLowest: 0,
    defaultPoints: null,
    gradables: ['quarter'],
    ...changes,
  };
}

function masterSetup(id: string): Setup {
  return {
    tasks: [task('quarter'), task('semester', { terms: [2, 4] }), task('final', { terms: [4] })],
    calcOptions: [calcOption('quarter', 1), calcOption('quarter', 2)],
    composites: [
      { parent: 'final', term: 4, children: [{ gradable: 'semester', term: 2, weight: 1 }] },
    ],
    categories: [category(`${id}-homework`, 'Homework'), category(`${id}-tests`, 'Tests')],
    assessments: [{ test: 'sat', standard: null, copiesForward: true }],
  };
}

function master(number: string, name: string): Master {
  return {
    id: number,
    catalog: HS,
    crossSiteEnabled: false,
    attrs: { number, name, state_code: `S${number}`, gpa_weight: 1, terms: 2, max_students: 30 },
    setup: masterSetup(number),
  };
}

function section(id: string): Section {
  return {
    id,
    number: id,
    overrides: {},
    crossSiteEnabled: false,
    crossSiteOffered: false,
    mapStatuses: [],
    crossSiteStudents: 0,
    setup: EMPTY_SETUP,
    links: [],
  };
}

function course(calendar: string, { id, attrs }: Master): Course {
  const courseId = `${calendar} ${id}`;
  return {
    id: courseId,
    calendar,
    master: id,
    ignoreMasterPush: false,
    crossSiteEnabled: false,
    crossSiteRole: 'none',
    mirrorOf: null,
    attrs,
    setup: EMPTY_SETUP,
    links: [],
    sections: [section(`${courseId}/1`), section(`${courseId}/2`)],
  };
}

const TERMS = [
  { seq: 1, startOn: '2023-08-15', endOn: '2023-10-15' },
  { seq: 2, startOn: '2023-10-16', endOn: '2023-12-31' },
  { seq: 3, startOn: '2024-01-01', endOn: '2024-03-15' },
  { seq: 4, startOn: '2024-03-16', endOn: '2024-06-15' },
];
const MASTERS = [
  master('1010', 'Algebra I'),
  master('2010', 'Biology'),
  master('3010', 'English 9'),
];

const NEW: DistrictState = {
  participation: 'intra',
  schools: [
    { id: 'harrison', crossSiteEnabled: true },
    { id: 'van-buren', crossSiteEnabled: false },
  ],
  years: ['23-24', '24-25'],
  calendars: [
    { id: 'HH', school: 'harrison', year: '23-24', terms: TERMS },
    { id: 'VB', school: 'van-buren', year: '23-24', terms: TERMS },
    { id: 'HH next', school: 'harrison', year: '24-25', terms: TERMS },
  ],
  attributes: ['number', 'name', 'state_code', 'gpa_weight', 'terms', 'max_students'].map(
    (code) => ({ code, softLockOnly: code === 'terms', sectionOverridable: true }),
  ),
  gradables: ['quarter', 'semester', 'final', 'lab', 'notes'].map((id) => ({ id, kind: 'task' })),
  tests: ['sat'],
  catalogs: [
    {
      name: HS,
      typeLocks: {
        grading_tasks_standards: 'hard',
        grade_calc_options: 'hard',
        composite_grades: 'hard',
        composite_weights: 'hard',
        categories: 'hard',
        assessments: 'hard',
      },
      attributeLocks: { state_code: 'hard', name: 'hard', gpa_weight: 'hard', terms: 'soft' },
    },
  ],
  masters: MASTERS,
  courses: ['HH', 'VB'].flatMap((calendar) => MASTERS.map((m) => course(calendar, m))),
  assignments: [],
  postedGrades: [],
  testScores: [],
};

/** A locked push of everything, sections included, to both calendars of 23-24. */
export const EVERYTHING: PushRequest = {
  run: 1,
  kind: 'push',
  courses: null,
  year: '23-24',
  catalog: HS,
  calendars: ['HH', 'VB'],
  mode: 'push_locked',
  toSections: true,
  crossSite: false,
  types: DATA_TYPES,
  master: null,
};

function ids(run: number): Ids {
  let last = 0;
  return (kind) => `${kind}-${run}-${(last += 1)}`;
}

/** A push of `state`; what is not said is as in `EVERYTHING`. */
export function push(state: DistrictState, request: Partial<PushRequest> = {}): PushResult {
  const whole = { ...EVERYTHING, run: 2, ...request };
  return pushModel(state, whole, ids(whole.run));
}

/** 4.1: pushed once in locked mode with sections, so everything is linked. */
export const DISTRICT: DistrictState = push(NEW, { run: 1 }).state;

export function editMaster(
  state: DistrictState,
  id: string,
  edit: (master: Master) => Partial<Master>,
): DistrictState {
  const masters = state.masters.map((m) => (m.id === id ? { ...m, ...edit(m) } : m));
  return { ...state, masters };
}

export function editCourse(
  state: DistrictState,
  id: string,
  edit: (course: Course) => Partial<Course>,
): DistrictState {
  const courses = state.courses.map((c) => (c.id === id ? { ...c, ...edit(c) } : c));
  return { ...state, courses };
}

export function editSection(
  state: DistrictState,
  id: string,
  edit: (section: Section) => Partial<Section>,
): DistrictState {
  const courses = state.courses.map((c) => ({
    ...c,
    sections: c.sections.map((s) => (s.id === id ? { ...s, ...edit(s) } : s)),
  }));
  return { ...state, courses };
}

export function courseOf(state: DistrictState, id: string): Course {
  const found = state.courses.find((c) => c.id === id);
  if (found === undefined) throw new Error(`No course ${id} in the state.`);
  return found;
}

export function sectionOf(state: DistrictState, id: string): Section {
  const found = state.courses.flatMap((c) => c.sections).find((s) => s.id === id);
  if (found === undefined) throw new Error(`No section ${id} in the state.`);
  return found;
}

export function assignment(
  section: string,
  gradable: string,
  changes: Partial<Assignment> = {},
): Assignment {
  return {
    id: `assignment ${section} ${gradable}`,
    section,
    category: null,
    gradables: [gradable],
    dueOn: '2023-09-01',
    active: true,
    deleted: false,
    scores: [],
    ...changes,
  };
}

export function postedGrade(
  section: string,
  gradable: string,
  changes: Partial<PostedGrade> = {},
): PostedGrade {
  return {
    section,
    gradable,
    term: 1,
    student: 's1',
    score: 'A',
    percent: 95,
    comment: null,
    ...changes,
  };
}

/** The outcomes of a push at one course and its sections, as `<place> <key> <outcome>`. */
export function outcomesAt({ items }: PushResult, course: string): string[] {
  return items
    .filter((item) => item.course === course)
    .map((item) => [item.section ?? '', item.key, item.outcome].filter((t) => t !== '').join(' '));
}
