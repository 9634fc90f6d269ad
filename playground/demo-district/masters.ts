import {
  ELEMENTARY,
  HIGH,
  LETTERS,
  MIDDLE,
  RUBRIC,
  SCALE,
  standardsOf,
  TASK,
  TEST,
} from './catalogs.ts';
import {
  type Alignment,
  type CalcOption,
  type Category,
  type Composite,
  emptySetup,
  type Master,
  type Setup,
} from './model.ts';
import { ELEMENTARY_SUBJECTS, HIGH_SUBJECTS, MIDDLE_SUBJECTS, type Subject } from './titles.ts';

/** The id of a master in the files: catalog and number. */
export function ownerOf(master: Pick<Master, 'catalog' | 'number'>): string {
  return `${master.catalog}/${master.number}`;
}

/** A task or standard with the district's usual settings. */
export function alignment(
  gradable: string,
  terms: readonly number[],
  changes: Partial<Alignment> = {},
): Alignment {
  return {
    gradable,
    scoreGroup: LETTERS,
    credit: null,
    creditType: null,
    termGpaWeight: null,
    creditOverflowOverride: null,
    terms,
    postOnly: false,
    showOnPortal: true,
    seq: 0,
    ...changes,
  };
}

/** A calculation with the district's usual settings. */
export function calcOption(
  gradable: string,
  term: number,
  changes: Partial<CalcOption> = {},
): CalcOption {
  return {
    gradable,
    term,
    calcType: 'in_progress',
    gradingScale: SCALE,
    weightCategories: true,
    useScorePercent: true,
    limitLastN: null,
    cumulativeFromTerm: null,
    proficiencyMethod: null,
    readOnly: false,
    ...changes,
  };
}

/** A category with the district's usual settings; `owner` makes its id. */
export function category(owner: string, name: string, changes: Partial<Category> = {}): Category {
  return {
    id: `${owner}/${name}`,
    from: null,
    name,
    weight: 0,
    seq: 0,
    excludeFromCalc: false,
    dropLowest: 0,
    defaultPoints: 100,
    gradables: [TASK.quarter],
    ...changes,
  };
}

function composite(
  parent: string,
  term: number,
  children: readonly [string, number, number][],
): Composite {
  return {
    parentGradable: parent,
    parentTerm: term,
    children: children.map(([gradable, childTerm, weight]) => ({
      gradable,
      term: childTerm,
      weight,
    })),
  };
}

function computed(gradable: string, term: number): CalcOption {
  return calcOption(gradable, term, {
    calcType: 'composite',
    weightCategories: false,
    useScorePercent: false,
  });
}

function categories(owner: string): Category[] {
  return [
    category(owner, 'Tests', { weight: 50 }),
    category(owner, 'Homework', { weight: 20, seq: 1, dropLowest: 1 }),
    category(owner, 'Projects', { weight: 30, seq: 2 }),
  ];
}

function highSetup(owner: string): Setup {
  const { quarter, exam, semester, final } = TASK;
  const credited = { credit: 0.5, creditType: 'General', termGpaWeight: 1 };
  return {
    alignments: [
      alignment(quarter, [1, 2, 3, 4]),
      alignment(exam, [2, 4], { seq: 1, postOnly: true }),
      alignment(semester, [2, 4], { seq: 2, ...credited }),
      alignment(final, [4], { seq: 3 }),
    ],
    calcOptions: [
      ...[1, 2, 3, 4].map((term) => calcOption(quarter, term)),
      ...[2, 4].map((term) => calcOption(exam, term, { weightCategories: false })),
      computed(semester, 2),
      computed(semester, 4),
      computed(final, 4),
    ],
    composites: [
      composite(semester, 2, [
        [quarter, 1, 40],
        [quarter, 2, 40],
        [exam, 2, 20],
      ]),
      composite(semester, 4, [
        [quarter, 3, 40],
        [quarter, 4, 40],
        [exam, 4, 20],
      ]),
      composite(final, 4, [
        [semester, 2, 50],
        [semester, 4, 50],
      ]),
    ],
    categories: categories(owner),
    assessments: [{ test: TEST.endOfCourse, standard: null, copiesForward: true }],
  };
}

