import { type District } from './district.ts';
import { ACTIVE_ROW, type BundleFile, type Cell, ROW_HEAD } from './files.ts';
import { type Assignment, type Course, type Score, type Section } from './model.ts';
import { studentsOf, teachersOf } from './people.ts';
import { DISTRICT } from './places.ts';
import { ACTIVE_YEAR, FUTURE_YEAR, type SchoolYear } from './years.ts';

/** The OneRoster 1.2 files of the bundle. */
export function oneRosterFiles(district: District): BundleFile[] {
  const sections = district.courses.flatMap((course) =>
    course.sections.map((section) => ({ course, section })),
  );
  const files = [
    orgs(district),
    academicSessions(),
    courses(district.courses),
    classes(sections),
    users(district),
    enrollments(sections),
    lineItems(sections),
    results(sections),
  ];
  return [manifest(files), ...files];
}

type Placed = readonly { course: Course; section: Section }[];

function manifest(files: readonly BundleFile[]): BundleFile {
  return {
    name: 'manifest',
    columns: ['propertyName', 'value'],
    rows: [
      ['manifest.version', '1.0'],
      ['oneroster.version', '1.2'],
      ...files.map(({ name }) => [`file.${name}`, 'bulk']),
      ['source.systemName', `${DISTRICT.name}, an invented district`],
      ['source.systemCode', 'push-course-masters-demo'],
    ],
  };
}

function orgs({ schools }: District): BundleFile {
  return {
    name: 'orgs',
    columns: [...ROW_HEAD, 'name', 'type', 'identifier', 'parentSourcedId'],
    rows: [
      [DISTRICT.id, ...ACTIVE_ROW, DISTRICT.name, 'district', DISTRICT.id, null],
      ...schools.map(({ id, name }) => [id, ...ACTIVE_ROW, name, 'school', id, DISTRICT.id]),
    ],
  };
}

function sessionsOf(year: SchoolYear): Cell[][] {
  const title = `${year.schoolYear - 1}-${year.schoolYear}`;
  return [
    [year.id, ...ACTIVE_ROW, title, 'schoolYear', year.start, year.end, null, year.schoolYear],
    ...year.semesters.map((semester) => [
      ...[semester.id, ...ACTIVE_ROW, semester.title, 'semester', semester.start, semester.end],
      ...[year.id, year.schoolYear],
    ]),
    ...year.terms.map((term) => [
      ...[term.id, ...ACTIVE_ROW, term.title, 'gradingPeriod', term.start, term.end],
      ...[term.semester, year.schoolYear],
    ]),
  ];
}

function academicSessions(): BundleFile {
  return {
    name: 'academicSessions',
    columns: [
      ...ROW_HEAD,
      'title',
      'type',
      'startDate',
      'endDate',
      'parentSourcedId',
      'schoolYear',
    ],
    rows: [ACTIVE_YEAR, FUTURE_YEAR].flatMap(sessionsOf),
  };
}

function courses(rows: readonly Course[]): BundleFile {
  return {
    name: 'courses',
    columns: [
      ...ROW_HEAD,
      ...[
        'schoolYearSourcedId',
        'title',
        'courseCode',
        'grades',
        'orgSourcedId',
        'subjects',
        'subjectCodes',
      ],
    ],
    rows: rows.map(({ id, calendar, name, number }) => [
      ...[id, ...ACTIVE_ROW, calendar.year.id, name, number, null, calendar.school.id, null, null],
    ]),
  };
}

function classes(sections: Placed): BundleFile {
  return {
    name: 'classes',
    columns: [
      ...ROW_HEAD,
      ...[
        'title',
        'grades',
        'courseSourcedId',
        'classCode',
        'classType',
        'location',
        'schoolSourcedId',
      ],
      ...['termSourcedIds', 'subjects', 'subjectCodes', 'periods'],
    ],
    rows: sections.map(({ course, section }, index) => [
      ...[section.id, ...ACTIVE_ROW, course.name, null, course.id, section.number, 'scheduled'],
      ...[`R${100 + (index % 80)}`, course.calendar.school.id],
      ...[
        course.calendar.year.semesters.map(({ id }) => id).join(','),
        null,
        null,
        String(1 + (index % 7)),
      ],
    ]),
  };
}

