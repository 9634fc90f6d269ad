import { type PushedType } from '../domain/push-options.ts';

export interface FieldWords {
  /** Key in the payload. */
  readonly key: string;
  readonly label: string;
  /** Words for values that are codes. */
  readonly values?: Readonly<Record<string, string>>;
  /** Whether a grade that is calculated, not posted, can change with it. */
  readonly affectsGrades?: true;
}

const CALCULATION_TYPES = {
  none: 'No Calculation',
  in_progress: 'In-Progress Grade',
  proficiency_estimate: 'Proficiency Estimate',
  composite: 'Composite Grade',
};

const PROFICIENCY_METHODS = {
  power_law: 'Power Law',
  highest: 'Highest',
  mode_last_3: 'Mode of Last 3',
  mode_last_5: 'Mode of Last 5',
  most_recent: 'Most Recent',
};

/** The fields of each type's payload, in the order of the reports. */
export const FIELD_WORDS: Readonly<Record<PushedType, readonly FieldWords[]>> = {
  // An attribute's own label stands in place of "Value"; see fieldLabel.
  course_info: [
    { key: 'value', label: 'Value' },
    { key: 'master', label: 'Course Master' },
    { key: 'catalog', label: 'Course Catalog' },
  ],
  grading_tasks_standards: [
    { key: 'scoreGroup', label: 'Score Group', affectsGrades: true },
    { key: 'credit', label: 'Credit' },
    { key: 'creditType', label: 'Credit Type' },
    { key: 'termGpaWeight', label: 'Term GPA Weight' },
    { key: 'creditOverflowOverride', label: 'Credit Overflow Override' },
    { key: 'terms', label: 'Terms' },
    { key: 'postOnly', label: 'Post Only', affectsGrades: true },
    { key: 'showOnPortal', label: 'Show on Portal' },
    { key: 'seq', label: 'Sequence' },
  ],
  grade_calc_options: [
    {
      key: 'calcType',
      label: 'Calculation Type',
      values: CALCULATION_TYPES,
      affectsGrades: true,
    },
    { key: 'gradingScale', label: 'Grading Scale', affectsGrades: true },
    { key: 'weightCategories', label: 'Weight Categories', affectsGrades: true },
    { key: 'useScorePercent', label: 'Use Score Percent', affectsGrades: true },
    { key: 'limitLastN', label: 'Limit to Last', affectsGrades: true },
    { key: 'cumulativeFromTerm', label: 'Cumulative From Term', affectsGrades: true },
    {
      key: 'proficiencyMethod',
      label: 'Proficiency Method',
      values: PROFICIENCY_METHODS,
      affectsGrades: true,
    },
    { key: 'readOnly', label: 'Read-Only to Teachers' },
  ],
  composite_grades: [
    { key: 'children', label: 'Calculated From', affectsGrades: true },
    { key: 'weights', label: 'Weights', affectsGrades: true },
  ],
  composite_weights: [{ key: 'weight', label: 'Weight', affectsGrades: true }],
  categories: [
    { key: 'name', label: 'Name' },
    { key: 'weight', label: 'Weight', affectsGrades: true },
    { key: 'seq', label: 'Sequence' },
    { key: 'excludeFromCalc', label: 'Exclude from Calculation', affectsGrades: true },
    { key: 'dropLowest', label: 'Drop Lowest', affectsGrades: true },
    { key: 'defaultPoints', label: 'Default Points' },
    { key: 'gradables', label: 'Tasks/Standards', affectsGrades: true },
  ],
  assessments: [
    { key: 'standard', label: 'Standard' },
    { key: 'copiesForward', label: 'Copies Forward' },
  ],
  cross_site: [
    { key: 'enabled', label: 'Cross-Site Enrollment' },
    { key: 'offered', label: 'Offer Section' },
  ],
};

/** A payload's value in words; blank for null, an empty list or a missing key. */
export function valueWords(field: FieldWords, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'string') {
    return field.values !== undefined && Object.hasOwn(field.values, value)
      ? (field.values[value] ?? value)
      : value;
  }
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    const words = value.map((entry: unknown) => valueWords(field, entry));
    return (field.key === 'children' ? words.map(childWords) : words).join(', ');
  }
  return objectWords(field, value);
}

/** Weights {"q1:2": 25} → "q1 (term 2): 25". */
function objectWords({ key }: FieldWords, value: object): string {
  if (key !== 'weights') return JSON.stringify(value);
  return Object.entries(value)
    .map(([child, weight]) => `${childWords(child)}: ${String(weight)}`)
    .sort()
    .join(', ');
}

/** "q1:2" (gradable and term) → "q1 (term 2)". */
function childWords(child: string): string {
  const [, gradable, term] = /^(.+):(\d+)$/.exec(child) ?? [];
  return gradable === undefined || term === undefined ? child : `${gradable} (term ${term})`;
}
