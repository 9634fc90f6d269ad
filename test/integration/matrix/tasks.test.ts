import { describe, expect, it } from '@jest/globals';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

const TASKS: PushWish = { types: ['grading_tasks_standards'] };
const OVERWRITE: PushWish = { ...TASKS, mode: 'overwrite' };
const world = useWorld({ pushed: { toSections: true } });

/** Biology (2010) has one task and nothing on it, so a task can come and go alone. */
describe('Given linked tasks, when locked data is pushed', () => {
  it('inserts what is new, updates what changed, deletes what is gone and has no student work (M04: L1, L2, L6)', async () => {
    await world.add('master 2010', 'task:lab', { credit: 0.25, terms: [2, 1] });
    await world.remove('master 2010', 'task:quarter');
    await world.edit('master 1010', 'task:quarter', { credit: 1 });
    const pushed = await world.push(TASKS);
    expect(pushed.item('2010', 'task:lab')).toMatchObject({ outcome: 'INSERTED' });
    expect(pushed.item('2010', 'task:quarter')).toMatchObject({
      outcome: 'DELETED',
      reason: 'master_item_removed',
    });
    expect(pushed.changed).toEqual({
      '2010 task:lab': { added: { credit: 0.25, terms: [1, 2], show_on_portal: true } },
      '2010 task:quarter': 'deleted',
      '1010 task:quarter': { credit: [0.5, 1] },
    });
    expect(pushed.links).toMatchObject({
      '2010 task:lab': { added: { state: 'linked' } },
      '2010 task:quarter': 'deleted',
    });
    expect((await world.push(TASKS)).writes).toBe(0);
  });

  it('pushes a standard like a task (M04)', async () => {
    await world.run(
      `insert into gradable (id, kind, name) values ('std', 'standard', 'Fractions')`,
    );
    await world.add('master 2010', 'task:std', { score_group_id: 'A' });
    const pushed = await world.push(TASKS);
    expect(pushed.changed).toEqual({
      '2010 task:std': { added: { score_group_id: 'A', show_on_portal: true } },
    });
  });

  it('fails the whole type of a course with one edited task, with both values, and nothing of it is written (M04: L3)', async () => {
    await world.edit('1010', 'task:quarter', { score_group_id: 'B' });
    await world.edit('master 1010', 'task:final', { credit: 2 });
    await world.edit('master 2010', 'task:quarter', { credit: 2 });
    const pushed = await world.push(TASKS);
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
      reason: 'changed_below',
      before: expect.objectContaining({ scoreGroup: 'B' }) as unknown,
    });
    expect(pushed.changed).toEqual({ '2010 task:quarter': { credit: [null, 2] } });
  });

  it('keeps a local task, with a line only when the master has the same one (M04: L5, L7)', async () => {
    await world.add('1010', 'task:lab', { credit: 9 });
    await world.add('1010', 'task:notes');
    await world.add('master 1010', 'task:lab', { credit: 1 });
    const pushed = await world.push(TASKS);
    expect(pushed.items).toMatchObject([
      { key: 'task:lab', outcome: 'RETAINED_LOCAL', reason: 'local_same_key' },
    ]);
    expect(pushed.changed).toEqual({});
  });

  it('fails calc options and both composite types with the tasks, also for the sections (M04: S06, S07)', async () => {
    await world.edit('1010', 'task:quarter', { credit: 9 });
    await world.edit('master 1010', 'calc:quarter:1', { limit_last_n: 3 });
    await world.edit('master 1010', 'compw:final:4>quarter:1', { weight: 40 });
    await world.remove('master 1010', 'compw:final:4>quarter:2');
    const pushed = await world.push({ toSections: true });
    expect(pushed.items.filter((item) => item.outcome === 'SKIPPED_DEPENDENCY')).toMatchObject(
      Array.from({ length: 3 }, () => ({ course: '1010', key: 'tasks', reason: 'tasks_failed' })),
    );
    expect(pushed.changed).toEqual({});
  });

  it('keeps a dropped task with student work as residual and names the sections that hold it, with counts (M05, L6)', async () => {
    await world.assign('2010/1', 'quarter', { comment: 'Late' });
    await world.post('2010/1', 'quarter:1');
    await world.remove('master 2010', 'task:quarter');
    const pushed = await world.push({ ...TASKS, toSections: true });
    expect(pushed.item('2010', 'task:quarter')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'student_work',
      assignments: 1,
      grades: 1,
      comments: 1,
      detail: { sections: [{ section: '1', assignments: 1, scores: 0, grades: 1, comments: 1 }] },
    });
    expect(pushed.changed).toEqual({});
    expect(pushed.links).toMatchObject({ '2010 task:quarter': { state: ['linked', 'residual'] } });
  });

  it('writes no section row for tasks (M05, E03)', async () => {
    await world.add('master 1010', 'task:lab');
    const pushed = await world.push({ ...TASKS, toSections: true });
    expect(Object.keys(pushed.changed)).toEqual(['1010 task:lab']);
    expect(pushed.items.filter((item) => item.section !== null)).toEqual([]);
  });

  it('keeps score group and graded term while posted grades use them, and updates the rest (M04, P10)', async () => {
    await world.post('1010/1', 'quarter:2');
    await world.edit('master 1010', 'task:quarter', {
      score_group_id: 'B',
      terms: [1],
      credit: 1,
    });
    const pushed = await world.push(TASKS);
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({
      outcome: 'WITHHELD',
      reason: 'score_group_and_term_in_use',
      result: 'applied',
    });
    expect(pushed.changed).toEqual({
      '1010 task:quarter': {
        credit: [0.5, 1],
        terms: [
          [1, 2, 3, 4],
          [1, 2],
        ],
      },
    });
    const again = await world.push(TASKS);
    expect(again.item('1010', 'task:quarter')).toMatchObject({ outcome: 'WITHHELD', op: 'none' });
    expect(again.changed).toEqual({});
    await world.run(`delete from posted_grade`);
    expect((await world.push(TASKS)).changed).toEqual({
      '1010 task:quarter': { score_group_id: ['A', 'B'], terms: [[1, 2], [1]] },
    });
  });

  it.each([
    ['locked', TASKS],
    ['overwrite', OVERWRITE],
  ])(
    'relinks a residual task that came back to the master, the same row, and later changes flow, in %s mode (M04, M25: L4, O3, R05)',
    async (_mode, wish) => {
      await world.assign('2010/1', 'quarter');
      await world.remove('master 2010', 'task:quarter');
      await world.push(TASKS);
      await world.edit('2010', 'task:quarter', { credit: 7 });
      await world.add('master 2010', 'task:quarter', { credit: 1, score_group_id: 'A' });
      const pushed = await world.push(wish);
      expect(pushed.item('2010', 'task:quarter')).toMatchObject({ outcome: 'RELINKED' });
      expect(pushed.changed).toEqual({
        '2010 task:quarter': { credit: [7, 1], terms: [[1, 2, 3, 4], []] },
      });
      expect(pushed.links).toMatchObject({
        '2010 task:quarter': { state: ['residual', 'linked'] },
      });
      await world.edit('master 2010', 'task:quarter', { credit: 2 });
      expect((await world.push(TASKS)).changed).toEqual({
        '2010 task:quarter': { credit: [1, 2] },
      });
    },
  );
});

