import { describe, expect, it } from '@jest/globals';
import { useFixture41 } from '../../support/fixture-41.ts';

const world = useFixture41([`insert into catalog_attribute_lock values (1, 'number', 'hard')`]);
const HARRISON = { calendars: [1] } as const;

/** Masters by id with their new numbers, in an order that is free at each step. */
async function renumber(...steps: [number, string][]): Promise<void> {
  for (const [id, number] of steps)
    await world.run(`update course_master set number = '${number}' where id = ${id}`);
}

async function numbers(): Promise<unknown[]> {
  return world.school.rows(
    `select id, number from course where calendar_id = 1 and id in (1, 2, 3) order by id`,
  );
}

describe('Given masters whose numbers change, in a calendar where numbers are unique', () => {
  it('two of them can be swapped (A24)', async () => {
    await renumber([2, 'x'], [1, '2010'], [2, '1010']);
    const pushed = await world.push(HARRISON);
    expect(pushed.items.filter((item) => item.outcome === 'WITHHELD')).toEqual([]);
    expect(await numbers()).toEqual([
      { id: 1, number: '2010' },
      { id: 2, number: '1010' },
      { id: 3, number: '3010' },
    ]);
    expect((await world.school.plan(HARRISON)).writes).toBe(0);
  });

  it('one that must wait for its number keeps the next in line waiting, and nothing else of them waits (A24, G16)', async () => {
    await world.run(
      `insert into course (source_id, calendar_id, number, name) values ('own', 1, '9010', 'Own')`,
    );
    await renumber([3, '9010'], [2, '3010'], [1, '2010']);
    await world.run(`update course_master set attrs = attrs || '{"state_code": "Z"}'`);
    const pushed = await world.push(HARRISON);
    expect(pushed.items.filter((item) => item.key === 'attr:number')).toMatchObject(
      ['1010', '2010', '3010'].map((course) => ({
        course,
        outcome: 'WITHHELD',
        reason: 'number_taken',
      })),
    );
    expect(pushed.items.filter((item) => item.result === 'applied')).toHaveLength(3);
    expect((await world.school.plan(HARRISON)).writes).toBe(0);
  });

  it('those that pass numbers on are pushed in one batch, however many courses are between them (A24, G15)', async () => {
    await world.run(`
      insert into course_master (catalog_id, number, name)
        select 1, 'N' || n, 'Course ' || n from generate_series(1, 250) n;
      insert into course (source_id, calendar_id, course_master_id, number, name)
        select m.number, 1, m.id, m.number, 'Old' from course_master m where m.number like 'N%' order by m.id;
      update course_master set number = 'x' where number = 'N1';
      update course_master set number = 'N1' where number = 'N250';
      update course_master set number = 'N250' where number = 'x'`);
    const pushed = await world.push({ ...HARRISON, types: ['course_info'] });
    expect(pushed.batches.map((batch) => batch.kind)).toEqual(['applied', 'applied', 'done']);
    expect(pushed.items.filter((item) => item.result === 'rolled_back')).toEqual([]);
    expect(
      await world.school.rows(
        `select c.number from course c join course_master m on m.id = c.course_master_id
         where c.calendar_id = 1 and c.number <> m.number`,
      ),
    ).toEqual([]);
  });
});
