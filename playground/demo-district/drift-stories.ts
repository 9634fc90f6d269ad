import { itemKey } from '../../src/domain/item-payload.ts';
import { HONORS_LETTERS, OTHER_SCALE, TASK } from './catalogs.ts';
import { weightKey } from './links.ts';
import { clearWork, only, type Scene, sectionOf } from './scene.ts';

const BROKEN = { locked: 'FAILED_DESYNCED', overwrite: 'RELINKED' } as const;

/** Somebody changed pushed data below the master, by hand while it was unlocked or by a script (S02). */
export function stageDrift(scene: Scene): void {
  driftedTasks(scene);
  lostMaster(scene);
  driftedAttributes(scene);
  driftedCalculations(scene);
  driftedFoldersAndTests(scene);
  driftedSection(scene);
}

function driftedTasks(scene: Scene): void {
  const edited = scene.course('lhs', '1030');
  clearWork(edited);
  only(edited.setup.alignments, (row) => row.gradable === TASK.quarter).scoreGroup = HONORS_LETTERS;
  scene.mark(edited, ['grading_tasks_standards', itemKey.task(TASK.quarter)], {
    story: 'A06, S02, S05: The school changed the score group of a pushed task.',
    ...BROKEN,
  });
  // Something must wait for the failed tasks: the school also changed nothing here, yet calculations are not pushed.
  scene.mark(edited, ['grade_calc_options', itemKey.calcOption(TASK.quarter, 1)], {
    story: 'S06: Calculations wait for tasks that failed.',
    locked: 'SKIPPED_DEPENDENCY',
    overwrite: 'UNCHANGED',
  });

  const deleted = scene.course('lhs', '1040');
  clearWork(deleted);
  deleted.setup.alignments = deleted.setup.alignments.filter((row) => row.gradable !== TASK.exam);
  scene.mark(deleted, ['grading_tasks_standards', itemKey.task(TASK.exam)], {
    story: 'A06, S02, O1: A script deleted a pushed task.',
    locked: 'FAILED_DESYNCED',
    overwrite: 'INSERTED',
  });

  const flagged = scene.course('lhs', '3050');
  const link = only(flagged.links, (each) => each.itemKey === itemKey.task(TASK.semester));
  link.state = 'broken';
  link.reason = 'marked_broken';
  only(flagged.setup.alignments, (row) => row.gradable === TASK.semester).credit = 1;
  scene.mark(flagged, ['grading_tasks_standards', link.itemKey], {
    story: 'S02, S05: An earlier push already found the link broken.',
    ...BROKEN,
  });
}

function lostMaster(scene: Scene): void {
  const orphan = scene.course('bhs', '1050');
  orphan.catalog = null;
  orphan.masterNumber = null;
  scene.mark(orphan, ['grading_tasks_standards', itemKey.task(TASK.quarter)], {
    story: 'S10: A script cleared the course master of a course that still has its links.',
    ...BROKEN,
  });
}

function driftedAttributes(scene: Scene): void {
  const edited = scene.course('bhs', '1060');
  edited.attributes['state_code'] = '-2+cmd';
  edited.name = '@here AP Language (Bayfront)';
  for (const code of ['state_code', 'name']) {
    scene.mark(edited, ['course_info', itemKey.attribute(code)], {
      story: 'M01, S05, A30: The school changed a hard-locked attribute.',
      ...BROKEN,
    });
  }
  const soft = scene.course('lhs', '3060');
  soft.attributes['terms'] = 2;
  scene.mark(soft, ['course_info', itemKey.attribute('terms')], {
    story: 'M01, S04: The school changed a soft-locked attribute, as it may.',
    locked: 'KEPT_SOFT_LOCK',
    overwrite: 'UPDATED',
  });

  const both = scene.course('lhs', '3070');
  both.attributes['terms'] = 3;
  scene.mark(both, ['course_info', itemKey.attribute('terms')], {
    story: 'M01: School and district both changed a soft-locked attribute.',
    locked: 'UPDATED',
    overwrite: 'UPDATED',
  });
}

function driftedCalculations(scene: Scene): void {
  const calc = scene.course('lhs', '2050');
  only(
    calc.setup.calcOptions,
    (row) => row.gradable === TASK.quarter && row.term === 2,
  ).gradingScale = OTHER_SCALE;
  scene.mark(calc, ['grade_calc_options', itemKey.calcOption(TASK.quarter, 2)], {
    story: 'M07, S05: The school changed a grading scale.',
    ...BROKEN,
  });

  const children = scene.course('lhs', '2060');
  const semester = only(
    children.setup.composites,
    (row) => row.parentGradable === TASK.semester && row.parentTerm === 2,
  );
  semester.children = semester.children.filter(({ gradable }) => gradable !== TASK.exam);
  scene.mark(children, ['composite_grades', itemKey.composite(TASK.semester, 2)], {
    story: 'M10, S05: The school took the exam out of the semester grade.',
    ...BROKEN,
  });

  const weights = scene.course('lhs', '2070');
  const final = only(weights.setup.composites, (row) => row.parentGradable === TASK.final);
  const child = only(final.children, ({ term }) => term === 4);
  child.weight = 60;
  scene.mark(weights, ['composite_weights', weightKey(final, child)], {
    story: 'M13, S05: The school changed the weight of a semester.',
    ...BROKEN,
  });
}

function driftedFoldersAndTests(scene: Scene): void {
  const folders = scene.course('lhs', '1080');
  const homework = only(folders.setup.categories, ({ name }) => name === 'Homework');
  homework.name = '日本語の宿題, "HW"';
  homework.weight = 25;
  scene.mark(folders, ['categories', itemKey.category(homework.from ?? '')], {
    story: 'M16, S05: The school renamed and reweighed a pushed category.',
    ...BROKEN,
  });

  const soft = scene.course('bhs', '2080');
  const [removed] = soft.setup.assessments.splice(0, 1);
  scene.mark(soft, ['assessments', itemKey.assessment(removed?.test ?? '')], {
    story: 'M19, S04: The school removed a softly locked assessment.',
    locked: 'KEPT_SOFT_LOCK',
    overwrite: 'INSERTED',
  });

  const hard = scene.course('mms', 'M120');
  const test = only(hard.setup.assessments, () => true);
  test.copiesForward = false;
  scene.mark(hard, ['assessments', itemKey.assessment(test.test)], {
    story: 'M19, S05: The school changed a hard-locked assessment.',
    ...BROKEN,
  });
}

function driftedSection(scene: Scene): void {
  const section = sectionOf(scene.course('lhs', '6020'), 0);
  only(
    section.setup.calcOptions,
    (row) => row.gradable === TASK.quarter && row.term === 3,
  ).useScorePercent = false;
  scene.mark(section, ['grade_calc_options', itemKey.calcOption(TASK.quarter, 3)], {
    story: 'S08: A script changed a pushed calculation in one section.',
    ...BROKEN,
  });
}