function middleSetup(owner: string): Setup {
  const { quarter, semester } = TASK;
  return {
    alignments: [alignment(quarter, [1, 2, 3, 4]), alignment(semester, [2, 4], { seq: 1 })],
    calcOptions: [
      ...[1, 2, 3, 4].map((term) => calcOption(quarter, term)),
      computed(semester, 2),
      computed(semester, 4),
    ],
    composites: [
      composite(semester, 2, [
        [quarter, 1, 50],
        [quarter, 2, 50],
      ]),
      composite(semester, 4, [
        [quarter, 3, 50],
        [quarter, 4, 50],
      ]),
    ],
    categories: categories(owner),
    assessments: [{ test: TEST.benchmark, standard: null, copiesForward: true }],
  };
}

function elementarySetup(owner: string, subject: string): Setup {
  const standards = standardsOf(subject);
  const estimate = {
    calcType: 'proficiency_estimate',
    proficiencyMethod: 'power_law',
    gradingScale: null,
    weightCategories: false,
  } as const;
  return {
    ...emptySetup(),
    alignments: standards.map((standard, seq) =>
      alignment(standard, [1, 2, 3, 4], { scoreGroup: RUBRIC, seq }),
    ),
    calcOptions: standards.flatMap((standard) =>
      [1, 2, 3, 4].map((term) => calcOption(standard, term, estimate)),
    ),
    categories: [
      category(owner, 'Practice', { weight: 50, gradables: standards }),
      category(owner, 'Checks', { weight: 50, seq: 1, gradables: standards }),
    ],
    assessments: [{ test: TEST.reading, standard: standards[0] ?? null, copiesForward: true }],
  };
}

/** Masters taught across schools since the last push. */
const CROSS_SITE_NUMBERS: ReadonlySet<string> = new Set(['5020', '5030']);

interface Plan {
  catalog: string;
  subjects: readonly Subject[];
  numberOf: (subject: number, title: number) => string;
  setupOf: (owner: string, subject: string) => Setup;
}

function mastersOf({ catalog, subjects, numberOf, setupOf }: Plan): Master[] {
  return subjects.flatMap(({ subject, department, gpaWeight, titles }, subjectIndex) =>
    titles.map((name, titleIndex): Master => {
      const number = numberOf(subjectIndex, titleIndex);
      return {
        catalog,
        number,
        name,
        crossSite: CROSS_SITE_NUMBERS.has(number),
        attributes: {
          state_code: `LK${number}`,
          subject_type: subject,
          department,
          gpa_weight: catalog === ELEMENTARY ? null : gpaWeight,
          terms: 4,
          schedules: 1,
          max_students: 28,
          lk_delivery: catalog === HIGH ? 'In person' : null,
        },
        setup: setupOf(`${catalog}/${number}`, subject),
      };
    }),
  );
}

/** All course masters as they were when the district last pushed them. */
export function buildMasters(): Master[] {
  return [
    ...mastersOf({
      catalog: HIGH,
      subjects: HIGH_SUBJECTS,
      numberOf: (subject, title) => String((subject + 1) * 1000 + (title + 1) * 10),
      setupOf: highSetup,
    }),
    ...mastersOf({
      catalog: MIDDLE,
      subjects: MIDDLE_SUBJECTS,
      numberOf: (subject, title) => `M${(subject + 1) * 100 + (title + 1) * 10}`,
      setupOf: middleSetup,
    }),
    ...mastersOf({
      catalog: ELEMENTARY,
      subjects: ELEMENTARY_SUBJECTS,
      numberOf: (subject, title) => `E${subject + 1}${title}`,
      setupOf: elementarySetup,
    }),
  ];
}
