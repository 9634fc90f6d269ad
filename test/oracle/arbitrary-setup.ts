import fc from 'fast-check';
import {
  type CalcOptionRow,
  type CategoryRow,
  type CompositeRow,
  type Setup,
  type TaskRow,
} from './state.ts';

export const GRADABLES = ['quarter', 'semester', 'final', 'std-1', 'std-2'] as const;
export const TESTS = ['test-1', 'test-2'] as const;
export const CATEGORY_NAMES = ['Homework', 'Tests', 'Projects'] as const;
export const TERMS = [1, 2, 3];
export const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
export const gradable = pick(GRADABLES);
export const term = pick(TERMS);

const task: fc.Arbitrary<Omit<TaskRow, 'id'>> = fc.record({
  gradable,
  scoreGroup: pick([null, 'A-F', 'P/F']),
  credit: pick([null, 0.5, 1]),
  creditType: fc.constant(null),
  termGpaWeight: fc.constant(null),
  creditOverflowOverride: fc.constant(null),
  terms: fc.subarray(TERMS),
  postOnly: fc.boolean(),
  showOnPortal: fc.constant(true),
  seq: fc.constant(0),
});

const calcOption: fc.Arbitrary<CalcOptionRow> = fc.record({
  gradable,
  term,
  calcType: pick(['none', 'in_progress', 'composite'] as const),
  gradingScale: pick([null, 'percent']),
  weightCategories: fc.boolean(),
  useScorePercent: fc.constant(false),
  limitLastN: fc.constant(null),
  cumulativeFromTerm: fc.constant(null),
  proficiencyMethod: fc.constant(null),
  readOnly: fc.constant(false),
});

const composite: fc.Arbitrary<CompositeRow> = fc.record({
  parent: gradable,
  term,
  children: fc.uniqueArray(fc.record({ gradable, term, weight: pick([10, 20, 40]) }), {
    minLength: 1,
    maxLength: 3,
    selector: (child) => `${child.gradable}:${child.term}`,
  }),
});

const category: fc.Arbitrary<Omit<CategoryRow, 'id'>> = fc.record({
  name: pick(CATEGORY_NAMES),
  weight: pick([0, 30, 70]),
  seq: fc.constant(0),
  excludeFromCalc: fc.boolean(),
  dropLowest: fc.constant(0),
  defaultPoints: fc.constant(null),
  gradables: fc.subarray([...GRADABLES]).map((ids) => [...ids].sort()),
});

/** The setup of one scope; `owner` makes its row ids unique. Sections get no tasks and tests. */
export function setupArbitrary(owner: string, isSection: boolean): fc.Arbitrary<Setup> {
  return fc
    .record({
      tasks: fc.uniqueArray(task, { maxLength: 4, selector: (row) => row.gradable }),
      calcOptions: fc.uniqueArray(calcOption, {
        maxLength: 3,
        selector: (row) => `${row.gradable}:${row.term}`,
      }),
      composites: fc.uniqueArray(composite, {
        maxLength: 2,
        selector: (row) => `${row.parent}:${row.term}`,
      }),
      categories: fc.uniqueArray(category, { maxLength: 2, selector: (row) => row.name }),
      assessments: fc.uniqueArray(
        fc.record({
          test: pick(TESTS),
          standard: pick([null, 'std-1']),
          copiesForward: fc.boolean(),
        }),
        { maxLength: 2, selector: (row) => row.test },
      ),
    })
    .map((setup) => ({
      ...setup,
      tasks: isSection
        ? []
        : setup.tasks.map((row) => ({ ...row, id: `${owner}-t-${row.gradable}` })),
      categories: setup.categories.map((row, n) => ({ ...row, id: `${owner}-c${n}` })),
      assessments: isSection ? [] : setup.assessments,
    }));
}
