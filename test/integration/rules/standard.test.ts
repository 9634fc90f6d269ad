import { describe, expect, it } from '@jest/globals';
import { type PushWish } from '../../support/high-school.ts';
import { type Row } from '../../support/tables.ts';
import { useWorld } from '../../support/world.ts';

const world = useWorld({ pushed: {} });
const LOCKED: PushWish = {};
const OVERWRITE: PushWish = { ...LOCKED, mode: 'overwrite' };

interface Kind {
  readonly type: string;
  /** An item that the fixture does not have yet. */
  readonly key: string;
  /** How links and items name it, where that differs. */
  readonly linkKey?: string;
  readonly values: Row;
  /** A later change of the same item: at the master, or below. */
  readonly change: Row;
  /** Student work that protects it. */
  readonly work: () => Promise<void>;
}

const TASK: Kind = {
  type: 'a task',
  key: 'task:lab',
  values: { credit: 1, terms: [1, 2] },
  change: { credit: 2 },
  work: () => world.post('1010/1', 'lab:1'),
};
const CALC: Kind = {
  type: 'a calc option',
  key: 'calc:final:2',
  values: { grading_scale_id: 'scale' },
  change: { use_score_percent: true },
  work: () => world.assign('1010/1', 'final', { due: '2023-12-01' }),
};
const COMPOSITE: Kind = {
  type: 'a composite',
  key: 'comp:final:2',
  values: { children: { 'quarter:1': 50 } },
  change: {},
  work: () => world.post('1010/1', 'final:2'),
};
const CATEGORY: Kind = {
  type: 'a category',
  key: 'cat:Labs',
  linkKey: 'cat:master 1010/Labs',
  values: { weight: 10 },
  change: { weight: 20 },
  work: () =>
    world.run(`insert into assignment (source_id, section_id, name, category_id)
      select 'used', 1, 'A 1', max(id) from category where name = 'Labs'`),
};
const ASSESSMENT: Kind = {
  type: 'an assessment',
  key: 'assess:unit',
  values: { standard_id: null },
  change: { copies_forward: true },
  work: () => world.takeTest('1010/1', 'unit'),
};
const ALL_KINDS = [TASK, CALC, COMPOSITE, CATEGORY, ASSESSMENT];
const WITH_VALUES = [TASK, CALC, CATEGORY, ASSESSMENT];
const WITH_NATURAL_KEY = [TASK, CALC, COMPOSITE, ASSESSMENT];
/** Kinds whose rows stay with their student work; a definition follows its owner (P08). */
const OWNED = [TASK, CATEGORY, ASSESSMENT];

const itemKey = ({ key, linkKey }: Kind): string => linkKey ?? key;
const link = async (kind: Kind): Promise<Row | undefined> => world.row(`link 1010 ${kind.key}`);

async function pushedOnce({ key, values }: Kind): Promise<void> {
  await world.add('master 1010', key, values);
  await world.school.push(LOCKED);
}

