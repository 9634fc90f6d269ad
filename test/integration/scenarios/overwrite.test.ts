import { describe, expect, it } from '@jest/globals';
import { DATA_TYPES } from '../../../src/domain/push-options.ts';
import { readPlanHead } from '../../../src/db/queries/plan-head.ts';
import { ROLLFORWARD } from '../../histories/rollforward.ts';
import {
  ALL,
  NEXT_HARRISON,
  NEXT_VAN_BUREN,
  NEXT_YEAR,
  useFixture41,
  VAN_BUREN,
} from '../../support/fixture-41.ts';
import { type PushWish } from '../../support/high-school.ts';
import { readTables } from '../../support/tables.ts';

const world = useFixture41();
const OVERWRITE = { ...ALL, mode: 'overwrite' } as const;
const QUARTER = 'calc:quarter:1';

/** Every course is LINKED: a locked push of everything finds nothing to write, refuse or keep. */
async function thenAllLinked(wish: PushWish): Promise<void> {
  const check = await world.school.plan(wish);
  expect(check.items.filter((item) => item.outcome !== 'SKIPPED_UNLOCKED')).toEqual([]);
}

/** The setup of the masters or of a calendar's courses by number and key, without ids. */
async function setupOf(owner: string): Promise<Map<string, unknown>> {
  const tables = [...(await readTables(world.school.db))];
  return new Map(
    tables.flatMap(([name, row]) => {
      const place = name.replace(/\+$/, '').slice(owner.length);
      return name.startsWith(owner) && /^\d+ \w+:/.test(place)
        ? [[place, { ...row, id: undefined }]]
        : [];
    }),
  );
}

/** Course-managed tasks, teachers' categories and a residual task at Harrison. */
async function liveInTheYear(): Promise<void> {
  await world.add('1010', 'task:lab');
  await world.add('1010', 'task:notes');
  await world.add('1010/1', 'cat:Mine', { weight: 10 });
  await world.add('1010/1', 'calc:lab:1');
  await world.post('1010/1', 'semester:2');
  await world.remove('master 1010', 'task:semester');
  await world.push(ALL);
}

describe('Given a year of course-managed setup and a residual task, and calendars rolled to 24-25', () => {
  it("an overwrite of 24-25 with sections leaves there exactly the masters' setup, all linked, and 23-24 as it was (A04, R02)", async () => {
    await liveInTheYear();
    await world.run(ROLLFORWARD);
    const pushed = await world.push({ ...NEXT_YEAR, mode: 'overwrite' });
    expect(Object.keys(pushed.changed).filter((name) => !name.startsWith('24-25'))).toEqual([]);
    const masters = await setupOf('master ');
    expect(masters.size).toBeGreaterThan(20);
    for (const calendar of [NEXT_HARRISON, NEXT_VAN_BUREN])
      expect(await setupOf(`${calendar} `)).toEqual(masters);
    await thenAllLinked(NEXT_YEAR);
  });
});

describe('Given categories and calc options that teachers created', () => {
  const teachersWork = async (): Promise<void> => {
    await world.add('1010/1', 'cat:Projects', { weight: 40, drop_lowest: 1 });
    await world.add('1010/1', 'calc:semester:2', { weight_categories: true });
  };

  it('a locked push with sections keeps every one of them with its settings; a category may be renamed (A05, E04)', async () => {
    await teachersWork();
    await world.add('master 1010', 'cat:Projects', { weight: 20 });
    await world.add('master 1010', 'calc:semester:2', { grading_scale_id: 'scale' });
    const pushed = await world.push(ALL);
    expect(pushed.changed['1010/1 cat:own Projects']).toEqual({
      name: ['Projects', 'Projects (1)'],
    });
    expect(await world.row('1010/1 cat:own Projects')).toMatchObject({
      weight: 40,
      drop_lowest: 1,
    });
    expect(pushed.changed).not.toHaveProperty('1010/1 calc:semester:2');
    expect(pushed.item('1010', 'calc:semester:2', '1')).toMatchObject({
      outcome: 'RETAINED_LOCAL',
    });
    expect(Object.values(pushed.changed)).not.toContain('deleted');
  });

  it('the plan of an overwrite says how many of them it would delete and how many keep (A05, G22)', async () => {
    await teachersWork();
    await world.add('1010/1', 'cat:Labs');
    await world.assign('1010/1', 'quarter', { category: 'Labs', due: '2023-09-01' });
    const plan = await world.school.plan(OVERWRITE);
    const outcomes = plan.items
      .filter((item) => item.section !== null)
      .map((item) => `${item.outcome} ${item.key.replace(/^.*own /, '')}`);
    expect(outcomes.sort()).toEqual([
      'DELETED Projects',
      'DELETED calc:semester:2',
      'RETAINED_PROTECTED Labs',
    ]);
    expect(await world.row('1010/1 cat:own Projects')).toBeDefined();
  });
});

describe('Given Biology at Harrison with its own tasks: Lab with an assignment, Notes with nothing', () => {
  it('an overwrite deletes Notes and keeps Lab until its assignment is realigned; a locked push never deletes it (A08)', async () => {
    await world.add('2010', 'task:lab');
    await world.add('2010', 'task:notes');
    await world.assign('2010/1', 'lab', { due: '2023-09-01' });
    const pushed = await world.push(OVERWRITE);
    expect(pushed.changed).toEqual({ '2010 task:notes': 'deleted' });
    expect(pushed.item('2010', 'task:lab')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      reason: 'student_work',
      assignments: 1,
      detail: { sections: [expect.objectContaining({ section: '1', assignments: 1 })] },
    });
    expect(await world.row('link 2010 task:lab')).toMatchObject({ state: 'residual' });
    await world.run(`update assignment_gradable set gradable_id = 'quarter'`);
    expect((await world.push(ALL)).changed).toEqual({});
    expect((await world.push(OVERWRITE)).changed).toEqual({ '2010 task:lab': 'deleted' });
  });
});

