import { describe, expect, it } from '@jest/globals';
import { useWorld } from '../support/world.ts';

// Cases that random histories or the oracle found. docs/oracle.md tells each story.
const world = useWorld({ pushed: { toSections: true } });

describe('Given a task that the master dropped and a composite of the course still uses', () => {
  it('names it in every push while that lasts, not only in the first (P09, G17)', async () => {
    await world.remove('master 1010', 'task:quarter');
    for (let push = 0; push < 2; push += 1)
      expect(
        (await world.push({ types: ['grading_tasks_standards'] })).item('1010', 'task:quarter'),
      ).toMatchObject({ outcome: 'RETAINED_PROTECTED', reason: 'referenced_by_composite' });
    expect((await world.push({ types: ['grading_tasks_standards'] })).writes).toBe(0);
  });

  it('has no line of its own when the course is relinked, which takes nothing away (S12)', async () => {
    await world.remove('master 1010', 'task:quarter');
    await world.push({ types: ['grading_tasks_standards'] });
    for (const mode of ['push_locked', 'overwrite'] as const) {
      const types = ['grading_tasks_standards'] as const;
      const relinked = await world.push({ kind: 'relink', mode, courses: [1], types });
      expect(relinked.item('1010', 'task:quarter')).toBeUndefined();
    }
  });

  it("skips the master's composite that uses it, in the first push and in the next (M10, G17)", async () => {
    await world.remove('master 1010', 'task:quarter');
    for (let push = 0; push < 2; push += 1)
      expect((await world.push({ toSections: true })).item('1010', 'comp:final:4')).toMatchObject({
        outcome: 'SKIPPED_DEPENDENCY',
        reason: 'not_aligned',
      });
  });
});

describe('Given a composite that only loses a child', () => {
  it('takes the child from the course and its sections (M10, M11: L2)', async () => {
    await world.remove('master 1010', 'compw:final:4>quarter:4');
    const pushed = await world.push({ types: ['composite_grades'], toSections: true });
    expect(Object.keys(pushed.changed).sort()).toEqual(
      ['1010', '1010/1', '1010/2'].map((place) => `${place} compw:final:4>quarter:4`),
    );
  });
});

describe('Given a composite that was lost at the course, and a child of it that the master dropped', () => {
  it('forgets the weight of that child with the overwrite that brings the composite back (O1, S09)', async () => {
    await world.remove('1010', 'comp:final:4');
    await world.remove('master 1010', 'compw:final:4>quarter:4');
    const pushed = await world.push({ mode: 'overwrite' });
    expect(pushed.links).toMatchObject({ '1010 compw:final:4>quarter:4': 'deleted' });
  });

  it('forgets all its weights when the master dropped it as well (S02)', async () => {
    await world.remove('1010', 'comp:final:4');
    await world.remove('master 1010', 'comp:final:4');
    const pushed = await world.push();
    for (const term of [1, 2, 3, 4])
      expect(pushed.links).toMatchObject({ [`1010 compw:final:4>quarter:${term}`]: 'deleted' });
  });
});

describe("Given the course's own category on a task that the course does not have", () => {
  it('reaches the sections without that task (C06, E02)', async () => {
    await world.add('1010', 'cat:Labs', { gradable_ids: ['quarter', 'lab'] });
    await world.push({ types: ['categories'], toSections: true });
    expect(
      await world.school.rows(
        `select r.gradable_ids from category r join setup_scope s on s.id = r.scope_id
         where s.section_id = 1 and r.name = 'Labs'`,
      ),
    ).toEqual([{ gradable_ids: ['quarter'] }]);
  });
});

describe('Given a course that cannot have the number of its master', () => {
  it('keeps its number as the base of the link, and says so in every push (A24, S01, G17)', async () => {
    await world.run(`insert into catalog_attribute_lock values (1, 'number', 'hard')`);
    await world.set('master 1010', { number: '2010-X' });
    await world.run(
      `insert into course (source_id, calendar_id, number, name) values ('x', 1, '2010-X', 'X')`,
    );
    for (let push = 0; push < 2; push += 1)
      expect((await world.push()).item('1010', 'attr:number')).toMatchObject({
        outcome: 'WITHHELD',
        reason: 'number_taken',
      });
    expect((await world.push()).writes).toBe(0);
  });
});

