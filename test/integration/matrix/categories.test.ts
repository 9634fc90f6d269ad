import { describe, expect, it } from '@jest/globals';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

const CATEGORIES: PushWish = { types: ['categories'], toSections: true };
const OVERWRITE: PushWish = { ...CATEGORIES, mode: 'overwrite' };
const world = useWorld({ pushed: { toSections: true } });

const PROJECTS = { weight: 20, gradable_ids: ['quarter'] };
const addedProjects = { added: { name: 'Projects', ...PROJECTS } };

describe('Given categories, when locked data is pushed', () => {
  it('inserts, updates and deletes them by lineage, at the course and its sections (M16, M17: L1, L2, L6)', async () => {
    await world.add('master 1010', 'cat:Projects', PROJECTS);
    await world.edit('master 1010', 'cat:Homework', { name: 'Home Work', drop_lowest: 1 });
    await world.remove('master 1010', 'cat:Tests');
    const pushed = await world.push(CATEGORIES);
    const renamed = { name: ['Homework', 'Home Work'], drop_lowest: [0, 1] };
    expect(pushed.changed).toEqual({
      '1010 cat:Projects': addedProjects,
      '1010/1 cat:Projects': addedProjects,
      '1010/2 cat:Projects': addedProjects,
      '1010 cat:Homework': renamed,
      '1010/1 cat:Homework': renamed,
      '1010/2 cat:Homework': renamed,
      '1010 cat:Tests': 'deleted',
      '1010/1 cat:Tests': 'deleted',
      '1010/2 cat:Tests': 'deleted',
    });
    expect((await world.push(CATEGORIES)).writes).toBe(0);
  });

  it("makes room for the master's new category beside one the course gave that name under a soft lock (C01, S04)", async () => {
    await world.run(`update catalog_type_lock set mode = 'soft' where data_type = 'categories'`);
    await world.edit('1010', 'cat:Homework', { name: 'Projects' });
    await world.add('master 1010', 'cat:Projects', PROJECTS);
    const pushed = await world.push({ ...CATEGORIES, toSections: false });
    expect(pushed.item('1010', 'cat:HS/1010/Homework')).toMatchObject({ outcome: 'RENAMED_LOCAL' });
    expect(pushed.changed).toEqual({
      '1010 cat:Projects': addedProjects,
      '1010 cat:Homework': { name: ['Projects', 'Projects (1)'] },
    });
    expect((await world.push({ ...CATEGORIES, toSections: false })).writes).toBe(0);
  });

  it('takes a master category of the same name but another lineage for another one (M16, R06)', async () => {
    await world.remove('master 1010', 'cat:Homework');
    await world.add('master 1010', 'cat:Homework', { source_id: 'HS/1010/New', weight: 10 });
    const pushed = await world.push({ ...CATEGORIES, toSections: false });
    expect(pushed.item('1010', 'cat:HS/1010/Homework')).toMatchObject({ outcome: 'DELETED' });
    expect(pushed.item('1010', 'cat:HS/1010/New')).toMatchObject({ outcome: 'INSERTED' });
  });

  it('keeps a dropped category with an assignment in a section copy, at the course and that section; the others go with the last evidence (M16, M17: R03)', async () => {
    await world.assign('1010/1', 'quarter', { category: 'Tests' });
    await world.remove('master 1010', 'cat:Tests');
    const pushed = await world.push(CATEGORIES);
    expect(pushed.item('1010', 'cat:HS/1010/Tests')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'student_work',
      assignments: 1,
    });
    expect(pushed.changed).toEqual({});
    expect(pushed.links).toMatchObject({ '1010 cat:Tests': { state: ['linked', 'residual'] } });
    expect((await world.push(CATEGORIES)).writes).toBe(0);
    await world.run(`update assignment set category_id = null`);
    expect((await world.push(CATEGORIES)).writes).toBe(0);
    expect((await world.push(OVERWRITE)).changed).toEqual({
      '1010 cat:Tests': 'deleted',
      '1010/1 cat:Tests': 'deleted',
      '1010/2 cat:Tests': 'deleted',
    });
  });

  it('keeps a used section copy of a category that left the course as residual, and the teacher may edit it (M17, R04)', async () => {
    await world.remove('master 1010', 'cat:Tests');
    await world.push({ ...CATEGORIES, toSections: false });
    await world.assign('1010/1', 'quarter', { category: 'Tests' });
    const pushed = await world.push(CATEGORIES);
    expect(pushed.item('1010', 'cat:c1010/HS/1010/Tests', '1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
    });
    expect(pushed.changed).toEqual({ '1010/2 cat:Tests': 'deleted' });
    expect(pushed.links).toMatchObject({ '1010/1 cat:Tests': { state: ['linked', 'residual'] } });
    await world.edit('1010/1', 'cat:Tests', { weight: 5 });
    const again = await world.push(CATEGORIES);
    expect(again.writes).toBe(0);
    expect(again.items.filter((item) => item.outcome.startsWith('FAILED'))).toEqual([]);
  });

  it("keeps the teacher's categories, weight and all (M17, C02, E04)", async () => {
    await world.add('1010/1', 'cat:Labs', { weight: 33 });
    await world.add('1010', 'cat:Course labs', { weight: 12 });
    await world.add('master 1010', 'cat:Projects', PROJECTS);
    const pushed = await world.push(CATEGORIES);
    // The course's own category is effective for its sections (E02); nothing pushed hides the teacher's.
    expect(Object.keys(pushed.changed).sort()).toEqual([
      '1010 cat:Projects',
      '1010/1 cat:Projects',
      '1010/1 cat:own Course labs',
      '1010/2 cat:Projects',
      '1010/2 cat:own Course labs',
    ]);
    expect(await world.row('1010/1 cat:own Labs')).toMatchObject({ name: 'Labs', weight: 33 });
  });

  it('counts a pushed category that a teacher edited as desynced, for that section only (M17, C04)', async () => {
    await world.edit('1010/1', 'cat:Tests', { weight: 1 });
    await world.edit('master 1010', 'cat:Homework', { weight: 70 });
    const pushed = await world.push(CATEGORIES);
    expect(pushed.item('1010', 'cat:c1010/HS/1010/Tests', '1')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
      reason: 'changed_below',
    });
    expect(Object.keys(pushed.changed).sort()).toEqual([
      '1010 cat:Homework',
      '1010/2 cat:Homework',
    ]);
  });

  it('limits the gradables to those of the course and notes the rest (C06)', async () => {
    await world.add('master 1010', 'task:lab');
    await world.add('master 1010', 'cat:Projects', {
      weight: 20,
      gradable_ids: ['quarter', 'lab'],
    });
    const pushed = await world.push(CATEGORIES);
    expect(
      pushed.item('1010', 'cat:HS/1010/Projects') ??
        pushed.item('1010', 'cat:master 1010/Projects'),
    ).toMatchObject({
      outcome: 'INSERTED',
      detail: { gradablesNotAligned: ['lab'] },
    });
    expect(pushed.changed).toMatchObject({
      '1010 cat:Projects': addedProjects,
      '1010/1 cat:Projects': addedProjects,
    });
    expect((await world.push(CATEGORIES)).writes).toBe(0);
    await world.push({ types: ['grading_tasks_standards'] });
    expect((await world.push(CATEGORIES)).changed).toMatchObject({
      '1010 cat:Projects': { gradable_ids: [['quarter'], ['lab', 'quarter']] },
      '1010/1 cat:Projects': { gradable_ids: [['quarter'], ['lab', 'quarter']] },
    });
  });
});