describe('Locked mode', () => {
  it.each(ALL_KINDS)('$type above and not below is inserted and linked (L1)', async (kind) => {
    await world.add('master 1010', kind.key, kind.values);
    const pushed = await world.push(LOCKED);
    expect(pushed.item('1010', itemKey(kind))).toMatchObject({ rule: 'L1', outcome: 'INSERTED' });
    expect(await world.row(`1010 ${kind.key}`)).toBeDefined();
    expect(await link(kind)).toMatchObject({ state: 'linked' });
  });

  it.each(WITH_VALUES)(
    '$type as it was pushed follows the master, and is then unchanged (L2)',
    async (kind) => {
      await pushedOnce(kind);
      await world.edit('master 1010', kind.key, kind.change);
      expect((await world.school.push(LOCKED)).item('1010', itemKey(kind))).toMatchObject({
        outcome: 'UPDATED',
      });
      expect(await world.row(`1010 ${kind.key}`)).toMatchObject(kind.change);
      expect((await world.school.plan(LOCKED)).writes).toBe(0);
    },
  );

  it.each(WITH_VALUES)('$type that differs from what was pushed fails (L3)', async (kind) => {
    await pushedOnce(kind);
    await world.edit('1010', kind.key, kind.change);
    const pushed = await world.push(LOCKED);
    expect(pushed.item('1010', itemKey(kind))).toMatchObject({
      outcome: 'FAILED_DESYNCED',
      reason: 'changed_below',
    });
    expect(pushed.changed).toEqual({});
  });

  it.each(OWNED)('$type that was residual is relinked, the same row (L4)', async (kind) => {
    await pushedOnce(kind);
    await kind.work();
    const before = await world.row(`1010 ${kind.key}`);
    await world.remove('master 1010', kind.key);
    await world.school.push(LOCKED);
    expect(await link(kind)).toMatchObject({ state: 'residual' });
    await world.add('master 1010', kind.key, { ...kind.values, ...kind.change });
    expect((await world.school.push(LOCKED)).item('1010', itemKey(kind))).toMatchObject({
      rule: 'L4',
      outcome: 'RELINKED',
    });
    expect(await world.row(`1010 ${kind.key}`)).toEqual({ ...before, ...kind.change });
    expect(await link(kind)).toMatchObject({ state: 'linked' });
  });

  it.each(WITH_NATURAL_KEY)(
    '$type of the school with the key of a new one above is kept and reported (L5)',
    async (kind) => {
      await world.add('1010', kind.key, { ...kind.values, ...kind.change });
      await world.add('master 1010', kind.key, kind.values);
      const pushed = await world.push(LOCKED);
      expect(pushed.item('1010', kind.key)).toMatchObject({
        outcome: 'RETAINED_LOCAL',
        reason: 'local_same_key',
      });
      expect(pushed.changed).toEqual({});
    },
  );

  it.each(ALL_KINDS)('$type gone above is deleted where nothing protects it (L6)', async (kind) => {
    await pushedOnce(kind);
    await world.remove('master 1010', kind.key);
    expect((await world.school.push(LOCKED)).item('1010', itemKey(kind))).toMatchObject({
      outcome: 'DELETED',
    });
    expect(await world.row(`1010 ${kind.key}`)).toBeUndefined();
    expect(await link(kind)).toBeUndefined();
  });

  it.each(OWNED)('$type gone above stays as residual with student work (L6)', async (kind) => {
    await pushedOnce(kind);
    await kind.work();
    await world.remove('master 1010', kind.key);
    const pushed = await world.push(LOCKED);
    expect(pushed.item('1010', itemKey(kind))).toMatchObject({ outcome: 'RETAINED_PROTECTED' });
    expect(pushed.changed).toEqual({});
    expect(await link(kind)).toMatchObject({ state: 'residual' });
  });

  it.each(ALL_KINDS)(
    '$type of the school without counterpart is kept and only counted (L7)',
    async (kind) => {
      await world.add('1010', kind.key, kind.values);
      const pushed = await world.push(LOCKED);
      expect(pushed.changed).toEqual({});
      expect(pushed.items.filter((item) => item.key.includes(kind.key))).toEqual([]);
      expect(
        await world.school.rows(
          `select items from push_plan_count where outcome = 'RETAINED_LOCAL' and plan_id = ${pushed.planId}`,
        ),
      ).toEqual([{ items: 1 }]);
    },
  );
});

