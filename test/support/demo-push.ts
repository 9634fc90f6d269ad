import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import { DATA_TYPES } from '../../src/domain/push-options.ts';
import { type PushWish } from '../histories/push.ts';

/** Overwrite, sections and cross-site data, of the catalog and year with most linked courses. */
export async function overwriteOfEverything(db: Db): Promise<PushWish> {
  const { rows } = await sql<{ catalog: number; year: number; calendars: number[] }>`
    select m.catalog_id as catalog, k.school_year_id as year,
      array_agg(distinct k.id order by k.id) as calendars
    from course c join course_master m on m.id = c.course_master_id
    join calendar k on k.id = c.calendar_id
    group by 1, 2 order by count(*) desc, 1, 2 limit 1`.execute(db);
  const [largest] = rows;
  if (largest === undefined) throw new Error('no course is linked');
  return {
    kind: 'push',
    mode: 'overwrite',
    toSections: true,
    crossSite: true,
    dataTypes: DATA_TYPES,
    catalogId: largest.catalog,
    courseMasterId: null,
    schoolYearId: largest.year,
    calendarIds: largest.calendars,
  };
}
