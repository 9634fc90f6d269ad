import { type Db } from '../database.ts';

/** IANA zone in which the district's people read times; undefined before a district is imported. */
export async function readTimeZone(db: Db): Promise<string | undefined> {
  const district = await db.selectFrom('district').select('time_zone').executeTakeFirst();
  return district?.time_zone;
}
