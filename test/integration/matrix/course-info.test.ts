import { describe, expect, it } from '@jest/globals';
import { useWorld } from '../../support/world.ts';

const INFO = { types: ['course_info'] } as const;
const world = useWorld({
  pushed: { toSections: true },
  fixture: [
    `update section set attr_overrides = '{"max_students": 20}', primary_teacher_id = 'T9' where id = 2`,
  ],
});

describe('Given hard-locked attributes, when locked data is pushed', () => {
  it('writes each to the master value and clears what the master cleared, nothing else (M01)', async () => {
    await world.set('master 1010', { state_code: 'M2', gpa_weight: null, max_students: 25 });
    const pushed = await world.push(INFO);
    expect(pushed.item('1010', 'attr:state_code')).toMatchObject({ outcome: 'UPDATED' });
    expect(pushed.item('1010', 'attr:gpa_weight')).toMatchObject({
      outcome: 'UPDATED',
      after: { value: null },
    });
    expect(pushed.changed).toEqual({
      1010: { state_code: ['M1', 'M2'], gpa_weight: [1, undefined] },
    });
    expect((await world.push(INFO)).writes).toBe(0);
  });

  it('fails the attribute that differs from what was pushed and writes the others (M01, G16)', async () => {
    await world.set('1010', { state_code: 'X9' });
    await world.set('master 1010', { state_code: 'M2', name: 'Algebra One' });
    const pushed = await world.push(INFO);
    expect(pushed.item('1010', 'attr:state_code')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
      reason: 'changed_below',
    });
    expect(pushed.changed).toEqual({ 1010: { name: ['Algebra I', 'Algebra One'] } });
  });

  it('leaves an unlocked attribute untouched on the course, whatever the master has (M01)', async () => {
    await world.set('1010', { max_students: 18 });
    await world.set('master 1010', { max_students: 25 });
    const pushed = await world.push(INFO);
    expect(pushed.item('1010', 'attr:max_students')).toBeUndefined();
    expect(pushed.changed).toEqual({});
  });
});

describe('Given a hard lock on the number, when locked data is pushed', () => {
  it('lets two courses swap their numbers, and withholds one that another course has (M01)', async () => {
    await world.run(`insert into catalog_attribute_lock values (1, 'number', 'hard')`);
    await world.push(INFO);
    await world.run(`update course_master set number = 'swap' where id = 1`);
    await world.run(`update course_master set number = '1010' where id = 2`);
    await world.run(`update course_master set number = '2010' where id = 1`);
    const swapped = await world.push(INFO);
    expect(swapped.batches.map((batch) => batch.kind)).toEqual(['applied', 'done']);
    expect(await world.row('2010')).toMatchObject({ id: 1 });
    expect(await world.row('1010')).toMatchObject({ id: 2 });
    await world.run(
      `insert into course (source_id, calendar_id, number, name) values ('own', 1, '3010', 'Own')`,
    );
    await world.run(`update course_master set number = '3010' where id = 1`);
    await world.set('master 3010', { state_code: 'M2' });
    const pushed = await world.push(INFO);
    expect(pushed.item('2010', 'attr:number')).toMatchObject({
      outcome: 'WITHHELD',
      reason: 'number_taken',
    });
    expect(pushed.changed).toEqual({ 2010: { state_code: ['M1', 'M2'] } });
  });
});

describe('Given a soft-locked attribute, when locked data is pushed', () => {
  it('writes it when only the master changed it (M01)', async () => {
    await world.set('master 1010', { terms: 2 });
    const pushed = await world.push(INFO);
    expect(pushed.item('1010', 'attr:terms')).toMatchObject({ outcome: 'UPDATED' });
    expect(pushed.changed).toEqual({ 1010: { terms: [4, 2] } });
  });

  it('keeps what the course changed while the master did not, also the next time (M01)', async () => {
    await world.set('1010', { terms: 1 });
    for (const pushed of [await world.push(INFO), await world.push(INFO)]) {
      expect(pushed.item('1010', 'attr:terms')).toMatchObject({
        outcome: 'KEPT_SOFT_LOCK',
        reason: 'soft_lock_changed',
      });
      expect(pushed.changed).toEqual({});
    }
  });

  it('writes the master value when the master changed it since the last push, although the course did too (M01)', async () => {
    await world.set('1010', { terms: 1 });
    await world.set('master 1010', { terms: 2 });
    const pushed = await world.push(INFO);
    expect(pushed.changed).toEqual({ 1010: { terms: [1, 2] } });
    expect((await world.push(INFO)).writes).toBe(0);
  });
});

