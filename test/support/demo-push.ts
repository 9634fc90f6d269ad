import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';
import { DATA_TYPES, type PushMode } from '../../src/domain/push-options.ts';
import { type PushWish } from '../histories/push.ts';

/** A catalog in a school year, with every calendar that has courses of it, and how many courses. */
export interface Reach {
  readonly catalog: string;
  readonly year: string;
  readonly courses: number;
  /** The year is the active one. */
  readonly isCurrent: boolean;
  readonly wish: PushWish;
}

/** Everything that can be pushed, section and cross-site data included; most courses first. */
export async function pushesOfEverything(db: Db, mode: PushMode): Promise<Reach[]> {
  const { rows } = await sql<{
    catalogId: number;
    catalog: string;
    schoolYearId: number;
    year: string;
    courses: number;
    isCurrent: boolean;
    calendarIds: number[];
  }>`
    select k.id as "catalogId", k.name as catalog, y.id as "schoolYearId", y.label as year,
      y.is_active as "isCurrent", count(*)::int as courses, array_agg(distinct a.id order by a.id) as "calendarIds"
    from course c
    join course_master m on m.id = c.course_master_id
    join course_catalog k on k.id = m.catalog_id
    join calendar a on a.id = c.calendar_id
    join school_year y on y.id = a.school_year_id
    group by k.id, y.id order by count(*) desc, k.id, y.id`.execute(db);
  return rows.map(({ catalog, year, courses, isCurrent, ...where }) => ({
    ...{ catalog, year, courses, isCurrent },
    wish: {
      kind: 'push',
      mode,
      toSections: true,
      crossSite: true,
      dataTypes: DATA_TYPES,
      courseMasterId: null,
      ...where,
    },
  }));
}
