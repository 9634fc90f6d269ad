import { type Tool, type ToolRight } from './rights.ts';

/** A user group as it is created in a district that has none of its own (domain.md section 6). */
export interface SuggestedGroup {
  readonly name: string;
  readonly tools: readonly { readonly tool: Tool; readonly right: ToolRight }[];
  /** On every calendar; null leaves calendars to be given school by school. */
  readonly calendars: 'modify' | 'read' | null;
}

const RUN_A_PUSH = [
  give('push_all_course_masters', 'rw'),
  give('course_information', 'rw'),
  give('course_information.push_to_sections', 'r'),
  give('cross_site_enrollment_setup', 'rw'),
  give('push_all_courses', 'rw'),
] as const;

const READ_REPORTS = [
  give('residual_data_report', 'r'),
  give('awaiting_push_report', 'r'),
  give('course_audit_report', 'r'),
] as const;

/** Curriculum requests, the SIS office approves, schools read their own reports. */
export const SUGGESTED_GROUPS: readonly SuggestedGroup[] = [
  {
    name: 'Curriculum Admin',
    calendars: 'modify',
    tools: [
      ...RUN_A_PUSH,
      ...READ_REPORTS,
      give('push_all_course_masters.overwrite', 'rw'),
      give('course_master_information', 'rw'),
      give('course_status', 'rw'),
      give('course_grading_tasks', 'rw'),
      give('batch_queue', 'rwd'),
    ],
  },
  {
    name: 'District SIS Admin',
    calendars: 'modify',
    tools: [
      ...RUN_A_PUSH,
      ...READ_REPORTS,
      give('push_all_course_masters.overwrite', 'rw'),
      give('push_all_course_masters.approve', 'rw'),
      give('course_master_information', 'rw'),
      give('course_status', 'rw'),
      give('course_grading_tasks', 'rw'),
      give('batch_queue', 'rwd'),
      give('batch_queue_admin', 'rwd'),
      give('user_security', 'rwad'),
    ],
  },
  {
    name: 'School Scheduler',
    calendars: null,
    tools: [...READ_REPORTS, give('push_all_course_masters', 'r'), give('batch_queue', 'r')],
  },
  {
    name: 'Read-only',
    calendars: 'read',
    tools: [...READ_REPORTS, give('push_all_course_masters', 'r'), give('batch_queue', 'r')],
  },
];

/** @param letters of r(ead), w(rite), a(dd), d(elete) */
function give(tool: Tool, letters: string): { tool: Tool; right: ToolRight } {
  const has = (letter: string): boolean => letters.includes(letter);
  return { tool, right: { read: has('r'), write: has('w'), add: has('a'), delete: has('d') } };
}
