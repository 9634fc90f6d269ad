import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeDemoDistrict } from '../../playground/demo-district/generate.ts';
import { importBundle } from '../../src/bundle/import-bundle.ts';
import { type Db } from '../../src/db/database.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { Folders } from '../support/bundles.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { pushesOfEverything } from '../support/demo-push.ts';
import { countProblems } from './counts.ts';
import { readRegistry } from './differential.ts';
import { effectProblems } from './effect.ts';
import { pushAndJudge } from './history.ts';
import { brokenInvariants } from './invariants.ts';
import { IS_NIGHTLY } from './prove.ts';
import { apply, plan, type Planned, type PushWish, readItems } from './push.ts';
import { parseRows, readRows, rowVersions } from './rows.ts';

/** The nightly run pushes in both modes, one after the other, and the years that are over as well. */
const MODES = IS_NIGHTLY ? (['push_locked', 'overwrite'] as const) : (['overwrite'] as const);
const YEARS = IS_NIGHTLY ? 'every' : 'the current';
const PUSHES = IS_NIGHTLY ? 6 : 3;

describe('Given the demo district after a year of work, edits of masters and drift', () => {
  const folders = new Folders();
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    const demo = await folders.make();
    await writeDemoDistrict(demo, { schools: 6 });
    await importBundle(database.db, demo, { today: '2026-11-23' });
    const asker = { slackTeamId: 'T1', slackUserId: 'U1', name: 'Alice', groups: [] };
    await addPerson(database.db, asker);
  }, 600_000);
  afterAll(async () => {
    await folders.removeAll();
    await database.drop();
  });

  it.each(MODES)(
    `pushes (%s) of every catalog to all calendars of ${YEARS} year, with sections and cross-site data, end with exactly the planned effect, harm no student work, and write nothing the second time (G17, G22, P11)`,
    async (mode) => {
      const wishes = (await pushesOfEverything(database.db, mode))
        .filter(({ isCurrent }) => IS_NIGHTLY || isCurrent)
        .map(({ wish }) => wish);
      expect(wishes).toHaveLength(PUSHES);
      await (IS_NIGHTLY ? judgeEach : judgeTogether)(database.db, wishes);
    },
    1_200_000,
  );
});

/** Push by push, and beside the oracle. */
async function judgeEach(db: Db, wishes: readonly PushWish[]): Promise<void> {
  const arena = { db, registry: await readRegistry(db) };
  for (const push of wishes)
    expect(await pushAndJudge(arena, { steps: [], push, proof: 'repeat' })).toEqual([]);
}

/** All pushes as one: they share no course. */
async function judgeTogether(db: Db, wishes: readonly PushWish[]): Promise<void> {
  const before = parseRows(await readRows(db));
  const pushed = [];
  for (const wish of wishes) {
    const planned = await push(db, wish);
    pushed.push({ wish, planned, items: await readItems(db, planned.planId) });
  }
  const after = parseRows(await readRows(db));
  const allItems = pushed.flatMap(({ items }) => items);
  expect(effectProblems(before, after, allItems)).toEqual([]);
  for (const { wish, planned, items } of pushed) {
    expect(planned.writes).toBeGreaterThan(0);
    expect(brokenInvariants({ wish, items, before, after })).toEqual([]);
    expect(await countProblems(db, planned, items)).toEqual([]);
  }
  const versions = await rowVersions(db);
  for (const wish of wishes) expect((await push(db, wish)).writes).toBe(0);
  expect(await rowVersions(db)).toEqual(versions);
}

async function push(db: Db, wish: PushWish): Promise<Planned> {
  const planned = await plan(db, wish);
  await apply(db, planned);
  return planned;
}
