import {
  buildGradables,
  buildLocks,
  buildScoreGroups,
  CATALOGS_OF,
  GRADING_SCALES,
  OWN_ATTRIBUTE,
} from './catalogs.ts';
import { type District } from './district.ts';
import { type BundleFile, type Cell } from './files.ts';
import { type AttributeValue, type Course, type Section } from './model.ts';
import { ACTIVE_YEAR, FUTURE_YEAR } from './years.ts';

const ATTRIBUTES = [
  'department',
  'gpa_weight',
  'lk_delivery',
  'max_students',
  'schedules',
  'state_code',
  'subject_type',
  'terms',
] as const;
const ATTRIBUTE_COLUMNS = ATTRIBUTES.map((code) => `attr:${code}`);

function attributeCells(values: Readonly<Record<string, AttributeValue>>): Cell[] {
  return ATTRIBUTES.map((code) => values[code] ?? null);
}

/** Catalogs, masters, courses, sections and student records: what OneRoster has no word for. */
export function districtFiles(district: District): BundleFile[] {
  const { courses } = district;
  const sections = courses.flatMap((course) => course.sections);
  return [
    ...catalogFiles(district),
    ...gradingFiles(),
    masters(district),
    courseExtras(courses),
    sectionExtras(sections),
    assignments(sections),
    postedGrades(sections),
    testScores(sections),
    crossSiteMaps(district),
  ];
}

function catalogFiles({ schools, calendars, masters: rows }: District): BundleFile[] {
  return [
    {
      name: 'cmCalendars',
      columns: ['calendar', 'orgSourcedId', 'schoolYear', 'name', 'summer'],
      rows: calendars.map(({ id, school, year, name, summer }) => [
        id,
        school.id,
        year.schoolYear,
        name,
        summer,
      ]),
    },
    {
      name: 'cmCatalogs',
      columns: ['catalog'],
      rows: [...new Set(rows.map(({ catalog }) => catalog))].map((name) => [name]),
    },
    {
      name: 'cmCatalogSchools',
      columns: ['catalog', 'orgSourcedId', 'schoolYear'],
      rows: schools.flatMap(({ id, kind }) =>
        CATALOGS_OF[kind].flatMap((catalog) =>
          [ACTIVE_YEAR, FUTURE_YEAR].map(({ schoolYear }) => [catalog, id, schoolYear]),
        ),
      ),
    },
    {
      name: 'cmCatalogLocks',
      columns: ['catalog', 'dataType', 'attribute', 'mode'],
      rows: buildLocks().map(({ catalog, dataType, attribute, mode }) => [
        catalog,
        dataType,
        attribute,
        mode,
      ]),
    },
    {
      name: 'cmAttributes',
      columns: [
        'code',
        'label',
        'card',
        'valueType',
        'maxLength',
        'softLockOnly',
        'sectionOverridable',
      ],
      rows: [Object.values(OWN_ATTRIBUTE)],
    },
  ];
}

function gradingFiles(): BundleFile[] {
  return [
    {
      name: 'cmGradables',
      columns: ['gradable', 'kind', 'code', 'name', 'parent'],
      rows: buildGradables().map(({ id, kind, code, name, parent }) => [
        id,
        kind,
        code,
        name,
        parent,
      ]),
    },
    {
      name: 'cmScoreGroups',
      columns: ['scoreGroup', 'score', 'kind', 'minPercent', 'gpaValue'],
      rows: buildScoreGroups().map((row) => [
        row.scoreGroup,
        row.score,
        row.kind,
        row.minPercent,
        row.gpaValue,
      ]),
    },
    {
      name: 'cmGradingScales',
      columns: ['gradingScale', 'name'],
      rows: GRADING_SCALES.map(({ id, name }) => [id, name]),
    },
  ];
}

function masters({ masters: rows }: District): BundleFile {
  return {
    name: 'cmMasters',
    columns: ['catalog', 'number', 'name', 'crossSite', ...ATTRIBUTE_COLUMNS],
    rows: rows.map(({ catalog, number, name, crossSite, attributes }) => [
      ...[catalog, number, name, crossSite, ...attributeCells(attributes)],
    ]),
  };
}

function courseExtras(courses: readonly Course[]): BundleFile {
  return {
    name: 'cmCourses',
    columns: [
      ...[
        'courseSourcedId',
        'calendar',
        'catalog',
        'masterNumber',
        'ignoreMasterPush',
        'crossSite',
      ],
      ...['crossSiteRole', 'mirrorOfCourseSourcedId', ...ATTRIBUTE_COLUMNS],
    ],
    rows: courses.map((course) => [
      ...[
        course.id,
        course.calendar.id,
        course.catalog,
        course.masterNumber,
        course.ignoreMasterPush,
      ],
      ...[
        course.crossSite,
        course.crossSiteRole,
        course.mirrorOf,
        ...attributeCells(course.attributes),
      ],
    ]),
  };
}

function sectionExtras(sections: readonly Section[]): BundleFile {
  return {
    name: 'cmSections',
    columns: [
      'classSourcedId',
      'teacher',
      'crossSite',
      'crossSiteOffered',
      'attr:max_students',
      'attr:state_code',
    ],
    rows: sections.map(({ id, teacher, crossSite, crossSiteOffered, overrides }) => [
      ...[id, teacher, crossSite, crossSiteOffered],
      ...[overrides['max_students'] ?? null, overrides['state_code'] ?? null],
    ]),
  };
}

function assignments(sections: readonly Section[]): BundleFile {
  return {
    name: 'cmAssignments',
    columns: ['lineItemSourcedId', 'gradables', 'category', 'active'],
    rows: sections.flatMap((section) =>
      section.assignments.map(({ id, gradables, category, active }) => [
        id,
        gradables,
        category,
        active,
      ]),
    ),
  };
}

function postedGrades(sections: readonly Section[]): BundleFile {
  return {
    name: 'cmPostedGrades',
    columns: [
      'classSourcedId',
      'gradable',
      'term',
      'studentSourcedId',
      'score',
      'percent',
      'comment',
    ],
    rows: sections.flatMap(({ id, postedGrades: grades }) =>
      grades.map((row) => [
        id,
        row.gradable,
        row.term,
        row.student,
        row.score,
        row.percent,
        row.comment,
      ]),
    ),
  };
}

function testScores(sections: readonly Section[]): BundleFile {
  return {
    name: 'cmTestScores',
    columns: ['test', 'studentSourcedId', 'classSourcedId', 'result'],
    rows: sections.flatMap((section) =>
      section.testScores.map(({ test, student, result }) => [test, student, section.id, result]),
    ),
  };
}

function crossSiteMaps({ crossSiteMaps: rows }: District): BundleFile {
  return {
    name: 'cmCrossSiteMaps',
    columns: ['servingClassSourcedId', 'homeCourseSourcedId', 'homePeriod', 'status'],
    rows: rows.map((row) => [row.servingSection, row.homeCourse, row.homePeriod, row.status]),
  };
}