describe('Given a local category with the name of a pushed one', () => {
  it('is renamed " (1)", the pushed one keeps the name, at the course and at the section (C01, M16, M17, C02)', async () => {
    await world.add('1010', 'cat:Projects', { weight: 5 });
    await world.add('1010/1', 'cat:Projects', { source_id: 'teacher Projects', weight: 7 });
    await world.add('master 1010', 'cat:Projects', PROJECTS);
    const pushed = await world.push(CATEGORIES);
    expect(pushed.item('1010', 'local:1010/own Projects')).toMatchObject({
      outcome: 'RENAMED_LOCAL',
      reason: 'name_taken',
    });
    expect(pushed.item('1010', 'local:teacher Projects', '1')).toMatchObject({
      outcome: 'RENAMED_LOCAL',
    });
    // The course's own, renamed before, is effective for its sections too and takes " (1)" there.
    expect(pushed.changed).toMatchObject({
      '1010 cat:Projects': addedProjects,
      '1010 cat:own Projects': { name: ['Projects', 'Projects (1)'] },
      '1010/1 cat:Projects': addedProjects,
      '1010/1 cat:own Projects': { added: { name: 'Projects (1)', weight: 5 } },
      '1010/1 cat:teacher Projects': { name: ['Projects', 'Projects (2)'] },
    });
    expect((await world.push(CATEGORIES)).writes).toBe(0);
  });

  it('is cut so that name and number have 50 characters (C01)', async () => {
    const name = 'A category name that is exactly fifty letters long';
    expect(name).toHaveLength(50);
    await world.add('1010/1', `cat:${name}`);
    await world.add('master 1010', `cat:${name}`);
    const pushed = await world.push(CATEGORIES);
    expect(pushed.changed).toMatchObject({
      [`1010/1 cat:own ${name}`]: { name: [name, `${name.slice(0, 46)} (1)`] },
    });
  });

  it('takes the next free number when " (1)" is taken, by whomever (C01)', async () => {
    await world.add('1010/1', 'cat:Projects');
    await world.add('1010/1', 'cat:Projects (1)');
    await world.add('master 1010', 'cat:Projects', PROJECTS);
    await world.add('master 1010', 'cat:Projects (2)', PROJECTS);
    const pushed = await world.push(CATEGORIES);
    expect(pushed.changed).toMatchObject({
      '1010/1 cat:own Projects': { name: ['Projects', 'Projects (3)'] },
    });
    expect(pushed.changed).not.toHaveProperty(['1010/1 cat:own Projects (1)']);
  });

  it('gives two that would be cut to one name a number each (C01)', async () => {
    const long = 'A category name that has the same fifty letters, ';
    const names = ['A', 'B'].map((letter) => long + letter);
    for (const name of names) {
      await world.add('1010/1', `cat:${name}`);
      await world.add('master 1010', `cat:${name}`);
    }
    const pushed = await world.push(CATEGORIES);
    expect(pushed.changed).toMatchObject({
      [`1010/1 cat:own ${names[0]}`]: { name: [names[0], `${long.slice(0, 46)} (1)`] },
      [`1010/1 cat:own ${names[1]}`]: { name: [names[1], `${long.slice(0, 46)} (2)`] },
    });
  });

  it('makes way also for a pushed one that is renamed at the master (C01)', async () => {
    await world.add('1010/1', 'cat:Quizzes');
    await world.edit('master 1010', 'cat:Tests', { name: 'Quizzes' });
    const pushed = await world.push(CATEGORIES);
    expect(pushed.changed).toMatchObject({
      '1010/1 cat:Tests': { name: ['Tests', 'Quizzes'] },
      '1010/1 cat:own Quizzes': { name: ['Quizzes', 'Quizzes (1)'] },
      '1010/2 cat:Tests': { name: ['Tests', 'Quizzes'] },
    });
  });

  it('swaps two pushed names safely at the course and its sections (C03)', async () => {
    await world.run(
      `update category set name = case name when 'Homework' then 'Tests' else 'Homework' end where source_id like 'HS/%'`,
    );
    const pushed = await world.push(CATEGORIES);
    for (const place of ['1010', '1010/1', '1010/2'])
      expect(pushed.changed).toMatchObject({
        [`${place} cat:Homework`]: { name: ['Homework', 'Tests'] },
        [`${place} cat:Tests`]: { name: ['Tests', 'Homework'] },
      });
    expect(Object.keys(pushed.changed)).toHaveLength(6);
    expect((await world.push(CATEGORIES)).writes).toBe(0);
  });

  it('is flagged with the weight total of the section before and after (C05)', async () => {
    await world.add('1010/1', 'cat:Projects', { weight: 40 });
    await world.add('1010/2', 'cat:Projects', { weight: 40, exclude_from_calc: true });
    await world.add('master 1010', 'cat:Projects', PROJECTS);
    const pushed = await world.push(CATEGORIES);
    expect(pushed.item('1010', 'local:1010/1/own Projects', '1')?.detail).toMatchObject({
      weightTotal: { before: 140, after: 160 },
    });
    expect(pushed.item('1010', 'local:1010/2/own Projects', '2')?.detail).not.toHaveProperty(
      'weightTotal',
    );
  });
});

