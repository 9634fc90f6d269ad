import { describe, expect, it } from '@jest/globals';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

const ASSESSMENTS: PushWish = { types: ['assessments'], toSections: true };
const OVERWRITE: PushWish = { ...ASSESSMENTS, mode: 'overwrite' };
const world = useWorld({
  pushed: { toSections: true },
  fixture: [`insert into test (id, name) values ('quiz', 'Quiz')`],
});

const softLock = (): Promise<void> =>
  world.run(`update catalog_type_lock set mode = 'soft' where data_type = 'assessments'`);

describe('Given a hard lock on assessments, when locked data is pushed', () => {
  it('inserts, updates and deletes what has no test scores, and writes no section row (M19, M20: L1, L2, L6)', async () => {
    await world.add('master 1010', 'assess:unit', { copies_forward: true });
    await world.add('master 2010', 'assess:unit');
    await world.edit('master 1010', 'assess:eoc', { copies_forward: true });
    const pushed = await world.push(ASSESSMENTS);
    expect(pushed.changed).toEqual({
      '1010 assess:unit': { added: { copies_forward: true } },
      '2010 assess:unit': { added: {} },
      '1010 assess:eoc': { copies_forward: [false, true] },
    });
    expect(pushed.items.filter((item) => item.section !== null)).toEqual([]);
    await world.remove('master 1010', 'assess:eoc');
    expect((await world.push(ASSESSMENTS)).changed).toEqual({ '1010 assess:eoc': 'deleted' });
  });

  it('keeps a dropped one with test scores of any section as residual, and relinks it (M19: L4, L6)', async () => {
    await world.takeTest('1010/2', 'eoc');
    await world.remove('master 1010', 'assess:eoc');
    const pushed = await world.push(ASSESSMENTS);
    expect(pushed.item('1010', 'assess:eoc')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'student_work',
      scores: 1,
    });
    expect(pushed.changed).toEqual({});
    expect(pushed.links).toMatchObject({ '1010 assess:eoc': { state: ['linked', 'residual'] } });
    await world.add('master 1010', 'assess:eoc', { copies_forward: true });
    const back = await world.push(ASSESSMENTS);
    expect(back.item('1010', 'assess:eoc')).toMatchObject({ outcome: 'RELINKED' });
    expect(back.changed).toEqual({ '1010 assess:eoc': { copies_forward: [false, true] } });
  });

  it('fails the type for a course with an edited one, and keeps a local one of the same test (M19: L3, L5)', async () => {
    await world.edit('1010', 'assess:eoc', { copies_forward: true });
    await world.add('master 1010', 'assess:unit');
    await world.add('master 2010', 'assess:unit', { copies_forward: true });
    await world.add('2010', 'assess:unit');
    const pushed = await world.push(ASSESSMENTS);
    expect(pushed.items).toMatchObject([
      { course: '1010', key: 'assess:eoc', outcome: 'FAILED_DESYNCED', reason: 'changed_below' },
      { course: '2010', key: 'assess:unit', outcome: 'RETAINED_LOCAL' },
    ]);
    expect(pushed.changed).toEqual({});
  });
});

describe('Given a soft lock on assessments, when locked data is pushed', () => {
  it('inserts new ones and keeps what the course changed or removed, also the next time (M19, S04)', async () => {
    await softLock();
    await world.add('master 1010', 'assess:unit');
    await world.push(ASSESSMENTS);
    await world.add('master 1010', 'assess:quiz');
    await world.edit('1010', 'assess:eoc', { copies_forward: true });
    await world.remove('1010', 'assess:unit');
    const pushed = await world.push(ASSESSMENTS);
    expect(pushed.item('1010', 'assess:eoc')).toMatchObject({
      outcome: 'KEPT_SOFT_LOCK',
      reason: 'soft_lock_changed',
    });
    expect(pushed.item('1010', 'assess:unit')).toMatchObject({ outcome: 'KEPT_SOFT_LOCK' });
    expect(pushed.changed).toEqual({ '1010 assess:quiz': { added: {} } });
    const again = await world.push(ASSESSMENTS);
    expect(again.changed).toEqual({});
    expect(again.items.map((item) => item.outcome)).toEqual(['KEPT_SOFT_LOCK', 'KEPT_SOFT_LOCK']);
  });

  it('still takes changes of the master where the course changed nothing (M19)', async () => {
    await softLock();
    await world.edit('master 1010', 'assess:eoc', { copies_forward: true });
    expect((await world.push(ASSESSMENTS)).changed).toEqual({
      '1010 assess:eoc': { copies_forward: [false, true] },
    });
  });
});

describe.each(['hard', 'soft'])(
  'Given a %s lock on assessments, when the course is overwritten',
  (lock) => {
    it('inserts, heals, adopts, deletes without test scores and keeps with them (M40: O1, O2, O4, O5, O6, O7)', async () => {
      if (lock === 'soft') await softLock();
      await world.add('master 2010', 'assess:eoc', { copies_forward: true });
      await world.add('master 2010', 'assess:unit', { copies_forward: true });
      for (const test of ['eoc', 'unit', 'quiz']) await world.add('2010', `assess:${test}`);
      await world.takeTest('2010/1', 'eoc');
      await world.edit('1010', 'assess:eoc', { copies_forward: true });
      await world.add('1010', 'assess:unit');
      await world.takeTest('1010/1', 'unit');
      const pushed = await world.push(OVERWRITE);
      expect(pushed.item('2010', 'assess:eoc')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
      expect(pushed.item('1010', 'assess:unit')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
      expect(pushed.changed).toEqual({
        '2010 assess:unit': { copies_forward: [false, true] },
        '2010 assess:quiz': 'deleted',
        '1010 assess:eoc': { copies_forward: [true, false] },
      });
      expect((await world.push(OVERWRITE)).writes).toBe(0);
    });

    it('puts back what someone removed below, and writes no section row (M40, M41: O1)', async () => {
      if (lock === 'soft') await softLock();
      await world.remove('1010', 'assess:eoc');
      const pushed = await world.push(OVERWRITE);
      expect(pushed.changed).toEqual({ '1010 assess:eoc': { added: {} } });
      expect(pushed.items.filter((item) => item.section !== null)).toEqual([]);
    });
  },
);
