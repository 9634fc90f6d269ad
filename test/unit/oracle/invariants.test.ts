import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { districtArbitrary, requestArbitrary } from '../../oracle/arbitrary-district.ts';
import { editArbitrary } from '../../oracle/arbitrary-edit.ts';
import { compareStates, describeDifferences } from '../../oracle/compare.ts';
import { pushModel } from '../../oracle/push.ts';
import {
  type Course,
  type DistrictState,
  type Ids,
  type ModelItem,
  type PushRequest,
  type PushResult,
  type Section,
} from '../../oracle/state.ts';

const WRITES = [
  'INSERTED',
  'UPDATED',
  'DELETED',
  'RELINKED',
  'RENAMED_LOCAL',
  'SET_NO_CALCULATION',
];

function freshIds(run: number): Ids {
  let last = 0;
  return (kind) => `${kind}-${run}-${String((last += 1))}`;
}

interface Step {
  readonly before: DistrictState;
  readonly request: PushRequest;
  readonly result: PushResult;
}

/** Push, edit, push, edit, push: every step with what it found and left. */
const history: fc.Arbitrary<readonly Step[]> = districtArbitrary.chain((first) =>
  fc.array(requestArbitrary, { minLength: 1, maxLength: 5 }).chain((requests) => {
    const steps = (state: DistrictState, n: number): fc.Arbitrary<readonly Step[]> => {
      const request = requests[n];
      if (request === undefined) return fc.constant([]);
      const result = pushModel(state, { ...request, run: n }, freshIds(n));
      return editArbitrary(result.state)
        .chain((edited) => steps(edited, n + 1))
        .map((later) => [{ before: state, request, result }, ...later]);
    };
    return steps(first, 0);
  }),
);

/** The counterexample by its seed: printing states would hide the broken expectation. */
function shortly(out: fc.RunDetails<[readonly Step[]]>): void {
  if (!out.failed) return;
  const last = out.counterexample?.[0].at(-1);
  const request = JSON.stringify(last?.request);
  throw new Error(
    `seed ${out.seed}, path ${out.counterexamplePath ?? ''}, last request ${request}`,
    { cause: out.errorInstance },
  );
}

function everyStep(check: (step: Step) => void): void {
  fc.assert(
    fc.property(history, (steps) => {
      for (const step of steps) check(step);
    }),
    { numRuns: 40, reporter: shortly },
  );
}

function scopesOf(state: DistrictState): (Course | Section)[] {
  return state.courses.flatMap((course) => [course, ...course.sections]);
}

function refusals(items: readonly ModelItem[]): string[] {
  return items
    .filter((item) => !WRITES.includes(item.outcome))
    .map((item) => JSON.stringify(item))
    .sort();
}

