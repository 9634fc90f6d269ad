import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { apply, type HighSchool } from '../support/high-school.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
let school: HighSchool;

beforeAll(() => {
  school = world.school;
});

const scope = (course: number): string =>
  `(select id from setup_scope where course_id = ${course})`;

async function postGrade(gradable: string, term: number): Promise<void> {
  await school.run(
    `insert into posted_grade (section_id, gradable_id, term_seq, student_id, score) values (1, '${gradable}', ${term}, 'st1', 'A')`,
  );
}

describe('Given courses that were never pushed, when locked data is pushed', () => {
  it('inserts every setup item of the master and pushes attributes without a base (L1, S13)', async () => {
    const pushed = await school.push();
    expect(pushed.batches.at(-1)).toEqual({ kind: 'done' });
    expect(pushed.item('1010', 'attr:name')).toMatchObject({ rule: 'L2', outcome: 'UPDATED' });
    expect(pushed.item('2010', 'attr:name')).toMatchObject({ rule: 'S13', op: 'link' });
    for (const key of [
      'task:quarter',
      'calc:quarter:3',
      'comp:final:4',
      'cat:HS/1010/Tests',
      'assess:eoc',
    ])
      expect(pushed.item('1010', key)).toMatchObject({ rule: 'L1', result: 'applied' });
    const [course] = await school.rows(`select name, attrs from course where id = 1`);
    expect(course).toEqual({
      name: 'Algebra I',
      attrs: { state_code: 'M1', gpa_weight: 1, terms: 4 },
    });
    expect(
      await school.rows(
        `select weight from composite_child where composite_id in (select id from composite where scope_id = ${scope(1)})`,
      ),
    ).toHaveLength(4);
  });

  it('writes nothing the second time (G17)', async () => {
    await school.push();
    const again = await school.push();
    expect(again.writes).toBe(0);
    expect(again.items.filter((item) => item.outcome !== 'SKIPPED_UNLOCKED')).toEqual([]);
    expect(again.batches).toEqual([{ kind: 'done' }]);
  });

  it('leaves unlocked attributes alone and says so once (G10)', async () => {
    const pushed = await school.push();
    expect(pushed.items.filter((item) => item.key === 'attr:max_students')).toMatchObject([
      { course: null, outcome: 'SKIPPED_UNLOCKED', reason: 'not_locked' },
    ]);
  });

  it('leaves out a course with Ignore Master Push, with one line (G08)', async () => {
    await school.run(`update course set ignore_master_push = true where id = 1`);
    const pushed = await school.push();
    expect(pushed.items.filter((item) => item.course === '1010')).toMatchObject([
      { outcome: 'SKIPPED_IGNORED' },
    ]);
    expect(await school.rows(`select 1 from task_alignment where scope_id = ${scope(1)}`)).toEqual(
      [],
    );
  });

  it('touches only the selected types (G11)', async () => {
    const pushed = await school.push({ types: ['course_info'] });
    expect(new Set(pushed.items.map((item) => item.key.split(':')[0]))).toEqual(new Set(['attr']));
  });
});