describe('Given a task with student work that the master dropped, when only its calculations are pushed', () => {
  it('sets them to No Calculation, as the task is residual already (N01, N02, R09)', async () => {
    await world.assign('1010/1', 'quarter');
    await world.remove('master 1010', 'task:quarter');
    for (const term of [1, 2, 3, 4]) await world.remove('master 1010', `calc:quarter:${term}`);
    const pushed = await world.push({ types: ['grade_calc_options'] });
    expect(pushed.item('1010', 'calc:quarter:1')).toMatchObject({ outcome: 'SET_NO_CALCULATION' });
  });
});

describe('Given a calculation that was damaged at a course, and its task with it', () => {
  it.each([
    ['deleted', 'deleted_below', (): Promise<void> => world.remove('1010', 'calc:quarter:1')],
    [
      'changed',
      'changed_below',
      (): Promise<void> => world.edit('1010', 'calc:quarter:1', { limit_last_n: 3 }),
    ],
  ])(
    '%s: fails the type where only calculations are pushed, whatever became of the task (S02, S05 before M07)',
    async (_, reason, damage) => {
      await damage();
      await world.remove('1010', 'task:quarter');
      const pushed = await world.push({ types: ['grade_calc_options'] });
      expect(pushed.items).toMatchObject([
        { key: 'calc:quarter:1', outcome: 'FAILED_DESYNCED', reason },
      ]);
      expect(pushed.changed).toEqual({});
    },
  );
});

describe('Given a section that was offered when it first became cross-site', () => {
  it('keeps the offer that the school ended (X01, X11)', async () => {
    const flag = async (enabled: boolean): Promise<void> => {
      await world.run(`update course_master set cross_site_enabled = ${enabled} where id = 1`);
      await world.push({ crossSite: true });
    };
    await flag(true);
    await world.run(`update section set cross_site_offered = false`);
    await flag(false);
    await flag(true);
    expect(
      await world.school.rows(
        `select cross_site_enabled, cross_site_offered from section where id = 1`,
      ),
    ).toEqual([{ cross_site_enabled: true, cross_site_offered: false }]);
  });
});

describe("Given a home school's copy of a cross-site course", () => {
  it('takes the number of its serving course too, unless another course there has it (X07, A24)', async () => {
    await world.run(`insert into catalog_attribute_lock values (1, 'number', 'hard')`);
    await world.run(
      `insert into calendar (id, source_id, school_id, school_year_id, name) values (70, 'h', 1, 1, 'Home')`,
    );
    await world.run(`insert into course (source_id, calendar_id, course_master_id, number, name, cross_site_role, mirror_of_course_id)
      values ('m', 70, 1, 'OLD', 'Copy', 'home_mirror', 1)`);
    await world.run(
      `insert into course (id, source_id, calendar_id, number, name) values (71, 'n', 70, '1010', 'Other')`,
    );
    const number = async (): Promise<unknown> =>
      (await world.school.rows(`select number from course where source_id = 'm'`))[0];
    const calendars = [1, 70];
    await world.push({ crossSite: true, calendars });
    expect(await number()).toEqual({ number: 'OLD' });
    await world.run(`update course set number = '1011' where id = 71`);
    await world.push({ crossSite: true, calendars });
    expect(await number()).toEqual({ number: '1010' });
  });
});

describe('Given a composite whose child was lost at the course', () => {
  it('names the weight that waits for the child, as the composite failed (M13, S05)', async () => {
    await world.remove('1010', 'compw:final:4>quarter:4');
    expect((await world.push()).item('1010', 'compw:final:4>quarter:4')).toMatchObject({
      outcome: 'SKIPPED_DEPENDENCY',
      reason: 'composite_missing',
    });
  });

  it('forgets its weight when the master dropped the child as well (S09)', async () => {
    await world.remove('1010', 'compw:final:4>quarter:4');
    await world.remove('master 1010', 'compw:final:4>quarter:4');
    const pushed = await world.push({ mode: 'overwrite' });
    expect(pushed.links).toMatchObject({ '1010 compw:final:4>quarter:4': 'deleted' });
  });
});

describe('Given a composite whose link is marked as broken, and a weight of it that was changed', () => {
  it('fails the weights as well, which are judged on their own (M13, S05)', async () => {
    await world.edit('1010', 'compw:final:4>quarter:1', { weight: 7 });
    await world.run(`update sync_link set state = 'broken' where item_key = 'comp:final:4'
      and scope_id = (select id from setup_scope where course_id = 1)`);
    const pushed = await world.push({ types: ['composite_weights'] });
    expect(pushed.items).toMatchObject([
      { key: 'compw:final:4>quarter:1', outcome: 'FAILED_DESYNCED', reason: 'changed_below' },
    ]);
  });
});

