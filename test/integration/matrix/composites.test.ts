import { describe, expect, it } from '@jest/globals';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

const COMPOSITES: PushWish = { types: ['composite_grades'], toSections: true };
const OVERWRITE: PushWish = { ...COMPOSITES, mode: 'overwrite' };
const BOTH: PushWish = { types: ['composite_grades', 'composite_weights'], toSections: true };
const world = useWorld({ pushed: { toSections: true } });

/** The names of changes at the course and both sections of 1010. */
const everywhere = (key: string): string[] =>
  ['1010', '1010/1', '1010/2'].map((place) => `${place} ${key}`);
const everywhereAs = (key: string, change: unknown): Record<string, unknown> =>
  Object.fromEntries(everywhere(key).map((name) => [name, change]));

describe('Given composites, when locked data is pushed', () => {
  it('inserts a new one with its children and the weights of the master, at the course and its sections (M10, M11: L1)', async () => {
    await world.add('master 1010', 'comp:final:2', {
      children: { 'quarter:1': 60, 'quarter:2': 40 },
    });
    const pushed = await world.push(COMPOSITES);
    expect(pushed.item('1010', 'comp:final:2')).toMatchObject({
      outcome: 'INSERTED',
      after: { children: ['quarter:1', 'quarter:2'] },
    });
    expect(pushed.changed).toEqual({
      ...everywhereAs('comp:final:2', { added: {} }),
      ...everywhereAs('compw:final:2>quarter:1', { added: { weight: 60 } }),
      ...everywhereAs('compw:final:2>quarter:2', { added: { weight: 40 } }),
    });
    expect((await world.push(COMPOSITES)).writes).toBe(0);
    expect((await world.push(BOTH)).writes).toBe(0);
  });

  it('adds a new child with its weight, drops a removed one and leaves the weights of the others (M10, M11: L2)', async () => {
    await world.add('master 1010', 'compw:final:4>final:1', { weight: 15 });
    await world.remove('master 1010', 'compw:final:4>quarter:4');
    await world.edit('master 1010', 'compw:final:4>quarter:1', { weight: 99 });
    const pushed = await world.push(COMPOSITES);
    expect(pushed.changed).toEqual({
      ...everywhereAs('compw:final:4>final:1', { added: { weight: 15 } }),
      ...everywhereAs('compw:final:4>quarter:4', 'deleted'),
    });
    expect((await world.push(COMPOSITES)).writes).toBe(0);
    expect((await world.push(BOTH)).changed).toEqual(
      everywhereAs('compw:final:4>quarter:1', { weight: [25, 99] }),
    );
  });

  it('skips one with a child the course is not aligned to (M10)', async () => {
    await world.add('master 1010', 'task:lab');
    await world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 60, 'lab:1': 40 } });
    const pushed = await world.push(COMPOSITES);
    expect(pushed.item('1010', 'comp:final:2')).toMatchObject({
      outcome: 'SKIPPED_DEPENDENCY',
      reason: 'not_aligned',
    });
    expect(pushed.changed).toEqual({});
    const withTasks = await world.push({ types: ['grading_tasks_standards', 'composite_grades'] });
    expect(withTasks.item('1010', 'comp:final:2')).toMatchObject({ outcome: 'INSERTED' });
  });

  it('skips one whose parent the course is not aligned to (M10)', async () => {
    await world.add('master 1010', 'comp:lab:2', { children: { 'quarter:1': 60 } });
    expect((await world.push(COMPOSITES)).item('1010', 'comp:lab:2')).toMatchObject({
      outcome: 'SKIPPED_DEPENDENCY',
    });
  });

  it('deletes one the master dropped, posted grades or not; the grades stay (M10, M11: L6, P08)', async () => {
    await world.post('1010/1', 'final:4');
    await world.remove('master 1010', 'comp:final:4');
    const pushed = await world.push(COMPOSITES);
    for (const section of [undefined, '1', '2'])
      expect(pushed.item('1010', 'comp:final:4', section)).toMatchObject({ outcome: 'DELETED' });
    expect(pushed.changed).toEqual({
      ...everywhereAs('comp:final:4', 'deleted'),
      ...[1, 2, 3, 4].reduce(
        (all, term) => ({ ...all, ...everywhereAs(`compw:final:4>quarter:${term}`, 'deleted') }),
        {},
      ),
    });
    expect(Object.keys(pushed.links)).toContain('1010 compw:final:4>quarter:1');
    expect((await world.push(COMPOSITES)).writes).toBe(0);
  });

  it('fails the type for a course whose children were changed, and its sections do not receive it (M10: L3, S07)', async () => {
    await world.remove('1010', 'compw:final:4>quarter:4');
    await world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 60 } });
    const pushed = await world.push(COMPOSITES);
    expect(pushed.items).toMatchObject([
      { section: null, key: 'comp:final:4', outcome: 'FAILED_DESYNCED', reason: 'changed_below' },
    ]);
    expect(pushed.changed).toEqual({});
  });

  it("keeps the course's own composite of the same parent and term with its weights (M10: L5)", async () => {
    await world.add('1010', 'comp:final:2', { children: { 'quarter:1': 7 } });
    await world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 60 } });
    const pushed = await world.push({ ...BOTH, toSections: false });
    expect(pushed.items).toMatchObject([{ key: 'comp:final:2', outcome: 'RETAINED_LOCAL' }]);
    expect(pushed.changed).toEqual({});
  });

  it("lets the teacher's composite of the same parent and term win (M11, E04)", async () => {
    await world.add('1010/1', 'comp:final:2', { children: { 'final:1': 7 } });
    await world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 60 } });
    const pushed = await world.push(BOTH);
    expect(pushed.item('1010', 'comp:final:2', '1')).toMatchObject({
      outcome: 'RETAINED_LOCAL',
      reason: 'local_same_key',
    });
    expect(Object.keys(pushed.changed).filter((name) => name.startsWith('1010/1'))).toEqual([]);
    expect(pushed.changed).toHaveProperty(['1010/2 compw:final:2>quarter:1']);
  });

  it("brings the course's own composite to its sections (M11, E02)", async () => {
    await world.add('1010', 'comp:final:2', { children: { 'quarter:1': 7 } });
    const pushed = await world.push(COMPOSITES);
    expect(pushed.changed).toMatchObject({
      '1010/1 compw:final:2>quarter:1': { added: { weight: 7 } },
      '1010/2 compw:final:2>quarter:1': { added: { weight: 7 } },
    });
    expect((await world.push(BOTH)).writes).toBe(0);
  });

  it('gives a section without the composite the weight that the course gets in the same push (M11, M14)', async () => {
    await world.run(
      `insert into section (id, source_id, course_id, number) values (9, 's9', 1, '9')`,
    );
    await world.edit('master 1010', 'compw:final:4>quarter:1', { weight: 40 });
    await world.push(BOTH);
    expect(await world.row('1010/9 compw:final:4>quarter:1')).toEqual({ weight: 40 });
    expect((await world.push(BOTH)).writes).toBe(0);
  });
});

