import { describe, expect, it } from '@jest/globals';
import { type PushWish } from '../../support/high-school.ts';
import { useWorld } from '../../support/world.ts';

/** Without Categories, whose lists of gradables follow the tasks too (C06). */
const LOCKED: PushWish = {
  toSections: true,
  types: ['grading_tasks_standards', 'grade_calc_options', 'composite_grades', 'composite_weights'],
};
const OVERWRITE: PushWish = { ...LOCKED, mode: 'overwrite' };
const world = useWorld({ pushed: { toSections: true } });

const PLACES = ['1010', '1010/1', '1010/2'];
const TERMS = [1, 2, 3, 4];
/** A change for the calc options of all terms at the named places. */
const calcs = (places: readonly string[], change: unknown): Record<string, unknown> =>
  Object.fromEntries(
    places.flatMap((place) => TERMS.map((term) => [`${place} calc:quarter:${term}`, change])),
  );
const NO_CALCULATION = { calc_type: ['in_progress', 'none'], grading_scale_id: ['scale', null] };

/** The master drops Quarter with all that hangs on it; section 1 has an assignment on it. */
async function dropQuarter(): Promise<void> {
  await world.assign('1010/1', 'quarter', { due: '2023-09-01' });
  await world.remove('master 1010', 'comp:final:4');
  for (const term of TERMS) await world.remove('master 1010', `calc:quarter:${term}`);
  await world.remove('master 1010', 'task:quarter');
}

async function putQuarterBack(): Promise<void> {
  await world.add('master 1010', 'task:quarter', {
    score_group_id: 'A',
    credit: 0.5,
    terms: TERMS,
  });
  for (const term of TERMS)
    await world.add('master 1010', `calc:quarter:${term}`, { grading_scale_id: 'scale' });
}

