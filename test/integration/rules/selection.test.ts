import { describe, expect, it } from '@jest/globals';
import { ALL, COURSES, useFixture41, VAN_BUREN } from '../../support/fixture-41.ts';

const world = useFixture41();
const BOTH_MODES = ['push_locked', 'overwrite'] as const;

/** The courses with a change, without their sections and setup. */
function coursesOf(changed: object): string[] {
  return Object.keys(changed)
    .filter((name) => COURSES.includes(name))
    .sort();
}

describe('Given changes at every master', () => {
  const changeAll = (): Promise<void> =>
    world.run(`update course_master set attrs = attrs || '{"state_code": "Z"}'`);

  it('a push without a master named carries them all, one with a master only its own (G03)', async () => {
    await changeAll();
    const one = await world.push({ ...ALL, master: 3 });
    expect(coursesOf(one.changed)).toEqual([`${VAN_BUREN} 3010`, '3010'].sort());
    const all = await world.push(ALL);
    expect(coursesOf(all.changed)).toEqual(COURSES.filter((name) => !name.endsWith('3010')).sort());
  });

  it.each(BOTH_MODES)(
    'courses of other calendars, of other catalogs and without a master are neither touched nor reported (%s, G07)',
    async (mode) => {
      await world.run(`insert into course_catalog (id, name) values (2, 'Other Catalog')`);
      await world.run(
        `insert into course_master (id, catalog_id, number, name) values (50, 2, '5010', 'Art')`,
      );
      await world.run(
        `insert into course (source_id, calendar_id, course_master_id, number, name) values
          ('art', 1, 50, '5010', 'Arts'), ('own', 1, null, '6010', 'Chess')`,
      );
      await changeAll();
      const pushed = await world.push({ calendars: [1], mode });
      expect(coursesOf(pushed.changed)).toEqual(['1010', '2010', '3010']);
      expect(new Set(pushed.items.map((item) => item.course))).toEqual(
        new Set([null, '1010', '2010', '3010']),
      );
      expect(await world.row('5010')).toMatchObject({ name: 'Arts' });
    },
  );

  it.each(BOTH_MODES)(
    "a course that only has a master's number is not linked to it by a push (%s, G09)",
    async (mode) => {
      await world.run(
        `insert into calendar (id, source_id, school_id, school_year_id, name) values (7, 'x', 1, 1, 'Summer')`,
      );
      await world.run(
        `insert into course (source_id, calendar_id, number, name) values ('twin', 7, '1010', 'Algebra')`,
      );
      await changeAll();
      const pushed = await world.push({ calendars: [7], toSections: true, mode });
      expect(pushed.changed).toEqual({});
      expect(pushed.items.filter((item) => item.course !== null)).toEqual([]);
      expect(await world.row('Summer 1010')).toMatchObject({ course_master_id: null });
    },
  );
});

describe('Given items that depend on each other', () => {
  it('adds a task with all that rests on it in one push, down to the sections (G14)', async () => {
    await world.add('master 1010', 'task:lab', { score_group_id: 'A', terms: [1, 2] });
    await world.add('master 1010', 'calc:lab:1', { grading_scale_id: 'scale' });
    await world.add('master 1010', 'comp:semester:2', { children: { 'lab:1': 40, 'lab:2': 60 } });
    await world.edit('master 1010', 'cat:Tests', { gradable_ids: ['quarter', 'lab'] });
    const pushed = await world.push({ ...ALL, calendars: [1] });
    expect(Object.keys(pushed.changed).sort()).toEqual(
      [
        '1010 task:lab',
        ...['1010', '1010/1', '1010/2'].flatMap((place) => [
          `${place} calc:lab:1`,
          `${place} cat:Tests`,
          `${place} comp:semester:2`,
          `${place} compw:semester:2>lab:1`,
          `${place} compw:semester:2>lab:2`,
        ]),
      ].sort(),
    );
    expect(pushed.changed['1010/2 cat:Tests']).toEqual({
      gradable_ids: [['quarter'], ['lab', 'quarter']],
    });
  });

  it.each(BOTH_MODES)(
    'removes a composite before the task it used, and the task with its calc options, in one push (%s, G14)',
    async (mode) => {
      await world.remove('master 1010', 'comp:final:4');
      await world.remove('master 1010', 'task:final');
      const pushed = await world.push({ ...ALL, calendars: [1], mode });
      expect(pushed.changed).toMatchObject({
        '1010 task:final': 'deleted',
        '1010 comp:final:4': 'deleted',
        '1010/1 comp:final:4': 'deleted',
        '1010/2 compw:final:4>quarter:1': 'deleted',
      });
      expect(
        pushed.items.filter((item) => item.result !== 'applied' && item.op !== 'none'),
      ).toEqual([]);
    },
  );
});

