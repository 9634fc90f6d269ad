import fc from 'fast-check';
import {
  type Assignment,
  type Attributes,
  type Catalog,
  type Course,
  type DistrictState,
  EMPTY_SETUP,
  type LockMode,
  type Master,
  type PostedGrade,
  type PushRequest,
  type Section,
} from './state.ts';
import { type DataType, DATA_TYPES } from '../../src/domain/push-options.ts';
import { GRADING_TYPES } from './targets.ts';

import { GRADABLES, gradable, pick, setupArbitrary, term, TESTS } from './arbitrary-setup.ts';

export const ATTRIBUTES = [
  'number',
  'name',
  'state_code',
  'gpa_weight',
  'terms',
  'max_students',
] as const;
const DATES = [null, '2023-09-15', '2023-11-15', '2024-02-15', '2030-01-01'];

function attributesArbitrary(number: string): fc.Arbitrary<Attributes> {
  return fc.record({
    number: fc.constant(number),
    name: pick(['Algebra', 'Biology']),
    state_code: pick([null, 'S1', 'S2']),
    gpa_weight: pick([null, 1, 1.5]),
    terms: pick([null, 1, 2]),
    max_students: pick([null, 30]),
  });
}

const lock: fc.Arbitrary<LockMode> = pick(['hard', 'hard', 'hard', 'soft', 'unlocked']);

function catalogArbitrary(name: string): fc.Arbitrary<Catalog> {
  return fc.record({
    name: fc.constant(name),
    typeLocks: fc.record(Object.fromEntries(GRADING_TYPES.map((type) => [type, lock]))),
    attributeLocks: fc.record(Object.fromEntries(ATTRIBUTES.map((code) => [code, lock]))),
  });
}

function masterArbitrary(n: number): fc.Arbitrary<Master> {
  return fc.record({
    id: fc.constant(`m${n}`),
    catalog: fc.constant(n < 2 ? 'High' : 'Middle'),
    crossSiteEnabled: fc.boolean(),
    attrs: attributesArbitrary(`10${n}0`),
    setup: setupArbitrary(`m${n}`, false),
  });
}

function sectionArbitrary(id: string): fc.Arbitrary<Section> {
  return fc.record({
    id: fc.constant(id),
    number: fc.constant(id),
    overrides: pick([{}, { state_code: 'own' }, { max_students: 12 }]),
    crossSiteEnabled: fc.boolean(),
    crossSiteOffered: fc.boolean(),
    mapStatuses: pick([[], ['mapped'] as const, ['closed'] as const]),
    crossSiteStudents: pick([0, 0, 1]),
    setup: setupArbitrary(id, true),
    links: fc.constant([]),
  });
}

function courseArbitrary(master: number, n: number): fc.Arbitrary<Course> {
  const id = `k${master}${n}`;
  return fc.record({
    id: fc.constant(id),
    calendar: pick(n === 0 ? ['cal-a', 'cal-b'] : ['cal-c']),
    master: fc.constant(`m${master}`),
    ignoreMasterPush: fc.nat(9).map((roll) => roll === 0),
    crossSiteEnabled: fc.boolean(),
    crossSiteRole: pick(['none', 'serving'] as const),
    mirrorOf: fc.constant(null),
    attrs: attributesArbitrary(`10${master}0`),
    setup: fc.oneof({ weight: 2, arbitrary: fc.constant(EMPTY_SETUP) }, setupArbitrary(id, false)),
    links: fc.constant([]),
    sections: fc
      .nat(3)
      .chain((size) =>
        fc.tuple(...Array.from({ length: size }, (_none, s) => sectionArbitrary(`${id}-s${s}`))),
      ),
  });
}

function assignmentArbitrary(sections: readonly Section[]): fc.Arbitrary<Omit<Assignment, 'id'>> {
  return pick(sections).chain((section) =>
    fc.record({
      section: fc.constant(section.id),
      category: pick([null, ...section.setup.categories.map((row) => row.id)]),
      gradables: fc.subarray([...GRADABLES], { minLength: 1, maxLength: 2 }),
      dueOn: pick(DATES),
      active: fc.boolean(),
      deleted: fc.nat(5).map((roll) => roll === 0),
      scores: pick([[], [{ student: 's1', value: '9', flags: [], comment: null }]]),
    }),
  );
}

