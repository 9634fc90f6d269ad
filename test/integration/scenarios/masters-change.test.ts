import { describe, expect, it } from '@jest/globals';
import {
  ALL,
  NEXT_HARRISON,
  NEXT_YEAR,
  useFixture41,
  VAN_BUREN,
} from '../../support/fixture-41.ts';
import { ROLLFORWARD } from '../../histories/rollforward.ts';

const world = useFixture41();
const BOTH_MODES = ['push_locked', 'overwrite'] as const;

/** What stays to be done, as the next plan sees it: the lines of these courses. */
async function awaiting(...courses: string[]): Promise<string[]> {
  const plan = await world.school.plan(ALL);
  return plan.items
    .filter((item) => item.op !== 'none' && courses.includes(item.course ?? ''))
    .map((item) => item.key);
}

describe('Given a State Code changed on Algebra and Biology, and Max Students on Algebra too', () => {
  it('a locked push of Course Info changes the State Code of the four courses and nothing else; a second one writes nothing (A01)', async () => {
    await world.set('master 1010', { state_code: 'M9', max_students: 25 });
    await world.set('master 2010', { state_code: 'S9' });
    const wish = { calendars: [1, 2], types: ['course_info'] } as const;
    const pushed = await world.push(wish);
    expect(pushed.changed).toEqual({
      '1010': { state_code: ['M1', 'M9'] },
      '2010': { state_code: ['S1', 'S9'] },
      [`${VAN_BUREN} 1010`]: { state_code: ['M1', 'M9'] },
      [`${VAN_BUREN} 2010`]: { state_code: ['S1', 'S9'] },
    });
    expect(pushed.items.filter((item) => item.outcome === 'UPDATED')).toHaveLength(4);
    expect(pushed.items.every((item) => item.key.startsWith('attr:'))).toBe(true);
    const again = await world.push(wish);
    expect(again.writes).toBe(0);
    expect(again.changed).toEqual({});
  });
});

describe("Given Biology's master with a new name, standard and category weight, and changes at Algebra's", () => {
  it('Push to Courses on Biology brings all three to its courses; Algebra still awaits its push (A02)', async () => {
    await world.set('master 2010', { name: 'Life Science' });
    await world.add('master 2010', 'task:cells', { score_group_id: 'B', terms: [1, 2] });
    await world.edit('master 2010', 'cat:Tests', { weight: 70 });
    await world.set('master 1010', { name: 'Algebra One' });
    const pushed = await world.push({ ...ALL, toSections: false, master: 2 });
    const changesOf = (course: string): object => ({
      [course]: { name: ['Biology', 'Life Science'] },
      [`${course} task:cells`]: {
        added: expect.objectContaining({ score_group_id: 'B', terms: [1, 2] }) as unknown,
      },
      [`${course} cat:Tests`]: { weight: [50, 70] },
    });
    expect(pushed.changed).toEqual({ ...changesOf('2010'), ...changesOf(`${VAN_BUREN} 2010`) });
    expect(await awaiting('1010', `${VAN_BUREN} 1010`)).toEqual(['attr:name', 'attr:name']);
  });
});

describe("Given Van Buren's Algebra with Ignore Master Push", () => {
  it.each(BOTH_MODES)(
    'a push (%s) with sections and cross-site leaves it and its sections as they are, with one line; the others receive the data (A03)',
    async (mode) => {
      await world.run(`update course set ignore_master_push = true where id = 11`);
      await world.run(`update course_master set cross_site_enabled = true where id = 1`);
      await world.set('master 1010', { state_code: 'M9' });
      await world.edit('master 1010', 'cat:Tests', { weight: 70 });
      await world.add(`${VAN_BUREN} 1010/1`, 'cat:Mine');
      const pushed = await world.push({ ...ALL, crossSite: true, mode });
      expect(Object.keys(pushed.changed).filter((name) => name.startsWith(VAN_BUREN))).toEqual([]);
      expect(pushed.items.filter((item) => item.course === `${VAN_BUREN} 1010`)).toMatchObject([
        { outcome: 'SKIPPED_IGNORED', reason: 'ignore_master_push', section: null },
      ]);
      expect(pushed.changed).toMatchObject({
        '1010': { state_code: ['M1', 'M9'], cross_site_enabled: [false, true] },
        '1010 cat:Tests': { weight: [50, 70] },
        '1010/1 cat:Tests': { weight: [50, 70] },
        '1010/2': { cross_site_enabled: [false, true] },
      });
    },
  );
});

