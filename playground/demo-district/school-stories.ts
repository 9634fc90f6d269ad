import { itemKey } from '../../src/domain/item-payload.ts';
import { CATALOGS_OF, HIGH, TASK } from './catalogs.ts';
import { schoolMadeCourse } from './courses.ts';
import { alignment, calcOption, category } from './masters.ts';
import { NEW_MASTER, RENUMBERED } from './master-edits.ts';
import { type Course } from './model.ts';
import { assign, clearWork, neverPushed, type Scene, sectionOf } from './scene.ts';
import { FUTURE_YEAR } from './years.ts';

/** What schools did that is theirs to do: ignored courses, courses and rows of their own, new courses. */
export function stageSchools(scene: Scene): void {
  ignoredCourses(scene);
  unlinkedCourses(scene);
  newCourses(scene);
  ownTasks(scene);
  sameKeyAsMaster(scene);
  ownCategories(scene);
  nextYear(scene);
}

function ignoredCourses(scene: Scene): void {
  for (const [school, number] of [
    ['bhs', '1010'],
    ['bas', '1040'],
    ['mrk', 'M130'],
    ['ble', 'E11'],
  ] as const) {
    const course = scene.course(school, number);
    course.ignoreMasterPush = true;
    scene.mark(course, ['course_info', itemKey.attribute('name')], {
      story: 'G08, A03: The course has Ignore Master Push.',
      locked: 'SKIPPED_IGNORED',
      overwrite: 'SKIPPED_IGNORED',
    });
  }
  scene.course('bhs', '1010', FUTURE_YEAR).ignoreMasterPush = true;
}

function addCourse(scene: Scene, like: Course, made: { number: string; name: string }): Course {
  const course = schoolMadeCourse(like.calendar, made.number, made.name);
  course.sections = like.sections.slice(0, 2).map((section) => ({
    ...structuredClone(section),
    id: `${course.id}-${section.number}`,
    setup: { alignments: [], calcOptions: [], composites: [], categories: [], assessments: [] },
    links: [],
    assignments: [],
    postedGrades: [],
    testScores: [],
  }));
  scene.courses.push(course);
  return course;
}

function unlinkedCourses(scene: Scene): void {
  const like = scene.course('bhs', '1020');
  for (const number of ['3070', '7010']) {
    const course = addCourse(scene, like, { number, name: `Bayfront's own ${number}` });
    scene.mark(course, ['course_info', itemKey.attribute('name')], {
      story: 'G09: A course has the number of a master but was never linked to it.',
      locked: null,
      overwrite: null,
    });
  }
  addCourse(scene, scene.course('lhs', '6010'), { number: RENUMBERED.to, name: 'Gallery Visits' });
  scene.mark(scene.course('lhs', '6010'), ['course_info', itemKey.attribute('number')], {
    story: "A24: The master's new number is taken by another course of the school.",
    locked: 'WITHHELD',
    overwrite: 'WITHHELD',
  });
}

function newCourses(scene: Scene): void {
  for (const school of ['lhs', 'bhs']) {
    const course = addCourse(scene, scene.course(school, '7030'), NEW_MASTER);
    course.catalog = HIGH;
    course.masterNumber = NEW_MASTER.number;
    neverPushed(course);
    scene.mark(course, ['grading_tasks_standards', itemKey.task(TASK.quarter)], {
      story: 'L1, O1: The course of a new master was never pushed.',
      locked: 'INSERTED',
      overwrite: 'INSERTED',
    });
  }
  neverPushed(scene.course('lhs', '7040'));

  const unrecorded = scene.course('lhs', '7050');
  unrecorded.links = [];
  for (const section of unrecorded.sections) section.links = [];
  scene.mark(unrecorded, ['grading_tasks_standards', itemKey.task(TASK.quarter)], {
    story: 'S13, L5, R08: The rows equal the master, but no link was ever recorded.',
    locked: 'RETAINED_LOCAL',
    overwrite: 'RELINKED',
  });
}

