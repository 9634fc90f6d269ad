import { TASK } from './catalogs.ts';
import { category } from './masters.ts';
import {
  type Assignment,
  type Course,
  type PostedGrade,
  type Score,
  type Section,
} from './model.ts';
import { type Random } from './random.ts';
import { ACTIVE_YEAR } from './years.ts';

/** Two assignments in the first quarter and one in the second, which is in session. */
const PLAN: readonly (readonly [title: string, assignedOn: string, dueOn: string])[] = [
  ['Unit 1 practice', '2026-09-01', '2026-09-08'],
  ['Unit 1 test', '2026-09-21', '2026-09-25'],
  ['Unit 2 practice', '2026-11-02', '2026-11-09'],
];
const SHARE_OF_BUSY_SECTIONS = 0.35;

function scoreFor(student: string, random: Random): Score {
  const missing = random.chance(0.06);
  const late = !missing && random.chance(0.05);
  return {
    student,
    points: missing ? null : 55 + random.below(46),
    comment: random.chance(0.04) ? 'Please see me about this.' : null,
    flags: missing ? ['missing'] : late ? ['late'] : [],
  };
}

function letterFor(percent: number): string {
  if (percent >= 93) return 'A';
  if (percent >= 85) return 'B';
  if (percent >= 77) return 'C';
  return percent >= 70 ? 'D' : 'F';
}

function postedFor(section: Section, random: Random): PostedGrade[] {
  return section.students.map(({ id }) => {
    const percent = 60 + random.below(41);
    return {
      gradable: TASK.quarter,
      term: 1,
      student: id,
      score: letterFor(percent),
      percent,
      comment: null,
    };
  });
}

function fill(course: Course, section: Section, random: Random): void {
  const gradable = course.setup.alignments[0]?.gradable;
  if (gradable === undefined) return;
  if (section.setup.categories.length === 0) {
    section.setup.categories.push(
      category(section.id, 'Daily work', { weight: 100, gradables: [gradable] }),
    );
  }
  section.assignments = PLAN.map(([title, assignedOn, dueOn], index): Assignment => {
    const folder = section.setup.categories[index % section.setup.categories.length];
    return {
      id: `${section.id}-a${index + 1}`,
      title,
      assignedOn,
      dueOn,
      category: folder?.id ?? null,
      gradables: [gradable],
      active: true,
      scores: section.students.slice(0, 6).map(({ id }) => scoreFor(id, random)),
    };
  });
  if (gradable === TASK.quarter) section.postedGrades = postedFor(section, random);
}

/**
 * The usual course of a year up to today: about a third of the sections of the active year have assignments, scores
 * and first-quarter grades; the others have not been opened yet.
 */
export function addOrdinaryWork(courses: readonly Course[], random: Random): void {
  for (const course of courses) {
    if (course.calendar.year !== ACTIVE_YEAR || course.calendar.summer) continue;
    for (const section of course.sections) {
      if (random.chance(SHARE_OF_BUSY_SECTIONS)) fill(course, section, random);
    }
  }
}
