import { describe, expect, it } from '@jest/globals';
import { type Row } from '../../support/tables.ts';
import { useWorld } from '../../support/world.ts';

const LOCKED = { toSections: true } as const;
const OVERWRITE = { ...LOCKED, mode: 'overwrite' } as const;
const world = useWorld({ pushed: LOCKED });

describe('Given an item that was pushed', () => {
  it('its link keeps the values as they were written, withheld old ones included (S01)', async () => {
    await world.post('1010/1', 'quarter:1');
    await world.edit('master 1010', 'task:quarter', { score_group_id: 'B', credit: 2 });
    await world.school.push(LOCKED);
    expect(await world.row('link 1010 task:quarter')).toMatchObject({
      state: 'linked',
      base: { scoreGroup: 'A', credit: 2, terms: [1, 2, 3, 4] },
      row_id: (await world.row('1010 task:quarter'))?.['id'],
    });
    expect((await world.school.plan(LOCKED)).writes).toBe(0);
  });

  it.each([
    {
      how: 'differs from its base',
      break: () => world.edit('1010', 'cat:Tests', { weight: 1 }),
      item: 'cat:HS/1010/Tests',
      reason: 'changed_below',
    },
    {
      how: 'is gone while the master still has it',
      break: () => world.remove('1010', 'cat:Tests'),
      item: 'cat:HS/1010/Tests',
      reason: 'deleted_below',
    },
    {
      how: 'belongs to a course without its master',
      break: () => world.run('update course set course_master_id = null where id = 1'),
      item: 'link',
      reason: 'master_link_lost',
    },
    {
      how: 'belongs to a course of another master',
      break: () => world.run('update course set course_master_id = 2 where id = 1'),
      item: 'link',
      reason: 'master_link_lost',
    },
    {
      how: 'comes from a master of another catalog',
      break: () =>
        world.run(`
        insert into course_catalog (id, name) values (2, 'Other');
        insert into course_master (id, catalog_id, number, name) values (9, 2, '9', 'Other');
        update sync_link set upstream_scope_id = (select id from setup_scope where course_master_id = 9)
          where scope_id = (select id from setup_scope where course_id = 1)`),
      item: 'link',
      reason: 'other_catalog',
    },
  ])('its link is broken when it $how (S02)', async (damage) => {
    await damage.break();
    await world.edit('master 1010', 'cat:Tests', { weight: 60 });
    const pushed = await world.push(LOCKED);
    expect(pushed.item('1010', damage.item)).toMatchObject({
      outcome: 'FAILED_DESYNCED',
      reason: damage.reason,
    });
    expect(pushed.changed).toEqual({});
  });

  it('a difference made while its type is unlocked is no error until the type is locked again (S03)', async () => {
    await world.run(
      `update catalog_type_lock set mode = 'unlocked' where data_type = 'categories'`,
    );
    await world.edit('1010', 'cat:Tests', { weight: 1 });
    const failures = async (): Promise<unknown[]> =>
      (await world.school.plan(LOCKED)).items.filter((item) => item.outcome.startsWith('FAILED'));
    expect(await failures()).toEqual([]);
    await world.run(`update catalog_type_lock set mode = 'hard' where data_type = 'categories'`);
    expect(await failures()).toMatchObject([{ key: 'cat:HS/1010/Tests', reason: 'changed_below' }]);
  });

  it.each([
    { what: 'changed', change: () => world.edit('1010', 'assess:eoc', { copies_forward: true }) },
    { what: 'deleted', change: () => world.remove('1010', 'assess:eoc') },
  ])(
    'under a soft lock it is not broken when it is $what: it is kept so (S04)',
    async ({ change }) => {
      await world.run(`update catalog_type_lock set mode = 'soft' where data_type = 'assessments'`);
      await change();
      const pushed = await world.push(LOCKED);
      expect(pushed.item('1010', 'assess:eoc')).toMatchObject({ outcome: 'KEPT_SOFT_LOCK' });
      expect(pushed.changed).toEqual({});
    },
  );
});

describe('Given a course that names another master than the one it was pushed from', () => {
  it.each(['push_locked', 'overwrite'] as const)(
    'Push to Courses on the master that it names leaves it to the other (%s, S02, G03)',
    async (mode) => {
      await world.run(`update course set course_master_id = 2 where id = 1`);
      const pushed = await world.push({ ...LOCKED, mode, master: 2 });
      expect(pushed.items.filter((item) => item.course === '1010')).toMatchObject([
        { key: 'link', outcome: 'FAILED_DESYNCED', reason: 'other_catalog' },
      ]);
      expect(pushed.changed).toEqual({});
    },
  );
});

