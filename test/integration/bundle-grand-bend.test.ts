import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { exportBundle } from '../../src/bundle/export-bundle.ts';
import { importBundle } from '../../src/bundle/import-bundle.ts';
import { bytesOf, Folders, GRAND_BEND, rowVersions } from '../support/bundles.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const TODAY = '2026-11-23';

describe('Given the Grand Bend bundle imported into an empty database', () => {
  const folders = new Folders();
  let database: TestDatabase;
  let seconds: number;

  beforeAll(async () => {
    database = await createTestDatabase();
    const start = performance.now();
    await importBundle(database.db, GRAND_BEND, { today: TODAY });
    seconds = (performance.now() - start) / 1000;
  });
  afterAll(async () => {
    await folders.removeAll();
    await database.drop();
  });

  it('takes less than ten seconds', () => {
    expect(seconds).toBeLessThan(10);
  });

  it('has its schools, courses, sections, assignments and scores, and a scope for each owner', async () => {
    const { rows } = await sql`
      select (select count(*)::int from school) as schools, (select count(*)::int from course) as courses,
        (select count(*)::int from section) as sections, (select count(*)::int from assignment) as assignments,
        (select count(*)::int from score) as scores, (select count(*)::int from course_master) as masters,
        (select count(*)::int from course where course_master_id is not null) as linked,
        (select count(*)::int from setup_scope) as scopes`.execute(database.db);
    expect(rows).toStrictEqual([
      {
        schools: 3,
        courses: 84,
        sections: 520,
        assignments: 10,
        scores: 250,
        masters: 84,
        linked: 84,
        scopes: 84 + 84 + 520,
      },
    ]);
  });

  it('gives each school one calendar, named by year and school, with six numbered terms', async () => {
    const { rows } = await sql`
      select k.source_id, k.name, string_agg(t.name, ', ' order by t.seq) as terms
      from calendar k join term t on t.calendar_id = k.id group by 1, 2 order by 1`.execute(
      database.db,
    );
    const terms =
      'First Six Weeks, Second Six Weeks, Third Six Weeks, Fourth Six Weeks, Fifth Six Weeks, Sixth Six Weeks';
    expect(rows).toStrictEqual([
      { source_id: '255901001/2022', name: '21-22 Grand Bend High School', terms },
      { source_id: '255901044/2022', name: '21-22 Grand Bend Middle School', terms },
      { source_id: '255901107/2022', name: '21-22 Grand Bend Elementary School', terms },
    ]);
  });

  it('makes the latest begun year the active one when none has today in it', async () => {
    const { rows } = await sql`select label, ends_in from school_year where is_active`.execute(
      database.db,
    );
    expect(rows).toStrictEqual([{ label: '21-22', ends_in: 2022 }]);
  });

  it('writes no row version when the same bundle is imported again', async () => {
    const before = await rowVersions(database.db);
    const { files } = await importBundle(database.db, GRAND_BEND, { today: TODAY });
    expect(await rowVersions(database.db)).toStrictEqual(before);
    expect(files.every(({ created, updated, removed }) => created + updated + removed === 0)).toBe(
      true,
    );
  });

  it('exports identical bytes twice, and again after a round through an empty database', async () => {
    const [first, second, third] = [
      await folders.make(),
      await folders.make(),
      await folders.make(),
    ];
    await exportBundle(database.db, first);
    await exportBundle(database.db, second);
    expect(await bytesOf(second)).toStrictEqual(await bytesOf(first));

    const empty = await createTestDatabase();
    try {
      await importBundle(empty.db, first, { today: TODAY });
      await exportBundle(empty.db, third);
    } finally {
      await empty.drop();
    }
    expect(await bytesOf(third)).toStrictEqual(await bytesOf(first));
  });

  it('changes nothing when its own export is imported over it', async () => {
    const folder = await folders.make();
    await exportBundle(database.db, folder);
    const before = await rowVersions(database.db);
    await importBundle(database.db, folder, { today: TODAY });
    expect(await rowVersions(database.db)).toStrictEqual(before);
  });

  it('exports every cell of the files that came', async () => {
    const folder = await folders.make();
    await exportBundle(database.db, folder);
    const [came, went] = [await bytesOf(GRAND_BEND), await bytesOf(folder)];
    const missing = Object.keys(came).filter((name) => went[name] === undefined);
    expect(missing).toStrictEqual([]);
    expect(path.basename(GRAND_BEND)).toBe('grand-bend');
    expect(went['results.csv']).toContain('74.00');
    expect(went['categories.csv']).toContain('cat-assignment');
    expect(went['manifest.csv']).toContain('edfi-sample-5.2');
  });
});
