import { type Outcome } from '../../src/domain/outcome.ts';
import { type PushedType } from '../../src/domain/push-options.ts';
import {
  type Assignment,
  type Course,
  type CrossSiteMap,
  emptySetup,
  type PostedGrade,
  type Section,
} from './model.ts';
import { ACTIVE_YEAR, type SchoolYear } from './years.ts';

/**
 * What one story is there to show: the outcome of one item in a push of everything the catalog locks, with sections and
 * cross-site data, in each mode. null: the mode leaves the item alone without a word.
 */
export interface StoryMark {
  /** The rules it shows, a colon, what happened. */
  story: string;
  course: string;
  section: string | null;
  dataType: PushedType;
  itemKey: string;
  locked: Outcome | null;
  overwrite: Outcome | null;
}

/** Where stories happen: finders that fail loudly, and the list of what was staged. */
export interface Scene {
  readonly courses: Course[];
  readonly crossSiteMaps: CrossSiteMap[];
  readonly marks: StoryMark[];
  /** The course of a school by its number. Throws Error when the school has none. */
  readonly course: (school: string, number: string, year?: SchoolYear) => Course;
  /** Notes what the story staged at a course or section is meant to show. */
  readonly mark: (
    at: Course | Section,
    item: readonly [dataType: PushedType, itemKey: string],
    shows: Pick<StoryMark, 'story' | 'locked' | 'overwrite'>,
  ) => void;
}

/** Opens the stage on a finished, undamaged district. */
export function openScene(courses: Course[]): Scene {
  const marks: StoryMark[] = [];
  const regular = new Map(courses.map((course) => [course.id, course]));
  const owners = new Map(
    courses.flatMap((course) => course.sections.map(({ id }) => [id, course.id])),
  );
  return {
    courses,
    crossSiteMaps: [],
    marks,
    course: (school, number, year = ACTIVE_YEAR) => {
      const id = `lk-${school}-${year.schoolYear}-${number}`;
      const found = regular.get(id);
      if (!found) throw new Error(`The demo district has no course ${id}.`);
      return found;
    },
    mark: (at, [dataType, key], shows) => {
      const owner = owners.get(at.id);
      const place = { course: owner ?? at.id, section: owner === undefined ? null : at.id };
      marks.push({ ...shows, ...place, dataType, itemKey: key });
    },
  };
}

/** One row of a list. Throws Error when the story expects a row that is not there. */
export function only<T>(rows: readonly T[], fits: (row: T) => boolean): T {
  const found = rows.find(fits);
  if (found === undefined)
    throw new Error('A story expects a row that the demo district does not have.');
  return found;
}

/** The section of a course by its place, 0 for the first. */
export function sectionOf(course: Course, index: number): Section {
  return only(course.sections, (section) => section === course.sections[index]);
}

/** Takes all student work from a course, so that a story decides alone what is there. */
export function clearWork(course: Course): void {
  for (const section of course.sections) {
    section.assignments = [];
    section.postedGrades = [];
    section.testScores = [];
  }
}

/** Gives a course nothing below its master: as if no push had ever reached it. */
export function neverPushed(course: Course): void {
  clearWork(course);
  course.setup = emptySetup();
  course.links = [];
  for (const section of course.sections) {
    section.setup = emptySetup();
    section.links = [];
  }
}

/** Adds an assignment; without scores it is evidence all the same (P02). */
export function assign(section: Section, changes: Partial<Assignment> = {}): Assignment {
  const assignment: Assignment = {
    id: `${section.id}-x${section.assignments.length + 1}`,
    title: 'Field work',
    assignedOn: '2026-11-03',
    dueOn: '2026-11-10',
    category: section.setup.categories[0]?.id ?? null,
    gradables: [],
    active: true,
    scores: [],
    ...changes,
  };
  section.assignments.push(assignment);
  return assignment;
}

/** Posts a grade for the first student of the section. */
export function post(
  section: Section,
  grade: Partial<PostedGrade> & Pick<PostedGrade, 'gradable' | 'term'>,
): void {
  const student = section.students[0]?.id ?? '';
  section.postedGrades.push({ student, score: null, percent: null, comment: null, ...grade });
}

/** Removes the record that an item was pushed: the row becomes the school's or the teacher's own. */
export function forgetLink(owner: Course | Section, itemKey: string): void {
  owner.links = owner.links.filter((link) => link.itemKey !== itemKey);
}
