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
