import { describe, expect, it } from '@jest/globals';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

const WEIGHTS: PushWish = { types: ['composite_weights'], toSections: true };
const OVERWRITE: PushWish = { ...WEIGHTS, mode: 'overwrite' };
const world = useWorld({ pushed: { toSections: true } });

describe('Given composites with weights, when locked data is pushed', () => {
  it('writes the weight of each child on both sides, at the course and its sections (M13, M14)', async () => {
    await world.edit('master 1010', 'compw:final:4>quarter:1', { weight: 40 });
    const pushed = await world.push(WEIGHTS);
    expect(pushed.item('1010', 'compw:final:4>quarter:1')).toMatchObject({
      outcome: 'UPDATED',
      before: { weight: 25 },
      after: { weight: 40 },
    });
    expect(pushed.changed).toEqual({
      '1010 compw:final:4>quarter:1': { weight: [25, 40] },
      '1010/1 compw:final:4>quarter:1': { weight: [25, 40] },
      '1010/2 compw:final:4>quarter:1': { weight: [25, 40] },
    });
    expect((await world.push(WEIGHTS)).writes).toBe(0);
  });

  it('skips a child that is missing at the course; nothing is inserted or deleted (M13)', async () => {
    await world.add('master 1010', 'compw:final:4>final:1', { weight: 10 });
    await world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 60 } });
    await world.remove('master 1010', 'compw:final:4>quarter:4');
    const pushed = await world.push(WEIGHTS);
    expect(pushed.items).toMatchObject([
      {
        key: 'compw:final:2>quarter:1',
        outcome: 'SKIPPED_DEPENDENCY',
        reason: 'composite_missing',
      },
      { key: 'compw:final:4>final:1', outcome: 'SKIPPED_DEPENDENCY', reason: 'composite_missing' },
    ]);
    expect(pushed.changed).toEqual({});
  });

  it('judges desync on weights only: a changed weight fails the type, a missing child does not (M13)', async () => {
    await world.remove('1010', 'compw:final:4>quarter:4');
    await world.edit('master 1010', 'compw:final:4>quarter:1', { weight: 40 });
    const pushed = await world.push({ ...WEIGHTS, toSections: false });
    expect(pushed.item('1010', 'compw:final:4>quarter:4')).toMatchObject({
      outcome: 'SKIPPED_DEPENDENCY',
    });
    expect(pushed.changed).toEqual({ '1010 compw:final:4>quarter:1': { weight: [25, 40] } });
    await world.edit('1010', 'compw:final:4>quarter:2', { weight: 1 });
    await world.edit('master 1010', 'compw:final:4>quarter:1', { weight: 50 });
    const failed = await world.push({ ...WEIGHTS, toSections: false });
    expect(failed.item('1010', 'compw:final:4>quarter:2')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
      reason: 'changed_below',
    });
    expect(failed.changed).toEqual({});
  });

  it('writes the weights of a composite that was taken over without them, and links equal ones (M13)', async () => {
    await world.run(`delete from sync_link where data_type::text like 'composite%'`);
    await world.edit('1010', 'compw:final:4>quarter:1', { weight: 7 });
    await world.push({ types: ['composite_grades'], mode: 'overwrite' });
    const pushed = await world.push({ ...WEIGHTS, toSections: false });
    expect(pushed.items.map((item) => item.outcome)).toEqual([
      'UPDATED',
      ...['RELINKED', 'RELINKED', 'RELINKED'],
    ]);
    expect(pushed.changed).toEqual({ '1010 compw:final:4>quarter:1': { weight: [7, 25] } });
    expect((await world.push(WEIGHTS)).item('1010', 'compw:final:4>quarter:1')).toBeUndefined();
  });

  it('leaves the weights of a composite that is not linked, at the course and the section (M13, M14)', async () => {
    await world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 60 } });
    await world.add('1010', 'comp:final:2', { children: { 'quarter:1': 7 } });
    await world.add('1010/1', 'comp:final:2', { children: { 'quarter:1': 8 } });
    const pushed = await world.push(WEIGHTS);
    expect(pushed.changed).toEqual({});
  });

  it('fails the type for the one section whose weight was edited (M14: S08)', async () => {
    await world.edit('1010/1', 'compw:final:4>quarter:1', { weight: 1 });
    await world.edit('master 1010', 'compw:final:4>quarter:2', { weight: 40 });
    const pushed = await world.push(WEIGHTS);
    expect(pushed.item('1010', 'compw:final:4>quarter:1', '1')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
    });
    expect(Object.keys(pushed.changed).sort()).toEqual([
      '1010 compw:final:4>quarter:2',
      '1010/2 compw:final:4>quarter:2',
    ]);
  });
});

describe('Given drifted weights, when the course is overwritten', () => {
  it('writes them to the master value, at the course and its sections, and adds no child (M34, M35)', async () => {
    await world.edit('1010', 'compw:final:4>quarter:1', { weight: 1 });
    await world.edit('1010/1', 'compw:final:4>quarter:2', { weight: 2 });
    await world.add('master 1010', 'compw:final:4>final:1', { weight: 10 });
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'compw:final:4>quarter:1')).toMatchObject({
      outcome: 'RELINKED',
      before: { weight: 1 },
      after: { weight: 25 },
    });
    expect(pushed.item('1010', 'compw:final:4>final:1')).toMatchObject({
      outcome: 'SKIPPED_DEPENDENCY',
    });
    expect(pushed.changed).toEqual({
      '1010 compw:final:4>quarter:1': { weight: [1, 25] },
      '1010/1 compw:final:4>quarter:2': { weight: [2, 25] },
    });
    expect((await world.push(OVERWRITE)).writes).toBe(0);
  });

  it("keeps the weights of a teacher's composite that stays (M35)", async () => {
    await world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 60 } });
    await world.add('1010/1', 'comp:final:2', { children: { 'quarter:1': 7 } });
    await world.post('1010/1', 'final:2');
    const pushed = await world.push({
      types: ['composite_grades', 'composite_weights'],
      mode: 'overwrite',
      toSections: true,
    });
    expect(pushed.item('1010', 'comp:final:2', '1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
    });
    expect(await world.row('1010/1 compw:final:2>quarter:1')).toEqual({ weight: 7 });
    expect(await world.row('1010/2 compw:final:2>quarter:1')).toEqual({ weight: 60 });
  });

  it('writes the weights of an adopted composite in the same push (M34)', async () => {
    await world.add('master 1010', 'comp:final:2', { children: { 'quarter:1': 60 } });
    await world.add('1010', 'comp:final:2', { children: { 'quarter:1': 7 } });
    const wish: PushWish = { types: ['composite_grades', 'composite_weights'], mode: 'overwrite' };
    const pushed = await world.push(wish);
    expect(pushed.changed).toEqual({ '1010 compw:final:2>quarter:1': { weight: [7, 60] } });
    expect((await world.push(wish)).writes).toBe(0);
  });
});
