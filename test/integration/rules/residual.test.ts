import { beforeEach, describe, expect, it } from '@jest/globals';
import { readPlanHead } from '../../../src/db/queries/plan-head.ts';
import { useWorld } from '../../support/world.ts';

const LOCKED = { toSections: true } as const;
const OVERWRITE = { ...LOCKED, mode: 'overwrite' } as const;
const BOTH_MODES = ['push_locked', 'overwrite'] as const;
const world = useWorld({
  pushed: LOCKED,
  fixture: [
    `insert into task_alignment (scope_id, scope_kind, gradable_id, credit, terms)
      select id, 'master', 'lab', 1, '{1}' from setup_scope where course_master_id = 1`,
  ],
});
const residualRun = `select residual_run_id as run from sync_link where state = 'residual'`;

describe('Given a linked task with grades that the master dropped', () => {
  beforeEach(async () => {
    await world.post('1010/1', 'lab:1');
    await world.remove('master 1010', 'task:lab');
  });

  it.each(BOTH_MODES)(
    'a push (%s) makes it residual; later pushes keep it and the run that first found it (R01, R02)',
    async (mode) => {
      const first = await world.push({ ...LOCKED, mode });
      expect(first.changed).toEqual({});
      expect(await world.school.rows(residualRun)).toEqual([{ run: first.runId }]);
      for (const wish of [LOCKED, OVERWRITE, LOCKED])
        expect((await world.school.push(wish)).item('1010', 'task:lab')).toMatchObject({
          outcome: 'RETAINED_PROTECTED',
          grades: 1,
        });
      expect(await world.school.rows(residualRun)).toEqual([{ run: first.runId }]);
    },
  );

  it('with its grades gone, a locked push leaves it and the next overwrite deletes it (R02)', async () => {
    await world.school.push(LOCKED);
    await world.run('delete from posted_grade');
    expect((await world.push(LOCKED)).changed).toEqual({});
    expect((await world.push(OVERWRITE)).changed).toEqual({ '1010 task:lab': 'deleted' });
  });

  it('at its own level the residual row can be edited: no push minds or undoes it (R04)', async () => {
    await world.school.push(LOCKED);
    await world.edit('1010', 'task:lab', { credit: 9 });
    for (const wish of [LOCKED, OVERWRITE]) {
      const pushed = await world.push(wish);
      expect(pushed.items.filter((item) => item.outcome.startsWith('FAILED'))).toEqual([]);
      expect(pushed.changed).toEqual({});
    }
  });

  it.each(BOTH_MODES)(
    'put back, a push (%s) relinks the same row, later changes of the master flow, and dropped once more it is residual anew (R05, R01)',
    async (mode) => {
      await world.school.push(LOCKED);
      const { id } = (await world.row('1010 task:lab')) ?? {};
      await world.add('master 1010', 'task:lab', { credit: 2, terms: [1] });
      expect((await world.push({ ...LOCKED, mode })).changed).toEqual({
        '1010 task:lab': { credit: [1, 2] },
      });
      expect(await world.row('link 1010 task:lab')).toMatchObject({ state: 'linked', row_id: id });
      await world.edit('master 1010', 'task:lab', { credit: 3 });
      expect((await world.push(LOCKED)).changed).toEqual({ '1010 task:lab': { credit: [2, 3] } });
      await world.remove('master 1010', 'task:lab');
      const { runId } = await world.push({ ...LOCKED, mode });
      expect(await world.school.rows(residualRun)).toEqual([{ run: runId }]);
    },
  );
});

describe('Given a linked row that the master dropped, in locked mode', () => {
  it('the row is deleted without student work; rows that the school made stay (R03)', async () => {
    await world.remove('master 1010', 'task:lab');
    await world.add('1010', 'task:notes');
    await world.add('1010', 'cat:Own');
    expect((await world.push(LOCKED)).changed).toMatchObject({ '1010 task:lab': 'deleted' });
    expect(await world.row('1010 task:notes')).toBeDefined();
    expect(await world.row('1010 cat:own Own')).toBeDefined();
  });
});

