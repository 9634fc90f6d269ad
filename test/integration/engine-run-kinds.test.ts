import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildHighSchool, type HighSchool, type Pushed } from '../support/high-school.ts';
import { changesBetween, keepBaseline, readTables } from '../support/tables.ts';

let database: TestDatabase;
let school: HighSchool;
let reset: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  school = await buildHighSchool(database.db);
  reset = await keepBaseline(database.db);
});

beforeEach(() => reset());

afterAll(() => database.drop());

const COURSE = `(select id from setup_scope where course_id = 1)`;
const SECTION = `(select id from setup_scope where section_id = 1)`;
const MASTER = `(select id from setup_scope where course_master_id = 1)`;

const written = (pushed: Pushed): string[] =>
  pushed.items
    .filter((item) => item.result === 'applied')
    .map((item) => `${item.rule} ${item.key}${item.section === null ? '' : ` at ${item.section}`}`);

const drift = `
  update course set attrs = attrs || '{"state_code": "X"}' where id in (1, 2);
  update task_alignment set credit = 9 where scope_id = ${COURSE} and gradable_id = 'quarter';
  delete from calc_option where scope_id = ${COURSE} and term_seq = 1;
  insert into task_alignment (scope_id, scope_kind, gradable_id) values (${COURSE}, 'course', 'lab');
  insert into category (source_id, scope_id, name) values ('own', ${COURSE}, 'Extra');
  delete from assessment_alignment where scope_id = ${MASTER}`;