function ownTasks(scene: Scene): void {
  const course = scene.course('lhs', '3080');
  clearWork(course);
  course.setup.alignments.push(
    alignment(TASK.lab, [1, 2], { seq: 7 }),
    alignment(TASK.notes, [1, 2], { seq: 8 }),
  );
  assign(sectionOf(course, 0), { gradables: [TASK.lab], title: 'Tide pool, "first" visit' });
  scene.mark(course, ['grading_tasks_standards', itemKey.task(TASK.lab)], {
    story: 'A08, A28, O7: A task of the school with an assignment.',
    locked: null,
    overwrite: 'RETAINED_PROTECTED',
  });
  scene.mark(course, ['grading_tasks_standards', itemKey.task(TASK.notes)], {
    story: 'A08, L7, O6: A task of the school that nobody used.',
    locked: null,
    overwrite: 'DELETED',
  });
}

function sameKeyAsMaster(scene: Scene): void {
  const course = scene.course('bhs', '2010');
  course.setup.alignments.push(alignment(TASK.conduct, [1, 3], { seq: 5 }));
  course.setup.calcOptions.push(calcOption(TASK.conduct, 1, { limitLastN: 3 }));
  scene.mark(course, ['grading_tasks_standards', itemKey.task(TASK.conduct)], {
    story: 'L5, R08: The school had added the task before the district did.',
    locked: 'RETAINED_LOCAL',
    overwrite: 'RELINKED',
  });
}

function ownCategories(scene: Scene): void {
  const [used, unused] = [scene.course('lhs', '3010'), scene.course('bhs', '3010')];
  for (const course of [used, unused]) {
    clearWork(course);
    const labs = category(course.id, 'Labs', { weight: 15, seq: 9 });
    course.setup.categories.push(labs);
    if (course === used) {
      const copy = category(sectionOf(course, 1).id, 'Labs', { weight: 15, from: labs.id });
      sectionOf(course, 1).setup.categories.push(copy);
      assign(sectionOf(course, 1), { gradables: [TASK.quarter], category: copy.id });
    }
    scene.mark(course, ['categories', `local:${labs.id}`], {
      story: 'C01, M37: The school has a category with the name of a new pushed one.',
      locked: 'RENAMED_LOCAL',
      overwrite: course === used ? 'RENAMED_LOCAL' : 'RELINKED',
    });
  }
  const unlocked = scene.course('ble', 'E40');
  scene.mark(unlocked, ['categories', `cat:${CATALOGS_OF.elementary[0] ?? ''}/E40/Checks`], {
    story: 'G10, A07: The catalog does not lock categories.',
    locked: 'SKIPPED_UNLOCKED',
    overwrite: 'SKIPPED_UNLOCKED',
  });
}

/** Leftovers that were rolled into next year's calendars, which an overwrite is to clear (A04 F02). */
function nextYear(scene: Scene): void {
  const course = scene.course('lhs', '2070', FUTURE_YEAR);
  course.setup.alignments.push(alignment(TASK.progress, [1, 2, 3, 4], { seq: 6 }));
  const section = sectionOf(course, 0);
  section.setup.categories.push(category(section.id, 'Warm-ups', { weight: 10 }));
  scene.mark(course, ['grading_tasks_standards', itemKey.task(TASK.progress)], {
    story: 'A04, F02: A task of the school was rolled into next year.',
    locked: null,
    overwrite: 'DELETED',
  });

  const drifted = scene.course('lhs', '1030', FUTURE_YEAR);
  for (const row of drifted.setup.alignments) row.showOnPortal = false;
  scene.mark(drifted, ['grading_tasks_standards', itemKey.task(TASK.quarter)], {
    story: 'A10, F01: Next year’s tasks were edited after the roll.',
    locked: 'FAILED_DESYNCED',
    overwrite: 'RELINKED',
  });
}
