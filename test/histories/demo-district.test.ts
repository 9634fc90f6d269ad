import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeDemoDistrict } from '../../playground/demo-district/generate.ts';
import { importBundle } from '../../src/bundle/import-bundle.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { Folders } from '../support/bundles.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { pushesOfEverything } from '../support/demo-push.ts';
import { readRegistry } from './differential.ts';
import { pushAndJudge } from './history.ts';
import { IS_NIGHTLY } from './prove.ts';

/** Comparing with the model as well takes minutes for so many rows; so does the other mode. */
const MODES = IS_NIGHTLY ? (['push_locked', 'overwrite'] as const) : (['overwrite'] as const);

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
    'a push (%s) of every catalog and year to all calendars, with sections and cross-site data, ends with exactly the planned effect, harms no student work, and writes nothing the second time (G17, G22, P11)',
    async (mode) => {
      const { db } = database;
      const arena = { db, fresh: '', pushed: '', registry: await readRegistry(db) };
      for (const { catalog, year, wish } of await pushesOfEverything(db, mode)) {
        const round = { steps: [], push: wish, proof: 'repeat' as const };
        const problems = await pushAndJudge(arena, round, { withModel: IS_NIGHTLY });
        expect({ catalog, year, problems }).toStrictEqual({ catalog, year, problems: [] });
      }
    },
    1_200_000,
  );
});
