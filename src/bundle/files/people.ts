import { sql } from 'kysely';
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
  never,
  oneRosterColumns,
  out,
  outKept,
  removeByKey,
  stage,
  staged,
} from '../bundle-file.ts';
import * as cells from '../cell-types.ts';
import { nameTeachers } from '../derive-places.ts';
import { COURSE, CROSS_SITE_MAP, ENROLLMENT, PERSON, SECTION } from '../domains.ts';

/** People are bare ids with a role: names, contacts and passwords are never looked at. */
const users: BundleFile = {
  name: 'users',
  columns: oneRosterColumns(
    may('role', cells.text(100)),
    ...never('enabledUser', 'orgSourcedIds', 'username', 'userIds', 'givenName', 'familyName'),
    ...never('middleName', 'identifier', 'email', 'sms', 'phone', 'agentSourcedIds', 'grades'),
    ...never('password', 'userMasterIdentifier', 'resourceSourcedIds', 'preferredGivenName'),
    ...never('preferredMiddleName', 'preferredFamilyName', 'primaryOrgSourcedId', 'pronouns'),
  ).map((column) => (column.use === 'kept' ? { ...column, use: 'never' } : column)),
  key: ['sourcedId'],
  writes: [
    {
      table: 'person',
      mode: 'upsert',
      from: sql`${stage('users')} s`,
      key: { id: staged('sourcedId') },
      values: { role: cell('role', '') },
    },
  ],
  removals: removeByKey('users', 'person', sql`t.id = s."sourcedId"`),
  export: {
    from: sql`person t`,
    columns: { sourcedId: out('t.id'), status: sql`'active'`, role: out('t.role') },
    orderBy: [byText('t.id')],
  },
};

const enrollmentColumns = oneRosterColumns(
  must('classSourcedId', cells.id),
  ...kept('schoolSourcedId'),
  must('userSourcedId', cells.id),
  must('role', cells.text(100)),
  ...kept('primary'),
  may('beginDate', cells.date),
  may('endDate', cells.date),
);

const enrollments: BundleFile = {
  name: 'enrollments',
  columns: enrollmentColumns,
  key: ['sourcedId'],
  open: 'metadata.',
  references: [
    { column: 'classSourcedId', to: SECTION },
    // Without users.csv the people are known by their ids only.
    { column: 'userSourcedId', to: PERSON, when: sql`exists (select 1 from stage_users)` },
  ],
  writes: [
    {
      table: 'roster',
      mode: 'upsert',
      from: sql`${stage('enrollments')} s join section e on e.source_id = s."classSourcedId"`,
      key: { source_id: staged('sourcedId') },
      values: {
        section_id: from(['classSourcedId'], sql`e.id`),
        person_id: cell('userSourcedId'),
        role: cell('role'),
        start_on: cell('beginDate'),
        end_on: cell('endDate'),
      },
      bags: { source: KEPT },
    },
  ],
  after: nameTeachers,
  removals: removeByKey('enrollments', 'roster', sql`t.source_id = s."sourcedId"`),
  export: {
    from: sql`roster t join section e on e.id = t.section_id`,
    columns: {
      sourcedId: out('t.source_id'),
      status: sql`'active'`,
      classSourcedId: out('e.source_id'),
      userSourcedId: out('t.person_id'),
      role: out('t.role'),
      beginDate: out('t.start_on'),
      endDate: out('t.end_on'),
      ...outKept(enrollmentColumns, 't.source'),
    },
    orderBy: [byText('t.source_id')],
    open: metadata('roster', 't.source'),
  },
};

const cmCrossSiteMaps: BundleFile = {
  name: 'cmCrossSiteMaps',
  columns: extensionColumns(
    must('servingClassSourcedId', cells.id),
    must('homeCourseSourcedId', cells.id),
    may('homePeriod', cells.text(200)),
    must('status', cells.oneOf(['unmapped', 'mapped', 'closed', 'tobedeleted'])),
  ),
  key: ['servingClassSourcedId', 'homeCourseSourcedId'],
  references: [
    { column: 'servingClassSourcedId', to: SECTION },
    { column: 'homeCourseSourcedId', to: COURSE },
  ],
  writes: [
    {
      table: 'cross_site_map',
      mode: 'upsert',
      from: sql`${stage('cmCrossSiteMaps')} s join section e on e.source_id = s."servingClassSourcedId"
        join course c on c.source_id = s."homeCourseSourcedId"`,
      key: { serving_section_id: sql`e.id`, home_course_id: sql`c.id` },
      values: { home_period: cell('homePeriod'), status: cell('status') },
    },
  ],
  removals: (rows) => [
    sql`delete from cross_site_map t using "stage_cmCrossSiteMaps" s, section e, course c
      where ${rows} and e.source_id = s."servingClassSourcedId" and t.serving_section_id = e.id
        and c.source_id = s."homeCourseSourcedId" and t.home_course_id = c.id`,
  ],
  export: {
    from: sql`cross_site_map t join section e on e.id = t.serving_section_id
      join course c on c.id = t.home_course_id`,
    columns: {
      servingClassSourcedId: out('e.source_id'),
      homeCourseSourcedId: out('c.source_id'),
      homePeriod: out('t.home_period'),
      status: out('t.status'),
    },
    orderBy: [byText('e.source_id'), byText('c.source_id')],
  },
};

const cmCrossSiteEnrollments: BundleFile = {
  name: 'cmCrossSiteEnrollments',
  columns: extensionColumns(
    must('enrollmentSourcedId', cells.id),
    must('servingClassSourcedId', cells.id),
    must('homeCourseSourcedId', cells.id),
  ),
  key: ['enrollmentSourcedId'],
  references: [
    { column: 'enrollmentSourcedId', to: ENROLLMENT },
    {
      column: 'servingClassSourcedId',
      to: CROSS_SITE_MAP,
      value: sql`s."servingClassSourcedId" || '>' || s."homeCourseSourcedId"`,
    },
  ],
  writes: [
    {
      table: 'roster',
      mode: 'update',
      from: sql`${stage('cmCrossSiteEnrollments')} s
        join section e on e.source_id = s."servingClassSourcedId"
        join course c on c.source_id = s."homeCourseSourcedId"
        join cross_site_map m on m.serving_section_id = e.id and m.home_course_id = c.id`,
      key: { source_id: staged('enrollmentSourcedId') },
      values: {
        via_cross_site_map_id: from(['servingClassSourcedId'], sql`m.id`),
      },
    },
  ],
  removals: (rows) => [
    sql`update roster t set via_cross_site_map_id = null from "stage_cmCrossSiteEnrollments" s
      where ${rows} and t.source_id = s."enrollmentSourcedId" and t.via_cross_site_map_id is not null`,
  ],
  export: {
    from: sql`roster t join cross_site_map m on m.id = t.via_cross_site_map_id
      join section e on e.id = m.serving_section_id join course c on c.id = m.home_course_id`,
    columns: {
      enrollmentSourcedId: out('t.source_id'),
      servingClassSourcedId: out('e.source_id'),
      homeCourseSourcedId: out('c.source_id'),
    },
    orderBy: [byText('t.source_id')],
  },
};

/** Who teaches and sits where, and which home courses take part in a class of another school. */
export const PEOPLE: readonly BundleFile[] = [
  users,
  enrollments,
  cmCrossSiteMaps,
  cmCrossSiteEnrollments,
];
