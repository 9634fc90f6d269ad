import { sql } from 'kysely';
import { attributeColumns, ATTRIBUTE_CHECKS, ATTRIBUTES, OVERRIDE_CHECKS } from '../attributes.ts';
import {
  type BundleFile,
  byText,
  cell,
  extensionColumns,
  from,
  KEPT,
  kept,
  may,
  metadata,
  must,
  oneRosterColumns,
  out,
  outKept,
  removeByKey,
  stage,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { deriveTerms } from '../derive-places.ts';
import { CALENDAR, CATALOG, COURSE, MASTER, ORG, SECTION, SESSION } from '../domains.ts';

const courseColumns = oneRosterColumns(
  may('schoolYearSourcedId', cells.id, 'both'),
  must('title', cells.text(255)),
  may('courseCode', cells.text(250)),
  ...kept('grades'),
  may('orgSourcedId', cells.id, 'both'),
  ...kept('subjects', 'subjectCodes'),
);

/**
 * A course's calendar: the one cmCourses names; else the one it is in, if that is of the school and
 * year the row names; else the school's only one of that year, or its only one that is not summer's.
 */
const withCalendar = sql`stage_courses s
  left join "stage_cmCourses" x on x."courseSourcedId" = s."sourcedId" and not x.removed
  left join calendar e on e.source_id = x.calendar
  left join school o on o.source_id = s."orgSourcedId"
  left join academic_session a on a.source_id = s."schoolYearSourcedId"
  left join course c on c.source_id = s."sourcedId"
  left join calendar now on now.id = c.calendar_id
    and (o.id is null or (now.school_id, now.school_year_id) = (o.id, a.school_year_id))
  left join (
    select school_id, school_year_id, case when count(*) = 1 then min(id)
      when count(*) filter (where not is_summer) = 1 then min(id) filter (where not is_summer) end as id
    from calendar group by 1, 2
  ) d on (d.school_id, d.school_year_id) = (o.id, a.school_year_id)`;
const calendarId = sql`coalesce(e.id, now.id, d.id)`;

const courses: BundleFile = {
  name: 'courses',
  columns: courseColumns,
  key: ['sourcedId'],
  open: 'metadata.',
  references: [
    { column: 'schoolYearSourcedId', to: SESSION },
    { column: 'orgSourcedId', to: ORG },
  ],
  writes: [
    {
      table: 'course',
      mode: 'upsert',
      from: withCalendar,
      where: sql`${calendarId} is not null`,
      key: { source_id: staged('sourcedId') },
      values: {
        calendar_id: from(['orgSourcedId', 'schoolYearSourcedId'], calendarId),
        name: cell('title'),
        number: from(['courseCode'], sql`coalesce(s."courseCode", s."sourcedId")`),
      },
      bags: { source: KEPT },
    },
  ],
  checksAfter: [
    {
      column: 'orgSourcedId',
      bad: sql`not exists (select 1 from course c where c.source_id = s."sourcedId")`,
      expected:
        "a school with one calendar in the course's school year, or the calendar in cmCourses",
    },
    {
      column: 'courseCode',
      bad: sql`exists (select 1 from course c join course o using (calendar_id, number)
        where c.source_id = s."sourcedId" and o.id <> c.id)`,
      expected: 'a number that no other course of the calendar has',
    },
  ],
  removals: removeByKey('courses', 'course', sql`t.source_id = s."sourcedId"`),
  export: {
    from: sql`course t join calendar k on k.id = t.calendar_id join school o on o.id = k.school_id`,
    columns: {
      sourcedId: out('t.source_id'),
      status: sql`'active'`,
      schoolYearSourcedId: sql`t.source ->> 'schoolYearSourcedId'`,
      title: out('t.name'),
      courseCode: out('t.number'),
      orgSourcedId: sql`coalesce(t.source ->> 'orgSourcedId', o.source_id)`,
      ...outKept(courseColumns, 't.source'),
    },
    orderBy: [byText('t.source_id')],
    open: metadata('course', 't.source'),
  },
};

const cmCourses: BundleFile = {
  name: 'cmCourses',
  columns: extensionColumns(
    must('courseSourcedId', cells.id),
    may('calendar', cells.id),
    may('catalog', cells.catalogName),
    may('masterNumber', cells.name(250)),
    may('ignoreMasterPush', cells.boolean),
    may('crossSite', cells.boolean),
    may('crossSiteRole', cells.oneOf(['none', 'serving', 'home_mirror'], 'cross_site_role')),
    may('mirrorOfCourseSourcedId', cells.id),
  ),
  key: ['courseSourcedId'],
  open: 'attr:',
  references: [
    { column: 'courseSourcedId', to: COURSE },
    { column: 'calendar', to: CALENDAR },
    { column: 'catalog', to: CATALOG },
    {
      column: 'masterNumber',
      to: MASTER,
      value: sql`s.catalog || '/' || s."masterNumber"`,
    },
    { column: 'mirrorOfCourseSourcedId', to: COURSE },
  ],
  checks: [
    ...ATTRIBUTE_CHECKS,
    {
      column: 'masterNumber',
      bad: sql`(s.catalog is null) <> (s."masterNumber" is null)`,
      expected: 'a master number together with its catalog, or neither',
    },
    {
      column: 'mirrorOfCourseSourcedId',
      bad: sql`coalesce(s."crossSiteRole" = 'home_mirror', false) <> (s."mirrorOfCourseSourcedId" is not null)`,
      expected: 'the course it mirrors for the role `home_mirror`, and an empty cell otherwise',
    },
  ],
  writes: [
    {
      table: 'course',
      mode: 'update',
      from: sql`${stage('cmCourses')} s join course c on c.source_id = s."courseSourcedId"
        left join calendar e on e.source_id = s.calendar
        left join course_catalog k on k.name = s.catalog
        left join course_master m on m.catalog_id = k.id and m.number = s."masterNumber"
        left join course o on o.source_id = s."mirrorOfCourseSourcedId"`,
      key: { source_id: staged('courseSourcedId') },
      values: {
        calendar_id: from(['calendar'], sql`coalesce(e.id, c.calendar_id)`),
        course_master_id: from(['catalog', 'masterNumber'], sql`m.id`),
        ignore_master_push: cell('ignoreMasterPush', false),
        cross_site_enabled: cell('crossSite', false),
        cross_site_role: from(
          ['crossSiteRole', 'mirrorOfCourseSourcedId'],
          sql`coalesce(s."crossSiteRole", 'none')`,
        ),
        mirror_of_course_id: from(['crossSiteRole', 'mirrorOfCourseSourcedId'], sql`o.id`),
      },
      bags: { attrs: ATTRIBUTES },
    },
  ],
  checksAfter: [
    {
      column: 'calendar',
      bad: sql`s.calendar is not null and exists (select 1 from course c
        join course o using (calendar_id, number)
        where c.source_id = s."courseSourcedId" and o.id <> c.id)`,
      expected: 'a calendar in which no other course has its number',
    },
  ],
  after: deriveTerms,
  removals: (rows) => [
    sql`update course t set course_master_id = null, ignore_master_push = false,
        cross_site_enabled = false, cross_site_role = 'none', mirror_of_course_id = null, attrs = '{}'
      from "stage_cmCourses" s where ${rows} and t.source_id = s."courseSourcedId"
        and (t.course_master_id is not null or t.ignore_master_push or t.cross_site_enabled
          or t.cross_site_role <> 'none' or t.attrs <> '{}')`,
  ],
  export: {
    from: sql`course t join calendar e on e.id = t.calendar_id
      left join course_master m on m.id = t.course_master_id
      left join course_catalog k on k.id = m.catalog_id
      left join course o on o.id = t.mirror_of_course_id`,
    columns: {
      courseSourcedId: out('t.source_id'),
      calendar: out('e.source_id'),
      catalog: out('k.name'),
      masterNumber: out('m.number'),
      ignoreMasterPush: out('t.ignore_master_push'),
      crossSite: out('t.cross_site_enabled'),
      crossSiteRole: out('t.cross_site_role'),
      mirrorOfCourseSourcedId: out('o.source_id'),
    },
    orderBy: [byText('t.source_id')],
    open: attributeColumns('course', 'attrs'),
  },
};

const classColumns = oneRosterColumns(
  ...kept('title', 'grades'),
  must('courseSourcedId', cells.id),
  may('classCode', cells.text(250), 'both'),
  ...kept('classType', 'location', 'schoolSourcedId', 'termSourcedIds', 'subjects'),
  ...kept('subjectCodes', 'periods'),
);

/** Student systems use a class code again in another term; there the id is the section's number. */
const sectionNumber = sql`coalesce(
  case when count(*) over (partition by s."courseSourcedId", s."classCode") = 1 then s."classCode" end,
  s."sourcedId")`;

const classes: BundleFile = {
  name: 'classes',
  columns: classColumns,
  key: ['sourcedId'],
  open: 'metadata.',
  references: [{ column: 'courseSourcedId', to: COURSE }],
  writes: [
    {
      table: 'section',
      mode: 'upsert',
      from: sql`${stage('classes')} s join course c on c.source_id = s."courseSourcedId"`,
      key: { source_id: staged('sourcedId') },
      values: {
        course_id: from(['courseSourcedId'], sql`c.id`),
        number: from(['classCode'], sectionNumber),
      },
      bags: { source: KEPT },
    },
  ],
  checksAfter: [
    {
      column: 'classCode',
      bad: sql`exists (select 1 from section e join section o using (course_id, number)
        where e.source_id = s."sourcedId" and o.id <> e.id)`,
      expected: 'a class code that no other section of the course has',
    },
  ],
  removals: removeByKey('classes', 'section', sql`t.source_id = s."sourcedId"`),
  export: {
    from: sql`section t join course c on c.id = t.course_id`,
    columns: {
      sourcedId: out('t.source_id'),
      status: sql`'active'`,
      courseSourcedId: out('c.source_id'),
      classCode: sql`case when t.number in (t.source ->> 'classCode', t.source_id)
        then t.source ->> 'classCode' else t.number end`,
      ...outKept(classColumns, 't.source'),
    },
    orderBy: [byText('t.source_id')],
    open: metadata('section', 't.source'),
  },
};

const cmSections: BundleFile = {
  name: 'cmSections',
  columns: extensionColumns(
    must('classSourcedId', cells.id),
    may('teacher', cells.id),
    may('crossSite', cells.boolean),
    may('crossSiteOffered', cells.boolean),
  ),
  key: ['classSourcedId'],
  open: 'attr:',
  references: [{ column: 'classSourcedId', to: SECTION }],
  checks: OVERRIDE_CHECKS,
  writes: [
    {
      table: 'section',
      mode: 'update',
      from: sql`${stage('cmSections')} s`,
      key: { source_id: staged('classSourcedId') },
      values: {
        primary_teacher_id: cell('teacher'),
        cross_site_enabled: cell('crossSite', false),
        cross_site_offered: cell('crossSiteOffered', false),
      },
      bags: { attr_overrides: ATTRIBUTES },
    },
  ],
  removals: (rows) => [
    sql`update section t set primary_teacher_id = null, cross_site_enabled = false,
        cross_site_offered = false, attr_overrides = '{}'
      from "stage_cmSections" s where ${rows} and t.source_id = s."classSourcedId"
        and (t.primary_teacher_id is not null or t.cross_site_enabled or t.cross_site_offered
          or t.attr_overrides <> '{}')`,
  ],
  export: {
    from: sql`section t`,
    columns: {
      classSourcedId: out('t.source_id'),
      teacher: out('t.primary_teacher_id'),
      crossSite: out('t.cross_site_enabled'),
      crossSiteOffered: out('t.cross_site_offered'),
    },
    orderBy: [byText('t.source_id')],
    open: attributeColumns('section', 'attr_overrides'),
  },
};

/** Courses and sections with what OneRoster has no word for. */
export const COURSES: readonly BundleFile[] = [courses, cmCourses, classes, cmSections];
