import { buildCourses } from './courses.ts';
import { stageCrossSite } from './cross-site-stories.ts';
import { stageDrift } from './drift-stories.ts';
import { stageEvidence } from './evidence-stories.ts';
import { editMasters, RENUMBERED } from './master-edits.ts';
import { buildMasters } from './masters.ts';
import { type Course, type CrossSiteMap, type Master } from './model.ts';
import { addOrdinaryWork } from './ordinary-work.ts';
import { buildCalendars, buildSchools, type Calendar, type School } from './places.ts';
import { seededRandom } from './random.ts';
import { openScene, type StoryMark } from './scene.ts';
import { stageSchools } from './school-stories.ts';
import { stageTeachers } from './teacher-stories.ts';

export interface District {
  schools: School[];
  calendars: Calendar[];
  /** The masters as they are today, some changed since the last push. */
  masters: Master[];
  courses: Course[];
  crossSiteMaps: CrossSiteMap[];
  /** What was staged, and the outcome it is there to show. */
  stories: StoryMark[];
}

export interface DistrictOptions {
  /** 6 to 200; twelve unless told. */
  schools?: number;
  /** Another whole number gives another district of the same shape. */
  seed?: number;
}

/** A course follows its master's new number: courses point to masters, numbers only name them. */
function followRenumbering(courses: readonly Course[]): void {
  for (const course of courses) {
    if (course.catalog === RENUMBERED.catalog && course.masterNumber === RENUMBERED.from) {
      course.masterNumber = RENUMBERED.to;
    }
  }
}

/**
 * Makes the district: everything was pushed once, then a year went on. Teachers worked, the district edited its masters,
 * and schools and scripts did what schools and scripts do. Throws RangeError for a number of schools outside 6 to 200.
 */
export function buildDistrict(options: DistrictOptions = {}): District {
  const random = seededRandom(options.seed ?? 2026);
  const schools = buildSchools(options.schools ?? 12);
  const calendars = buildCalendars(schools);
  const lastPushed = buildMasters();
  const courses = buildCourses(calendars, lastPushed, random);
  addOrdinaryWork(courses, random);

  const scene = openScene(courses);
  stageSchools(scene);
  stageTeachers(scene);
  stageEvidence(scene);
  stageDrift(scene);
  stageCrossSite(scene);
  followRenumbering(courses);
  return {
    schools,
    calendars,
    masters: editMasters(lastPushed),
    courses,
    crossSiteMaps: scene.crossSiteMaps,
    stories: scene.marks,
  };
}