describe('Given a residual category, and a new one of that name at the master', () => {
  it.each(BOTH_MODES)(
    'they are not the same by their name: a push (%s) adds the new one and renames the residual (R06)',
    async (mode) => {
      await world.assign('1010/1', 'quarter', { category: 'Tests', due: '2023-09-01' });
      const old = await world.row('1010/1 cat:Tests');
      await world.remove('master 1010', 'cat:Tests');
      await world.school.push(LOCKED);
      await world.run(`insert into category (source_id, scope_id, name, weight)
      select 'HS/1010/Newer', id, 'Tests', 20 from setup_scope where course_master_id = 1`);
      await world.school.push({ ...LOCKED, mode });
      expect(await world.row('1010/1 cat:Tests')).toEqual({ ...old, name: 'Tests (1)' });
      expect(await world.row('1010/1 cat:Newer')).toMatchObject({ name: 'Tests', weight: 20 });
      expect((await world.school.plan({ ...LOCKED, mode })).writes).toBe(0);
    },
  );

  it('the same category put back is relinked by its lineage, whatever its name now (R06)', async () => {
    await world.assign('1010/1', 'quarter', { category: 'Tests', due: '2023-09-01' });
    const { id } = (await world.row('1010/1 cat:Tests')) ?? {};
    await world.remove('master 1010', 'cat:Tests');
    await world.school.push(LOCKED);
    await world.run(`insert into category (source_id, scope_id, name, weight)
      select 'HS/1010/Tests', id, 'Exams', 20 from setup_scope where course_master_id = 1`);
    await world.school.push(LOCKED);
    expect(await world.row('1010/1 cat:Tests')).toMatchObject({ id, name: 'Exams', weight: 20 });
  });
});

describe('Given items that the master removed and made again between two pushes', () => {
  it.each(BOTH_MODES)(
    'they are the same items: a push (%s) has nothing to write (R07)',
    async (mode) => {
      await world.run(`
      create temp table again as select * from task_alignment where scope_kind = 'master';
      delete from task_alignment where scope_kind = 'master';
      insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, terms)
        select scope_id, scope_kind, gradable_id, score_group_id, credit, terms from again;
      drop table again;
      create temp table again as select r.* from category r join setup_scope s on s.id = r.scope_id
        where s.kind = 'master';
      delete from category where id in (select id from again);
      insert into category (source_id, scope_id, name, weight, gradable_ids)
        select source_id, scope_id, name, weight, gradable_ids from again;
      drop table again`);
      const pushed = await world.push({ ...LOCKED, mode });
      expect(pushed.writes).toBe(0);
      expect(pushed.links).toEqual({});
    },
  );
});

describe("Given a course's own row with the key of a new one at the master", () => {
  it.each([
    { what: 'a task', key: 'task:notes', work: 'notes:1' },
    { what: 'a calc option', key: 'calc:final:2', work: 'final:2' },
    { what: 'a composite', key: 'comp:final:2', work: 'final:2' },
  ])(
    '$what stays in locked mode; overwrite adopts it, a definition only without student work (R08)',
    async ({ what, key, work }) => {
      await world.add('1010', key);
      await world.add('master 1010', key, key.startsWith('task') ? { credit: 4, terms: [1] } : {});
      const plan = async (wish: object): Promise<string | undefined> =>
        (await world.school.plan(wish)).item('1010', key)?.outcome;
      expect(await plan(LOCKED)).toBe('RETAINED_LOCAL');
      expect(await plan(OVERWRITE)).toBe('RELINKED');
      await world.post('1010/1', work);
      expect(await plan(OVERWRITE)).toBe(what === 'a task' ? 'RELINKED' : 'RETAINED_PROTECTED');
    },
  );
});

describe('Given setup with student work that other tools left at a course', () => {
  it('a plan finds it from links and student work, although no push ever flagged it (R09)', async () => {
    await world.add('1010', 'task:notes');
    await world.post('1010/1', 'notes:1');
    await world.remove('master 1010', 'task:lab');
    await world.post('1010/2', 'lab:1');
    expect(await world.school.rows(residualRun)).toEqual([]);
    const { runId, items } = await world.school.plan(OVERWRITE);
    expect(
      items
        .filter((item) => item.outcome === 'RETAINED_PROTECTED')
        .map((item) => [item.key, item.grades]),
    ).toEqual([
      ['task:lab', 1],
      ['task:notes', 1],
    ]);
    expect(await readPlanHead(world.school.db, runId)).toMatchObject({ residualItems: 2 });
    await world.run('delete from posted_grade');
    const later = await world.school.plan(OVERWRITE);
    expect(later.items.filter((item) => item.outcome === 'RETAINED_PROTECTED')).toEqual([]);
  });
});