describe('Given pushed courses, when the master changes', () => {
  beforeEach(async () => {
    await school.push();
  });

  it('updates linked items to the master value (L2)', async () => {
    await school.run(`update category set weight = 30 where source_id = 'HS/1010/Tests'`);
    const pushed = await school.push();
    expect(pushed.item('1010', 'cat:HS/1010/Tests')).toMatchObject({
      rule: 'L2',
      before: expect.objectContaining({ weight: 50 }) as unknown,
      after: expect.objectContaining({ weight: 30 }) as unknown,
    });
    expect(pushed.writes).toBe(1);
  });

  it('swaps two category names safely (C03)', async () => {
    await school.run(
      `update category set name = case name when 'Homework' then 'Tests' else 'Homework' end where source_id like 'HS/%'`,
    );
    const pushed = await school.push();
    expect(pushed.writes).toBe(2);
    expect(
      await school.rows(
        `select name from category where scope_id = ${scope(1)} order by source_id`,
      ),
    ).toEqual([{ name: 'Tests' }, { name: 'Homework' }]);
  });

  it('deletes a linked item without student work whose master item is gone (L6)', async () => {
    await school.run(
      `delete from assessment_alignment where scope_id = (select id from setup_scope where course_master_id = 1)`,
    );
    const pushed = await school.push();
    expect(pushed.item('1010', 'assess:eoc')).toMatchObject({
      outcome: 'DELETED',
      result: 'applied',
    });
  });

  it('keeps a removed task with posted grades as residual, sets its calculation to none, and relinks the same row (R01, R03, N02, R05, N08)', async () => {
    await postGrade('quarter', 1);
    const id = `select id from task_alignment where gradable_id = 'quarter' and scope_id = ${scope(1)}`;
    const before = await school.rows(id);
    await school.run(`delete from composite where id = 1`);
    await school.run(
      `delete from calc_option where scope_id = (select id from setup_scope where course_master_id = 1)`,
    );
    await school.run(
      `delete from task_alignment where gradable_id = 'quarter' and scope_id = (select id from setup_scope where course_master_id = 1)`,
    );
    const removed = await school.push();
    expect(removed.item('1010', 'task:quarter')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'student_work',
    });
    expect(removed.item('1010', 'calc:quarter:1')).toMatchObject({ outcome: 'SET_NO_CALCULATION' });
    expect((await school.push()).writes).toBe(0);
    await school.run(
      `insert into task_alignment (scope_id, scope_kind, gradable_id, score_group_id, credit, terms)
       select id, 'master', 'quarter', 'B', 1, '{2,3,4}' from setup_scope where course_master_id = 1`,
    );
    const restored = await school.push();
    expect(restored.item('1010', 'task:quarter')).toMatchObject({
      outcome: 'WITHHELD',
      reason: 'score_group_and_term_in_use',
      after: expect.objectContaining({
        scoreGroup: 'A',
        credit: 1,
        terms: [1, 2, 3, 4],
      }) as unknown,
    });
    expect(await school.rows(id)).toEqual(before);
    expect((await school.push()).writes).toBe(0);
  });

  it('keeps a removed task that a local composite still uses (P09)', async () => {
    await school.run(
      `insert into composite (scope_id, parent_gradable_id, parent_term_seq) values (${scope(1)}, 'final', 2)`,
    );
    await school.run(`delete from composite where id = 1`);
    await school.run(
      `delete from task_alignment where gradable_id = 'final' and scope_id = (select id from setup_scope where course_master_id = 1)`,
    );
    const pushed = await school.push();
    expect(pushed.item('1010', 'task:final')).toMatchObject({ reason: 'referenced_by_composite' });
  });

  it('deletes the calculation of a deleted task with it, also when that type is not selected (N10)', async () => {
    await school.run(`delete from composite where id = 1`);
    await school.push({ types: ['composite_grades'] });
    await school.run(
      `delete from task_alignment where gradable_id = 'quarter' and scope_id = (select id from setup_scope where course_master_id = 1)`,
    );
    const pushed = await school.push({ types: ['grading_tasks_standards'] });
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({ outcome: 'DELETED' });
    expect(pushed.item('1010', 'calc:quarter:1')).toMatchObject({
      outcome: 'DELETED',
      reason: 'cascade',
    });
    expect(await school.rows(`select 1 from calc_option where scope_id = ${scope(1)}`)).toEqual([]);
  });
});