describe('Given tasks of all kinds, when the course is overwritten', () => {
  it('inserts, heals, adopts with student work, deletes without and keeps with it (M25: O1, O2, O4, O6, O7, R08)', async () => {
    await world.add('master 2010', 'task:lab', { credit: 1 });
    await world.add('2010', 'task:lab', { credit: 9, score_group_id: 'B' });
    await world.assign('2010/1', 'lab');
    await world.add('2010', 'task:notes');
    await world.add('2010', 'task:final', { credit: 3 });
    await world.assign('2010/1', 'final');
    await world.edit('2010', 'task:quarter', { credit: 4 });
    await world.remove('1010', 'task:quarter');
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('2010', 'task:lab')).toMatchObject({ outcome: 'RELINKED', rule: 'O4' });
    expect(pushed.item('2010', 'task:notes')).toMatchObject({ outcome: 'DELETED' });
    expect(pushed.item('2010', 'task:final')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    expect(pushed.item('2010', 'task:quarter')).toMatchObject({ outcome: 'RELINKED', rule: 'O2' });
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({ outcome: 'INSERTED' });
    expect(pushed.changed).toEqual({
      '2010 task:lab': { credit: [9, 1], score_group_id: ['B', null] },
      '2010 task:notes': 'deleted',
      '2010 task:quarter': { credit: [4, null] },
      '1010 task:quarter': {
        added: { score_group_id: 'A', credit: 0.5, terms: [1, 2, 3, 4], show_on_portal: true },
      },
    });
    expect(pushed.links).toMatchObject({
      '2010 task:lab': { added: { state: 'linked' } },
      '2010 task:final': { added: { state: 'residual' } },
    });
    const again = await world.push(OVERWRITE);
    expect(again.writes).toBe(0);
    expect(again.item('2010', 'task:final')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    expect((await world.push(TASKS)).writes).toBe(0);
  });

  it('keeps the score group that posted grades use when it adopts a local task (M25, P10)', async () => {
    await world.add('master 2010', 'task:lab', { credit: 1, score_group_id: 'A' });
    await world.add('2010', 'task:lab', { credit: 9, score_group_id: 'B' });
    await world.post('2010/1', 'lab:1');
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('2010', 'task:lab')).toMatchObject({
      outcome: 'WITHHELD',
      reason: 'score_group_in_use',
    });
    expect(pushed.changed).toEqual({ '2010 task:lab': { credit: [9, 1] } });
  });

  it('keeps a local task that a composite outside the push still uses (M25, P09)', async () => {
    await world.add('2010', 'task:lab');
    await world.add('2010/1', 'comp:final:4', { children: { 'lab:1': 1 } });
    const pushed = await world.push({ ...OVERWRITE, toSections: true });
    expect(pushed.item('2010', 'task:lab')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'referenced_by_composite',
    });
    expect(pushed.changed).toEqual({});
    expect((await world.push({ ...OVERWRITE, toSections: true })).writes).toBe(0);
  });

  it('deletes the calc options of a deleted local task with it, at the course and its sections (M25, N10)', async () => {
    await world.add('2010', 'task:notes');
    await world.add('2010', 'calc:notes:1');
    await world.add('2010/1', 'calc:notes:1');
    const pushed = await world.push(OVERWRITE);
    for (const section of [undefined, '1'])
      expect(pushed.item('2010', 'calc:notes:1', section)).toMatchObject({
        outcome: 'DELETED',
        reason: 'cascade',
      });
    expect(pushed.changed).toEqual({
      '2010 task:notes': 'deleted',
      '2010 calc:notes:1': 'deleted',
      '2010/1 calc:notes:1': 'deleted',
    });
  });

  it('writes no section row for tasks and names the sections of a residual one (M26)', async () => {
    await world.add('1010', 'task:lab');
    await world.assign('1010/1', 'lab');
    await world.assign('1010/2', 'lab');
    await world.assign('1010/2', 'lab');
    const pushed = await world.push({ ...OVERWRITE, toSections: true });
    expect(pushed.item('1010', 'task:lab')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      detail: {
        sections: [
          { section: '1', assignments: 1, scores: 0, grades: 0, comments: 0 },
          { section: '2', assignments: 2, scores: 0, grades: 0, comments: 0 },
        ],
      },
    });
    expect(pushed.changed).toEqual({});
  });
});
