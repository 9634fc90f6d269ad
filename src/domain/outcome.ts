/** What happens to one item of a plan (domain.md section 3). The list is closed. */
const WRITE_OUTCOMES = [
  'INSERTED',
  'UPDATED',
  'DELETED',
  'RELINKED',
  'RENAMED_LOCAL',
  'SET_NO_CALCULATION',
] as const;
export const KEPT_OUTCOMES = [
  'RETAINED_LOCAL',
  'RETAINED_PROTECTED',
  'KEPT_SOFT_LOCK',
  'WITHHELD',
] as const;
export const SKIPPED_OUTCOMES = [
  'SKIPPED_UNLOCKED',
  'SKIPPED_IGNORED',
  'SKIPPED_MIRROR',
  'SKIPPED_DEPENDENCY',
] as const;
export const FAILED_OUTCOMES = ['FAILED_DESYNCED', 'FAILED_ERROR'] as const;

export const OUTCOMES = [
  ...WRITE_OUTCOMES,
  'UNCHANGED',
  ...KEPT_OUTCOMES,
  ...SKIPPED_OUTCOMES,
  ...FAILED_OUTCOMES,
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes in words people use; no code ever reaches a message. */
export const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = {
  INSERTED: 'Added',
  UPDATED: 'Updated',
  DELETED: 'Deleted',
  RELINKED: 'Relinked',
  RENAMED_LOCAL: 'Renamed (made here)',
  SET_NO_CALCULATION: 'Set to No Calculation',
  UNCHANGED: 'Already up to date',
  RETAINED_LOCAL: 'Kept: made here',
  RETAINED_PROTECTED: 'Kept: has student work',
  KEPT_SOFT_LOCK: 'Kept: changed under a soft lock',
  WITHHELD: 'Partly withheld',
  SKIPPED_UNLOCKED: 'Skipped: not locked in the catalog',
  SKIPPED_IGNORED: 'Skipped: Ignore Master Push',
  SKIPPED_MIRROR: 'Skipped: cross-site copy',
  SKIPPED_DEPENDENCY: 'Skipped: needs something else first',
  FAILED_DESYNCED: 'Failed: desynced',
  FAILED_ERROR: 'Failed: error',
};

const SUCCESSES: ReadonlySet<string> = new Set([
  'INSERTED',
  'UPDATED',
  'DELETED',
  'RELINKED',
  'UNCHANGED',
]);

/**
 * Whether an item is a line of the push report (domain.md 3.9, last line). What was made here and is
 * left alone is nobody's trouble: it is only counted (L7).
 */
export function belongsOnPushReport(outcome: Outcome, reason: string | null): boolean {
  return !SUCCESSES.has(outcome) && reason !== 'made_here';
}

/**
 * Why an item has its outcome, and what a person does about it ("What To Do" of report 5.2).
 * A closed list: every item has exactly one reason.
 */
export const REASONS = {
  new_above: {
    text: 'The level above has it and it was missing here.',
    whatToDo: 'Nothing to do.',
  },
  changed_above: {
    text: 'The level above changed since the last push.',
    whatToDo: 'Nothing to do.',
  },
  same_as_above: {
    text: 'Already as the level above has it.',
    whatToDo: 'Nothing to do.',
  },
  back_above: {
    text: 'The level above has it again, so the residual one follows it.',
    whatToDo: 'Nothing to do.',
  },
  link_rebuilt: {
    text: 'Its link was broken or residual; it follows the level above again.',
    whatToDo: 'Nothing to do.',
  },
  local_adopted: {
    text: 'A local one of the same key; it follows the level above from now on.',
    whatToDo: 'Nothing to do.',
  },
  made_here: {
    text: 'The school or teacher made it, and a push leaves it alone.',
    whatToDo: 'Nothing to do.',
  },
  override_cleared: {
    text: 'The section had its own value of an attribute that the catalog locks.',
    whatToDo: 'Nothing to do.',
  },
  mirror_refreshed: {
    text: "The home school's copy follows its serving course.",
    whatToDo: 'Nothing to do.',
  },
  changed_below: {
    text: 'The value was changed here since the last push.',
    whatToDo: 'Relink the course by “Plan a repair…” under the result, or push in Overwrite mode.',
  },
  deleted_below: {
    text: 'The pushed item was deleted here.',
    whatToDo: 'Relink the course by “Plan a repair…” under the result, or push in Overwrite mode.',
  },
  marked_broken: {
    text: 'The link to the course master is marked as broken.',
    whatToDo: 'Relink the course by “Plan a repair…” under the result, or push in Overwrite mode.',
  },
  master_link_lost: {
    text: 'The course no longer names the course master it was pushed from.',
    whatToDo: 'Relink the course by “Plan a repair…” under the result, or push in Overwrite mode.',
  },
  other_catalog: {
    text: 'The course was pushed from a course master that is not part of this push.',
    whatToDo:
      'Push from that course master, or relink the course by “Plan a repair…” under the result.',
  },
  local_same_key: {
    text: 'The school or teacher has its own item here.',
    whatToDo: 'Remove or rename the local one, or push in Overwrite mode.',
  },
  section_override: {
    text: 'The section overrides a value that the catalog locks.',
    whatToDo:
      'Clear the override on the section, or push Course Info in Overwrite mode to sections.',
  },
  student_work: {
    text: 'Students have assignments, scores, grades or comments on it.',
    whatToDo: 'Realign or delete the assignments and grades, then push in Overwrite mode.',
  },
  referenced_by_composite: {
    text: 'A composite grade that stays still uses it.',
    whatToDo: 'Change or remove the composite grade, then push again.',
  },
  residual_task: {
    text: 'It belongs to a residual task or standard.',
    whatToDo: 'Set it up on the course, or realign the assignments of the residual task.',
  },
  master_task_removed: {
    text: 'The task left the course master but has student work here, so it no longer calculates.',
    whatToDo:
      'Set Grade Calc Options on the course and push to sections, or realign the assignments.',
  },
  master_item_removed: {
    text: 'The course master no longer has it.',
    whatToDo: 'Nothing to do.',
  },
  calculation_removed: {
    text: 'The course master no longer calculates this; sections with scores lose the calculation.',
    whatToDo: 'Add a Grade Calc Option at the course master if it should calculate.',
  },
  cascade: {
    text: 'Its task or standard was deleted.',
    whatToDo: 'Nothing to do.',
  },
  soft_lock_changed: {
    text: 'The catalog locks it softly and the course changed it.',
    whatToDo: 'Nothing to do, or push in Overwrite mode to replace the course value.',
  },
  score_group_in_use: {
    text: 'Posted grades use the present score group.',
    whatToDo: 'Remove or repost the grades that use it, then push again.',
  },
  term_in_use: {
    text: 'A term that the course master dropped has posted grades.',
    whatToDo: 'Remove the posted grades of that term, then push again.',
  },
  score_group_and_term_in_use: {
    text: 'Posted grades use the present score group and a term the course master dropped.',
    whatToDo: 'Remove or repost these grades, then push again.',
  },
  number_taken: {
    text: 'Another course of the calendar has this number.',
    whatToDo: 'Renumber the other course, then push again.',
  },
  name_taken: {
    text: 'A pushed category has the same name.',
    whatToDo: 'Check the category weights of the section.',
  },
  not_locked: {
    text: 'The catalog does not lock it.',
    whatToDo: 'Lock it in the course catalog if the district should control it.',
  },
  ignore_master_push: {
    text: 'The course has Ignore Master Push.',
    whatToDo: 'Unmark Ignore Master Push on the course if it should receive pushes.',
  },
  mirror: {
    text: "It is the home school's copy of a cross-site course.",
    whatToDo: 'Push to the serving school; grading belongs there.',
  },
  tasks_failed: {
    text: 'Grading Tasks/Standards could not be pushed to this course.',
    whatToDo: 'Solve the failed Grading Tasks/Standards first, then push again.',
  },
  not_aligned: {
    text: 'The course or its master is not aligned to a task or standard that it needs.',
    whatToDo: 'Select Grading Tasks/Standards too, or align the task at the course master.',
  },
  composite_missing: {
    text: 'The course has no linked composite grade or child for this weight.',
    whatToDo: 'Select Composite Grades too.',
  },
  district_cross_site_off: {
    text: 'The district does not take part in cross-site enrollment.',
    whatToDo: 'Enable Cross-Site Enrollment for the district.',
  },
  school_cross_site_off: {
    text: 'The school is not enabled for cross-site enrollment.',
    whatToDo: 'Enable Cross-Site Enrollment for the school.',
  },
  cross_site_mapped: {
    text: 'The section is mapped or has cross-site students.',
    whatToDo: 'End the cross-site mapping first.',
  },
  baseline_linked: {
    text: 'Equal to the course master; now linked.',
    whatToDo: 'Nothing to do.',
  },
  never_linked: {
    text: 'It was never pushed and differs from the course master.',
    whatToDo: 'Relink it with the values of the course master, or push in Overwrite mode.',
  },
  linked_by_number: {
    text: 'The course is older than the course master of its number and was linked to it now.',
    whatToDo: 'Nothing to do.',
  },
  undone: {
    text: 'An earlier push was undone.',
    whatToDo: 'Nothing to do.',
  },
  changed_since_push: {
    text: 'It was changed after the push that is undone, so it was left as it is now.',
    whatToDo: 'Change it by hand if it should be as before that push.',
  },
  student_work_since_push: {
    text: 'Student work hangs on what the push that is undone had added or changed.',
    whatToDo: 'Realign or delete the student work, then change it by hand.',
  },
  already_gone: {
    text: 'Gone here and at the course master; the old link was removed.',
    whatToDo: 'Nothing to do.',
  },
  changed_since_plan: {
    text: 'It changed between the plan and the push, so it was left as it is now.',
    whatToDo: 'Push again to plan with the present data.',
  },
  database_refused: {
    text: 'The database refused the change, so the course was left as it was.',
    whatToDo: 'Give the reference of the run to the administrator.',
  },
} as const;
export type Reason = keyof typeof REASONS;
