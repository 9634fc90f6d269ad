import { ELEMENTARY_SUBJECTS } from './titles.ts';
import { type SchoolKind } from './places.ts';

export type LockMode = 'unlocked' | 'soft' | 'hard';

export const HIGH = 'Lakeshore High School Catalog';
export const MIDDLE = 'Lakeshore Middle School Catalog';
export const ELEMENTARY = 'Lakeshore Elementary Catalog';

/** The catalogs a school of each kind teaches from; a K-8 school uses two. */
export const CATALOGS_OF: Readonly<Record<SchoolKind, readonly string[]>> = {
  elementary: [ELEMENTARY],
  k8: [ELEMENTARY, MIDDLE],
  middle: [MIDDLE],
  high: [HIGH],
  alternative: [HIGH],
};

export interface Lock {
  catalog: string;
  dataType: string;
  attribute: string | null;
  mode: LockMode;
}

/** What each catalog locks, by attribute for Course Info. An attribute that is not named is unlocked. */
const ATTRIBUTE_LOCKS: Readonly<Record<string, Readonly<Record<string, LockMode>>>> = {
  [HIGH]: {
    number: 'hard',
    name: 'hard',
    state_code: 'hard',
    gpa_weight: 'hard',
    subject_type: 'hard',
    department: 'hard',
    lk_delivery: 'hard',
    terms: 'soft',
    schedules: 'soft',
    max_students: 'unlocked',
  },
  [MIDDLE]: {
    name: 'hard',
    state_code: 'hard',
    gpa_weight: 'hard',
    subject_type: 'hard',
    department: 'hard',
    max_students: 'unlocked',
  },
  [ELEMENTARY]: {
    name: 'hard',
    state_code: 'hard',
    subject_type: 'hard',
    department: 'hard',
    max_students: 'unlocked',
  },
};

/** The district's own attribute, beside the built-in ones. */
export const OWN_ATTRIBUTE = {
  code: 'lk_delivery',
  label: 'Delivery Method',
  card: 'district',
  valueType: 'text',
  maxLength: 40,
  softLockOnly: false,
  sectionOverridable: true,
};

export const GRADING_TYPES = [
  'grading_tasks_standards',
  'grade_calc_options',
  'composite_grades',
  'composite_weights',
  'categories',
  'assessments',
] as const;

/** How a catalog locks one data type (for Course Info: one attribute). */
export function lockOf(catalog: string, dataType: string, attribute?: string): LockMode {
  if (attribute !== undefined) return ATTRIBUTE_LOCKS[catalog]?.[attribute] ?? 'unlocked';
  if (catalog === HIGH && dataType === 'assessments') return 'soft';
  if (catalog === ELEMENTARY && dataType === 'categories') return 'unlocked';
  return 'hard';
}

/** The attributes a push of the catalog writes. */
export function pushedAttributes(catalog: string): string[] {
  return Object.entries(ATTRIBUTE_LOCKS[catalog] ?? {})
    .filter(([, mode]) => mode !== 'unlocked')
    .map(([attribute]) => attribute);
}

/** Every lock of every catalog, unlocked ones spelled out. */
export function buildLocks(): Lock[] {
  return [HIGH, MIDDLE, ELEMENTARY].flatMap((catalog) => [
    ...Object.entries(ATTRIBUTE_LOCKS[catalog] ?? {}).map(([attribute, mode]) => ({
      catalog,
      dataType: 'course_info',
      attribute,
      mode,
    })),
    ...GRADING_TYPES.map((dataType) => ({
      catalog,
      dataType,
      attribute: null,
      mode: lockOf(catalog, dataType),
    })),
  ]);
}

export interface Gradable {
  id: string;
  kind: 'task' | 'standard';
  code: string;
  name: string;
  parent: string | null;
}

/** Ids of the grading tasks that the district uses. */
export const TASK = {
  quarter: 'lk-quarter',
  exam: 'lk-exam',
  semester: 'lk-semester',
  final: 'lk-final',
  conduct: 'lk-conduct',
  portfolio: 'lk-portfolio',
  lab: 'lk-lab',
  notes: 'lk-notes',
  progress: 'lk-progress',
} as const;

