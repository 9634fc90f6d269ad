import { itemKey } from '../../src/domain/item-payload.ts';
import { type Outcome } from '../../src/domain/outcome.ts';
import { standardsOf, TASK, TEST } from './catalogs.ts';
import { alignment, calcOption } from './masters.ts';
import { taskLink } from './links.ts';
import { type Course, type Section } from './model.ts';
import { assign, clearWork, only, post, type Scene, sectionOf } from './scene.ts';

const KEPT = { locked: 'RETAINED_PROTECTED', overwrite: 'RETAINED_PROTECTED' } as const;
const GONE = { locked: 'DELETED', overwrite: 'DELETED' } as const;
const WITHHELD = { locked: 'WITHHELD', overwrite: 'WITHHELD' } as const;

/** Students worked with something that the district has changed or removed since (P01 to P10, R01 to R05, N01 to N05). */
export function stageEvidence(scene: Scene): void {
  everyKindOfEvidence(scene);
  removedExam(scene);
  withheldChanges(scene);
  residualTasks(scene);
  relinkedTask(scene);
  compositeNeedsTask(scene);
  removedFolder(scene);
  removedTest(scene);
  removedStandard(scene);
}

/** One kind of evidence a course, each enough by itself to keep the exam that PE no longer has (A15). */
const KINDS: readonly (readonly [
  number: string,
  says: string,
  put: (section: Section) => void,
  outcomes: { locked: Outcome; overwrite: Outcome },
])[] = [
  [
    '8010',
    'P02, P06: An assignment without a due date or a score',
    (section) => {
      assign(section, { gradables: [TASK.exam], assignedOn: null, dueOn: null });
    },
    KEPT,
  ],
  [
    '8020',
    'P02: An inactive assignment',
    (section) => {
      assign(section, { gradables: [TASK.exam], active: false });
    },
    KEPT,
  ],
  [
    '8030',
    'P03: A score that is only a flag',
    (section) => {
      const student = section.students[0]?.id ?? '';
      assign(section, {
        gradables: [TASK.exam],
        scores: [{ student, points: null, comment: null, flags: ['missing'] }],
      });
    },
    KEPT,
  ],
  [
    '8040',
    'P04: A comment without a grade',
    (section) => {
      post(section, { gradable: TASK.exam, term: 2, comment: '=1+1, says the formula' });
    },
    KEPT,
  ],
  [
    '8050',
    'P05: The grade of a student who left',
    (section) => {
      const student = only(section.students, () => true);
      student.leftOn = '2026-10-30';
      post(section, { gradable: TASK.exam, term: 2, score: 'B', percent: 86, student: student.id });
    },
    KEPT,
  ],
  [
    '8060',
    'P04: A percent without a letter',
    (section) => {
      post(section, { gradable: TASK.exam, term: 2, percent: 71.5 });
    },
    KEPT,
  ],
  [
    '8070',
    'P04: A posted grade row with nothing in it is no evidence',
    (section) => {
      post(section, { gradable: TASK.exam, term: 2 });
    },
    GONE,
  ],
  ['8080', 'L6, O6: Nobody used it', () => undefined, GONE],
];

function everyKindOfEvidence(scene: Scene): void {
  for (const [number, says, put, outcomes] of KINDS) {
    const course = scene.course('lhs', number);
    clearWork(course);
    put(sectionOf(course, 0));
    scene.mark(course, ['grading_tasks_standards', itemKey.task(TASK.exam)], {
      story: `${says}.`,
      ...outcomes,
    });
  }
}

function removedExam(scene: Scene): void {
  const course = scene.course('lhs', '2020');
  assign(sectionOf(course, 0), { gradables: [TASK.exam], title: 'Mock exam' });
  scene.mark(course, ['grading_tasks_standards', itemKey.task(TASK.exam)], {
    story: 'R01, R03: The master dropped a task that students worked on.',
    ...KEPT,
  });
  scene.mark(course, ['grade_calc_options', itemKey.calcOption(TASK.exam, 2)], {
    story: 'N02: Its calculation ends.',
    locked: 'SET_NO_CALCULATION',
    overwrite: 'SET_NO_CALCULATION',
  });
  scene.mark(course, ['composite_grades', itemKey.composite(TASK.semester, 2)], {
    story: 'M10: The semester is no longer computed from it.',
    locked: 'UPDATED',
    overwrite: 'UPDATED',
  });
}

function withheldChanges(scene: Scene): void {
  const group = scene.course('lhs', '2030');
  const terms = scene.course('lhs', '2040');
  for (const course of [group, terms]) {
    post(sectionOf(clearedOf(course), 0), {
      gradable: TASK.quarter,
      term: 1,
      score: 'A',
      percent: 95,
      comment: 'A pleasure to teach.',
    });
  }
  scene.mark(group, ['grading_tasks_standards', itemKey.task(TASK.quarter)], {
    story: 'P10: The master changed the score group of posted grades.',
    ...WITHHELD,
  });
  scene.mark(terms, ['grading_tasks_standards', itemKey.task(TASK.quarter)], {
    story: 'P10: The master dropped a term that has posted grades.',
    ...WITHHELD,
  });
  scene.mark(terms, ['grade_calc_options', itemKey.calcOption(TASK.quarter, 1)], {
    story: 'N09: The master no longer calculates the term.',
    ...GONE,
  });
}