describe('Given section overrides', () => {
  it('reports one on a hard-locked attribute and keeps it in locked mode (M02)', async () => {
    await world.set('1010/1', { state_code: 'Z' });
    await world.set('master 1010', { state_code: 'M2' });
    const pushed = await world.push({ ...INFO, toSections: true });
    expect(pushed.item('1010', 'attr:state_code', '1')).toMatchObject({
      outcome: 'RETAINED_LOCAL',
      reason: 'section_override',
      before: { value: 'Z' },
    });
    expect(pushed.changed).toEqual({ 1010: { state_code: ['M1', 'M2'] } });
  });

  it.each(['push_locked', 'overwrite'] as const)(
    'takes a blank one for none, as it inherits (M02, M23, E07: %s)',
    async (mode) => {
      await world.set('1010/1', { state_code: ' ' });
      const pushed = await world.push({ ...INFO, mode, toSections: true });
      expect(pushed.item('1010', 'attr:state_code', '1')).toBeUndefined();
      expect(pushed.changed).toEqual({});
    },
  );

  it('clears one on a hard-locked attribute in overwrite and keeps the others, the teacher too (M23)', async () => {
    await world.set('1010/1', { state_code: 'Z', max_students: 12, terms: 2 });
    const pushed = await world.push({ ...INFO, mode: 'overwrite', toSections: true });
    expect(pushed.item('1010', 'attr:state_code', '1')).toMatchObject({
      outcome: 'UPDATED',
      before: { value: 'Z' },
      after: { value: null },
    });
    expect(pushed.changed).toEqual({
      '1010/1': {
        attr_overrides: [
          { state_code: 'Z', max_students: 12, terms: 2 },
          { max_students: 12, terms: 2 },
        ],
      },
    });
  });

  it('keeps one on an attribute that only ever has a soft lock, even if the catalog says hard (M23)', async () => {
    await world.run(
      `update catalog_attribute_lock set mode = 'hard' where attribute_code = 'terms'`,
    );
    await world.set('1010/1', { terms: 2 });
    const pushed = await world.push({ ...INFO, mode: 'overwrite', toSections: true });
    expect(pushed.changed).toEqual({});
  });

  it('leaves every override alone when sections are not pushed (M23, E01)', async () => {
    await world.set('1010/1', { state_code: 'Z' });
    const pushed = await world.push({ ...INFO, mode: 'overwrite' });
    expect(pushed.changed).toEqual({});
  });

  it('fills no section field: a blank one inherits, a filled one wins (E07)', async () => {
    await world.set('master 1010', { state_code: 'M2', name: 'Algebra One', terms: 2 });
    for (const mode of ['push_locked', 'overwrite'] as const) {
      const pushed = await world.push({ ...INFO, mode, toSections: true });
      expect(Object.keys(pushed.changed).filter((name) => name !== '1010')).toEqual([]);
    }
    expect(await world.row('1010/1')).toMatchObject({ attr_overrides: {} });
    expect(await world.row('1010/2')).toMatchObject({ attr_overrides: { max_students: 20 } });
  });
});

describe('Given drifted attributes, when the course is overwritten', () => {
  it('writes every locked attribute, hard or soft, names the old value, and leaves unlocked ones (M22)', async () => {
    await world.set('1010', { state_code: 'X9', terms: 1, max_students: 18 });
    const pushed = await world.push({ ...INFO, mode: 'overwrite' });
    expect(pushed.item('1010', 'attr:state_code')).toMatchObject({
      outcome: 'RELINKED',
      before: { value: 'X9' },
      after: { value: 'M1' },
    });
    expect(pushed.item('1010', 'attr:terms')).toMatchObject({ before: { value: 1 } });
    expect(pushed.changed).toEqual({ 1010: { state_code: ['X9', 'M1'], terms: [1, 4] } });
    expect((await world.push(INFO)).writes).toBe(0);
  });
});