describe('Given Categories that the catalog does not lock', () => {
  it.each(BOTH_MODES)(
    'a push (%s) that selects them changes no category anywhere, and says so once; Max Students likewise (A07)',
    async (mode) => {
      await world.run(`delete from catalog_type_lock where data_type = 'categories'`);
      await world.edit('master 1010', 'cat:Tests', { weight: 70 });
      await world.edit('1010', 'cat:Tests', { weight: 5 });
      await world.remove('2010', 'cat:Tests');
      await world.add('1010/1', 'cat:Mine');
      await world.set('1010', { max_students: 12 });
      const pushed = await world.push({ ...ALL, mode });
      expect(pushed.changed).toEqual({});
      const unlocked = pushed.items.filter((item) => item.outcome === 'SKIPPED_UNLOCKED');
      expect(unlocked.map((item) => [item.course, item.key, item.reason])).toEqual([
        [null, 'attr:max_students', 'not_locked'],
        [null, 'attr:number', 'not_locked'],
        [null, 'type', 'not_locked'],
      ]);
    },
  );
});

describe('Given the same catalog in both years', () => {
  it.each(BOTH_MODES)('a push (%s) for 24-25 changes nothing in 23-24 (A19, G02)', async (mode) => {
    await world.run(ROLLFORWARD);
    await world.set('master 1010', { state_code: 'M9' });
    await world.edit('master 1010', 'cat:Tests', { weight: 70 });
    await world.add('1010', 'cat:Local');
    const pushed = await world.push({ ...NEXT_YEAR, mode });
    const places = Object.keys(pushed.changed);
    expect(places).toContain(`${NEXT_HARRISON} 1010`);
    expect(places.filter((name) => !name.startsWith('24-25'))).toEqual([]);
  });
});

describe("Given a master's number that the calendar already has", () => {
  it('withholds the number of that course and pushes the rest (A24)', async () => {
    await world.run(`insert into catalog_attribute_lock values (1, 'number', 'hard')`);
    await world.push(ALL);
    await world.run(
      `insert into course (source_id, calendar_id, number, name) values ('own', 1, '1011', 'Own')`,
    );
    await world.set('master 1010', { number: '1011', state_code: 'M9' });
    const pushed = await world.push(ALL);
    expect(pushed.item('1010', 'attr:number')).toMatchObject({
      outcome: 'WITHHELD',
      reason: 'number_taken',
    });
    expect(pushed.changed).toMatchObject({ '1010': { state_code: ['M1', 'M9'] } });
    expect(await world.row(`${VAN_BUREN} 1011`)).toMatchObject({ state_code: 'M9' });
    expect(await world.row('1010')).toBeDefined();
  });
});

describe('Given a change of locks alone', () => {
  it('changes no row; what was editable and drifted meanwhile counts from the next plan on (A26, G12, S03)', async () => {
    await world.run(`delete from catalog_type_lock where data_type = 'categories'`);
    await world.edit('1010', 'cat:Tests', { weight: 5 });
    const unlocked = await world.push(ALL);
    expect(unlocked.changed).toEqual({});
    expect(unlocked.items.filter((item) => item.course !== null)).toEqual([]);
    await world.run(`insert into catalog_type_lock values (1, 'categories', 'hard')`);
    const locked = await world.push(ALL);
    expect(locked.changed).toEqual({});
    expect(locked.item('1010', 'cat:HS/1010/Tests')).toMatchObject({ outcome: 'FAILED_DESYNCED' });
  });
});

describe('Given changes at the master of which some cannot be delivered', () => {
  it('before the push a plan lists them all; afterwards those alone that were not delivered, each with its reason (A29)', async () => {
    await world.edit('master 1010', 'task:quarter', { credit: 2 });
    await world.edit('master 1010', 'cat:Tests', { weight: 70 });
    await world.edit(`${VAN_BUREN} 1010`, 'cat:Tests', { weight: 1 });
    const wish = { calendars: [1, 2] } as const;
    const pending = async (): Promise<unknown[]> =>
      (await world.school.plan(wish)).items
        .filter((item) => item.course !== null)
        .map((item) => [item.course, item.key, item.outcome, item.reason]);
    const failed = [`${VAN_BUREN} 1010`, 'cat:HS/1010/Tests', 'FAILED_DESYNCED', 'changed_below'];
    expect(await pending()).toEqual([
      ['1010', 'task:quarter', 'UPDATED', 'changed_above'],
      ['1010', 'cat:HS/1010/Tests', 'UPDATED', 'changed_above'],
      [`${VAN_BUREN} 1010`, 'task:quarter', 'UPDATED', 'changed_above'],
      failed,
    ]);
    await world.school.push(wish);
    expect(await pending()).toEqual([failed]);
  });
});
