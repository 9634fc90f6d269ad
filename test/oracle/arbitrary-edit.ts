import fc from 'fast-check';
import { withStudentWork } from './arbitrary-district.ts';
import { setupArbitrary } from './arbitrary-setup.ts';
import { type Course, type DistrictState, type Master, type Setup } from './state.ts';

/** One random edit of the state: at a master, below, or of student work. */
export function editArbitrary(state: DistrictState): fc.Arbitrary<DistrictState> {
  return fc.oneof(editMaster(state), dropBelow(state), addBelow(state), withStudentWork(state));
}

/** A master gets the setup of another draw, partly: some rows stay, some go, some come. */
function editMaster(state: DistrictState): fc.Arbitrary<DistrictState> {
  return fc
    .constantFrom(...state.masters)
    .chain((master) =>
      fc
        .record({ drawn: setupArbitrary(master.id, false), keep: fc.nat(4) })
        .map(({ drawn, keep }) =>
          replaceMaster(state, { ...master, setup: mixed(master.setup, drawn, keep) }),
        ),
    );
}

const PARTS = ['tasks', 'calcOptions', 'composites', 'categories', 'assessments'] as const;

/** One part of `drawn` (chosen by `part`), the others of `setup`. */
function mixed(setup: Setup, drawn: Setup, part: number): Setup {
  const chosen = PARTS[part] ?? 'tasks';
  return { ...setup, [chosen]: drawn[chosen] };
}

function replaceMaster(state: DistrictState, master: Master): DistrictState {
  return { ...state, masters: state.masters.map((m) => (m.id === master.id ? master : m)) };
}

/** Someone deletes the first calc option, composite or unused task of a course (S02). */
function dropBelow(state: DistrictState): fc.Arbitrary<DistrictState> {
  return onCourse(state, (course) =>
    fc
      .constantFrom('calcOptions' as const, 'composites' as const, 'assessments' as const)
      .map((part) => ({
        ...course,
        setup: { ...course.setup, [part]: course.setup[part].slice(1) },
      })),
  );
}

/** School staff add rows of their own, or change the one with the same key. */
function addBelow(state: DistrictState): fc.Arbitrary<DistrictState> {
  return onCourse(state, (course) =>
    setupArbitrary(`${course.id}-own`, false).map((drawn) => ({
      ...course,
      setup: {
        ...course.setup,
        tasks: merged(course.setup.tasks, drawn.tasks, (row) => row.gradable),
        calcOptions: merged(
          course.setup.calcOptions,
          drawn.calcOptions,
          (r) => `${r.gradable}:${r.term}`,
        ),
      },
    })),
  );
}

/** Rows of `own` stay unless `drawn` has the same key; a task keeps the id of its row. */
function merged<Row extends object>(
  own: readonly Row[],
  drawn: readonly Row[],
  key: (row: Row) => string,
): Row[] {
  const changed = own.map((row) => {
    const other = drawn.find((candidate) => key(candidate) === key(row));
    if (other === undefined) return row;
    return 'id' in row ? { ...other, id: row.id } : other;
  });
  const added = drawn.filter((row) => !own.some((other) => key(other) === key(row)));
  return [...changed, ...added];
}

function onCourse(
  state: DistrictState,
  edit: (course: Course) => fc.Arbitrary<Course>,
): fc.Arbitrary<DistrictState> {
  return fc
    .constantFrom(...state.courses)
    .chain(edit)
    .map((course) => ({
      ...state,
      courses: state.courses.map((other) => (other.id === course.id ? course : other)),
    }));
}
