import { sql } from 'kysely';
import {
  type CalendarChoice,
  type CatalogChoice,
  type LockMode,
  type YearChoice,
} from '../../domain/ports.ts';
import { type DataType } from '../../domain/push-options.ts';
import { type Db } from '../database.ts';

/** School years, the latest first. */
export async function listYears(db: Db): Promise<YearChoice[]> {
  return db
    .selectFrom('school_year')
    .select(['id', 'label', 'is_active as isActive'])
    .orderBy('ends_in', 'desc')
    .execute();
}

/** Catalogs that a school uses in the year (G02), by name, with what each locks. */
export async function listCatalogs(db: Db, schoolYearId: number): Promise<CatalogChoice[]> {
  const rows = await db
    .selectFrom('course_catalog as catalog')
    .select(['catalog.id', 'catalog.name'])
    .select(
      sql<{ type: string; mode: LockMode }[]>`(
        select coalesce(jsonb_agg(jsonb_build_object('type', lock.type, 'mode', lock.mode)), '[]')
        from (
          select data_type::text as type, mode from catalog_type_lock where catalog_id = catalog.id
          union all
          select 'course_info', mode from catalog_attribute_lock where catalog_id = catalog.id
        ) lock)`.as('locks'),
    )
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('catalog_school_year as used')
          .select('used.catalog_id')
          .whereRef('used.catalog_id', '=', 'catalog.id')
          .where('used.school_year_id', '=', schoolYearId),
      ),
    )
    .orderBy('catalog.name')
    .execute();
  return rows.map(({ id, name, locks }) => ({ id, name, locks: strongestLocks(locks) }));
}

const STRENGTH: Readonly<Record<LockMode, number>> = { unlocked: 0, soft: 1, hard: 2 };

function strongestLocks(
  locks: readonly { type: string; mode: LockMode }[],
): Record<DataType, LockMode> {
  const strongest = (type: DataType): LockMode =>
    locks
      .filter((lock) => lock.type === type)
      .reduce<LockMode>(
        (best, { mode }) => (STRENGTH[mode] > STRENGTH[best] ? mode : best),
        'unlocked',
      );
  return {
    course_info: strongest('course_info'),
    grading_tasks_standards: strongest('grading_tasks_standards'),
    composite_grades: strongest('composite_grades'),
    composite_weights: strongest('composite_weights'),
    grade_calc_options: strongest('grade_calc_options'),
    categories: strongest('categories'),
    assessments: strongest('assessments'),
  };
}

/** Every calendar of the year, those with linked courses first, by name, with how many of its courses the catalog's masters, or the one master, own (G05). */
export async function listCalendars(
  db: Db,
  scope: { schoolYearId: number; catalogId: number; courseMasterId?: number | undefined },
): Promise<CalendarChoice[]> {
  return db
    .selectFrom('calendar')
    .innerJoin('school', 'school.id', 'calendar.school_id')
    .leftJoin(
      (eb) =>
        eb
          .selectFrom('course')
          .innerJoin('course_master', 'course_master.id', 'course.course_master_id')
          .select((linked) => ['course.calendar_id', linked.fn.countAll<number>().as('courses')])
          .where('course_master.catalog_id', '=', scope.catalogId)
          .$if(scope.courseMasterId !== undefined, (linked) =>
            linked.where('course_master.id', '=', scope.courseMasterId ?? 0),
          )
          .groupBy('course.calendar_id')
          .as('linked'),
      (join) => join.onRef('linked.calendar_id', '=', 'calendar.id'),
    )
    .select([
      'calendar.id',
      'calendar.name',
      'school.name as school',
      'calendar.is_summer as isSummer',
      sql<number>`coalesce(linked.courses, 0)`.as('linkedCourses'),
    ])
    .where('calendar.school_year_id', '=', scope.schoolYearId)
    .orderBy(sql`linked.courses is null`)
    .orderBy('calendar.name')
    .orderBy('school.name')
    .execute();
}