const TASK_NAMES: readonly (readonly [string, string, string])[] = [
  [TASK.quarter, 'QTR', 'Quarter'],
  [TASK.exam, 'EXM', 'Semester Exam'],
  [TASK.semester, 'SEM', 'Semester'],
  [TASK.final, 'FIN', 'Final'],
  [TASK.conduct, 'CON', 'Conduct'],
  [TASK.portfolio, 'POR', 'Portfolio'],
  [TASK.lab, 'LAB', 'Lab'],
  [TASK.notes, 'NOT', 'Notes'],
  [TASK.progress, 'PRG', 'Progress'],
];

/** The two standards that a subject of the elementary catalog is graded on. */
export function standardsOf(subject: string): string[] {
  const slug = subject.toLowerCase().replaceAll(' ', '-');
  return [`lk-std-${slug}-skills`, `lk-std-${slug}-effort`];
}

/** The district's tasks and, per elementary subject, a strand with its standards. */
export function buildGradables(): Gradable[] {
  const tasks = TASK_NAMES.map(([id, code, name]): Gradable => ({
    id,
    kind: 'task',
    code,
    name,
    parent: null,
  }));
  const standards = ELEMENTARY_SUBJECTS.flatMap(({ subject }, index): Gradable[] => {
    const [skills = '', effort = ''] = standardsOf(subject);
    const strand = skills.replace(/-skills$/, '');
    const code = `LK.${index + 1}`;
    return [
      { id: strand, kind: 'standard', code, name: subject, parent: null },
      {
        id: skills,
        kind: 'standard',
        code: `${code}.1`,
        name: `${subject} skills`,
        parent: strand,
      },
      {
        id: effort,
        kind: 'standard',
        code: `${code}.2`,
        name: `${subject} effort`,
        parent: strand,
      },
    ];
  });
  return [...tasks, ...standards];
}

export interface ScoreGroupItem {
  scoreGroup: string;
  score: string;
  kind: 'score_group' | 'rubric';
  minPercent: number | null;
  gpaValue: number | null;
}

export const LETTERS = 'lk-letters';
export const HONORS_LETTERS = 'lk-honors-letters';
export const RUBRIC = 'lk-rubric-4';

/** The scores a teacher may post, per score group or rubric. */
export function buildScoreGroups(): ScoreGroupItem[] {
  const letters = (scoreGroup: string, bonus: number): ScoreGroupItem[] =>
    (['A', 'B', 'C', 'D', 'F'] as const).map((score, index) => ({
      scoreGroup,
      score,
      kind: 'score_group',
      minPercent: [93, 85, 77, 70, 0][index] ?? 0,
      gpaValue: score === 'F' ? 0 : 4 - index + bonus,
    }));
  const rubric = ['1', '2', '3', '4'].map((score): ScoreGroupItem => ({
    scoreGroup: RUBRIC,
    score,
    kind: 'rubric',
    minPercent: null,
    gpaValue: null,
  }));
  return [...letters(LETTERS, 0), ...letters(HONORS_LETTERS, 1), ...rubric];
}

export const SCALE = 'lk-scale-93';
export const OTHER_SCALE = 'lk-scale-90';
export const GRADING_SCALES: readonly { id: string; name: string }[] = [
  { id: SCALE, name: 'Percent 93/85/77/70' },
  { id: OTHER_SCALE, name: 'Percent 90/80/70/60' },
];

export const TEST = {
  endOfCourse: 'lk-eoc',
  benchmark: 'lk-benchmark',
  reading: 'lk-reading',
} as const;
export const TESTS: Readonly<Record<string, { name: string; teacherScored: boolean }>> = {
  [TEST.endOfCourse]: { name: 'Lakeshore End of Course', teacherScored: false },
  [TEST.benchmark]: { name: 'Lakeshore Benchmark', teacherScored: false },
  [TEST.reading]: { name: 'Lakeshore Reading Check', teacherScored: true },
};
