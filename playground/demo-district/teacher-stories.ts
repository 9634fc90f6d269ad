import { itemKey } from '../../src/domain/item-payload.ts';
import { OTHER_SCALE, TASK } from './catalogs.ts';
import { category } from './masters.ts';
import { type Section } from './model.ts';
import { assign, clearWork, forgetLink, only, post, type Scene, sectionOf } from './scene.ts';

/** What teachers made in their own grade books, which a locked push leaves to them (E04) and an overwrite weighs (E05). */
export function stageTeachers(scene: Scene): void {
  ownCalculations(scene);
  ownComposites(scene);
  ownCategories(scene);
  sameNamedCategories(scene);
  residualCategories(scene);
  overrides(scene);
}

function makeOwnCalculation(section: Section, term: number): void {
  const row = only(
    section.setup.calcOptions,
    (each) => each.gradable === TASK.quarter && each.term === term,
  );
  Object.assign(row, { gradingScale: OTHER_SCALE, useScorePercent: false, readOnly: false });
  forgetLink(section, itemKey.calcOption(TASK.quarter, term));
}

function ownCalculations(scene: Scene): void {
  const course = scene.course('lhs', '5050');
  clearWork(course);
  const section = sectionOf(course, 0);
  const student = section.students[0]?.id ?? '';
  assign(section, {
    gradables: [TASK.quarter],
    dueOn: '2026-09-10',
    scores: [{ student, points: 88, comment: null, flags: [] }],
  });
  for (const term of [1, 3]) {
    makeOwnCalculation(section, term);
    scene.mark(section, ['grade_calc_options', itemKey.calcOption(TASK.quarter, term)], {
      story: `E04, A10: A teacher calculates a term in another way, ${term === 1 ? 'with' : 'without'} scores.`,
      locked: 'RETAINED_LOCAL',
      overwrite: term === 1 ? 'RETAINED_PROTECTED' : 'RELINKED',
    });
  }
}

function ownComposites(scene: Scene): void {
  const course = scene.course('lhs', '5060');
  clearWork(course);
  for (const index of [0, 1]) {
    const section = sectionOf(course, index);
    const row = only(
      section.setup.composites,
      (each) => each.parentGradable === TASK.semester && each.parentTerm === 2,
    );
    row.children = [
      { gradable: TASK.quarter, term: 1, weight: 1 },
      { gradable: TASK.quarter, term: 2, weight: 2 },
    ];
    section.links = section.links.filter(
      (link) =>
        !link.itemKey.startsWith('compw:lk-semester:2>') &&
        link.itemKey !== itemKey.composite(TASK.semester, 2),
    );
    if (index === 0)
      post(section, { gradable: TASK.semester, term: 2, score: 'B', percent: 87.25 });
    scene.mark(section, ['composite_grades', itemKey.composite(TASK.semester, 2)], {
      story: `M11, M32: A teacher computes the semester in another way, ${index === 0 ? 'with' : 'without'} a posted grade.`,
      locked: 'RETAINED_LOCAL',
      overwrite: index === 0 ? 'RETAINED_PROTECTED' : 'RELINKED',
    });
  }
}

function ownCategories(scene: Scene): void {
  const course = scene.course('lhs', '5070');
  clearWork(course);
  const section = sectionOf(course, 0);
  for (const name of ['Warm-ups', '@channel Extra credit']) {
    const own = category(section.id, name, { weight: 10, seq: 5 });
    section.setup.categories.push(own);
    const used = name === 'Warm-ups';
    if (used) assign(section, { gradables: [TASK.quarter], category: own.id });
    scene.mark(section, ['categories', `local:${own.id}`], {
      story: `E05, M38: A teacher's own category, ${used ? 'used' : 'empty'}.`,
      locked: null,
      overwrite: used ? 'RETAINED_PROTECTED' : 'DELETED',
    });
  }
}

function sameNamedCategories(scene: Scene): void {
  const course = scene.course('lhs', '3010');
  const section = sectionOf(course, 0);
  const labs = category(section.id, 'Labs', { weight: 35, seq: 4 });
  section.setup.categories.push(labs);
  assign(section, { gradables: [TASK.quarter], category: labs.id, title: 'Lab 1' });
  scene.mark(section, ['categories', `local:${labs.id}`], {
    story: 'C01, C05, A18: A teacher already has a category with the name of a pushed one.',
    locked: 'RENAMED_LOCAL',
    overwrite: 'RENAMED_LOCAL',
  });
}

function residualCategories(scene: Scene): void {
  const course = scene.course('lhs', '5080');
  clearWork(course);
  for (const index of [0, 1]) {
    const section = sectionOf(course, index);
    const left = category(section.id, 'Participation', {
      weight: 5,
      seq: 6,
      from: `${course.id}/Participation`,
    });
    section.setup.categories.push(left);
    section.links.push({
      dataType: 'categories',
      itemKey: itemKey.category(left.from ?? ''),
      state: 'residual',
      base: {
        name: left.name,
        weight: 5,
        seq: 6,
        excludeFromCalc: false,
        dropLowest: 0,
        defaultPoints: 100,
        gradables: [TASK.quarter],
      },
      reason: 'student_work',
    });
    if (index === 0) assign(section, { gradables: [TASK.quarter], category: left.id });
    scene.mark(section, ['categories', itemKey.category(left.from ?? '')], {
      story: `R02, M38: A residual category, ${index === 0 ? 'used' : 'empty by now'}.`,
      locked: index === 0 ? 'RETAINED_PROTECTED' : null,
      overwrite: index === 0 ? 'RETAINED_PROTECTED' : 'DELETED',
    });
  }
}

function overrides(scene: Scene): void {
  const section = sectionOf(scene.course('lhs', '4030'), 0);
  section.overrides = { state_code: 'LK-SECTION', max_students: 12 };
  scene.mark(section, ['course_info', itemKey.attribute('state_code')], {
    story: 'M02, M23: A section overrides a hard-locked attribute.',
    locked: 'RETAINED_LOCAL',
    overwrite: 'UPDATED',
  });
}
