import { describe, expect, it } from '@jest/globals';
import { type DataType, type PushMode } from '../../../src/domain/push-options.ts';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

/** 1010 serves students of another school; 1010H is that school's copy of it, with a section. */
const world = useWorld({
  pushed: { toSections: true },
  fixture: [
    `update course set cross_site_role = 'serving' where id = 1`,
    `insert into course (id, source_id, calendar_id, course_master_id, number, name, attrs, cross_site_role, mirror_of_course_id)
      values (9, 'h1010', 1, 1, '1010H', 'Algebra', '{"state_code": "OLD", "max_students": 5}', 'home_mirror', 1)`,
    `insert into section (id, source_id, course_id, number) values (9, 'hs1', 9, '1')`,
  ],
});

const CHANGES: Readonly<Record<Exclude<DataType, 'course_info'>, () => Promise<void>>> = {
  grading_tasks_standards: () => world.edit('master 1010', 'task:quarter', { credit: 2 }),
  grade_calc_options: () => world.edit('master 1010', 'calc:quarter:1', { limit_last_n: 2 }),
  composite_grades: () =>
    world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 1 } }),
  composite_weights: () => world.edit('master 1010', 'compw:final:4>quarter:1', { weight: 2 }),
  categories: () => world.edit('master 1010', 'cat:Tests', { weight: 2 }),
  assessments: () => world.edit('master 1010', 'assess:eoc', { copies_forward: true }),
};

const NOT_AT_SECTIONS: readonly DataType[] = ['grading_tasks_standards', 'assessments'];

const CELLS: readonly (readonly [string, PushMode, keyof typeof CHANGES])[] = [
  ['M06', 'push_locked', 'grading_tasks_standards'],
  ['M09', 'push_locked', 'grade_calc_options'],
  ['M12', 'push_locked', 'composite_grades'],
  ['M15', 'push_locked', 'composite_weights'],
  ['M18', 'push_locked', 'categories'],
  ['M21', 'push_locked', 'assessments'],
  ['M27', 'overwrite', 'grading_tasks_standards'],
  ['M30', 'overwrite', 'grade_calc_options'],
  ['M33', 'overwrite', 'composite_grades'],
  ['M36', 'overwrite', 'composite_weights'],
  ['M39', 'overwrite', 'categories'],
  ['M42', 'overwrite', 'assessments'],
];

describe("Given a home school's mirror and its serving course", () => {
  it.each(CELLS)(
    '%s: in mode %s the mirror receives no %s and says so once, the serving course is an ordinary target (X07, X08)',
    async (_rule, mode, type) => {
      await CHANGES[type]();
      const pushed = await world.push({ mode, types: [type], toSections: true, crossSite: true });
      expect(pushed.items.filter((item) => item.course === '1010H')).toMatchObject([
        { key: 'mirror', outcome: 'SKIPPED_MIRROR', reason: 'mirror' },
      ]);
      const changed = Object.keys(pushed.changed);
      expect(changed.filter((name) => name.startsWith('1010H'))).toEqual([]);
      const reached = new Set(changed.map((name) => name.split(' ')[0]));
      expect(reached).toEqual(
        new Set(NOT_AT_SECTIONS.includes(type) ? ['1010'] : ['1010', '1010/1', '1010/2']),
      );
    },
  );

  it.each(['push_locked', 'overwrite'] as const)(
    'with the option and Course Info the mirror takes the locked attributes of its serving course, in mode %s (X07, M03, M24)',
    async (mode) => {
      await world.set('master 1010', { state_code: 'M2' });
      const wish: PushWish = { mode, types: ['course_info'], crossSite: true };
      const pushed = await world.push(wish);
      expect(pushed.item('1010H', 'attr:state_code')).toMatchObject({
        outcome: 'UPDATED',
        before: { value: 'OLD' },
        after: { value: 'M2' },
      });
      expect(pushed.changed).toEqual({
        1010: { state_code: ['M1', 'M2'] },
        '1010H': {
          name: ['Algebra', 'Algebra I'],
          state_code: ['OLD', 'M2'],
          gpa_weight: [undefined, 1],
          terms: [undefined, 4],
        },
      });
      expect((await world.push(wish)).writes).toBe(0);
    },
  );

  it('takes what the serving course keeps when the push of that attribute fails there (X07, M03)', async () => {
    await world.set('1010', { state_code: 'X9' });
    const pushed = await world.push({ types: ['course_info'], crossSite: true });
    expect(pushed.item('1010', 'attr:state_code')).toMatchObject({ outcome: 'FAILED_DESYNCED' });
    expect(pushed.changed).toMatchObject({ '1010H': { state_code: ['OLD', 'X9'] } });
  });

  it.each([
    ['without the option', { types: ['course_info'] }],
    ['without Course Info', { types: ['categories'], crossSite: true }],
  ] as const)('%s nothing of the mirror changes (X07)', async (_case, wish) => {
    expect((await world.push(wish)).changed).toEqual({});
  });

  it('sections of a mirror receive nothing from a push to sections (X09)', async () => {
    await world.add('1010H', 'cat:Own', { weight: 1 });
    for (const mode of ['push_locked', 'overwrite'] as const) {
      const pushed = await world.push({ mode, toSections: true });
      expect(Object.keys(pushed.changed).filter((name) => name.startsWith('1010H'))).toEqual([]);
    }
  });

  it("counts a cross-site student's work at the serving section like any other's (X08)", async () => {
    await world.run(
      `with m as (insert into cross_site_map (serving_section_id, home_course_id, status)
         values (1, 9, 'mapped') returning id)
       insert into roster (source_id, section_id, person_id, role, via_cross_site_map_id)
         select 'r1', 1, 'visitor', 'student', id from m`,
    );
    await world.add('1010', 'task:lab');
    await world.post('1010/1', 'lab:1', { student_id: 'visitor', percent: 90 });
    const pushed = await world.push({ mode: 'overwrite', types: ['grading_tasks_standards'] });
    expect(pushed.item('1010', 'task:lab')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'student_work',
      grades: 1,
    });
    expect(pushed.changed).toEqual({});
  });
});