function gradeArbitrary(sections: readonly Section[]): fc.Arbitrary<PostedGrade> {
  return fc.record({
    section: pick(sections).map((section) => section.id),
    gradable,
    term,
    student: pick(['s1', 's2']),
    score: pick([null, 'A']),
    percent: pick([null, 91.5]),
    comment: pick([null, ' ', 'well done']),
  });
}

const MAX_COURSES = 2;

/** A small district in which nothing was pushed yet; what is there below is local. */
export const districtArbitrary: fc.Arbitrary<DistrictState> = fc
  .integer({ min: 1, max: 3 })
  .chain((masters) => {
    const numbers = Array.from({ length: masters }, (_none, n) => n);
    return fc.record({
      participation: pick(['disable', 'intra'] as const),
      schools: fc.constant([
        { id: 'north', crossSiteEnabled: true },
        { id: 'south', crossSiteEnabled: false },
      ]),
      years: fc.constant(['23-24', '24-25']),
      calendars: fc.constant(CALENDARS),
      attributes: fc.constant(
        ATTRIBUTES.map((code) => ({
          code,
          softLockOnly: code === 'terms',
          sectionOverridable: true,
        })),
      ),
      gradables: fc.constant(
        GRADABLES.map((id) => ({
          id,
          kind: id.startsWith('std') ? ('standard' as const) : ('task' as const),
        })),
      ),
      tests: fc.constant([...TESTS]),
      catalogs: fc.tuple(catalogArbitrary('High'), catalogArbitrary('Middle')),
      masters: fc.tuple(...numbers.map((n) => masterArbitrary(n))),
      courses: fc.tuple(
        ...numbers.flatMap((m) =>
          Array.from({ length: MAX_COURSES }, (_none, n) => courseArbitrary(m, n)),
        ),
      ),
      assignments: fc.constant([]),
      postedGrades: fc.constant([]),
      testScores: fc.constant([]),
    });
  })
  .chain(withStudentWork);

const TERM_ROWS = [
  { seq: 1, startOn: '2023-09-01', endOn: '2023-10-31' },
  { seq: 2, startOn: '2023-11-01', endOn: '2024-01-15' },
  { seq: 3, startOn: '2024-01-16', endOn: '2024-06-01' },
];
const CALENDARS = [
  { id: 'cal-a', school: 'north', year: '23-24', terms: TERM_ROWS },
  { id: 'cal-b', school: 'south', year: '23-24', terms: TERM_ROWS },
  { id: 'cal-c', school: 'north', year: '24-25', terms: TERM_ROWS },
];

/** The same district with other student work, drawn anew. */
export function withStudentWork(state: DistrictState): fc.Arbitrary<DistrictState> {
  const sections = state.courses.flatMap((course) => course.sections);
  if (sections.length === 0) return fc.constant(state);
  return fc
    .record({
      assignments: fc.array(assignmentArbitrary(sections), { maxLength: 4 }),
      postedGrades: fc.uniqueArray(gradeArbitrary(sections), {
        maxLength: 3,
        selector: (g) => [g.section, g.gradable, g.term, g.student].join('|'),
      }),
      testScores: fc.uniqueArray(
        fc.record({
          section: pick(sections).map((s) => s.id),
          test: pick(TESTS),
          student: fc.constant('s1'),
        }),
        { maxLength: 2, selector: (s) => `${s.section}|${s.test}` },
      ),
    })
    .map((work) => ({
      ...state,
      ...work,
      assignments: work.assignments.map((row, n) => ({ ...row, id: `a${n}` })),
    }));
}

/** A request that fits districts of `districtArbitrary`. */
export const requestArbitrary: fc.Arbitrary<PushRequest> = fc.record({
  run: fc.integer({ min: 1, max: 99 }),
  kind: fc.constant('push' as const),
  courses: fc.constant(null),
  year: pick(['23-24', '24-25']),
  catalog: pick(['High', 'High', 'Middle']),
  calendars: fc.subarray(['cal-a', 'cal-b', 'cal-c'], { minLength: 1 }),
  mode: pick(['push_locked', 'overwrite'] as const),
  toSections: fc.boolean(),
  crossSite: fc.boolean(),
  types: fc.oneof(
    fc.constant<DataType[]>([...DATA_TYPES]),
    fc.subarray<DataType>([...DATA_TYPES], { minLength: 1 }),
  ),
  master: pick([null, null, 'm0']),
});
