/** The seven data types of the form, in the order in which they are pushed (G14). */
export const DATA_TYPES = [
  'course_info',
  'grading_tasks_standards',
  'composite_grades',
  'composite_weights',
  'grade_calc_options',
  'categories',
  'assessments',
] as const;
export type DataType = (typeof DATA_TYPES)[number];

/** The seven types plus cross-site data, which is an option of the form (X10). */
export type PushedType = DataType | 'cross_site';

/** The seven types in the order and with the labels of the form. */
export const FORM_DATA_TYPES: readonly DataType[] = [
  'course_info',
  'grading_tasks_standards',
  'grade_calc_options',
  'composite_grades',
  'composite_weights',
  'categories',
  'assessments',
];

export const DATA_TYPE_LABELS: Readonly<Record<PushedType, string>> = {
  course_info: 'Course Info',
  grading_tasks_standards: 'Grading Tasks/Standards',
  grade_calc_options: 'Grade Calc Options',
  composite_grades: 'Composite Grades',
  composite_weights: 'Composite Weights',
  categories: 'Categories',
  assessments: 'Assessments',
  cross_site: 'Cross-Site Data',
};

export const PUSH_MODES = ['push_locked', 'overwrite'] as const;
export type PushMode = (typeof PUSH_MODES)[number];

export const PUSH_MODE_LABELS: Readonly<Record<PushMode, string>> = {
  push_locked: 'Push locked data',
  overwrite: 'Overwrite existing course and section level data',
};

/**
 * What a run is: a push of a catalog's masters; a push of all courses to their sections without the
 * masters (E09); relinking or resetting chosen courses (S12); undoing an earlier run (G23).
 */
export const RUN_KINDS = ['push', 'push_all_courses', 'relink', 'reset', 'undo'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What a run does, resolved: calendars are an explicit list (G04). Ids are database ids. */
export interface PushOptions {
  /** A push of the catalog's masters unless told. */
  readonly kind?: RunKind;
  /** Of relink and reset: the only courses to touch. */
  readonly courseIds?: readonly number[];
  /** Courses that were left out by hand. */
  readonly leftOutCourses?: readonly number[];
  readonly schoolYearId: number;
  readonly catalogId: number;
  /** Set for "Push to Courses": only this master's courses (G03). */
  readonly courseMasterId?: number;
  readonly calendarIds: readonly number[];
  readonly allCalendars: boolean;
  readonly mode: PushMode;
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly dataTypes: readonly DataType[];
}

/** When a run starts: at once, or at a time (UTC instant) from the batch queue. */
export type PushSchedule = { readonly kind: 'now' } | { readonly kind: 'batch'; readonly at: Date };

/** A push further ahead than this is a typing error more often than a plan. */
export const FURTHEST_DAYS = 90;
