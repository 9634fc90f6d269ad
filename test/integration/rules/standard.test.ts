import { describe, expect, it } from '@jest/globals';
import { type Pushed, type PushWish } from '../../support/high-school.ts';
import { readTables, type Row } from '../../support/tables.ts';
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

/** What a push says of each kind: its type with outcome and reason. */
function saidOf(pushed: Pushed, kinds: readonly Kind[]): unknown[] {
  return kinds.map((kind) => {
    const { outcome, reason } = pushed.item('1010', itemKey(kind)) ?? {};
    return [kind.type, outcome, reason];
  });
}

const all = (kinds: readonly Kind[], outcome: string, reason: string): unknown[] =>
  kinds.map(({ type }) => [type, outcome, reason]);

async function rows(kinds: readonly Kind[]): Promise<(Row | undefined)[]> {
  const tables = await readTables(world.school.db);
  return kinds.map(({ key }) => tables.get(`1010 ${key}`));
}

async function linkStates(kinds: readonly Kind[]): Promise<unknown[]> {
  const tables = await readTables(world.school.db);
  return kinds.map(({ key }) => tables.get(`link 1010 ${key}`)?.['state']);
}

async function forEach(kinds: readonly Kind[], act: (kind: Kind) => Promise<void>): Promise<void> {
  for (const kind of kinds) await act(kind);
}

const addAbove = (kinds: readonly Kind[]): Promise<void> =>
  forEach(kinds, ({ key, values }) => world.add('master 1010', key, values));
const changeAbove = (kinds: readonly Kind[]): Promise<void> =>
  forEach(kinds, ({ key, change }) => world.edit('master 1010', key, change));
const removeAbove = (kinds: readonly Kind[]): Promise<void> =>
  forEach(kinds, ({ key }) => world.remove('master 1010', key));
const workOn = (kinds: readonly Kind[]): Promise<void> => forEach(kinds, ({ work }) => work());

async function pushedOnce(kinds: readonly Kind[]): Promise<void> {
  await addAbove(kinds);
  await world.school.push(LOCKED);
}

const BOTH_MODES = [
  { mode: 'locked', wish: LOCKED, residual: 'L4' },
  { mode: 'overwrite', wish: OVERWRITE, residual: 'O3' },
];