describe('Given pushed courses, when something was changed below', () => {
  beforeEach(async () => {
    await school.push();
  });

  it('fails exactly the attribute that was edited, with both values (S02, S05, G16)', async () => {
    await school.run(`update course set attrs = attrs || '{"state_code": "X9"}' where id = 1`);
    const pushed = await school.push();
    expect(pushed.writes).toBe(0);
    expect(pushed.items.filter((item) => item.outcome.startsWith('FAILED'))).toMatchObject([
      { course: '1010', key: 'attr:state_code', reason: 'changed_below', before: { value: 'X9' } },
    ]);
  });

  it('fails the whole type of that course and what rests on tasks, and pushes the rest (S05, S06)', async () => {
    await school.run(
      `delete from task_alignment where gradable_id = 'final' and scope_id = ${scope(1)}`,
    );
    await school.run(`update task_alignment set credit = 2 where scope_kind = 'master'`);
    const pushed = await school.push();
    expect(pushed.item('1010', 'task:final')).toMatchObject({ reason: 'deleted_below' });
    expect(pushed.item('1010', 'task:quarter')).toBeUndefined();
    expect(pushed.items.filter((item) => item.rule === 'S06')).toHaveLength(3);
    expect(pushed.item('2010', 'task:quarter')).toMatchObject({
      outcome: 'UPDATED',
      result: 'applied',
    });
  });

  it('counts a cleared master link as desynced (S10)', async () => {
    await school.run(`update course set course_master_id = null where id = 1`);
    expect((await school.push()).items.filter((item) => item.course === '1010')).toMatchObject([
      { outcome: 'FAILED_DESYNCED', reason: 'master_link_lost' },
    ]);
  });

  it('keeps a value changed under a soft lock (M01, S04)', async () => {
    await school.run(`update course set attrs = attrs || '{"terms": 2}' where id = 1`);
    expect((await school.push()).item('1010', 'attr:terms')).toMatchObject({
      outcome: 'KEPT_SOFT_LOCK',
    });
  });

  it('does not mind local rows, and keeps one with the key of a new master item (S11, L5, L7)', async () => {
    await school.run(
      `insert into task_alignment (scope_id, scope_kind, gradable_id) values (${scope(1)}, 'course', 'lab'), (${scope(1)}, 'course', 'notes')`,
    );
    await school.run(
      `insert into task_alignment (scope_id, scope_kind, gradable_id) select id, 'master', 'lab' from setup_scope where course_master_id = 1`,
    );
    const pushed = await school.push();
    expect(pushed.item('1010', 'task:lab')).toMatchObject({ outcome: 'RETAINED_LOCAL' });
    expect(pushed.item('1010', 'task:notes')).toBeUndefined();
  });

  it('renames a local category with the name of a pushed one (C01)', async () => {
    await school.run(
      `insert into category (source_id, scope_id, name) values ('own', ${scope(1)}, 'Projects')`,
    );
    await school.run(
      `insert into category (source_id, scope_id, name) select 'HS/1010/P', id, 'Projects' from setup_scope where course_master_id = 1`,
    );
    await school.push();
    expect(await school.rows(`select name from category where source_id = 'own'`)).toEqual([
      { name: 'Projects (1)' },
    ]);
  });

  it('holds exactly what changed between plan and push (P12)', async () => {
    await school.run(`update category set weight = 30 where source_id like 'HS/%'`);
    const planned = await school.plan();
    await school.run(
      `update category set weight = 7 where name = 'Tests' and scope_id = ${scope(1)}`,
    );
    const pushed = await apply(school.db, planned);
    expect(pushed.item('1010', 'cat:HS/1010/Tests')).toMatchObject({ result: 'held' });
    expect(pushed.item('1010', 'cat:HS/1010/Homework')).toMatchObject({ result: 'applied' });
  });

  it('writes nothing when a master changed after the plan', async () => {
    await school.run(`update category set weight = 30 where source_id like 'HS/%'`);
    const planned = await school.plan();
    await school.run(`update category set weight = 31 where source_id like 'HS/%'`);
    expect((await apply(school.db, planned)).batches).toMatchObject([
      { kind: 'plan_stale', reason: 'sources_changed' },
    ]);
  });
});
