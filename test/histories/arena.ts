import { type Db } from '../../src/db/database.ts';
import { readRegistry } from './differential.ts';
import { buildDistrict } from './district.ts';
import { type Arena } from './history.ts';
import { apply, plan } from './push.ts';
import { prepareRestore, readRows } from './rows.ts';
import { DATA_TYPES } from '../../src/domain/push-options.ts';

/** Makes an empty, migrated database the place of histories: the district, and it pushed once. */
export async function makeArena(db: Db): Promise<Arena> {
  await prepareRestore(db);
  await buildDistrict(db);
  const fresh = await readRows(db);
  for (const catalogId of [1, 2])
    await apply(
      db,
      await plan(db, {
        kind: 'push',
        mode: 'push_locked',
        toSections: true,
        crossSite: false,
        dataTypes: DATA_TYPES,
        catalogId,
        courseMasterId: null,
        schoolYearId: 1,
        calendarIds: [1, 2],
      }),
    );
  return { db, fresh, pushed: await readRows(db), registry: await readRegistry(db) };
}