describe('Given drifted courses, when one is relinked', () => {
  beforeEach(async () => {
    await school.push();
    await school.run(drift);
  });

  it('adopts and updates what is chosen, and removes nothing (S12)', async () => {
    const pushed = await school.push({
      kind: 'relink',
      mode: 'overwrite',
      courses: [1],
      types: ['grading_tasks_standards', 'grade_calc_options', 'assessments', 'categories'],
    });
    expect(written(pushed)).toEqual(['O2 task:quarter', 'L1 calc:quarter:1']);
    expect(
      await school.rows(
        `select (select count(*)::int from task_alignment where scope_id = ${COURSE}) as tasks,
           (select count(*)::int from category where scope_id = ${COURSE}) as categories,
           (select count(*)::int from assessment_alignment where scope_id = ${COURSE}) as tests`,
      ),
    ).toEqual([{ tasks: 3, categories: 3, tests: 1 }]);
    expect((await school.push({ types: ['grading_tasks_standards'] })).items).toEqual([]);
  });

  it('takes a course that a script cleared, and one older than its master, to their master (S12, S10)', async () => {
    await school.run(
      `update course set course_master_id = null where id = 1;
       insert into course (id, source_id, calendar_id, number, name) values (3, 'old', 1, '2010 ', 'Old')`,
    );
    await school.run(
      `update course set number = '2010X' where id = 2; update course set number = '2010' where id = 3`,
    );
    expect((await school.plan()).items.some((item) => item.course === '2010')).toBe(false);
    const pushed = await school.push({ kind: 'relink', mode: 'overwrite', courses: [1, 3] });
    expect(pushed.item('1010', 'link')).toMatchObject({ rule: 'S10-restore', result: 'applied' });
    expect(pushed.item('2010', 'link')).toMatchObject({
      rule: 'S12-link',
      reason: 'linked_by_number',
      result: 'applied',
    });
    expect(pushed.item('2010', 'task:quarter')).toMatchObject({ outcome: 'INSERTED' });
    expect(
      await school.rows(`select id, course_master_id as master from course order by 1`),
    ).toEqual([
      { id: 1, master: 1 },
      { id: 2, master: 2 },
      { id: 3, master: 2 },
    ]);
  });

  it('belongs to its new master, and what only the old one has is residual or local (S12, S10, R01)', async () => {
    await school.run(
      `update course set course_master_id = 2 where id = 1;
       insert into posted_grade (section_id, gradable_id, term_seq, student_id, score)
         values (1, 'final', 1, 'st', 'A')`,
    );
    const pushed = await school.push({ kind: 'relink', mode: 'overwrite', courses: [1] });
    expect(pushed.item('1010', 'task:final')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    expect(pushed.item('1010', 'comp:final:4')).toMatchObject({ outcome: 'RETAINED_LOCAL' });
    expect(
      await school.rows(
        `select item_key, state from sync_link l join setup_scope s on s.id = l.scope_id
         where s.course_id = 1 and l.upstream_scope_id = ${MASTER} and l.state <> 'residual'`,
      ),
    ).toEqual([]);
    const locked = await school.push();
    const failed = locked.items.filter((item) => item.outcome.startsWith('FAILED'));
    expect(failed.filter((item) => item.course === '1010')).toEqual([]);
    expect(locked.item('1010', 'task:final')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    await school.run(`update course set course_master_id = null where id = 1`);
    expect((await school.push({ mode: 'overwrite' })).item('1010', 'link')).toMatchObject({
      outcome: 'RELINKED',
      after: { master: '2010' },
    });
  });

  it('is no longer desynced by what was changed here and the master dropped (S12, S05)', async () => {
    await school.run(
      `update category set weight = 9 where scope_id = ${COURSE} and name = 'Tests';
       delete from category where scope_id = ${MASTER} and name = 'Tests'`,
    );
    const wish = { types: ['categories'] } as const;
    expect((await school.push(wish)).item('1010', 'cat:HS/1010/Tests')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
    });
    await school.push({ ...wish, kind: 'relink', mode: 'overwrite', courses: [1] });
    expect((await school.push(wish)).items).toEqual([]);
    expect(
      await school.rows(
        `select weight::int from category where scope_id = ${COURSE} and name = 'Tests'`,
      ),
    ).toEqual([{ weight: 9 }]);
  });

  it('is reset in one type with the removals, while other courses and types stay (S12)', async () => {
    const before = await readTables(school.db);
    const pushed = await school.push({
      kind: 'reset',
      mode: 'overwrite',
      courses: [1],
      types: ['grading_tasks_standards'],
    });
    expect(written(pushed).sort()).toEqual(['O2 task:quarter', 'O6 task:lab']);
    expect(Object.keys(changesBetween(before, await readTables(school.db))).sort()).toEqual([
      '1010 task:lab',
      '1010 task:quarter',
    ]);
  });
});

describe('Given a database that no push ever touched, when it gets a baseline', () => {
  it('links what equals the master, lists what differs and writes no value (S13)', async () => {
    await school.run(
      `update course set attrs = '{"state_code": "M1", "gpa_weight": 2}' where id = 1;
       insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, terms)
         select ${COURSE}, 'course', gradable_id, score_group_id, case gradable_id when 'final' then 1 else credit end, terms
         from task_alignment where scope_id = ${MASTER};
       insert into category (source_id, scope_id, name, weight, gradable_ids)
         values ('same', ${COURSE}, 'Tests', 50, '{quarter}'), ('other', ${COURSE}, 'Homework', 10, '{}')`,
    );
    const before = await readTables(school.db);
    const pushed = await school.push({ kind: 'relink', courses: [1] });
    expect(changesBetween(before, await readTables(school.db))).toEqual({});
    expect(written(pushed).sort()).toEqual([
      'S13 attr:state_code',
      'S13 cat:HS/1010/Tests',
      'S13 task:quarter',
    ]);
    expect(
      pushed.items.filter((item) => item.reason === 'never_linked').map((item) => item.key),
    ).toEqual(['task:final']);
    const locked = await school.push();
    expect(locked.item('1010', 'task:quarter')).toBeUndefined();
    expect(locked.item('1010', 'cat:HS/1010/Homework')).toMatchObject({ outcome: 'INSERTED' });
    expect(locked.item('1010', 'local:other')).toMatchObject({ outcome: 'RENAMED_LOCAL' });
    expect(locked.item('1010', 'attr:gpa_weight')).toMatchObject({ outcome: 'UPDATED' });
  });
});

describe('Given courses, when Push All Courses runs on their calendar', () => {
  beforeEach(async () => {
    await school.push();
    // A course without a master, one that ignores pushes, and a change at a master that must not move.
    await school.run(
      `insert into course (id, source_id, calendar_id, number, name, ignore_master_push)
         values (3, 'free', 1, '9000', 'Free', true);
       insert into section (id, source_id, course_id, number) values (4, 's4', 3, '1');
       insert into calc_option (scope_id, gradable_id, term_seq, calc_type)
         select id, 'final', 4, 'in_progress' from setup_scope where course_id = 3;
       update category set weight = 1 where source_id like 'HS/%'`,
    );
  });

  it("gives every section its course's setup, master or not, and writes nothing twice (E09)", async () => {
    const pushed = await school.push({ kind: 'push_all_courses' });
    expect(new Set(written(pushed).map((line) => line.split(' ')[0]))).toEqual(new Set(['L1']));
    expect(pushed.items.every((item) => item.section !== null)).toBe(true);
    expect(pushed.item('9000', 'calc:final:4', '1')).toMatchObject({
      outcome: 'INSERTED',
      after: expect.objectContaining({ readOnly: false }) as unknown,
    });
    expect(pushed.item('1010', 'calc:quarter:1', '1')).toMatchObject({
      after: expect.objectContaining({ readOnly: true }) as unknown,
    });
    expect(pushed.item('1010', 'cat:c1010/HS/1010/Tests', '2')).toMatchObject({
      after: expect.objectContaining({ weight: 50 }) as unknown,
    });
    expect((await school.push({ kind: 'push_all_courses' })).writes).toBe(0);
    expect(
      (await school.push({ types: ['categories'], toSections: true })).items.every(
        (item) => item.outcome === 'UPDATED',
      ),
    ).toBe(true);
  });

  it('finds nothing to do at sections that a push has served, categories included (E09, E02, C06)', async () => {
    await school.push({ toSections: true });
    expect((await school.push({ kind: 'push_all_courses', calendars: [1] })).items).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ course: '1010' })]),
    );
  });

  it('takes a soft lock from the catalog of the course, so a course without one has none (E09, S04)', async () => {
    await school.push({ kind: 'push_all_courses' });
    await school.run(
      `update catalog_type_lock set mode = 'soft' where data_type = 'grade_calc_options';
       update calc_option r set limit_last_n = 3 from setup_scope s join section e on e.id = s.section_id
       where s.id = r.scope_id and r.term_seq = 4`,
    );
    const pushed = await school.push({ kind: 'push_all_courses' });
    expect(pushed.item('1010', 'calc:quarter:4', '1')).toMatchObject({ outcome: 'KEPT_SOFT_LOCK' });
    expect(pushed.item('9000', 'calc:final:4', '1')).toMatchObject({ outcome: 'FAILED_DESYNCED' });
  });

  it('asks no lock, and leaves courses and masters alone also in overwrite (E09)', async () => {
    await school.run(
      `update catalog_type_lock set mode = 'unlocked';
       insert into category (source_id, scope_id, name) values ('mine', ${SECTION}, 'Mine')`,
    );
    const before = await readTables(school.db);
    const pushed = await school.push({ kind: 'push_all_courses', mode: 'overwrite' });
    expect(pushed.item('1010', 'local:mine', '1')).toMatchObject({ outcome: 'DELETED' });
    expect(pushed.item('1010', 'calc:quarter:1', '1')).toMatchObject({
      after: expect.objectContaining({ readOnly: false }) as unknown,
    });
    const changed = Object.keys(changesBetween(before, await readTables(school.db)));
    expect(changed.filter((name) => !/^\d+\/\d/.test(name))).toEqual([]);
  });
});