describe('Given everything should be managed by the masters again', () => {
  it('in a future year an overwrite links every course (A10)', async () => {
    await world.run(ROLLFORWARD);
    await world.add(`${NEXT_HARRISON} 1010`, 'task:lab');
    await world.edit(`${NEXT_HARRISON} 1010`, 'task:quarter', { credit: 9 });
    await world.remove(`${NEXT_HARRISON} 2010`, 'cat:Tests');
    await world.add(`${NEXT_HARRISON} 2010/1`, 'cat:Mine');
    await world.set(`${NEXT_HARRISON} 3010`, { state_code: 'X' });
    await world.push({ ...NEXT_YEAR, mode: 'overwrite' });
    expect(await world.row(`${NEXT_HARRISON} 1010 task:lab`)).toBeUndefined();
    await thenAllLinked(NEXT_YEAR);
  });

  it("in the current year it replaces a teacher's calc option without scores, keeps and reports the one with scores (A10, O4, O5)", async () => {
    for (const term of [1, 2]) {
      await world.remove('1010/1', `calc:quarter:${term}`);
      await world.run(
        `delete from sync_link where item_key = 'calc:quarter:${term}' and scope_id = (select id from setup_scope where section_id = 1)`,
      );
      await world.add('1010/1', `calc:quarter:${term}`, { use_score_percent: true });
    }
    await world.assign('1010/1', 'quarter', { due: '2023-09-01' });
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', QUARTER, '1')).toMatchObject({
      outcome: 'RETAINED_PROTECTED',
      assignments: 1,
    });
    expect(pushed.item('1010', 'calc:quarter:2', '1')).toMatchObject({ outcome: 'RELINKED' });
    expect(pushed.changed).toEqual({
      '1010/1 calc:quarter:2': {
        use_score_percent: [true, false],
        grading_scale_id: [null, 'scale'],
        read_only: [false, true],
      },
    });
    const check = await world.school.plan(ALL);
    expect(check.items.filter((item) => item.outcome.startsWith('FAILED'))).toEqual([]);
  });
});

describe('Given every type drifted and teachers own their categories', () => {
  it('an overwrite without Categories links every other type and touches no category (A13, G11)', async () => {
    await world.set('1010', { state_code: 'X' });
    await world.edit('1010', 'task:quarter', { credit: 9 });
    await world.edit('1010', QUARTER, { use_score_percent: true });
    await world.remove('1010', 'compw:final:4>quarter:4');
    await world.edit('1010', 'compw:final:4>quarter:1', { weight: 70 });
    await world.edit('1010', 'cat:Tests', { weight: 1 });
    await world.edit('1010/1', 'cat:Tests', { weight: 2 });
    await world.remove('1010/1', 'cat:Homework');
    await world.add('1010/1', 'cat:Homework', { weight: 90 });
    await world.remove('1010', 'assess:eoc');
    const types = DATA_TYPES.filter((type) => type !== 'categories');
    const pushed = await world.push({ ...OVERWRITE, types });
    expect(pushed.items.filter((item) => /^(cat|local):/.test(item.key))).toEqual([]);
    expect(Object.keys(pushed.changed).sort()).toEqual(
      [
        '1010',
        '1010 assess:eoc',
        `1010 ${QUARTER}`,
        '1010 compw:final:4>quarter:1',
        '1010 compw:final:4>quarter:4',
        '1010 task:quarter',
      ].sort(),
    );
    await thenAllLinked({ ...ALL, types });
  });
});

describe('Given sections with setup of their own', () => {
  it('an overwrite without sections changes no row of theirs, save what a deleted task takes along (A16, E01, N10)', async () => {
    await world.add('1010', 'task:lab');
    await world.add('1010', 'calc:lab:1');
    await world.add('1010/1', 'calc:lab:1');
    await world.add('1010/1', 'cat:Mine');
    await world.edit('1010/1', 'cat:Tests', { weight: 2 });
    await world.edit('master 1010', 'cat:Tests', { weight: 60 });
    const pushed = await world.push({ calendars: [1, 2], mode: 'overwrite' });
    expect(pushed.changed).toEqual({
      '1010 task:lab': 'deleted',
      '1010 calc:lab:1': 'deleted',
      '1010/1 calc:lab:1': 'deleted',
      '1010 cat:Tests': { weight: [50, 60] },
      [`${VAN_BUREN} 1010 cat:Tests`]: { weight: [50, 60] },
    });
  });
});

describe('Given an overwrite', () => {
  it.each([
    { year: '23-24, the active year', wish: OVERWRITE, activeYear: true },
    { year: '24-25', wish: { ...NEXT_YEAR, mode: 'overwrite' } as const, activeYear: false },
  ])(
    'of $year it is planned, and its plan says whether school is in session (G21)',
    async ({ wish, activeYear }) => {
      await world.run(ROLLFORWARD);
      const { runId } = await world.school.plan(wish);
      expect(await readPlanHead(world.school.db, runId)).toMatchObject({
        activeYear,
        summerCalendars: 0,
      });
    },
  );
});
