import { describe, expect, it } from '@jest/globals';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

const CALC: PushWish = { types: ['grade_calc_options'], toSections: true };
const OVERWRITE: PushWish = { ...CALC, mode: 'overwrite' };
const world = useWorld({ pushed: { toSections: true } });

const inserted = { calc_type: 'in_progress', grading_scale_id: 'scale' };
const insertedBelow = { ...inserted, read_only: true };

describe('Given linked calc options, when locked data is pushed', () => {
  it('inserts, updates and deletes them at the course and, read-only, at its sections (M07, M08: L1, L2, L6)', async () => {
    await world.add('master 1010', 'calc:final:4', { grading_scale_id: 'scale' });
    await world.edit('master 1010', 'calc:quarter:1', { limit_last_n: 3 });
    await world.remove('master 1010', 'calc:quarter:2');
    const pushed = await world.push(CALC);
    expect(pushed.changed).toEqual({
      '1010 calc:final:4': { added: inserted },
      '1010/1 calc:final:4': { added: insertedBelow },
      '1010/2 calc:final:4': { added: insertedBelow },
      '1010 calc:quarter:1': { limit_last_n: [null, 3] },
      '1010/1 calc:quarter:1': { limit_last_n: [null, 3] },
      '1010/2 calc:quarter:1': { limit_last_n: [null, 3] },
      '1010 calc:quarter:2': 'deleted',
      '1010/1 calc:quarter:2': 'deleted',
      '1010/2 calc:quarter:2': 'deleted',
    });
    expect(pushed.item('1010', 'calc:quarter:2')).toMatchObject({
      outcome: 'DELETED',
      reason: 'master_item_removed',
    });
    expect((await world.push(CALC)).writes).toBe(0);
  });

  it('skips one whose task the course is not aligned to (M07)', async () => {
    await world.add('master 2010', 'task:lab');
    await world.add('master 2010', 'calc:lab:1');
    const pushed = await world.push(CALC);
    expect(pushed.item('2010', 'calc:lab:1')).toMatchObject({
      outcome: 'SKIPPED_DEPENDENCY',
      reason: 'not_aligned',
    });
    expect(pushed.changed).toEqual({});
    const withTasks = await world.push({
      types: ['grading_tasks_standards', 'grade_calc_options'],
    });
    expect(withTasks.item('2010', 'calc:lab:1')).toMatchObject({ outcome: 'INSERTED' });
  });

  it('skips one whose task the master is not aligned to, though the course has it (M07)', async () => {
    await world.add('2010', 'task:lab');
    await world.add('master 2010', 'calc:lab:1');
    const pushed = await world.push(CALC);
    expect(pushed.item('2010', 'calc:lab:1')).toMatchObject({
      outcome: 'SKIPPED_DEPENDENCY',
      reason: 'not_aligned',
    });
    expect(pushed.changed).toEqual({});
  });

  it('deletes one the master dropped while keeping the task, with a warning when students have scores (M07: N09)', async () => {
    await world.assign('1010/1', 'quarter', { due: '2023-09-01' });
    await world.remove('master 1010', 'calc:quarter:1');
    await world.remove('master 1010', 'calc:quarter:2');
    const pushed = await world.push(CALC);
    expect(pushed.item('1010', 'calc:quarter:1')).toMatchObject({
      outcome: 'DELETED',
      reason: 'calculation_removed',
    });
    expect(pushed.item('1010', 'calc:quarter:2')).toMatchObject({
      outcome: 'DELETED',
      reason: 'master_item_removed',
    });
    expect(Object.values(pushed.changed)).toEqual(Array.from({ length: 6 }, () => 'deleted'));
  });

  it('fails the type for a course with one edited option, and its sections do not receive it (M07: L3, S07)', async () => {
    await world.edit('1010', 'calc:quarter:1', { limit_last_n: 9 });
    await world.edit('master 1010', 'calc:quarter:2', { limit_last_n: 3 });
    const pushed = await world.push(CALC);
    expect(pushed.items).toMatchObject([
      { course: '1010', section: null, key: 'calc:quarter:1', outcome: 'FAILED_DESYNCED' },
    ]);
    expect(pushed.changed).toEqual({});
  });

  it('fails the type for the one section whose pushed option was edited (M08: L3, S08)', async () => {
    await world.edit('1010/1', 'calc:quarter:1', { limit_last_n: 9 });
    await world.edit('master 1010', 'calc:quarter:2', { limit_last_n: 3 });
    const pushed = await world.push(CALC);
    expect(pushed.item('1010', 'calc:quarter:1', '1')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
      reason: 'changed_below',
    });
    expect(Object.keys(pushed.changed).sort()).toEqual([
      '1010 calc:quarter:2',
      '1010/2 calc:quarter:2',
    ]);
  });

  it("lets the teacher's own option of the same task and term win, and keeps others without a line (M08, E04)", async () => {
    await world.add('master 1010', 'calc:final:4', { grading_scale_id: 'scale' });
    await world.add('1010/1', 'calc:final:4', { calc_type: 'none' });
    await world.add('1010/1', 'calc:semester:2', { calc_type: 'none' });
    const pushed = await world.push(CALC);
    expect(pushed.item('1010', 'calc:final:4', '1')).toMatchObject({
      outcome: 'RETAINED_LOCAL',
      reason: 'local_same_key',
    });
    expect(pushed.item('1010', 'calc:semester:2', '1')).toBeUndefined();
    expect(Object.keys(pushed.changed).sort()).toEqual([
      '1010 calc:final:4',
      '1010/2 calc:final:4',
    ]);
  });

  it('deletes a section row whose course row is gone whatever the evidence; scores and grades stay (M08)', async () => {
    await world.assign('1010/1', 'quarter', { due: '2023-09-01' });
    await world.post('1010/1', 'quarter:1');
    await world.remove('master 1010', 'calc:quarter:1');
    const pushed = await world.push(CALC);
    expect(pushed.item('1010', 'calc:quarter:1', '1')).toMatchObject({ outcome: 'DELETED' });
    expect(pushed.changed).toEqual({
      '1010 calc:quarter:1': 'deleted',
      '1010/1 calc:quarter:1': 'deleted',
      '1010/2 calc:quarter:1': 'deleted',
    });
  });

  it('marks section rows read-only, and counts a row unlocked by hand as edited (M08, E06)', async () => {
    expect(await world.row('1010/1 calc:quarter:1')).toMatchObject({ read_only: true });
    expect(await world.row('1010 calc:quarter:1')).toMatchObject({ read_only: false });
    await world.edit('1010/1', 'calc:quarter:1', { read_only: false });
    expect((await world.push(CALC)).item('1010', 'calc:quarter:1', '1')).toMatchObject({
      outcome: 'FAILED_DESYNCED',
    });
  });
});

