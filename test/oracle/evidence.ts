import { type Place, type Run } from './draft.ts';
import { type Assignment, type PostedGrade } from './state.ts';

/** P02: aligned or not, active or not, scored or not; not one the teacher deleted. */
function livingAssignments(run: Run, place: Place): Assignment[] {
  const sections = sectionsOf(place);
  return run.state.assignments.filter((a) => sections.includes(a.section) && !a.deleted);
}

/** P06: a course counts all its sections, a section itself. */
function sectionsOf(place: Place): string[] {
  return place.section === null
    ? place.course.sections.map((section) => section.id)
    : [place.section.id];
}

function postedGrades(run: Run, place: Place): PostedGrade[] {
  const sections = sectionsOf(place);
  return run.state.postedGrades.filter((grade) => sections.includes(grade.section));
}

/** P04: blank text is no value. */
export function isGrade(grade: PostedGrade): boolean {
  return hasScore(grade) || grade.percent !== null;
}

function hasScore(grade: PostedGrade): boolean {
  return (grade.score ?? '').trim() !== '';
}

function isGradeOrComment(grade: PostedGrade): boolean {
  return isGrade(grade) || (grade.comment ?? '').trim() !== '';
}

/** P06: the term of the due date; null (no date, or outside every term) counts for every term. */
function termOf(run: Run, place: Place, dueOn: string | null): number | null {
  const calendar = run.state.calendars.find((c) => c.id === place.course.calendar);
  const term = [...(calendar?.terms ?? [])]
    .sort((a, b) => a.seq - b.seq)
    .find((t) => dueOn !== null && t.startOn <= dueOn && dueOn <= t.endOn);
  return term?.seq ?? null;
}

/** P07 for a task or standard. Scores and their comments hang on an assignment, which counts. */
export function hasWork(run: Run, place: Place, gradable: string): boolean {
  return (
    livingAssignments(run, place).some((a) => a.gradables.includes(gradable)) ||
    postedGrades(run, place).some((g) => g.gradable === gradable && isGradeOrComment(g))
  );
}

/** P07 for a calc option. */
export function hasWorkInTerm(
  run: Run,
  place: Place,
  { gradable, term }: { readonly gradable: string; readonly term: number },
): boolean {
  return (
    livingAssignments(run, place).some(
      (a) => a.gradables.includes(gradable) && [null, term].includes(termOf(run, place, a.dueOn)),
    ) || hasPostedInTerm(run, place, { gradable, term })
  );
}

/** P07 for a composite: a posted grade, or its comment, on the parent in that term. */
export function hasPostedInTerm(
  run: Run,
  place: Place,
  { gradable, term }: { readonly gradable: string; readonly term: number },
): boolean {
  return postedGrades(run, place).some(
    (g) => g.gradable === gradable && g.term === term && isGradeOrComment(g),
  );
}

/** P07 for an assessment. */
export function hasTestScores(run: Run, place: Place, test: string): boolean {
  const sections = sectionsOf(place);
  return run.state.testScores.some((s) => s.test === test && sections.includes(s.section));
}

/** P07 for a category: an assignment in it; for a course's, in any section copy of it. */
export function hasAssignments(run: Run, place: Place, category: string): boolean {
  if (place.section !== null)
    return livingAssignments(run, place).some((a) => a.category === category);
  return place.course.sections.some((section) =>
    section.links.some(
      (link) =>
        link.dataType === 'categories' &&
        link.key === `cat:${category}` &&
        link.row !== null &&
        hasAssignments(run, { course: place.course, section }, link.row),
    ),
  );
}

/** OD: an assignment the teacher deleted is no evidence, but its row still names the category. */
export function isNamedByAnyAssignment(run: Run, category: string): boolean {
  return run.state.assignments.some((a) => a.category === category);
}

/** P10. OD: a grade uses the score group if it has a score; a bare percent does not. */
export function usesScoreGroup(run: Run, place: Place, gradable: string): boolean {
  return postedGrades(run, place).some((g) => g.gradable === gradable && hasScore(g));
}

/** P10: terms of the gradable in which grades are posted. */
export function termsWithGrades(run: Run, place: Place, gradable: string): number[] {
  return postedGrades(run, place)
    .filter((g) => g.gradable === gradable && isGrade(g))
    .map((g) => g.term);
}