describe('Locked mode, for every type of setup', () => {
  it('an item above and not below is inserted and linked (L1)', async () => {
    await addAbove(ALL_KINDS);
    const pushed = await world.school.push(LOCKED);
    expect(saidOf(pushed, ALL_KINDS)).toEqual(all(ALL_KINDS, 'INSERTED', 'new_above'));
    expect(await rows(ALL_KINDS)).not.toContain(undefined);
    expect(new Set(await linkStates(ALL_KINDS))).toEqual(new Set(['linked']));
  });

  it('an item as it was pushed follows the master, and is then unchanged (L2)', async () => {
    await pushedOnce(WITH_VALUES);
    await changeAbove(WITH_VALUES);
    const pushed = await world.school.push(LOCKED);
    expect(saidOf(pushed, WITH_VALUES)).toEqual(all(WITH_VALUES, 'UPDATED', 'changed_above'));
    expect(await rows(WITH_VALUES)).toMatchObject(WITH_VALUES.map(({ change }) => change));
    expect((await world.school.plan(LOCKED)).writes).toBe(0);
  });

  it.each([
    { what: 'a task', kinds: [TASK] },
    { what: 'an item of another type', kinds: [CALC, CATEGORY, ASSESSMENT] },
  ])('$what that differs from what was pushed fails (L3)', async ({ kinds }) => {
    await pushedOnce(kinds);
    await forEach(kinds, ({ key, change }) => world.edit('1010', key, change));
    const pushed = await world.push(LOCKED);
    expect(saidOf(pushed, kinds)).toEqual(all(kinds, 'FAILED_DESYNCED', 'changed_below'));
    expect(pushed.changed).toEqual({});
  });

  it("a school's own item with the key of a new one above is kept and reported (L5)", async () => {
    await forEach(WITH_NATURAL_KEY, ({ key, values, change }) =>
      world.add('1010', key, { ...values, ...change }),
    );
    await addAbove(WITH_NATURAL_KEY);
    const pushed = await world.push(LOCKED);
    expect(saidOf(pushed, WITH_NATURAL_KEY)).toEqual(
      all(WITH_NATURAL_KEY, 'RETAINED_LOCAL', 'local_same_key'),
    );
    expect(pushed.changed).toEqual({});
  });

  it('an item gone above is deleted where nothing protects it (L6)', async () => {
    await pushedOnce(ALL_KINDS);
    await removeAbove(ALL_KINDS);
    const pushed = await world.school.push(LOCKED);
    expect(ALL_KINDS.map((kind) => pushed.item('1010', itemKey(kind))?.outcome)).toEqual(
      ALL_KINDS.map(() => 'DELETED'),
    );
    expect(await rows(ALL_KINDS)).toEqual(ALL_KINDS.map(() => undefined));
    expect(await linkStates(ALL_KINDS)).toEqual(ALL_KINDS.map(() => undefined));
  });

  it('an item gone above stays as residual with student work (L6)', async () => {
    await pushedOnce(OWNED);
    await workOn(OWNED);
    await removeAbove(OWNED);
    const pushed = await world.push(LOCKED);
    expect(saidOf(pushed, OWNED)).toEqual(all(OWNED, 'RETAINED_PROTECTED', 'student_work'));
    expect(pushed.changed).toEqual({});
    expect(new Set(await linkStates(OWNED))).toEqual(new Set(['residual']));
  });

  it("a school's own item without counterpart is kept and only counted (L7)", async () => {
    await forEach(ALL_KINDS, ({ key, values }) => world.add('1010', key, values));
    const pushed = await world.push(LOCKED);
    expect(pushed.changed).toEqual({});
    expect(pushed.items.filter((item) => item.course === '1010')).toEqual([]);
    const counted = await world.school.rows(
      `select sum(items)::int as items from push_plan_count
       where outcome = 'RETAINED_LOCAL' and plan_id = ${pushed.planId}`,
    );
    expect(counted).toEqual([{ items: ALL_KINDS.length }]);
  });
});

describe('Either mode, for every type that student work keeps', () => {
  it.each(BOTH_MODES)(
    'an item that was residual is relinked in $mode mode, the same row ($residual)',
    async ({ wish }) => {
      await pushedOnce(OWNED);
      await workOn(OWNED);
      const before = await rows(OWNED);
      await removeAbove(OWNED);
      await world.school.push(wish);
      expect(new Set(await linkStates(OWNED))).toEqual(new Set(['residual']));
      await forEach(OWNED, ({ key, values, change }) =>
        world.add('master 1010', key, { ...values, ...change }),
      );
      const reason = wish.mode === 'overwrite' ? 'link_rebuilt' : 'back_above';
      expect(saidOf(await world.school.push(wish), OWNED)).toEqual(all(OWNED, 'RELINKED', reason));
      expect(await rows(OWNED)).toEqual(before.map((row, n) => ({ ...row, ...OWNED[n]?.change })));
      expect(new Set(await linkStates(OWNED))).toEqual(new Set(['linked']));
    },
  );
});

