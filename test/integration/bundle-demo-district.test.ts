import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { writeDemoDistrict } from '../../playground/demo-district/generate.ts';
import { exportBundle } from '../../src/bundle/export-bundle.ts';
import { importBundle, type ImportedBundle } from '../../src/bundle/import-bundle.ts';
import { bytesOf, Folders, GRAND_BEND, rowVersions } from '../support/bundles.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const TODAY = '2026-11-23';

describe('Given Grand Bend and the demo district imported into one database', () => {
  const folders = new Folders();
  let database: TestDatabase;
  let demo: string;
  let imported: ImportedBundle;

  beforeAll(async () => {
    database = await createTestDatabase();
    demo = await folders.make();
    await writeDemoDistrict(demo, { schools: 6 });
    await importBundle(database.db, GRAND_BEND, { today: TODAY });
    imported = await importBundle(database.db, demo, { today: TODAY });
  }, 240_000);
  afterAll(async () => {
    await folders.removeAll();
    await database.drop();
  });

  it('creates every row of the demo district that the files hold', () => {
    expect(imported.warnings).toStrictEqual([]);
    expect(imported.files.find(({ name }) => name === 'courses')).toMatchObject({ updated: 0 });
  });

  it('makes the year with today in it the active one', async () => {
    const { rows } = await sql`select label from school_year where is_active`.execute(database.db);
    expect(rows).toStrictEqual([{ label: '26-27' }]);
  });

  it('finds the row above every link, and the row of all but those deleted behind our back (S02)', async () => {
    const { rows } = await sql<{ links: number; orphans: number; withoutRow: number }>`
      select count(*) as links, count(*) filter (where upstream_scope_id is null) as orphans,
        count(*) filter (where row_id is null and state = 'linked'
          and data_type not in ('course_info', 'cross_site')) as "withoutRow"
      from sync_link`.execute(database.db);
    expect(rows[0]?.links).toBeGreaterThan(10_000);
    expect(rows[0]?.withoutRow).toBeLessThan(100);
    expect(rows[0]?.orphans).toBeLessThan(100);
  });

  it('writes nothing when both are imported again, and comes back from an export with the same bytes', async () => {
    const before = await rowVersions(database.db);
    await importBundle(database.db, demo, { today: TODAY });
    expect(await rowVersions(database.db)).toStrictEqual(before);
    const [first, second] = [await folders.make(), await folders.make()];
    await exportBundle(database.db, first);
    const empty = await createTestDatabase();
    try {
      await importBundle(empty.db, first, { today: TODAY });
      await exportBundle(empty.db, second);
    } finally {
      await empty.drop();
    }
    expect(await bytesOf(second)).toStrictEqual(await bytesOf(first));
  }, 240_000);
});