describe('Given composites, when the course is overwritten', () => {
  it("keeps the course's own with a posted grade on the parent, adopts or deletes the others (M31: O4, O5, O6, O7)", async () => {
    for (const term of [1, 2]) {
      await world.add('master 1010', `comp:final:${term}`, { children: { 'quarter:1': 60 } });
      await world.add('1010', `comp:final:${term}`, { children: { 'quarter:2': 7 } });
    }
    await world.add('1010', 'comp:final:3', { children: { 'quarter:3': 7 } });
    await world.add('1010', 'comp:quarter:4', { children: { 'quarter:3': 7 } });
    await world.post('1010/1', 'final:1', { comment: 'Well done' });
    await world.post('1010/2', 'final:3');
    // A posted grade on a child protects no composite (P07).
    await world.post('1010/2', 'quarter:3');
    const pushed = await world.push({ ...OVERWRITE, toSections: false });
    expect(pushed.item('1010', 'comp:final:1')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    expect(pushed.item('1010', 'comp:final:2')).toMatchObject({ outcome: 'RELINKED' });
    expect(pushed.item('1010', 'comp:final:3')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    expect(pushed.changed).toEqual({
      '1010 compw:final:2>quarter:1': { added: { weight: 60 } },
      '1010 compw:final:2>quarter:2': 'deleted',
      '1010 comp:quarter:4': 'deleted',
      '1010 compw:quarter:4>quarter:3': 'deleted',
    });
    expect((await world.push({ ...OVERWRITE, toSections: false })).writes).toBe(0);
  });

  it('deletes a pushed one whose source is gone, posted grades or not (M31: P08)', async () => {
    await world.post('1010/1', 'final:4');
    await world.edit('1010', 'compw:final:4>quarter:1', {
      child_term_seq: 3,
      child_gradable_id: 'final',
    });
    await world.remove('master 1010', 'comp:final:4');
    const pushed = await world.push({ ...OVERWRITE, toSections: false });
    expect(pushed.item('1010', 'comp:final:4')).toMatchObject({ outcome: 'DELETED' });
    expect(Object.keys(pushed.changed)).toContain('1010 comp:final:4');
  });

  it('keeps the tasks of a composite that stays (M31: P09)', async () => {
    await world.add('1010', 'task:lab');
    await world.add('1010', 'comp:final:2', { children: { 'lab:2': 7 } });
    await world.post('1010/2', 'final:2');
    const pushed = await world.push({
      types: ['grading_tasks_standards', 'composite_grades'],
      mode: 'overwrite',
    });
    expect(pushed.item('1010', 'task:lab')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'referenced_by_composite',
    });
    expect(pushed.changed).toEqual({});
  });

  it('does the same at the section, where only its own posted grades count (M32)', async () => {
    await world.add('1010/1', 'comp:final:1', { children: { 'quarter:1': 7 } });
    await world.add('1010/1', 'comp:final:2', { children: { 'quarter:1': 7 } });
    await world.add('master 1010', 'comp:final:3', { children: { 'quarter:1': 60 } });
    await world.add('1010/1', 'comp:final:3', { children: { 'quarter:2': 7 } });
    await world.post('1010/1', 'final:1');
    await world.post('1010/2', 'final:2');
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'comp:final:1', '1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      grades: 1,
    });
    expect(pushed.item('1010', 'comp:final:2', '1')).toMatchObject({ outcome: 'DELETED' });
    expect(pushed.item('1010', 'comp:final:3', '1')).toMatchObject({ outcome: 'RELINKED' });
    expect(
      Object.keys(pushed.changed)
        .filter((name) => name.startsWith('1010/1'))
        .sort(),
    ).toEqual([
      '1010/1 comp:final:2',
      '1010/1 compw:final:2>quarter:1',
      '1010/1 compw:final:3>quarter:1',
      '1010/1 compw:final:3>quarter:2',
    ]);
    expect((await world.push(OVERWRITE)).writes).toBe(0);
  });
});
