import { describe, expect, it } from '@jest/globals';
import { useWorld } from '../../support/world.ts';

const world = useWorld({
  pushed: { toSections: true },
  fixture: [
    // Section 1 has a teacher and a student, section 2 neither.
    `update section set primary_teacher_id = 'T1' where id = 1`,
    `insert into roster (source_id, section_id, person_id, role) values ('r1', 1, 'st1', 'student')`,
  ],
});

/** A change of the master in every type that reaches sections. */
async function changeMaster(): Promise<void> {
  await world.edit('master 1010', 'calc:quarter:1', { limit_last_n: 3 });
  await world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 60 } });
  await world.edit('master 1010', 'compw:final:4>quarter:1', { weight: 40 });
  await world.edit('master 1010', 'cat:Tests', { weight: 30 });
}

/** Setup that a teacher made in section 1, one of each type, without student work. */
async function teach(): Promise<void> {
  await world.add('1010/1', 'calc:semester:2', { calc_type: 'none' });
  await world.add('1010/1', 'comp:semester:2', { children: { 'quarter:1': 5 } });
  await world.add('1010/1', 'cat:Projects', { weight: 10 });
}

describe('Given a push without sections', () => {
  it.each(['push_locked', 'overwrite'] as const)(
    'writes and removes no section row in mode %s, whatever is pushed, drifted or local there (E01)',
    async (mode) => {
      await changeMaster();
      await teach();
      await world.edit('1010/2', 'cat:Tests', { weight: 1 });
      await world.remove('1010/2', 'calc:quarter:2');
      await world.set('1010/1', { state_code: 'Z' });
      const pushed = await world.push({ mode });
      expect(Object.keys(pushed.changed).filter((name) => name.includes('/'))).toEqual([]);
      expect(Object.keys(pushed.links).filter((name) => name.includes('/'))).toEqual([]);
      expect(Object.keys(pushed.changed)).not.toEqual([]);
    },
  );

  it('removes at the sections only the definitions of a task that it deletes (E01, N10)', async () => {
    await world.add('2010', 'task:notes');
    await world.add('2010/1', 'calc:notes:1', { calc_type: 'none' });
    const pushed = await world.push({ mode: 'overwrite' });
    expect(pushed.changed).toEqual({
      '2010 task:notes': 'deleted',
      '2010/1 calc:notes:1': 'deleted',
    });
  });
});