describe('Given a residual category', () => {
  it.each([
    ['locked', CATEGORIES],
    ['overwrite', OVERWRITE],
  ])(
    'is relinked when the master has it again, the same rows, in %s mode (M16, M17, M37, M38: L4, O3, R05)',
    async (_mode, wish) => {
      await world.assign('1010/1', 'quarter', { category: 'Tests' });
      const rows = {
        course: await world.row('1010 cat:Tests'),
        section: await world.row('1010/1 cat:Tests'),
      };
      await world.remove('master 1010', 'cat:Tests');
      await world.push(wish);
      await world.edit('1010', 'cat:Tests', { weight: 1 });
      await world.add('master 1010', 'cat:Tests', {
        source_id: 'HS/1010/Tests',
        weight: 50,
        gradable_ids: ['quarter'],
      });
      const pushed = await world.push(wish);
      expect(pushed.item('1010', 'cat:HS/1010/Tests')).toMatchObject({ outcome: 'RELINKED' });
      expect(pushed.changed).toMatchObject({ '1010 cat:Tests': { weight: [1, 50] } });
      expect(await world.row('1010 cat:Tests')).toEqual(rows.course);
      expect(await world.row('1010/1 cat:Tests')).toEqual(rows.section);
      expect((await world.push(wish)).writes).toBe(0);
    },
  );

  it('makes way for a pushed one of its name and stays residual (C01, R01)', async () => {
    await world.assign('1010/1', 'quarter', { category: 'Tests' });
    await world.remove('master 1010', 'cat:Tests');
    await world.add('master 1010', 'cat:Tests', { source_id: 'HS/1010/New', weight: 5 });
    const pushed = await world.push({ ...OVERWRITE, toSections: false });
    expect(pushed.item('1010', 'cat:HS/1010/Tests')).toMatchObject({ outcome: 'RENAMED_LOCAL' });
    expect(pushed.changed).toMatchObject({
      '1010 cat:Tests': { name: ['Tests', 'Tests (1)'] },
      '1010 cat:New': { added: { name: 'Tests', weight: 5 } },
    });
    expect(pushed.links).toMatchObject({ '1010 cat:Tests': { state: ['linked', 'residual'] } });
    expect((await world.push({ ...OVERWRITE, toSections: false })).writes).toBe(0);
  });
});

