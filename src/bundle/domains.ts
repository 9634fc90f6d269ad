import { sql } from 'kysely';
import { type Domain, type Reference, type Sql, stage, staged } from './bundle-file.ts';

interface Place {
  readonly what: string;
  /** `select … as id from …`: what the database has. */
  readonly existing: Sql;
  /** The files that bring such ids, with the id over `d`, the staged row. */
  readonly staged: readonly (readonly [file: string, id: Sql])[];
}

function domain({ what, existing, staged: files }: Place): Domain {
  const removed = files.map(
    ([file, id]) =>
      sql`and not exists (select 1 from ${stage(file)} d where d.removed and ${id} = e.id)`,
  );
  const brought = files.map(
    ([file, id]) => sql`union all select ${id} from ${stage(file)} d where not d.removed`,
  );
  return {
    what,
    known: sql`(select e.id from (${existing}) e where true ${sql.join(removed, sql` `)}
      ${sql.join(brought, sql` `)})`,
  };
}

const id = (column: string): Sql => sql.ref(`d.${column}`);

export const SCHOOL = domain({
  what: "a school's sourcedId",
  existing: sql`select source_id as id from school`,
  staged: [['orgs', sql`case when d.type = 'school' then d."sourcedId" end`]],
});
export const ORG = domain({
  what: "an org's sourcedId",
  existing: sql`select source_id as id from school union all select source_id from district
    union all select source_id from source_row where file = 'orgs'`,
  staged: [['orgs', id('sourcedId')]],
});
export const SESSION = domain({
  what: "an academic session's sourcedId",
  existing: sql`select source_id as id from academic_session`,
  staged: [['academicSessions', id('sourcedId')]],
});
export const YEAR = domain({
  what: 'a schoolYear of academicSessions',
  existing: sql`select ends_in as id from school_year`,
  staged: [['academicSessions', sql`case when not d.removed then d."schoolYear" end`]],
});
export const CALENDAR = domain({
  what: "a calendar's id",
  existing: sql`select source_id as id from calendar`,
  staged: [['cmCalendars', id('calendar')]],
});
export const CATALOG = domain({
  what: "a catalog's name",
  existing: sql`select name as id from course_catalog`,
  staged: [['cmCatalogs', id('catalog')]],
});
export const ATTRIBUTE = domain({
  what: "a course attribute's code",
  existing: sql`select code as id from course_attribute`,
  staged: [['cmAttributes', id('code')]],
});
export const MASTER = domain({
  what: 'a master as <catalog>/<number>',
  existing: sql`select c.name || '/' || m.number as id
    from course_master m join course_catalog c on c.id = m.catalog_id`,
  staged: [['cmMasters', sql`d.catalog || '/' || d.number`]],
});
export const COURSE = domain({
  what: "a course's sourcedId",
  existing: sql`select source_id as id from course`,
  staged: [['courses', id('sourcedId')]],
});
export const SECTION = domain({
  what: "a class's sourcedId",
  existing: sql`select source_id as id from section`,
  staged: [['classes', id('sourcedId')]],
});
export const PERSON = domain({
  what: "a user's sourcedId",
  existing: sql`select id from person`,
  staged: [['users', id('sourcedId')]],
});
export const ENROLLMENT = domain({
  what: "an enrollment's sourcedId",
  existing: sql`select source_id as id from roster`,
  staged: [['enrollments', id('sourcedId')]],
});
export const GRADABLE = domain({
  what: 'a gradable of cmGradables',
  existing: sql`select id from gradable`,
  staged: [['cmGradables', id('gradable')]],
});
export const SCORE_GROUP = domain({
  what: 'a score group of cmScoreGroups',
  // A group goes with its last score, which only the foreign keys can tell: they refuse it then.
  existing: sql`select id from score_group`,
  staged: [['cmScoreGroups', sql`case when not d.removed then d."scoreGroup" end`]],
});
export const GRADING_SCALE = domain({
  what: 'a grading scale of cmGradingScales',
  existing: sql`select id from grading_scale`,
  staged: [['cmGradingScales', id('gradingScale')]],
});
export const TEST = domain({
  what: 'a test of cmTests or cmAssessments',
  existing: sql`select id from test`,
  staged: [
    ['cmTests', id('test')],
    ['cmAssessments', sql`case when not d.removed then d.test end`],
  ],
});
export const CATEGORY = domain({
  what: 'a category of cmCategories',
  existing: sql`select source_id as id from category`,
  staged: [['cmCategories', id('category')]],
});
export const ASSIGNMENT = domain({
  what: "a line item's sourcedId",
  existing: sql`select source_id as id from assignment`,
  staged: [['lineItems', id('sourcedId')]],
});
export const CROSS_SITE_MAP = domain({
  what: 'a row of cmCrossSiteMaps',
  existing: sql`select s.source_id || '>' || c.source_id as id from cross_site_map m
    join section s on s.id = m.serving_section_id join course c on c.id = m.home_course_id`,
  staged: [['cmCrossSiteMaps', sql`d."servingClassSourcedId" || '>' || d."homeCourseSourcedId"`]],
});

const LEVELS = { master: MASTER, course: COURSE, section: SECTION } as const;

/** `owner` names a master, a course or a section, as `level` says. */
export function ownerReferences(
  levels: readonly (keyof typeof LEVELS)[] = ['master', 'course', 'section'],
): Reference[] {
  return levels.map((level) => ({
    column: 'owner',
    to: LEVELS[level],
    when: sql`${staged('level')} = ${sql.lit(level)}`,
  }));
}

/** Every master, course and section with its name in the bundle: (level, owner, scope_id). */
export const OWNERS: Sql = sql`(
  select 'master' as level, k.name || '/' || m.number as owner, o.id as scope_id
  from setup_scope o join course_master m on m.id = o.course_master_id
  join course_catalog k on k.id = m.catalog_id
  union all
  select 'course', c.source_id, o.id from setup_scope o join course c on c.id = o.course_id
  union all
  select 'section', e.source_id, o.id from setup_scope o join section e on e.id = o.section_id)`;