describe('Given calculations that were reset, of a task that only a composite keeps at the course', () => {
  it('names them in a locked push as in an overwrite, while the task is residual (N05, G17)', async () => {
    await world.remove('master 1010', 'task:quarter');
    for (const term of [1, 2, 3, 4]) await world.remove('master 1010', `calc:quarter:${term}`);
    await world.push({ types: ['grading_tasks_standards', 'grade_calc_options'] });
    for (const mode of ['push_locked', 'overwrite'] as const) {
      const pushed = await world.push({ types: ['grade_calc_options'], mode });
      expect(pushed.item('1010', 'calc:quarter:1')).toMatchObject({
        outcome: 'RETAINED_PROTECTED',
        reason: 'residual_task',
      });
      expect(pushed.writes).toBe(0);
    }
  });
});

describe("Given the course's own calculation of a task that it does not have", () => {
  it('reaches the sections all the same, as what the course has (M08, E02)', async () => {
    await world.add('1010', 'calc:lab:1', { calc_type: 'in_progress' });
    const pushed = await world.push({ types: ['grade_calc_options'], toSections: true });
    expect(pushed.item('1010', 'calc:lab:1', '1')).toMatchObject({ outcome: 'INSERTED' });
  });
});

describe('Given a category that the master replaced by another of the same name', () => {
  it('is renamed by a relink, which removes nothing, and goes with the next push instead of failing it (S12, C01, L6)', async () => {
    await world.remove('master 1010', 'cat:Tests');
    await world.add('master 1010', 'cat:Tests', { source_id: 'HS/1010/Tests again' });
    const relinked = await world.push({
      ...{ kind: 'relink', mode: 'overwrite', courses: [1], types: ['categories'] },
    });
    expect(relinked.item('1010', 'cat:HS/1010/Tests')).toMatchObject({ outcome: 'RENAMED_LOCAL' });
    const pushed = await world.push({ types: ['categories'] });
    expect(pushed.item('1010', 'cat:HS/1010/Tests')).toMatchObject({ outcome: 'DELETED' });
    expect(pushed.items.map(({ outcome }) => outcome)).not.toContain('FAILED_DESYNCED');
  });
});

describe('Given calculations that a push reset, and since then the course lost its row of one', () => {
  it("takes the sections' back all the same, each row by itself (G23, N03)", async () => {
    await world.assign('1010/1', 'quarter');
    await world.remove('master 1010', 'task:quarter');
    for (const term of [1, 2, 3, 4]) await world.remove('master 1010', `calc:quarter:${term}`);
    const pushed = await world.push({ mode: 'overwrite', toSections: true });
    await world.remove('1010', 'calc:quarter:2');
    const undone = await world.push({ kind: 'undo', mode: 'overwrite', undoes: pushed.runId });
    expect(undone.item('1010', 'calc:quarter:2')).toMatchObject({ reason: 'changed_since_push' });
    expect(await world.row('1010/1 calc:quarter:2')).toMatchObject({ calc_type: 'in_progress' });
  });
});

describe('Given a soft-locked row whose link a script marked as broken, unchanged since its push', () => {
  const broken = async (type: string, key: string): Promise<void> => {
    await world.run(`update catalog_type_lock set mode = 'soft'
      where catalog_id = 1 and data_type = '${type}'`);
    await world.run(`update sync_link set state = 'broken' where item_key = '${key}'
      and scope_id = (select id from setup_scope where course_id = 1)`);
  };

  it("takes the master's change and is linked again, as nothing breaks under a soft lock (S04, M19)", async () => {
    await broken('grading_tasks_standards', 'task:quarter');
    await world.edit('master 1010', 'task:quarter', { credit: 2 });
    const pushed = await world.push({ types: ['grading_tasks_standards'] });
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({
      ...{ outcome: 'RELINKED', reason: 'link_rebuilt' },
      after: { credit: 2 },
    });
    expect(await world.row('1010 task:quarter')).toMatchObject({ credit: 2 });
  });

  it('goes with that of the master (S04, L6)', async () => {
    await broken('categories', 'cat:HS/1010/Tests');
    await world.remove('master 1010', 'cat:Tests');
    const pushed = await world.push({ types: ['categories'] });
    expect(pushed.item('1010', 'cat:HS/1010/Tests')).toMatchObject({ outcome: 'DELETED' });
  });
});
