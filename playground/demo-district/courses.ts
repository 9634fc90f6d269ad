import { CATALOGS_OF, lockOf, pushedAttributes, TASK } from './catalogs.ts';
import { linkCourse, linkSection } from './links.ts';
import { alignment, calcOption, category } from './masters.ts';
import {
  type AttributeValue,
  type Category,
  type Course,
  emptySetup,
  type Master,
  type Section,
  type Setup,
} from './model.ts';
import { studentsOf, teachersOf } from './people.ts';
import { type Calendar, type School } from './places.ts';
import { type Random } from './random.ts';
import { HURTFUL_TITLES } from './titles.ts';
import { ACTIVE_YEAR } from './years.ts';

const STUDENTS_PER_SECTION = 8;
const SCHOOL_MADE_TITLES = [
  'Study Hall',
  'Yearbook',
  'Peer Tutoring',
  'Chess',
  'Debate',
  'Garden Project',
  'Film Club',
  'Robotics Lab',
  'Library Aide',
];

/** Copies categories to a new owner, remembering the row each came from. */
function inherited(categories: readonly Category[], owner: string): Category[] {
  return categories.map((upper) => ({ ...upper, id: `${owner}/${upper.name}`, from: upper.id }));
}

/** What a locked push of the master gave the course: the locked types only (G10). */
function pushedSetup(master: Master, courseId: string): Setup {
  const pushed = structuredClone(master.setup);
  const hasCategories = lockOf(master.catalog, 'categories') !== 'unlocked';
  return { ...pushed, categories: hasCategories ? inherited(pushed.categories, courseId) : [] };
}

function attributesOf(master: Master, maxStudents: number): Record<string, AttributeValue> {
  const own = new Set(pushedAttributes(master.catalog));
  const pushed = Object.entries(master.attributes).filter(([code]) => own.has(code));
  return { ...Object.fromEntries(pushed), max_students: maxStudents };
}

function courseIn(calendar: Calendar, number: string, name: string): Course {
  return {
    id: `${calendar.id}-${number}`,
    calendar,
    number,
    name,
    catalog: null,
    masterNumber: null,
    ignoreMasterPush: false,
    crossSite: false,
    crossSiteRole: 'none',
    mirrorOf: null,
    attributes: {},
    setup: emptySetup(),
    links: [],
    sections: [],
  };
}

/** A course as the last push left it: equal to its master, every pushed item linked. */
export function courseFrom(master: Master, calendar: Calendar, maxStudents: number): Course {
  const course = courseIn(calendar, master.number, master.name);
  course.catalog = master.catalog;
  course.masterNumber = master.number;
  course.crossSite = master.crossSite;
  course.attributes = attributesOf(master, maxStudents);
  course.setup = pushedSetup(master, course.id);
  course.links = linkCourse(course, master);
  return course;
}

/** A course that the school made itself, without a master. */
export function schoolMadeCourse(calendar: Calendar, number: string, name: string): Course {
  const course = courseIn(calendar, number, name);
  course.attributes = { max_students: 20 };
  course.setup = {
    ...emptySetup(),
    alignments: [alignment(TASK.quarter, [1, 2, 3, 4])],
    calcOptions: [calcOption(TASK.quarter, 1)],
    categories: [category(course.id, 'Participation', { weight: 100 })],
  };
  return course;
}

/** Gives the section what a push to sections gave it: composites, calculations and categories of its course (E03). */
export function pushToSection(section: Section, course: Course): void {
  const copy = structuredClone(course.setup);
  section.setup = {
    ...emptySetup(),
    calcOptions: copy.calcOptions.map((row) => ({ ...row, readOnly: true })),
    composites: copy.composites,
    categories: inherited(copy.categories, section.id),
  };
  section.links = linkSection(section);
}

interface Staffing {
  teachers: readonly string[];
  students: readonly string[];
  random: Random;
}

/** Two to four sections with a teacher each; next year's have no rosters and no grade books yet. */
function addSections(course: Course, { teachers, students, random }: Staffing): void {
  const inSession = course.calendar.year === ACTIVE_YEAR;
  const count = 2 + random.below(3);
  for (let index = 1; index <= count; index += 1) {
    const number = String(index).padStart(2, '0');
    const first = random.below(students.length);
    const section: Section = {
      id: `${course.id}-${number}`,
      number,
      teacher: random.oneOf(teachers),
      overrides: {},
      crossSite: course.crossSite,
      crossSiteOffered: course.crossSite,
      setup: emptySetup(),
      links: [],
      students: Array.from({ length: inSession ? STUDENTS_PER_SECTION : 0 }, (_, seat) => ({
        id: students[(first + seat) % students.length] ?? '',
        leftOn: null,
      })),
      assignments: [],
      postedGrades: [],
      testScores: [],
    };
    if (inSession && course.masterNumber !== null) pushToSection(section, course);
    course.sections.push(section);
  }
}

/** Does the school teach the master? The first four schools teach all, so that every story finds its course. */
function offers(schoolIndex: number, school: School, masterIndex: number): boolean {
  if (school.kind === 'alternative') return masterIndex % 3 === 0;
  return schoolIndex < 4 || (masterIndex + schoolIndex) % 13 !== 0;
}

/** All courses of all calendars with their sections, before anything went wrong. */
export function buildCourses(
  calendars: readonly Calendar[],
  masters: readonly Master[],
  random: Random,
): Course[] {
  const schools = [...new Set(calendars.map(({ school }) => school))];
  const staff = new Map(
    schools.map((school) => [
      school,
      { teachers: teachersOf(school).map(({ id }) => id), students: studentsOf(school), random },
    ]),
  );
  return calendars.flatMap((calendar) => {
    const { school, summer } = calendar;
    const taught = masters
      .filter(({ catalog }) => CATALOGS_OF[school.kind].includes(catalog))
      .filter((_, index) => (summer ? index < 12 : offers(schools.indexOf(school), school, index)))
      .map((master) => courseFrom(master, calendar, 20 + random.below(12)));
    const own = summer ? [] : schoolMade(calendar);
    const courses = [...taught, ...own];
    const staffing = staff.get(school);
    if (staffing) for (const course of courses) addSections(course, staffing);
    return courses;
  });
}

function schoolMade(calendar: Calendar): Course[] {
  const names = [...SCHOOL_MADE_TITLES, ...HURTFUL_TITLES.slice(0, 3)];
  return names.map((name, index) =>
    schoolMadeCourse(calendar, `S${String(index + 1).padStart(2, '0')}`, name),
  );
}