describe('Given a course that the database refuses to change', () => {
  it('that course alone is rolled back, by name and with its sections; the others are pushed (G15)', async () => {
    await world.run(`
      create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'not today'; end $$;
      create trigger refuse before update on category for each row
      when (new.source_id = 's1/c1010/HS/1010/Tests') execute function refuse()`);
    try {
      await changeTests();
      const pushed = await world.push(ALL);
      expect(Object.keys(pushed.changed).filter((name) => /^1010\b/.test(name))).toEqual([]);
      expect(pushed.changed).toMatchObject({
        '2010': { state_code: ['S1', 'Z'] },
        [`${VAN_BUREN} 1010/1 cat:Tests`]: { weight: [50, 80] },
      });
      const rolledBack = pushed.items.filter((item) => item.result === 'rolled_back');
      expect(new Set(rolledBack.map((item) => item.course))).toEqual(new Set(['1010']));
      expect(pushed.batches.map((batch) => batch.kind === 'applied' && batch.failed)).toContain(
        rolledBack.length,
      );
    } finally {
      await world.run('drop function refuse cascade');
    }
    expect((await world.push(ALL)).changed).toMatchObject({
      '1010/1 cat:Tests': { weight: [50, 80] },
    });
  });

  async function changeTests(): Promise<void> {
    await world.run(`update course_master set attrs = attrs || '{"state_code": "Z"}'`);
    await world.edit('master 1010', 'cat:Tests', { weight: 80 });
  }
});

describe('Given a push that inserts, updates and deletes', () => {
  it('every written item keeps what was there before, deleted rows with their id (G23)', async () => {
    await world.add('1010', 'task:lab', { credit: 3 });
    const lab = await world.row('1010 task:lab');
    await world.set('master 1010', { state_code: 'M9' });
    await world.add('master 1010', 'calc:semester:2');
    await world.edit('1010', 'cat:Tests', { weight: 7 });
    const pushed = await world.push({ calendars: [1], mode: 'overwrite' });
    expect(pushed.item('1010', 'task:lab')).toMatchObject({
      op: 'delete',
      before: expect.objectContaining({ credit: 3, terms: [] }) as unknown,
    });
    expect(await world.school.rows(`select row_id from push_item where op = 'delete'`)).toEqual([
      { row_id: lab?.['id'] },
    ]);
    expect(pushed.item('1010', 'attr:state_code')).toMatchObject({ before: { value: 'M1' } });
    expect(pushed.item('1010', 'calc:semester:2')).toMatchObject({ op: 'insert', before: null });
    expect(pushed.item('1010', 'cat:HS/1010/Tests')).toMatchObject({
      before: expect.objectContaining({ weight: 7 }) as unknown,
    });
    expect(
      pushed.items.filter((item) => ['update', 'delete'].includes(item.op) && item.before === null),
    ).toEqual([]);
  });
});

describe('Given values that are written differently and mean the same', () => {
  it.each(BOTH_MODES)(
    'blanks around text, trailing zeros, blank and missing values are no change (%s, G24)',
    async (mode) => {
      await world.set('master 3010', { gpa_weight: null });
      await world.push(ALL);
      await world.run(
        `update course set attrs = attrs || '{"state_code": " M1 ", "gpa_weight": 1.000, "terms": 4.0}' where id = 1`,
      );
      await world.run(`update course set attrs = attrs || '{"gpa_weight": " "}' where id = 3`);
      await world.run(
        `update course_master set attrs = attrs || '{"state_code": "E1  ", "gpa_weight": null}' where id = 3`,
      );
      await world.run(`update task_alignment set credit = 0.500, credit_type = ' '`);
      const pushed = await world.push({ calendars: [1], toSections: true, mode });
      expect(pushed.changed).toEqual({});
      expect(pushed.items.filter((item) => item.outcome.startsWith('FAILED'))).toEqual([]);
    },
  );
});

describe('Given attributes that the catalog does not lock', () => {
  it.each(BOTH_MODES)(
    'they stay as they are, blanks included, when others change (%s, G10, G11)',
    async (mode) => {
      await world.run(
        `update course set attrs = attrs || '{"max_students": null, "bonus_points": ""}' where id = 1`,
      );
      await world.set('master 1010', { state_code: 'M9', gpa_weight: null });
      const pushed = await world.push({ calendars: [1], mode });
      expect(pushed.changed).toEqual({
        '1010': { state_code: ['M1', 'M9'], gpa_weight: [1, undefined] },
      });
    },
  );
});