describe('Overwrite, for every type of setup', () => {
  it('an item above is inserted, also when someone deleted it below (O1)', async () => {
    await pushedOnce(ALL_KINDS);
    await forEach(ALL_KINDS, ({ key }) => world.remove('1010', key));
    const pushed = await world.school.push(OVERWRITE);
    expect(saidOf(pushed, ALL_KINDS)).toEqual(all(ALL_KINDS, 'INSERTED', 'new_above'));
    expect(await rows(ALL_KINDS)).not.toContain(undefined);
    expect((await world.school.plan(LOCKED)).writes).toBe(0);
  });

  it('an item that is linked is updated, one that was changed gets the master value and its link again (O2)', async () => {
    await pushedOnce(WITH_VALUES);
    await changeAbove(WITH_VALUES);
    const updated = await world.school.push(OVERWRITE);
    expect(saidOf(updated, WITH_VALUES)).toEqual(all(WITH_VALUES, 'UPDATED', 'changed_above'));
    const linked = await rows(WITH_VALUES);
    await forEach(WITH_VALUES, ({ key, values, change }) => {
      const [column = ''] = Object.keys(change);
      return world.edit('1010', key, { [column]: values[column] ?? false });
    });
    const healed = await world.school.push(OVERWRITE);
    expect(saidOf(healed, WITH_VALUES)).toEqual(all(WITH_VALUES, 'RELINKED', 'link_rebuilt'));
    expect(await rows(WITH_VALUES)).toEqual(linked);
    const check = await world.school.plan(LOCKED);
    expect(check.items.filter((item) => item.outcome.startsWith('FAILED'))).toEqual([]);
  });

  it("a school's own item with the same key takes the master value and a link, the same row (O4)", async () => {
    await forEach(WITH_NATURAL_KEY, ({ key, values, change }) =>
      world.add('1010', key, { ...values, ...change }),
    );
    const ids = (await rows(WITH_NATURAL_KEY)).map((row) => row?.['id']);
    await addAbove(WITH_NATURAL_KEY);
    const pushed = await world.school.push(OVERWRITE);
    expect(saidOf(pushed, WITH_NATURAL_KEY)).toEqual(
      all(WITH_NATURAL_KEY, 'RELINKED', 'local_adopted'),
    );
    expect((await rows(WITH_NATURAL_KEY)).map((row) => row?.['id'])).toEqual(ids);
    expect(new Set(await linkStates(WITH_NATURAL_KEY))).toEqual(new Set(['linked']));
    expect((await world.school.plan(LOCKED)).writes).toBe(0);
  });

  it("a school's own item with the same key and student work is kept (O5)", async () => {
    const kinds = [CALC, COMPOSITE, ASSESSMENT];
    await forEach(kinds, ({ key, values, change }) =>
      world.add('1010', key, { ...values, ...change }),
    );
    await workOn(kinds);
    await addAbove(kinds);
    const pushed = await world.push(OVERWRITE);
    expect(saidOf(pushed, kinds)).toEqual(all(kinds, 'RETAINED_PROTECTED', 'student_work'));
    expect(pushed.changed).toEqual({});
  });

  it("a school's own task is adopted with its student work: its identity is the same (O5, R08)", async () => {
    await world.add('1010', TASK.key, { credit: 9, terms: [1, 2] });
    await TASK.work();
    await addAbove([TASK]);
    const pushed = await world.push(OVERWRITE);
    expect(pushed.item('1010', TASK.key)).toMatchObject({ outcome: 'RELINKED' });
    expect(pushed.changed).toEqual({ '1010 task:lab': { credit: [9, 1] } });
  });

  it('an item without counterpart above is deleted (O6)', async () => {
    await forEach(ALL_KINDS, ({ key, values }) => world.add('1010', key, values));
    const pushed = await world.push(OVERWRITE);
    const places = ALL_KINDS.map(({ key }) => `1010 ${key.replace(':L', ':own L')}`);
    for (const place of places) expect(pushed.changed).toHaveProperty([place], 'deleted');
    expect(pushed.items.filter((item) => item.outcome === 'DELETED')).toHaveLength(places.length);
  });

  it('an item without counterpart above stays as residual with student work (O7)', async () => {
    await forEach(ALL_KINDS, ({ key, values }) => world.add('1010', key, values));
    await workOn(ALL_KINDS);
    const pushed = await world.push(OVERWRITE);
    expect(
      pushed.items.filter((item) => item.outcome === 'RETAINED_PROTECTED' && item.op === 'link'),
    ).toHaveLength(ALL_KINDS.length);
    expect(pushed.changed).toEqual({});
    expect(Object.values(pushed.links)).toMatchObject(
      ALL_KINDS.map(() => ({ added: { state: 'residual' } })),
    );
    expect((await world.school.plan(OVERWRITE)).writes).toBe(0);
  });
});