describe('Given local calc options, when the course is overwritten', () => {
  it("keeps the course's own with student work in that term, adopts or deletes the rest (M28: O4, O5, O6, O7)", async () => {
    for (const term of [1, 2]) {
      await world.add('master 1010', `calc:final:${term}`, { grading_scale_id: 'scale' });
      await world.add('1010', `calc:final:${term}`, { calc_type: 'none' });
      await world.add('1010', `calc:final:${term + 2}`, { calc_type: 'none' });
    }
    await world.post('1010/1', 'final:1');
    await world.post('1010/1', 'final:3');
    const pushed = await world.push({ ...OVERWRITE, toSections: false });
    expect(pushed.item('1010', 'calc:final:1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      rule: 'O5',
    });
    expect(pushed.item('1010', 'calc:final:3')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    expect(pushed.changed).toEqual({
      '1010 calc:final:2': {
        calc_type: ['none', 'in_progress'],
        grading_scale_id: [null, 'scale'],
      },
      '1010 calc:final:4': 'deleted',
    });
    expect(pushed.links).toMatchObject({
      '1010 calc:final:2': { added: { state: 'linked' } },
      '1010 calc:final:3': { added: { state: 'residual' } },
    });
    expect((await world.push({ ...OVERWRITE, toSections: false })).writes).toBe(0);
  });

  it('lets undated work protect every term (M28, P06)', async () => {
    await world.add('1010', 'calc:final:2');
    await world.assign('1010/2', 'final');
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'calc:final:2')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      assignments: 1,
    });
  });

  it('heals drift and deletes pushed rows whose source is gone, evidence or not, with the warning (M28: O2, N09, P08)', async () => {
    await world.post('1010/1', 'quarter:1');
    await world.remove('master 1010', 'calc:quarter:1');
    await world.edit('1010', 'calc:quarter:1', { limit_last_n: 9 });
    await world.edit('1010', 'calc:quarter:2', { limit_last_n: 9 });
    const pushed = await world.push({ ...OVERWRITE, toSections: false });
    expect(pushed.item('1010', 'calc:quarter:1')).toMatchObject({
      outcome: 'DELETED',
      reason: 'calculation_removed',
    });
    expect(pushed.changed).toEqual({
      '1010 calc:quarter:1': 'deleted',
      '1010 calc:quarter:2': { limit_last_n: [9, null] },
    });
  });

  it("keeps a teacher's option with work in that term, adopts one without, deletes one without counterpart (M29, E05)", async () => {
    await world.add('master 1010', 'calc:final:1', { grading_scale_id: 'scale' });
    await world.add('master 1010', 'calc:final:2', { grading_scale_id: 'scale' });
    for (const term of [1, 2, 3, 4])
      await world.add('1010/1', `calc:final:${term}`, { calc_type: 'none' });
    await world.assign('1010/1', 'final', { due: '2023-09-01' });
    await world.post('1010/1', 'final:3');
    // Work in the other section says nothing about this one (P06).
    await world.post('1010/2', 'final:4');
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'calc:final:1', '1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
    });
    expect(pushed.item('1010', 'calc:final:3', '1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
    });
    expect(pushed.changed).toEqual({
      '1010 calc:final:1': { added: inserted },
      '1010 calc:final:2': { added: inserted },
      '1010/2 calc:final:1': { added: insertedBelow },
      '1010/2 calc:final:2': { added: insertedBelow },
      '1010/1 calc:final:2': {
        calc_type: ['none', 'in_progress'],
        grading_scale_id: [null, 'scale'],
        read_only: [false, true],
      },
      '1010/1 calc:final:4': 'deleted',
    });
    expect((await world.push(OVERWRITE)).writes).toBe(0);
  });

  it('heals drift at the section (M29: O2)', async () => {
    await world.edit('1010/1', 'calc:quarter:1', { read_only: false, limit_last_n: 2 });
    await world.remove('1010/2', 'calc:quarter:2');
    const pushed = await world.push(OVERWRITE);
    expect(pushed.changed).toEqual({
      '1010/1 calc:quarter:1': { read_only: [false, true], limit_last_n: [2, null] },
      '1010/2 calc:quarter:2': { added: insertedBelow },
    });
  });
});