describe('Given local categories, when the course is overwritten', () => {
  it('adopts an empty one of the same name, renames and keeps a used one, deletes and keeps the others (M37)', async () => {
    await world.add('master 1010', 'cat:Projects', PROJECTS);
    await world.add('master 1010', 'cat:Labs', PROJECTS);
    for (const name of ['Projects', 'Labs', 'Used', 'Empty'])
      await world.add('1010', `cat:${name}`);
    await world.run(
      `insert into assignment (source_id, section_id, name, category_id)
       select 'u-' || name, 1, 'Used', id from category where source_id in ('1010/own Labs', '1010/own Used')`,
    );
    const wish = { ...OVERWRITE, toSections: false };
    const pushed = await world.push(wish);
    expect(pushed.item('1010', 'cat:master 1010/Projects')).toMatchObject({ outcome: 'RELINKED' });
    expect(pushed.item('1010', 'local:1010/own Labs')).toMatchObject({ outcome: 'RENAMED_LOCAL' });
    expect(pushed.item('1010', 'local:1010/own Used')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
    });
    expect(pushed.changed).toEqual({
      '1010 cat:own Projects': { weight: [0, 20], gradable_ids: [[], ['quarter']] },
      '1010 cat:Labs': { added: { name: 'Labs', ...PROJECTS } },
      '1010 cat:own Labs': { name: ['Labs', 'Labs (1)'] },
      '1010 cat:own Empty': 'deleted',
    });
    expect((await world.push(wish)).writes).toBe(0);
  });

  it('deletes an empty teacher category and keeps a used one as residual (M38, E05)', async () => {
    await world.add('1010/1', 'cat:Used', { weight: 3 });
    await world.add('1010/1', 'cat:Empty');
    await world.assign('1010/1', 'quarter', { category: 'Used' });
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'local:1010/1/own Used', '1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'student_work',
      assignments: 1,
    });
    expect(pushed.changed).toEqual({ '1010/1 cat:own Empty': 'deleted' });
    const again = await world.push(OVERWRITE);
    expect(again.writes).toBe(0);
    expect(again.items).toMatchObject([{ outcome: 'RETAINED_PROTECTED' }]);
    await world.run(`update assignment set category_id = null`);
    expect((await world.push(OVERWRITE)).changed).toEqual({ '1010/1 cat:own Used': 'deleted' });
  });

  it('heals what was edited or deleted, by lineage, the same rows (M37, M38: O1, O2)', async () => {
    await world.edit('1010', 'cat:Homework', { name: 'HW', weight: 1 });
    await world.remove('1010/2', 'cat:Tests');
    const pushed = await world.push(OVERWRITE);
    expect(pushed.changed).toEqual({
      '1010 cat:Homework': { name: ['HW', 'Homework'], weight: [1, 50] },
      '1010/2 cat:Tests': { added: { name: 'Tests', weight: 50, gradable_ids: ['quarter'] } },
    });
    expect((await world.push(OVERWRITE)).writes).toBe(0);
  });

  it('keeps a category that only a deleted assignment names: the database would not let it go (M38, P11)', async () => {
    await world.add('1010/1', 'cat:Old');
    await world.assign('1010/1', 'quarter', { category: 'Old', deleted: true });
    const pushed = await world.push(OVERWRITE);
    expect(pushed.items).toMatchObject([{ outcome: 'RETAINED_PROTECTED', assignments: 0 }]);
    expect(pushed.changed).toEqual({});
    expect((await world.push(OVERWRITE)).writes).toBe(0);
  });
});