describe.each([
  ['locked', LOCKED],
  ['overwrite', OVERWRITE],
] as const)('Given a task with student work that the master dropped, in %s mode', (_name, wish) => {
  it('the course keeps the task and its calc options become No Calculation and course managed (N01, N02)', async () => {
    await dropQuarter();
    const pushed = await world.push({ ...wish, toSections: false });
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    expect(pushed.item('1010', 'calc:quarter:1')).toMatchObject({
      outcome: 'SET_NO_CALCULATION',
      reason: 'master_task_removed',
    });
    // Sections were not pushed: theirs change at the next push that reaches them (N03).
    expect(pushed.changed).toMatchObject(calcs(['1010'], NO_CALCULATION));
    expect(Object.keys(pushed.changed).filter((name) => /calc|task/.test(name))).toHaveLength(4);
    expect(pushed.links).toMatchObject({
      '1010 task:quarter': { state: ['linked', 'residual'] },
      '1010 calc:quarter:1': { state: ['linked', 'residual'] },
    });
  });

  it('its sections become No Calculation and stay read-only; the next push writes nothing (N03, N05)', async () => {
    await dropQuarter();
    const pushed = await world.push(wish);
    expect(pushed.changed).toMatchObject(calcs(PLACES, NO_CALCULATION));
    expect(await world.row('1010/2 calc:quarter:1')).toMatchObject({
      calc_type: 'none',
      read_only: true,
    });
    for (const again of [LOCKED, OVERWRITE, { ...OVERWRITE, toSections: false }])
      expect((await world.push(again)).writes).toBe(0);
  });

  it('sections that the first push left out become No Calculation with the next push to sections (N03)', async () => {
    await dropQuarter();
    await world.push({ ...wish, toSections: false });
    expect((await world.push(wish)).changed).toMatchObject(
      calcs(['1010/1', '1010/2'], NO_CALCULATION),
    );
  });

  it('a section that stops calculating is told as that, not as any update (N03, N04)', async () => {
    await dropQuarter();
    const pushed = await world.push(wish);
    for (const section of [undefined, '1', '2'])
      expect(pushed.item('1010', 'calc:quarter:1', section)).toMatchObject({
        outcome: 'SET_NO_CALCULATION',
        reason: 'master_task_removed',
      });
  });

  it('the plan tells before approval what stops showing an in-progress grade: sections and gradables (N04)', async () => {
    await dropQuarter();
    const planned = await world.school.plan(wish);
    const ending = planned.items.filter(
      (item) => item.key.startsWith('calc:') && JSON.stringify(item.after).includes('"none"'),
    );
    expect(new Set(ending.map((item) => item.section))).toEqual(new Set([null, '1', '2']));
    expect(new Set(ending.map((item) => item.key))).toEqual(
      new Set(TERMS.map((term) => `calc:quarter:${term}`)),
    );
    expect(await world.row('1010 calc:quarter:1')).toMatchObject({ calc_type: 'in_progress' });
  });

  it('fix 1: a calc option set on the course reaches the sections, also in locked mode, and lives on (N05, N06)', async () => {
    await dropQuarter();
    await world.push(wish);
    const set = { calc_type: 'in_progress', grading_scale_id: 'scale' };
    await world.edit('1010', 'calc:quarter:1', set);
    const pushed = await world.push(LOCKED);
    expect(pushed.items.filter((item) => item.outcome.startsWith('FAILED'))).toEqual([]);
    expect(pushed.changed).toEqual({
      '1010/1 calc:quarter:1': {
        calc_type: ['none', 'in_progress'],
        grading_scale_id: [null, 'scale'],
      },
      '1010/2 calc:quarter:1': {
        calc_type: ['none', 'in_progress'],
        grading_scale_id: [null, 'scale'],
      },
    });
    expect((await world.push(OVERWRITE)).changed).toEqual({});
    expect(await world.row('1010 calc:quarter:1')).toMatchObject(set);
  });

  it('fix 1 works as well with a row the course deleted and made anew (N06)', async () => {
    await dropQuarter();
    await world.push(wish);
    await world.remove('1010', 'calc:quarter:1');
    await world.add('1010', 'calc:quarter:1', { grading_scale_id: 'scale' });
    await world.push(LOCKED);
    expect(await world.row('1010/1 calc:quarter:1')).toMatchObject({ calc_type: 'in_progress' });
    expect((await world.push(OVERWRITE)).writes).toBe(0);
  });

  it('a calculation of another term that the course adds lives as long as the residual task, then follows the master (N05, N08)', async () => {
    await dropQuarter();
    await world.push(wish);
    await world.add('1010', 'calc:quarter:9', { grading_scale_id: 'scale' });
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', 'calc:quarter:9')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'residual_task',
    });
    expect(pushed.links).toMatchObject({ '1010 calc:quarter:9': { added: { state: 'residual' } } });
    expect((await world.push(OVERWRITE)).writes).toBe(0);
    await putQuarterBack();
    await world.add('master 1010', 'calc:quarter:9', { limit_last_n: 5 });
    await world.push(LOCKED);
    expect(await world.row('1010 calc:quarter:9')).toMatchObject({ limit_last_n: 5 });
  });

  it('fix 2: after the assignments were realigned the next overwrite removes task and calc options (N07, R02)', async () => {
    await dropQuarter();
    await world.push(wish);
    await world.run(`update assignment_gradable set gradable_id = 'final'`);
    expect((await world.push(LOCKED)).changed).toEqual({});
    const pushed = await world.push(OVERWRITE);
    expect(pushed.changed).toEqual({
      '1010 task:quarter': 'deleted',
      ...calcs(PLACES, 'deleted'),
    });
    expect((await world.push(OVERWRITE)).writes).toBe(0);
  });

  it("ends when the task is back on the master: its calc options replace the course's (N08, R05)", async () => {
    await dropQuarter();
    await world.push(wish);
    const task = await world.row('1010 task:quarter');
    await world.edit('1010', 'calc:quarter:1', { calc_type: 'in_progress', limit_last_n: 7 });
    await putQuarterBack();
    const pushed = await world.push(wish);
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({ outcome: 'RELINKED' });
    expect(await world.row('1010 task:quarter')).toEqual(task);
    for (const place of PLACES)
      for (const term of TERMS)
        expect(await world.row(`${place} calc:quarter:${term}`)).toMatchObject({
          calc_type: 'in_progress',
          limit_last_n: null,
          grading_scale_id: 'scale',
        });
    expect((await world.push(LOCKED)).writes).toBe(0);
  });

  it.each([LOCKED, OVERWRITE])(
    'ends without a calculation when the task is back but its calculation of a term is not (N05, N08, N09)',
    async (next) => {
      await dropQuarter();
      await world.push(wish);
      await putQuarterBack();
      await world.remove('master 1010', 'calc:quarter:1');
      const pushed = await world.push(next);
      expect(pushed.item('1010', 'calc:quarter:1')).toMatchObject({
        outcome: 'DELETED',
        reason: 'calculation_removed',
      });
      for (const place of PLACES)
        expect(await world.row(`${place} calc:quarter:1`)).toBeUndefined();
      expect((await world.push(next)).writes).toBe(0);
    },
  );

  it('a task without student work goes with its definitions at the course and all sections, whatever types and sections are selected (N10)', async () => {
    await world.add('1010/1', 'calc:quarter:9', { calc_type: 'none' });
    await world.remove('master 1010', 'comp:final:4');
    await world.push({ ...LOCKED, types: ['composite_grades', 'composite_weights'] });
    await world.remove('master 1010', 'task:quarter');
    const pushed = await world.push({
      ...wish,
      toSections: false,
      types: ['grading_tasks_standards'],
    });
    expect(pushed.item('1010', 'calc:quarter:1', '2')).toMatchObject({
      outcome: 'DELETED',
      reason: 'cascade',
    });
    expect(pushed.changed).toEqual({
      '1010 task:quarter': 'deleted',
      ...calcs(PLACES, 'deleted'),
      '1010/1 calc:quarter:9': 'deleted',
    });
    expect(pushed.links).toMatchObject({ '1010/2 calc:quarter:4': 'deleted' });
  });

  it('a task that a composite at a section still uses does not go, so no composite loses its task (N10, P09)', async () => {
    await world.remove('master 1010', 'comp:final:4');
    await world.remove('master 1010', 'task:quarter');
    const pushed = await world.push({ ...wish, toSections: false });
    expect(pushed.item('1010', 'task:quarter')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'referenced_by_composite',
    });
    expect(Object.keys(pushed.changed)).not.toContain('1010/1 comp:final:4');
  });
});

describe('Given a task that stays while the master dropped its calculation', () => {
  it.each([LOCKED, OVERWRITE])(
    'the calc option is deleted, with a warning where students have work (N09)',
    async (wish) => {
      await world.assign('1010/1', 'quarter', { due: '2023-09-01' });
      await world.remove('master 1010', 'calc:quarter:1');
      const pushed = await world.push(wish);
      expect(pushed.item('1010', 'calc:quarter:1')).toMatchObject({
        outcome: 'DELETED',
        reason: 'calculation_removed',
        assignments: 1,
      });
      expect(pushed.changed).toEqual(
        Object.fromEntries(PLACES.map((place) => [`${place} calc:quarter:1`, 'deleted'])),
      );
    },
  );
});