describe('Given a push with sections', () => {
  it("reconciles them with the course's effective rows: the master's and the course's own (E02)", async () => {
    await world.add('1010', 'task:lab');
    await world.add('1010', 'calc:lab:1', { grading_scale_id: 'scale' });
    await world.add('1010', 'comp:semester:2', { children: { 'quarter:1': 5 } });
    await world.add('1010', 'cat:Course', { weight: 10 });
    const pushed = await world.push({ toSections: true });
    const calc = { calc_type: 'in_progress', grading_scale_id: 'scale', read_only: true };
    expect(pushed.changed).toEqual({
      '1010/1 calc:lab:1': { added: calc },
      '1010/2 calc:lab:1': { added: calc },
      '1010/1 comp:semester:2': { added: {} },
      '1010/2 comp:semester:2': { added: {} },
      '1010/1 compw:semester:2>quarter:1': { added: { weight: 5 } },
      '1010/2 compw:semester:2>quarter:1': { added: { weight: 5 } },
      '1010/1 cat:own Course': { added: { name: 'Course', weight: 10 } },
      '1010/2 cat:own Course': { added: { name: 'Course', weight: 10 } },
    });
    expect((await world.push({ toSections: true })).writes).toBe(0);
    await world.edit('1010', 'cat:Course', { weight: 11 });
    expect((await world.push({ toSections: true })).changed).toEqual({
      '1010/1 cat:own Course': { weight: [10, 11] },
      '1010/2 cat:own Course': { weight: [10, 11] },
    });
    await world.remove('1010', 'cat:Course');
    expect((await world.push({ toSections: true })).changed).toEqual({
      '1010/1 cat:own Course': 'deleted',
      '1010/2 cat:own Course': 'deleted',
    });
  });

  it('brings only selected and locked types to them (E02, G10, G11)', async () => {
    await changeMaster();
    await world.run(
      `update catalog_type_lock set mode = 'unlocked' where data_type = 'categories'`,
    );
    const pushed = await world.push({
      types: ['grade_calc_options', 'categories'],
      toSections: true,
    });
    expect(Object.keys(pushed.changed).sort()).toEqual([
      '1010 calc:quarter:1',
      '1010/1 calc:quarter:1',
      '1010/2 calc:quarter:1',
    ]);
  });

  it('reaches them with calc options, composites, weights and categories, not with tasks or assessments (E03)', async () => {
    await changeMaster();
    await world.add('master 1010', 'task:lab');
    await world.add('master 1010', 'assess:unit');
    await world.set('master 1010', { state_code: 'M2' });
    const pushed = await world.push({ toSections: true });
    expect(
      Object.keys(pushed.changed)
        .filter((name) => name.startsWith('1010/1'))
        .sort(),
    ).toEqual([
      '1010/1 calc:quarter:1',
      '1010/1 cat:Tests',
      '1010/1 comp:final:2',
      '1010/1 compw:final:2>quarter:1',
      '1010/1 compw:final:4>quarter:1',
    ]);
  });

  it('keeps every row a teacher made in locked mode, with its values (E04)', async () => {
    await teach();
    await changeMaster();
    const pushed = await world.push({ toSections: true });
    for (const name of ['calc:semester:2', 'comp:semester:2', 'cat:own Projects'])
      expect(pushed.changed).not.toHaveProperty([`1010/1 ${name}`]);
    // Local rows under a lock are legal: no line (L7).
    expect(pushed.items.filter((item) => item.section === '1' && item.op === 'none')).toEqual([]);
  });

  it("removes a teacher's rows without student work in overwrite and keeps those with it as residual (E05)", async () => {
    await teach();
    await world.add('1010/2', 'calc:semester:2', { calc_type: 'none' });
    await world.add('1010/2', 'comp:semester:2', { children: { 'quarter:1': 5 } });
    await world.add('1010/2', 'cat:Projects', { weight: 10 });
    await world.post('1010/2', 'semester:2');
    await world.assign('1010/2', 'quarter', { category: 'Projects' });
    const pushed = await world.push({ mode: 'overwrite', toSections: true });
    expect(pushed.changed).toEqual({
      '1010/1 calc:semester:2': 'deleted',
      '1010/1 comp:semester:2': 'deleted',
      '1010/1 compw:semester:2>quarter:1': 'deleted',
      '1010/1 cat:own Projects': 'deleted',
    });
    for (const key of ['calc:semester:2', 'comp:semester:2', 'local:1010/2/own Projects'])
      expect(pushed.item('1010', key, '2')).toMatchObject({
        outcome: 'RETAINED_PROTECTED',
        reason: 'student_work',
      });
    expect(pushed.links).toMatchObject({
      '1010/2 calc:semester:2': { added: { state: 'residual' } },
      '1010/2 comp:semester:2': { added: { state: 'residual' } },
    });
    expect((await world.push({ mode: 'overwrite', toSections: true })).writes).toBe(0);
  });

  it('pushes to a section without teacher or roster like to any other (E08)', async () => {
    await changeMaster();
    const { changed } = await world.push({ toSections: true });
    const at = (place: string): string[] =>
      Object.keys(changed)
        .filter((name) => name.startsWith(`${place} `))
        .map((name) => name.slice(place.length));
    expect(at('1010/2').sort()).toEqual(at('1010/1').sort());
    expect(at('1010/2')).not.toEqual([]);
  });
});
