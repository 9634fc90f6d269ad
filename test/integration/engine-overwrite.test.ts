import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type HighSchool } from '../support/high-school.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
let school: HighSchool;

beforeAll(() => {
  school = world.school;
});

const courseScope = `(select id from setup_scope where course_id = 1)`;
const sectionScope = `(select id from setup_scope where section_id = 1)`;

async function assign(section: number, gradable: string, category?: string): Promise<void> {
  await school.run(
    `with a as (insert into assignment (source_id, section_id, name, due_on, category_id)
       values ('a-${gradable}', ${section}, 'Homework 1', '2023-09-01', ${category ?? 'null'}) returning id)
     insert into assignment_gradable select id, '${gradable}' from a`,
  );
}

describe('Given sections, when locked data is pushed to sections', () => {
  it("gives them the course's effective rows, read-only, and nothing the second time (E02, E06, G17)", async () => {
    const pushed = await school.push({ toSections: true });
    expect(pushed.item('1010', 'calc:quarter:1', '2')).toMatchObject({
      outcome: 'INSERTED',
      after: expect.objectContaining({ readOnly: true }) as unknown,
    });
    expect(pushed.item('1010', 'cat:c1010/HS/1010/Tests', '1')).toMatchObject({
      outcome: 'INSERTED',
    });
    expect((await school.push({ toSections: true })).writes).toBe(0);
  });

  it("keeps a teacher's calc option and category (E04, C01)", async () => {
    await school.run(
      `insert into calc_option (scope_id, gradable_id, term_seq, calc_type) values (${sectionScope}, 'quarter', 1, 'none')`,
    );
    await school.run(
      `insert into category (source_id, scope_id, name) values ('t', ${sectionScope}, 'Homework')`,
    );
    const pushed = await school.push({ toSections: true });
    expect(pushed.item('1010', 'calc:quarter:1', '1')).toMatchObject({ outcome: 'RETAINED_LOCAL' });
    expect(pushed.item('1010', 'local:t', '1')).toMatchObject({
      outcome: 'RENAMED_LOCAL',
      after: expect.objectContaining({ name: 'Homework (1)' }) as unknown,
    });
  });
});

describe('Given a pushed course, when it is overwritten', () => {
  beforeEach(async () => {
    await school.push({ toSections: true });
  });

  it('deletes local setup without student work and keeps the rest as residual (O6, O7, R02)', async () => {
    await school.run(
      `insert into task_alignment (scope_id, scope_kind, gradable_id) values (${courseScope}, 'course', 'lab'), (${courseScope}, 'course', 'notes')`,
    );
    await assign(1, 'lab');
    const pushed = await school.push({ mode: 'overwrite' });
    expect(pushed.item('1010', 'task:notes')).toMatchObject({
      outcome: 'DELETED',
      result: 'applied',
    });
    expect(pushed.item('1010', 'task:lab')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    expect((await school.push({ mode: 'overwrite' })).writes).toBe(0);
    await school.run(`update assignment_gradable set gradable_id = 'quarter'`);
    expect((await school.push({ mode: 'overwrite' })).item('1010', 'task:lab')).toMatchObject({
      outcome: 'DELETED',
    });
  });

  it('heals what was changed or deleted below (O1, O2, S09)', async () => {
    await school.run(
      `update course set attrs = attrs || '{"state_code": "X9"}', course_master_id = null where id = 1`,
    );
    await school.run(`delete from category where scope_id = ${courseScope} and name = 'Tests'`);
    const pushed = await school.push({ mode: 'overwrite' });
    expect(pushed.item('1010', 'link')).toMatchObject({ outcome: 'RELINKED', result: 'applied' });
    expect(pushed.item('1010', 'attr:state_code')).toMatchObject({
      rule: 'O2',
      outcome: 'RELINKED',
    });
    expect(pushed.item('1010', 'cat:HS/1010/Tests')).toMatchObject({ outcome: 'INSERTED' });
    expect((await school.push({ mode: 'overwrite' })).writes).toBe(0);
    expect((await school.push()).writes).toBe(0);
  });

  it('adopts an empty local category of the same name and renames a used one (M37, M38)', async () => {
    await school.run(
      `insert into category (source_id, scope_id, name) select 'HS/1010/' || n, s.id, n from setup_scope s, unnest(array['Labs', 'Quizzes']) n where course_master_id = 1`,
    );
    await school.run(
      `insert into category (source_id, scope_id, name) values ('t-labs', ${sectionScope}, 'Labs'), ('t-quiz', ${sectionScope}, 'Quizzes')`,
    );
    await assign(1, 'quarter', `(select id from category where source_id = 't-quiz')`);
    await school.push({ mode: 'overwrite', toSections: true });
    expect(
      await school.rows(
        `select source_id, name from category where source_id like 't-%' order by source_id`,
      ),
    ).toEqual([
      { source_id: 't-labs', name: 'Labs' },
      { source_id: 't-quiz', name: 'Quizzes (1)' },
    ]);
    expect((await school.push({ mode: 'overwrite', toSections: true })).writes).toBe(0);
  });

  it('runs the No Calculation chain down to the sections and ends it with the residual task (N03, N05, N07)', async () => {
    await assign(1, 'quarter');
    await school.run(`delete from composite where id = 1`);
    await school.run(
      `delete from calc_option where scope_id = (select id from setup_scope where course_master_id = 1)`,
    );
    await school.run(
      `delete from task_alignment where gradable_id = 'quarter' and scope_id = (select id from setup_scope where course_master_id = 1)`,
    );
    const pushed = await school.push({ mode: 'overwrite', toSections: true });
    expect(pushed.item('1010', 'calc:quarter:1')).toMatchObject({ outcome: 'SET_NO_CALCULATION' });
    expect(pushed.item('1010', 'calc:quarter:1', '1')).toMatchObject({
      outcome: 'SET_NO_CALCULATION',
      after: expect.objectContaining({ calcType: 'none', readOnly: true }) as unknown,
    });
    expect((await school.push({ mode: 'overwrite', toSections: true })).writes).toBe(0);
    await school.run(`update assignment_gradable set gradable_id = 'final'`);
    await school.push({ mode: 'overwrite', toSections: true });
    expect(
      await school.rows(
        `select 1 from calc_option r join setup_scope s on s.id = r.scope_id where s.course_id = 1 or s.section_id in (1, 2)`,
      ),
    ).toEqual([]);
  });

  it('clears section overrides of hard-locked attributes (M23) that locked mode reports (M02)', async () => {
    await school.run(`update section set attr_overrides = '{"state_code": "Z"}' where id = 1`);
    expect(
      (await school.push({ toSections: true })).item('1010', 'attr:state_code', '1'),
    ).toMatchObject({
      outcome: 'RETAINED_LOCAL',
      reason: 'section_override',
    });
    await school.push({ mode: 'overwrite', toSections: true });
    expect(await school.rows(`select attr_overrides from section where id = 1`)).toEqual([
      { attr_overrides: {} },
    ]);
  });

  it('flags cross-site courses and their sections, only with the option (X01, X02, X03)', async () => {
    await school.run(`update course_master set cross_site_enabled = true where id = 1`);
    await school.push();
    expect(await school.rows(`select 1 from course where cross_site_enabled`)).toEqual([]);
    await school.push({ crossSite: true });
    expect(
      await school.rows(
        `select c.cross_site_enabled as course, s.cross_site_enabled as section, s.cross_site_offered as offered
         from course c join section s on s.course_id = c.id where s.id = 1`,
      ),
    ).toEqual([{ course: true, section: true, offered: true }]);
  });
});
