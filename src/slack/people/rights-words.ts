import { type Tool, TOOLS, type ToolRight } from '../../domain/rights.ts';

const TOOL_WORDS: Readonly<Record<Tool, string>> = {
  push_all_course_masters: 'Push All Course Masters',
  'push_all_course_masters.overwrite': 'Push All Course Masters: Overwrite',
  'push_all_course_masters.approve': 'Push All Course Masters: Approve',
  course_information: 'Course Information',
  'course_information.push_to_sections': 'Push to Sections',
  course_master_information: 'Course Master Information',
  course_status: 'Course Status',
  course_grading_tasks: 'Course Grading Tasks',
  cross_site_enrollment_setup: 'Cross-Site Enrollment Setup',
  push_all_courses: 'Push All Courses',
  batch_queue: 'Batch Queue',
  batch_queue_admin: 'Batch Queue Admin',
  residual_data_report: 'Residual Data Report',
  awaiting_push_report: 'Awaiting Push Report',
  course_audit_report: 'Course Audit Report',
  user_security: 'User Security',
};

const RIGHTS = ['read', 'write', 'add', 'delete'] as const;
const RIGHT_WORDS: Readonly<Record<(typeof RIGHTS)[number], string>> = {
  read: 'Read',
  write: 'Write',
  add: 'Add',
  delete: 'Delete',
};
const NONE: ToolRight = { read: false, write: false, add: false, delete: false };

type Tools = Readonly<Partial<Record<Tool, ToolRight>>>;

/** Every right there is, tool by tool: what a select offers. */
export function rightChoices(): {
  readonly tool: string;
  readonly rights: readonly { readonly value: string; readonly words: string }[];
}[] {
  return TOOLS.map((tool) => ({
    tool: TOOL_WORDS[tool],
    rights: RIGHTS.map((right) => ({
      value: `${tool}|${right}`,
      words: `${TOOL_WORDS[tool]} – ${RIGHT_WORDS[right]}`,
    })),
  }));
}

/** The values of the rights that are given. */
export function givenValues(tools: Tools): string[] {
  return TOOLS.flatMap((tool) =>
    RIGHTS.filter((right) => tools[tool]?.[right] === true).map((right) => `${tool}|${right}`),
  );
}

/** The rights that chosen values stand for; others are left out. */
export function toolsOf(values: readonly string[]): Partial<Record<Tool, ToolRight>> {
  const tools: Partial<Record<Tool, ToolRight>> = {};
  for (const value of values) {
    const [name = '', letter = ''] = value.split('|');
    const tool = TOOLS.find((known) => known === name);
    const right = RIGHTS.find((known) => known === letter);
    if (tool === undefined || right === undefined) continue;
    tools[tool] = { ...(tools[tool] ?? NONE), [right]: true };
  }
  return tools;
}

/** "Course Information (Read, Write), Batch Queue (Read)". */
export function rightsInWords(tools: Tools): string {
  const parts = TOOLS.flatMap((tool) => {
    const given = RIGHTS.filter((right) => tools[tool]?.[right] === true);
    return given.length === 0
      ? []
      : [`${TOOL_WORDS[tool]} (${given.map((right) => RIGHT_WORDS[right]).join(', ')})`];
  });
  return parts.length === 0 ? 'No rights on any tool' : parts.join(', ');
}