describe('Given one broken link at a course, in locked mode', () => {
  it('its whole type is left alone there, with a line for each broken item and none for the others (S05)', async () => {
    await world.edit('1010', 'cat:Tests', { weight: 1 });
    await world.edit('master 1010', 'cat:Homework', { weight: 60 });
    await world.add('master 1010', 'cat:Labs', { weight: 10 });
    const pushed = await world.push(LOCKED);
    expect(pushed.changed).toEqual({});
    expect(pushed.items.filter((item) => item.course === '1010')).toMatchObject([
      {
        key: 'cat:HS/1010/Tests',
        outcome: 'FAILED_DESYNCED',
        before: { weight: 1 },
        base: { weight: 50 },
      },
    ]);
  });

  it('broken tasks keep calc options and composites back, with a line per type; categories and assessments go on (S06)', async () => {
    await world.edit('1010', 'task:final', { credit: 9 });
    await world.edit('master 1010', 'calc:quarter:1', { use_score_percent: true });
    await world.edit('master 1010', 'compw:final:4>quarter:1', { weight: 70 });
    await world.edit('master 1010', 'cat:Tests', { weight: 60 });
    await world.edit('master 1010', 'assess:eoc', { copies_forward: true });
    const pushed = await world.push({});
    const skipped = pushed.items.filter((item) => item.outcome === 'SKIPPED_DEPENDENCY');
    expect(skipped.map((item) => [item.key, item.reason])).toEqual(
      Array.from({ length: 3 }, () => ['tasks', 'tasks_failed']),
    );
    expect(pushed.changed).toEqual({
      '1010 cat:Tests': { weight: [50, 60] },
      '1010 assess:eoc': { copies_forward: [false, true] },
    });
  });

  it('its sections do not receive that type; they receive the others (S07)', async () => {
    await world.edit('1010', 'cat:Tests', { weight: 1 });
    await world.add('1010', 'cat:Own');
    await world.edit('master 1010', 'calc:quarter:1', { use_score_percent: true });
    const pushed = await world.push(LOCKED);
    expect(Object.keys(pushed.changed).sort()).toEqual(
      ['1010', '1010/1', '1010/2'].map((place) => `${place} calc:quarter:1`),
    );
  });
});

describe('Given a broken link at one section', () => {
  it('the type fails for that section; the course and the other section are pushed (S08)', async () => {
    await world.edit('1010/1', 'cat:Tests', { weight: 1 });
    await world.edit('master 1010', 'cat:Tests', { weight: 60 });
    const pushed = await world.push(LOCKED);
    expect(pushed.item('1010', 'cat:c1010/HS/1010/Tests', '1')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
    });
    expect(pushed.changed).toEqual({
      '1010 cat:Tests': { weight: [50, 60] },
      '1010/2 cat:Tests': { weight: [50, 60] },
    });
  });
});

describe('Given broken and residual items, when the course is overwritten', () => {
  it('broken ones have the values of the master and a link again; residual ones keep nothing desynced (S09)', async () => {
    await world.add('1010', 'task:lab');
    await world.post('1010/1', 'lab:1');
    await world.edit('1010', 'task:quarter', { credit: 9 });
    await world.remove('1010', 'cat:Tests');
    await world.edit('1010/2', 'calc:quarter:1', { calc_type: 'none' });
    await world.school.push(OVERWRITE);
    expect(await world.row('link 1010 task:lab')).toMatchObject({ state: 'residual' });
    expect(await world.row('1010 task:quarter')).toMatchObject({ credit: 0.5 });
    const after = await world.school.plan(LOCKED);
    expect(after.items.filter((item) => item.outcome.startsWith('FAILED'))).toEqual([]);
    expect(after.writes).toBe(0);
  });

  it.each(['null', '2', '90'])(
    'a course whose master became %s, the last of the same number, gets it back from where its links come from (S10)',
    async (master) => {
      await world.run(
        `insert into course_catalog (id, name) values (90, 'Middle School Catalog');
         insert into course_master (id, catalog_id, number, name) values (90, 90, '1010', 'Algebra I')`,
      );
      await world.run(`update course set course_master_id = ${master} where id = 1`);
      expect(
        (await world.school.plan(LOCKED)).items.filter((item) => item.course === '1010'),
      ).toMatchObject([{ key: 'link', outcome: 'FAILED_DESYNCED', reason: 'master_link_lost' }]);
      const pushed = await world.push(OVERWRITE);
      expect(pushed.changed).toEqual({
        '1010': { course_master_id: [master === 'null' ? null : Number(master), 1] },
      });
      expect((await world.school.plan(LOCKED)).writes).toBe(0);
    },
  );
});

describe('Given local rows of every type', () => {
  it('they make no course desynced, in either mode with their student work (S11)', async () => {
    const rows: [string, string, Row?][] = [
      ['1010', 'task:lab'],
      ['1010', 'calc:final:2'],
      ['1010', 'comp:final:2', { children: { 'quarter:1': 1 } }],
      ['1010', 'cat:Own'],
      ['1010', 'assess:unit'],
      ['1010/1', 'cat:Mine'],
    ];
    for (const row of rows) await world.add(...row);
    const pushed = await world.push(LOCKED);
    expect(
      pushed.items.filter((item) => item.outcome !== 'SKIPPED_UNLOCKED' && item.op === 'none'),
    ).toEqual([]);
    for (const [place, key] of rows)
      expect(await world.row(`${place} ${key.replace('cat:', 'cat:own ')}`)).toBeDefined();
  });
});

describe('Given a course that was never pushed', () => {
  it('attributes without a base are simply pushed (S13)', async () => {
    await world.run(
      `insert into course (source_id, calendar_id, course_master_id, number, name, attrs)
       values ('new', 1, 1, '1011', 'New', '{"state_code": "X"}')`,
    );
    const pushed = await world.push(LOCKED);
    expect(pushed.item('1011', 'attr:state_code')).toMatchObject({ outcome: 'UPDATED' });
    expect(await world.row('1011')).toMatchObject({ state_code: 'M1', name: 'Algebra I' });
  });
});