describe('Invariants of the model', () => {
  it('P11: student work is never touched, nor are the masters', () => {
    everyStep(({ before, result }) => {
      expect(result.state.assignments).toEqual(before.assignments);
      expect(result.state.postedGrades).toEqual(before.postedGrades);
      expect(result.state.testScores).toEqual(before.testScores);
      expect(result.state.masters).toEqual(before.masters);
    });
  });

  it('P08: no task, category or assessment with student work is removed', () => {
    everyStep(({ before, result }) => {
      const categories = scopesOf(result.state).flatMap((s) => s.setup.categories.map((c) => c.id));
      const lost = before.assignments.filter(
        (a) =>
          a.category !== null &&
          scopesOf(before).some((s) => s.setup.categories.some((c) => c.id === a.category)) &&
          !categories.includes(a.category),
      );
      expect(lost).toEqual([]);
      for (const course of before.courses) {
        const after = result.state.courses.find((c) => c.id === course.id);
        const used = before.assignments
          .filter((a) => !a.deleted && course.sections.some((s) => s.id === a.section))
          .flatMap((a) => a.gradables);
        for (const task of course.setup.tasks.filter((t) => used.includes(t.gradable)))
          expect(after?.setup.tasks.map((t) => t.id)).toContain(task.id);
      }
    });
  });

  it('G17: a repeated push writes nothing and reports the same refusals', () => {
    everyStep(({ request, result }) => {
      const second = pushModel(result.state, request, freshIds(99));
      const third = pushModel(second.state, request, freshIds(100));
      const same = { before: result.state, oracle: result.state, engine: second.state };
      expect(describeDifferences(compareStates(same))).toBe('');
      expect(second.items.filter((item) => WRITES.includes(item.outcome))).toEqual([]);
      expect(refusals(third.items)).toEqual(refusals(second.items));
    });
  });

  it('A05: a locked push deletes no local row, save the calc options of a deleted task (N10)', () => {
    everyStep(({ before, request, result }) => {
      if (request.mode === 'overwrite') return;
      for (const scope of scopesOf(before)) {
        const after = scopesOf(result.state).find((s) => s.id === scope.id);
        const linked = scope.links.filter((l) => l.state !== 'residual');
        const own = scope.setup.categories.filter((c) => !linked.some((l) => l.row === c.id));
        for (const category of own)
          expect(after?.setup.categories.map((c) => c.id)).toContain(category.id);
        const tasks = 'calendar' in scope ? scope.setup.tasks : [];
        for (const task of tasks.filter((t) => !linked.some((l) => l.key === `task:${t.gradable}`)))
          expect(after?.setup.tasks).toContainEqual(task);
      }
    });
  });

  it('C01: category names stay unique in every scope, within 50 characters', () => {
    everyStep(({ result }) => {
      for (const { setup } of scopesOf(result.state)) {
        const names = setup.categories.map((c) => c.name);
        expect(new Set(names).size).toBe(names.length);
        expect(names.filter((name) => name.length > 50)).toEqual([]);
      }
    });
  });

  it('P09, N10: no composite or calc option of a course points to a task that this push deleted', () => {
    everyStep(({ before, result }) => {
      for (const course of result.state.courses) {
        const had = before.courses.find((c) => c.id === course.id)?.setup.tasks ?? [];
        const has = course.setup.tasks.map((t) => t.gradable);
        const deleted = had.map((t) => t.gradable).filter((g) => !has.includes(g));
        for (const { setup } of [course, ...course.sections]) {
          const used = [
            ...setup.calcOptions.map((o) => o.gradable),
            ...setup.composites.flatMap((c) => [c.parent, ...c.children.map((k) => k.gradable)]),
          ];
          expect(used.filter((g) => deleted.includes(g))).toEqual([]);
        }
      }
    });
  });

  it('G11, G10: an unselected or unlocked type keeps its rows and links, but for N10', () => {
    everyStep(({ before, request, result }) => {
      const locks = before.catalogs.find((c) => c.name === request.catalog)?.typeLocks ?? {};
      const pushed = (type: 'categories' | 'assessments'): boolean =>
        request.types.includes(type) && ['hard', 'soft'].includes(locks[type] ?? 'unlocked');
      const kept = (['categories', 'assessments'] as const).filter((type) => !pushed(type));
      const rows = (state: DistrictState): unknown =>
        scopesOf(state).map(({ setup }) => kept.map((type) => setup[type]));
      expect(rows(result.state)).toEqual(rows(before));
    });
  });

  it('E01: without the section option no section row changes, but for N10', () => {
    everyStep(({ before, request, result }) => {
      if (request.toSections) return;
      for (const section of before.courses.flatMap((c) => c.sections)) {
        const after = scopesOf(result.state).find((s) => s.id === section.id);
        expect(after?.setup.categories).toEqual(section.setup.categories);
        expect(after?.setup.composites).toEqual(section.setup.composites);
      }
    });
  });

  it('S09: after an overwrite a repeated locked push of the same types finds nothing desynced', () => {
    everyStep(({ request, result }) => {
      if (request.mode !== 'overwrite') return;
      const locked = pushModel(result.state, { ...request, mode: 'push_locked' }, freshIds(101));
      expect(locked.items.filter((i) => i.outcome === 'FAILED_DESYNCED')).toEqual([]);
    });
  });
});
