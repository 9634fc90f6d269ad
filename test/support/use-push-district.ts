import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { buildPushDistrict, type PushDistrict } from './push-district.ts';
import { keepBaseline } from './tables.ts';

/**
 * Opens a database with a push district for the tests of a file, or of a `describe`, and brings it
 * back to how it was then before each of them.
 * @param opened gets the district once; what it does to it is there before every test
 */
export function usePushDistrict(
  opened: (district: PushDistrict, url: string) => Promise<void> | void,
): void {
  let database: TestDatabase | undefined;
  let reset: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    database = await createTestDatabase();
    await opened(await buildPushDistrict(database.db), database.url);
    reset = await keepBaseline(database.db);
  });
  beforeEach(() => reset());
  afterAll(() => database?.drop());
}