function clearedOf(course: Course): Course {
  clearWork(course);
  return course;
}

/** A task that left the master some pushes ago and stayed because of student work. */
function makeResidual(course: Course): void {
  const row = alignment(TASK.portfolio, [1, 2, 3, 4], { seq: 6 });
  course.setup.alignments.push(row);
  course.links.push({ ...taskLink(row), state: 'residual', reason: 'student_work' });
  const off = {
    calcType: 'none',
    gradingScale: null,
    weightCategories: false,
    useScorePercent: false,
  } as const;
  course.setup.calcOptions.push(calcOption(TASK.portfolio, 1, off));
  for (const section of course.sections) {
    section.setup.calcOptions.push(calcOption(TASK.portfolio, 1, { ...off, readOnly: true }));
  }
}

function residualTasks(scene: Scene): void {
  const used = clearedOf(scene.course('lhs', '4050'));
  makeResidual(used);
  assign(sectionOf(used, 1), { gradables: [TASK.portfolio], title: 'Portfolio, "part 1"' });
  scene.mark(used, ['grading_tasks_standards', itemKey.task(TASK.portfolio)], {
    story: 'R02, N05: Residual from an earlier push, still in use.',
    ...KEPT,
  });

  const free = clearedOf(scene.course('lhs', '4060'));
  makeResidual(free);
  scene.mark(free, ['grading_tasks_standards', itemKey.task(TASK.portfolio)], {
    story: 'R02, N07: Residual, and the assignments were realigned since.',
    locked: null,
    overwrite: 'DELETED',
  });
}

function relinkedTask(scene: Scene): void {
  const course = clearedOf(scene.course('lhs', '2010'));
  const row = alignment(TASK.conduct, [1, 2], { seq: 4 });
  course.setup.alignments.push(row);
  course.links.push({ ...taskLink(row), state: 'residual', reason: 'student_work' });
  post(sectionOf(course, 0), { gradable: TASK.conduct, term: 1, score: 'A' });
  scene.mark(course, ['grading_tasks_standards', itemKey.task(TASK.conduct)], {
    story: 'R05, A11: The district put the task back.',
    locked: 'RELINKED',
    overwrite: 'RELINKED',
  });
}

function compositeNeedsTask(scene: Scene): void {
  const course = clearedOf(scene.course('lhs', '4040'));
  course.setup.alignments.push(alignment(TASK.progress, [2], { seq: 6 }));
  const section = sectionOf(course, 0);
  section.setup.composites.push({
    parentGradable: TASK.progress,
    parentTerm: 2,
    children: [{ gradable: TASK.exam, term: 2, weight: 100 }],
  });
  post(section, { gradable: TASK.progress, term: 2, score: 'C', percent: 78 });
  scene.mark(course, ['grading_tasks_standards', itemKey.task(TASK.exam)], {
    story: "P09, A25: A teacher's posted composite still uses the dropped task.",
    ...KEPT,
  });
}

function removedFolder(scene: Scene): void {
  const [used, empty] = [scene.course('lhs', '3020'), scene.course('bhs', '3020')];
  for (const course of [used, empty]) {
    clearWork(course);
    const folder = only(course.setup.categories, ({ name }) => name === 'Projects');
    if (course === used) {
      const section = sectionOf(course, 0);
      const copy = only(section.setup.categories, ({ from }) => from === folder.id);
      assign(section, { gradables: [TASK.quarter], category: copy.id });
    }
    scene.mark(course, ['categories', itemKey.category(folder.from ?? '')], {
      story: 'M16: The master dropped a category.',
      ...(course === used ? KEPT : GONE),
    });
  }
}

function removedTest(scene: Scene): void {
  const [used, unused] = [scene.course('lhs', '4020'), scene.course('bhs', '4020')];
  const section = sectionOf(used, 0);
  section.testScores.push({
    test: TEST.endOfCourse,
    student: section.students[0]?.id ?? '',
    result: '412',
  });
  for (const course of [used, unused]) {
    scene.mark(course, ['assessments', itemKey.assessment(TEST.endOfCourse)], {
      story: 'P07, M19: The master dropped an assessment.',
      ...(course === used ? KEPT : GONE),
    });
  }
}

function removedStandard(scene: Scene): void {
  const effort = standardsOf('Reading')[1] ?? '';
  const [used, unused] = [
    clearedOf(scene.course('ble', 'E10')),
    clearedOf(scene.course('mrk', 'E10')),
  ];
  const student = sectionOf(used, 0).students[0]?.id ?? '';
  assign(sectionOf(used, 0), {
    gradables: [effort],
    scores: [{ student, points: 3, comment: '¡Muy bien!', flags: ['late'] }],
  });
  for (const course of [used, unused]) {
    scene.mark(course, ['grading_tasks_standards', itemKey.task(effort)], {
      story: 'M04: The master dropped a standard.',
      ...(course === used ? KEPT : GONE),
    });
    for (const term of [1, 2]) {
      scene.mark(course, ['grade_calc_options', itemKey.calcOption(effort, term)], {
        story: 'N02, N10: The calculations of a dropped standard.',
        locked: course === used ? 'SET_NO_CALCULATION' : 'DELETED',
        overwrite: course === used ? 'SET_NO_CALCULATION' : 'DELETED',
      });
    }
  }
}
