import { beforeEach, describe, expect, it } from '@jest/globals';
import { readPlanHead } from '../../../src/db/queries/plan-head.ts';
import { ALL, useFixture41, VAN_BUREN } from '../../support/fixture-41.ts';

const world = useFixture41();
const OVERWRITE = { ...ALL, mode: 'overwrite' } as const;
const TERMS = [1, 2, 3, 4];

/** Quarter leaves the master of Algebra, with everything there that rests on it. */
async function dropQuarter(): Promise<void> {
  await world.remove('master 1010', 'comp:final:4');
  for (const category of ['cat:Homework', 'cat:Tests'])
    await world.edit('master 1010', category, { gradable_ids: ['final'] });
  for (const term of TERMS) await world.remove('master 1010', `calc:quarter:${term}`);
  await world.remove('master 1010', 'task:quarter');
}

describe('Given Quarter removed from the master, with student work, when an overwrite is planned', () => {
  it('the plan tells how many sections will stop calculating, what stays as residual and what goes (A12, N04)', async () => {
    await world.post('1010/1', 'quarter:1');
    await dropQuarter();
    const { runId } = await world.school.plan(OVERWRITE);
    expect(await readPlanHead(world.school.db, runId)).toMatchObject({
      // Harrison's two sections keep No Calculation rows, Van Buren's two lose theirs with the task.
      sectionsWithoutCalculation: 4,
      residualItems: 1 + TERMS.length,
      activeYear: true,
      deletions: expect.arrayContaining([
        { dataType: 'grading_tasks_standards', level: 'course', items: 1 },
      ]) as unknown,
    });
  });
});

describe("Given Quarter removed from Algebra's master and overwritten, residual at Harrison with an assignment and a posted grade", () => {
  beforeEach(async () => {
    await world.assign('1010/1', 'quarter', { due: '2023-09-01' });
    await world.post('1010/1', 'quarter:1');
    await dropQuarter();
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      assignments: 1,
      grades: 1,
    });
    expect(pushed.changed).toMatchObject({ [`${VAN_BUREN} 1010 task:quarter`]: 'deleted' });
  });

  it.each(['push_locked', 'overwrite'] as const)(
    'put back with score group B, it is relinked by a push (%s) as the same row, with the score group withheld; later changes arrive (A11, R05, P10)',
    async (mode) => {
      const residual = await world.row('1010 task:quarter');
      await world.add('master 1010', 'task:quarter', {
        score_group_id: 'B',
        credit: 0.75,
        terms: TERMS,
      });
      const pushed = await world.push({ ...ALL, mode });
      expect(pushed.item('1010', 'task:quarter')).toMatchObject({
        outcome: 'WITHHELD',
        reason: 'score_group_in_use',
      });
      expect(await world.row('1010 task:quarter')).toEqual({ ...residual, credit: 0.75 });
      expect(await world.row('link 1010 task:quarter')).toMatchObject({ state: 'linked' });
      expect(await world.row(`${VAN_BUREN} 1010 task:quarter`)).toMatchObject({
        score_group_id: 'B',
      });
      await world.edit('master 1010', 'task:quarter', { credit: 1 });
      expect((await world.push(ALL)).changed).toEqual({
        '1010 task:quarter': { credit: [0.75, 1] },
        [`${VAN_BUREN} 1010 task:quarter`]: { credit: [0.75, 1] },
      });
    },
  );

  it('the sections read No Calculation, read-only; the course manages its row; the plan had named the sections (A12, N01, N02, N03)', async () => {
    for (const section of ['1', '2']) {
      for (const term of TERMS)
        expect(await world.row(`1010/${section} calc:quarter:${term}`)).toMatchObject({
          calc_type: 'none',
          read_only: true,
        });
    }
    expect(await world.row('1010 calc:quarter:1')).toMatchObject({ calc_type: 'none' });
    expect(await world.row('link 1010 calc:quarter:1')).toMatchObject({ state: 'residual' });
  });

  it('fix 1: a calc option set on the course reaches the sections by a locked push, and nothing is desynced (A12, N06)', async () => {
    await world.edit('1010', 'calc:quarter:1', { calc_type: 'in_progress' });
    const pushed = await world.push(ALL);
    expect(pushed.changed).toEqual({
      '1010/1 calc:quarter:1': { calc_type: ['none', 'in_progress'] },
      '1010/2 calc:quarter:1': { calc_type: ['none', 'in_progress'] },
    });
    expect(pushed.items.filter((item) => item.outcome.startsWith('FAILED'))).toEqual([]);
    expect((await world.push(OVERWRITE)).changed).toEqual({});
  });

  it('fix 2: repeated overwrites change nothing until the work is realigned; then Quarter and its calc rows go (A12, N05, N07)', async () => {
    expect((await world.push(OVERWRITE)).changed).toEqual({});
    await world.run(`update assignment_gradable set gradable_id = 'semester'`);
    expect((await world.push(OVERWRITE)).changed).toEqual({});
    await world.run(`delete from posted_grade`);
    const pushed = await world.push(OVERWRITE);
    const gone = ['1010', '1010/1', '1010/2'].flatMap((place) =>
      TERMS.map((term) => `${place} calc:quarter:${term}`),
    );
    expect(pushed.changed).toEqual(
      Object.fromEntries(['1010 task:quarter', ...gone].map((name) => [name, 'deleted'])),
    );
  });
});

describe("Given a course's own composite with posted grades, computed from a task that the master dropped", () => {
  it.each(['push_locked', 'overwrite'] as const)(
    'a push (%s) keeps the composite and the task it uses, referenced_by_composite (A25, P09)',
    async (mode) => {
      await world.add('1010', 'comp:semester:2', {
        children: { 'quarter:1': 50, 'quarter:2': 50 },
      });
      await world.post('1010/1', 'semester:2');
      await dropQuarter();
      const pushed = await world.push({ ...ALL, mode });
      expect(pushed.item('1010', 'task:quarter')).toMatchObject({
        outcome: 'RETAINED_PROTECTED',
        reason: 'referenced_by_composite',
      });
      expect(await world.row('1010 task:quarter')).toBeDefined();
      expect(await world.row('1010 comp:semester:2')).toBeDefined();
      expect(pushed.changed).toMatchObject({ [`${VAN_BUREN} 1010 task:quarter`]: 'deleted' });
    },
  );
});

describe('Given a calc option that the school set on its course', () => {
  it.each(['push_locked', 'overwrite'] as const)(
    'a push (%s) to sections delivers it to them as long as the course keeps it (A27, E02)',
    async (mode) => {
      await world.add('1010', 'calc:semester:2', { grading_scale_id: 'scale' });
      await world.assign('1010/1', 'semester', { due: '2023-12-01' });
      const pushed = await world.push({ ...ALL, mode });
      const added = {
        added: { calc_type: 'in_progress', grading_scale_id: 'scale', read_only: true },
      };
      expect(pushed.changed).toEqual({
        '1010/1 calc:semester:2': added,
        '1010/2 calc:semester:2': added,
      });
    },
  );
});