describe('Overwrite', () => {
  it.each(ALL_KINDS)(
    '$type above is inserted, also when someone deleted it below (O1)',
    async (kind) => {
      await pushedOnce(kind);
      await world.remove('1010', kind.key);
      expect((await world.school.push(OVERWRITE)).item('1010', itemKey(kind))).toMatchObject({
        outcome: 'INSERTED',
      });
      expect(await world.row(`1010 ${kind.key}`)).toBeDefined();
      expect((await world.school.plan(LOCKED)).writes).toBe(0);
    },
  );

  it.each(WITH_VALUES)(
    '$type that is linked is updated, one that was changed gets the master value and its link again (O2)',
    async (kind) => {
      await pushedOnce(kind);
      await world.edit('master 1010', kind.key, kind.change);
      expect((await world.school.push(OVERWRITE)).item('1010', itemKey(kind))).toMatchObject({
        outcome: 'UPDATED',
      });
      const linked = await world.row(`1010 ${kind.key}`);
      const [column = ''] = Object.keys(kind.change);
      await world.edit('1010', kind.key, { [column]: kind.values[column] ?? false });
      expect((await world.school.push(OVERWRITE)).item('1010', itemKey(kind))).toMatchObject({
        outcome: 'RELINKED',
      });
      expect(await world.row(`1010 ${kind.key}`)).toEqual(linked);
      expect(
        (await world.school.plan(LOCKED)).items.filter((item) => item.outcome.startsWith('FAILED')),
      ).toEqual([]);
    },
  );

  it.each(OWNED)('$type that was residual is relinked, the same row (O3)', async (kind) => {
    await pushedOnce(kind);
    await kind.work();
    const before = await world.row(`1010 ${kind.key}`);
    await world.remove('master 1010', kind.key);
    await world.school.push(OVERWRITE);
    await world.add('master 1010', kind.key, { ...kind.values, ...kind.change });
    expect((await world.school.push(OVERWRITE)).item('1010', itemKey(kind))).toMatchObject({
      outcome: 'RELINKED',
    });
    expect(await world.row(`1010 ${kind.key}`)).toEqual({ ...before, ...kind.change });
    expect(await link(kind)).toMatchObject({ state: 'linked' });
  });

  it.each(WITH_NATURAL_KEY)(
    '$type of the school with the same key takes the master value and a link, the same row (O4)',
    async (kind) => {
      await world.add('1010', kind.key, { ...kind.values, ...kind.change });
      const local = await world.row(`1010 ${kind.key}`);
      await world.add('master 1010', kind.key, kind.values);
      expect((await world.school.push(OVERWRITE)).item('1010', kind.key)).toMatchObject({
        outcome: 'RELINKED',
      });
      expect(await world.row(`1010 ${kind.key}`)).toMatchObject({ id: local?.['id'] });
      expect(await link(kind)).toMatchObject({ state: 'linked' });
      expect((await world.school.plan(LOCKED)).writes).toBe(0);
    },
  );

  it.each([CALC, COMPOSITE, ASSESSMENT])(
    '$type of the school with the same key and student work is kept (O5)',
    async (kind) => {
      await world.add('1010', kind.key, { ...kind.values, ...kind.change });
      await kind.work();
      await world.add('master 1010', kind.key, kind.values);
      const pushed = await world.push(OVERWRITE);
      expect(pushed.item('1010', kind.key)).toMatchObject({
        outcome: 'RETAINED_PROTECTED',
        reason: 'student_work',
      });
      expect(pushed.changed).toEqual({});
    },
  );

  it('a task of the school is adopted with its student work: its identity is the same (O5, R08)', async () => {
    await world.add('1010', TASK.key, { credit: 9, terms: [1, 2] });
    await TASK.work();
    await world.add('master 1010', TASK.key, TASK.values);
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', TASK.key)).toMatchObject({ outcome: 'RELINKED' });
    expect(pushed.changed).toEqual({ '1010 task:lab': { credit: [9, 1] } });
  });

  it.each(ALL_KINDS)('$type without counterpart above is deleted (O6)', async (kind) => {
    await world.add('1010', kind.key, kind.values);
    const pushed = await world.push(OVERWRITE);
    expect(pushed.changed).toMatchObject({
      [`1010 ${kind.key.replace(':L', ':own L')}`]: 'deleted',
    });
    expect(pushed.items.filter((item) => item.outcome === 'DELETED')).toHaveLength(1);
  });

  it.each(ALL_KINDS)(
    '$type without counterpart above stays as residual with student work (O7)',
    async (kind) => {
      await world.add('1010', kind.key, kind.values);
      await kind.work();
      const pushed = await world.push(OVERWRITE);
      expect(pushed.items.filter((item) => item.outcome === 'RETAINED_PROTECTED')).toHaveLength(1);
      expect(pushed.changed).toEqual({});
      const links = Object.values(pushed.links).map(
        (change) => typeof change === 'object' && 'added' in change && change.added,
      );
      expect(links).toMatchObject([{ state: 'residual' }]);
      expect((await world.school.plan(OVERWRITE)).writes).toBe(0);
    },
  );
});
