import { sql } from 'kysely';
import {
  type BundleFile,
  byText,
  cell,
  extensionColumns,
  from,
  KEPT,
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
import { createSchoolYears, giveSchoolsCalendars, settleSchoolYears } from '../derive-places.ts';
import { SCHOOL, SESSION, YEAR } from '../domains.ts';

const sessionColumns = oneRosterColumns(
  must('title', cells.text(500)),
  must('type', cells.oneOf(['schoolYear', 'semester', 'term', 'gradingPeriod'])),
  must('startDate', cells.date),
  must('endDate', cells.date),
  may('parentSourcedId', cells.id),
  must('schoolYear', cells.schoolYear),
);

const academicSessions: BundleFile = {
  name: 'academicSessions',
  columns: sessionColumns,
  key: ['sourcedId'],
  open: 'metadata.',
  references: [{ column: 'parentSourcedId', to: SESSION }],
  checks: [
    {
      column: 'endDate',
      bad: sql`s."endDate" < s."startDate"`,
      expected: 'a day not before startDate',
    },
  ],
  before: createSchoolYears,
  writes: [
    {
      table: 'academic_session',
      mode: 'upsert',
      from: sql`${stage('academicSessions')} s join school_year y on y.ends_in = s."schoolYear"`,
      key: { source_id: staged('sourcedId') },
      values: {
        title: cell('title'),
        type: cell('type'),
        start_on: cell('startDate'),
        end_on: cell('endDate'),
        parent_source_id: cell('parentSourcedId'),
        school_year_id: from(['schoolYear'], sql`y.id`),
      },
      bags: { source: KEPT },
    },
  ],
  after: settleSchoolYears,
  removals: (rows) => [
    sql`delete from academic_session t using ${stage('academicSessions')} s
      where ${rows} and t.source_id = s."sourcedId"`,
    sql`delete from school_year t using ${stage('academicSessions')} s
      where ${rows} and t.ends_in = s."schoolYear"
        and not exists (select 1 from academic_session a where a.school_year_id = t.id)`,
  ],
  export: {
    from: sql`academic_session t join school_year y on y.id = t.school_year_id`,
    columns: {
      sourcedId: out('t.source_id'),
      status: sql`'active'`,
      title: out('t.title'),
      type: out('t.type'),
      startDate: out('t.start_on'),
      endDate: out('t.end_on'),
      parentSourcedId: out('t.parent_source_id'),
      schoolYear: out('y.ends_in'),
      ...outKept(sessionColumns, 't.source'),
    },
    orderBy: [byText('t.source_id')],
    open: metadata('academic_session', 't.source'),
  },
};

const cmCalendars: BundleFile = {
  name: 'cmCalendars',
  columns: extensionColumns(
    must('calendar', cells.id),
    must('orgSourcedId', cells.id),
    must('schoolYear', cells.schoolYear),
    must('name', cells.text(300)),
    may('summer', cells.boolean),
  ),
  key: ['calendar'],
  references: [
    { column: 'orgSourcedId', to: SCHOOL },
    { column: 'schoolYear', to: YEAR },
  ],
  checks: [
    {
      column: 'name',
      bad: sql`exists (select 1 from "stage_cmCalendars" o where not o.removed and o.line < s.line
        and (o."orgSourcedId", o."schoolYear", o.name) = (s."orgSourcedId", s."schoolYear", s.name))`,
      expected: 'a name that no other calendar of the school and year has',
    },
  ],
  writes: [
    {
      table: 'calendar',
      mode: 'upsert',
      from: sql`${stage('cmCalendars')} s join school o on o.source_id = s."orgSourcedId"
        join school_year y on y.ends_in = s."schoolYear"`,
      key: { source_id: staged('calendar') },
      values: {
        school_id: from(['orgSourcedId'], sql`o.id`),
        school_year_id: from(['schoolYear'], sql`y.id`),
        name: cell('name'),
        is_summer: cell('summer', false),
      },
    },
  ],
  after: giveSchoolsCalendars,
  removals: removeByKey('cmCalendars', 'calendar', sql`t.source_id = s.calendar`),
  export: {
    from: sql`calendar t join school o on o.id = t.school_id join school_year y on y.id = t.school_year_id`,
    columns: {
      calendar: out('t.source_id'),
      orgSourcedId: out('o.source_id'),
      schoolYear: out('y.ends_in'),
      name: out('t.name'),
      summer: out('t.is_summer'),
    },
    orderBy: [byText('t.source_id')],
  },
};

/** School years with their sessions, and the calendars of the schools. */
export const YEARS: readonly BundleFile[] = [academicSessions, cmCalendars];
