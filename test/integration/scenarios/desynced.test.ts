import { describe, expect, it } from '@jest/globals';
import { ALL, useFixture41, VAN_BUREN } from '../../support/fixture-41.ts';

const world = useFixture41();
const TASKS = { calendars: [1, 2], types: ['grading_tasks_standards'] } as const;
const scope = `(select id from setup_scope where course_id = 1)`;

describe("Given Harrison's Algebra, whose Quarter was edited while the catalog was unlocked", () => {
  it('a locked push fails its tasks with field and values, leaves them alone, and pushes Van Buren (A06, S03, S05, L3)', async () => {
    await world.run(`delete from catalog_type_lock where data_type = 'grading_tasks_standards'`);
    await world.edit('1010', 'task:quarter', { score_group_id: 'B' });
    await world.run(`insert into catalog_type_lock values (1, 'grading_tasks_standards', 'hard')`);
    await world.edit('master 1010', 'task:quarter', { credit: 2 });
    await world.edit('master 1010', 'task:final', { credit: 2 });
    const pushed = await world.push(TASKS);
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
      reason: 'changed_below',
      before: expect.objectContaining({ scoreGroup: 'B', credit: 0.5 }) as unknown,
      base: expect.objectContaining({ scoreGroup: 'A', credit: 0.5 }) as unknown,
      master: expect.objectContaining({ scoreGroup: 'A', credit: 2 }) as unknown,
    });
    expect(pushed.changed).toEqual({
      [`${VAN_BUREN} 1010 task:quarter`]: { credit: [0.5, 2] },
      [`${VAN_BUREN} 1010 task:final`]: { credit: [0.5, 2] },
    });
  });

  it.each([
    {
      damage: 'a task row deleted by SQL',
      statement: `delete from task_alignment where gradable_id = 'final' and scope_id = ${scope}`,
      item: 'task:final',
      reason: 'deleted_below',
    },
    {
      damage: 'the course master set to null by SQL',
      statement: `update course set course_master_id = null where id = 1`,
      item: 'link',
      reason: 'master_link_lost',
    },
    {
      damage: 'another course master by SQL',
      statement: `update course set course_master_id = 3 where id = 1`,
      item: 'link',
      reason: 'master_link_lost',
    },
    {
      damage: 'a value changed by SQL',
      statement: `update task_alignment set terms = '{1}' where gradable_id = 'quarter' and scope_id = ${scope}`,
      item: 'task:quarter',
      reason: 'changed_below',
    },
  ])(
    'detects $damage, writes nothing of its tasks, and pushes Van Buren (A06, S02, S10)',
    async ({ statement, item, reason }) => {
      await world.run(statement);
      await world.edit('master 1010', 'task:quarter', { credit: 2 });
      const pushed = await world.push(TASKS);
      expect(pushed.item('1010', item)).toMatchObject({ outcome: 'FAILED_DESYNCED', reason });
      expect(pushed.changed).toEqual({
        [`${VAN_BUREN} 1010 task:quarter`]: { credit: [0.5, 2] },
      });
    },
  );
});

describe('Given an extra local task on a locked course', () => {
  it('the course stays linked, the locked push succeeds and the row stays (A28, S11, L7)', async () => {
    await world.add('1010', 'task:lab');
    await world.edit('master 1010', 'task:quarter', { credit: 2 });
    const pushed = await world.push(ALL);
    expect(pushed.items.filter((item) => item.outcome.startsWith('FAILED'))).toEqual([]);
    expect(pushed.changed).toEqual({
      '1010 task:quarter': { credit: [0.5, 2] },
      [`${VAN_BUREN} 1010 task:quarter`]: { credit: [0.5, 2] },
    });
    expect(await world.row('1010 task:lab')).toBeDefined();
  });
});
