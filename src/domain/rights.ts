import { type RunKind } from './push-options.ts';

/** Tools that rights are given for (domain.md section 6). */
export const TOOLS = [
  'push_all_course_masters',
  'push_all_course_masters.overwrite',
  'push_all_course_masters.approve',
  'course_information',
  'course_information.push_to_sections',
  'course_master_information',
  'course_status',
  'course_grading_tasks',
  'cross_site_enrollment_setup',
  'push_all_courses',
  'batch_queue',
  'batch_queue_admin',
  'residual_data_report',
  'awaiting_push_report',
  'course_audit_report',
  'user_security',
] as const;
export type Tool = (typeof TOOLS)[number];

export interface ToolRight {
  readonly read: boolean;
  readonly write: boolean;
  readonly add: boolean;
  readonly delete: boolean;
}

const LETTERS = { read: 'R', write: 'W', add: 'A', delete: 'D' } as const;

/** "course_information RW, batch_queue RWD": the rights on tools as the audit log keeps them. */
export function toolCodes(tools: Rights['tools']): string {
  return TOOLS.flatMap((tool) => {
    const right = tools[tool];
    const letters = right === undefined ? '' : lettersOf(right);
    return letters === '' ? [] : [`${tool} ${letters}`];
  }).join(', ');
}

function lettersOf(right: ToolRight): string {
  return (['read', 'write', 'add', 'delete'] as const)
    .map((name) => (right[name] ? LETTERS[name] : ''))
    .join('');
}

/** The right that letters of R, W, A and D stand for, in any order. @returns undefined for other letters */
export function rightOf(letters: string): ToolRight | undefined {
  const given = letters.toUpperCase();
  if (!/^[RWAD]*$/.test(given)) return undefined;
  return {
    read: given.includes('R'),
    write: given.includes('W'),
    add: given.includes('A'),
    delete: given.includes('D'),
  };
}

/** What a person may do: the sum over their user groups. */
export interface Rights {
  readonly tools: Readonly<Partial<Record<Tool, ToolRight>>>;
  /** Calendars with Modify rights. */
  readonly modifiableCalendars: ReadonlySet<number>;
  /** Calendars with any right: those whose report rows the person may see. */
  readonly visibleCalendars: ReadonlySet<number>;
}

/** True when the person holds the right on the tool. */
export function holds(rights: Rights, tool: Tool, right: keyof ToolRight): boolean {
  return rights.tools[tool]?.[right] ?? false;
}

/** What running a push needs, as far as rights go. */
export interface PushNeeds {
  readonly mode: 'push_locked' | 'overwrite';
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly singleMaster: boolean;
  /** A push of the catalog's masters unless told. */
  readonly kind?: RunKind;
  readonly calendarIds: readonly number[];
}

/** What other kinds of runs need beside the rights to run a push. */
const KIND_RIGHTS: Readonly<
  Partial<Record<RunKind, { readonly tool: Tool; readonly words: string }>>
> = {
  push_all_courses: { tool: 'push_all_courses', words: 'Write on Push All Courses' },
  relink: { tool: 'course_status', words: 'Write on Course Status' },
  reset: { tool: 'course_grading_tasks', words: 'Write on Course Grading Tasks' },
};

/**
 * Every right the person lacks for this push, in words; empty when they may run it
 * (domain.md section 6: run, sections, cross-site, overwrite, one master, Modify per calendar).
 */
export function missingForPush(rights: Rights, needs: PushNeeds): string[] {
  const missing: string[] = [];
  const need = (tool: Tool, right: keyof ToolRight, words: string): void => {
    if (!holds(rights, tool, right)) missing.push(words);
  };
  need('push_all_course_masters', 'read', 'Read on Push All Course Masters');
  need('push_all_course_masters', 'write', 'Write on Push All Course Masters');
  need('course_information', 'read', 'Read on Course Information');
  need('course_information', 'write', 'Write on Course Information');
  if (needs.toSections)
    need('course_information.push_to_sections', 'read', 'Read on Push to Sections');
  if (needs.crossSite)
    need('cross_site_enrollment_setup', 'write', 'Write on Cross-Site Enrollment Setup');
  if (needs.mode === 'overwrite')
    need(
      'push_all_course_masters.overwrite',
      'write',
      'Write on Push All Course Masters: Overwrite',
    );
  if (needs.singleMaster)
    need('course_master_information', 'write', 'Write on Course Master Information');
  const ofKind = KIND_RIGHTS[needs.kind ?? 'push'];
  if (ofKind !== undefined) need(ofKind.tool, 'write', ofKind.words);
  const closed = needs.calendarIds.filter((id) => !rights.modifiableCalendars.has(id));
  if (closed.length > 0)
    missing.push(`Modify on ${closed.length} of the ${needs.calendarIds.length} calendars`);
  return missing;
}