function users({ schools }: District): BundleFile {
  return {
    name: 'users',
    columns: [...ROW_HEAD, 'enabledUser', 'role', 'username', 'givenName', 'familyName'],
    rows: schools.flatMap((school) => [
      ...teachersOf(school).map(({ id, givenName, familyName }) => [
        ...[id, ...ACTIVE_ROW, true, 'teacher', id, givenName, familyName],
      ]),
      ...studentsOf(school).map((id) => [id, ...ACTIVE_ROW, true, 'student', id, null, null]),
    ]),
  };
}

function enrollments(sections: Placed): BundleFile {
  return {
    name: 'enrollments',
    columns: [
      ...ROW_HEAD,
      ...[
        'classSourcedId',
        'schoolSourcedId',
        'userSourcedId',
        'role',
        'primary',
        'beginDate',
        'endDate',
      ],
    ],
    rows: sections.flatMap(({ course: { calendar }, section }) => {
      const { year, school } = calendar;
      const row = (user: string, role: string, end: string): Cell[] => [
        ...[`${section.id}-${user}`, ...ACTIVE_ROW, section.id, school.id, user, role],
        ...[role === 'teacher', year.start, end],
      ];
      return [
        row(section.teacher, 'teacher', year.end),
        ...section.students.map(({ id, leftOn }) => row(id, 'student', leftOn ?? year.end)),
      ];
    }),
  };
}

function lineItems(sections: Placed): BundleFile {
  const row = ({ course, section }: Placed[number], assignment: Assignment): Cell[] => {
    const { year, school } = course.calendar;
    const due = assignment.dueOn;
    const term = year.terms.find(({ start, end }) => due !== null && start <= due && due <= end);
    return [
      ...[
        assignment.id,
        ...ACTIVE_ROW,
        assignment.title,
        null,
        assignment.assignedOn,
        due,
        section.id,
      ],
      ...[null, term?.id ?? null, term?.semester ?? null, school.id, 0, 100, null],
    ];
  };
  return {
    name: 'lineItems',
    columns: [
      ...ROW_HEAD,
      ...['title', 'description', 'assignDate', 'dueDate', 'classSourcedId', 'categorySourcedId'],
      ...['gradingPeriodSourcedId', 'academicSessionSourcedId', 'schoolSourcedId'],
      ...['resultValueMin', 'resultValueMax', 'scoreScaleSourcedId'],
    ],
    rows: sections.flatMap((placed) =>
      placed.section.assignments.map((assignment) => row(placed, assignment)),
    ),
  };
}

function results(sections: Placed): BundleFile {
  const row = (section: Section, assignment: Assignment, score: Score): Cell[] => {
    const has = (flag: Score['flags'][number]): boolean | null =>
      score.flags.includes(flag) ? true : null;
    const graded = score.points === null ? 'not submitted' : 'fully graded';
    return [
      ...[`${assignment.id}-${score.student}`, ...ACTIVE_ROW, assignment.id, score.student, null],
      ...[
        has('exempt') ? 'exempt' : graded,
        score.points,
        assignment.dueOn,
        score.comment,
        null,
        section.id,
      ],
      ...[null, has('incomplete'), has('late'), has('missing')],
    ];
  };
  return {
    name: 'results',
    columns: [
      ...ROW_HEAD,
      ...[
        'lineItemSourcedId',
        'studentSourcedId',
        'scoreScaleSourcedId',
        'scoreStatus',
        'score',
        'scoreDate',
      ],
      ...['comment', 'textScore', 'classSourcedId', 'inProgress', 'incomplete', 'late', 'missing'],
    ],
    rows: sections.flatMap(({ section }) =>
      section.assignments.flatMap((assignment) =>
        assignment.scores.map((score) => row(section, assignment, score)),
      ),
    ),
  };
}
