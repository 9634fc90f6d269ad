import { z } from 'zod';

/** What a menu of a row, or a button of the details, can ask for. */
export const CHOICES = [
  'show',
  'report',
  'cancel',
  'reschedule',
  'repeat',
  'delete',
  'hurry',
  'unhurry',
  'keep',
  'unkeep',
  'undo',
] as const;
export type Choice = (typeof CHOICES)[number];

/** Those that are asked about first; an undo has a form of its own. */
export const QUESTIONS_FIRST = ['cancel', 'reschedule', 'repeat', 'delete'] as const;
export type Question = (typeof QUESTIONS_FIRST)[number];

export const CHOICE_WORDS: Readonly<Record<Choice, string>> = {
  show: 'Show details…',
  report: 'Get the report',
  cancel: 'Cancel…',
  reschedule: 'Reschedule…',
  repeat: 'Push again…',
  undo: 'Undo…',
  delete: 'Delete…',
  hurry: 'High priority',
  unhurry: 'Normal priority',
  keep: 'Keep until I delete',
  unkeep: 'Do not keep',
};

const MENU = 'queue_row';

/** action_ids of the menus beside the rows: each row has its own (V3). */
export const ROW_MENUS = new RegExp(`^${MENU}~`);

/** action_id of the menu beside the row of a run on a calendar. */
export function rowMenu(runId: number, calendarId: number): string {
  return `${MENU}~${runId}~${calendarId}`;
}

/** action_id of a button for the choice. */
export function choiceAction(choice: Choice): string {
  return `queue_do_${choice}`;
}

/** The value of an option or button: what, and of which run. */
export function choiceValue(choice: Choice, runId: number): string {
  return `${choice}:${runId}`;
}

const used = z.looseObject({
  value: z.string().optional(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
});
const parts = z.tuple([z.enum(CHOICES), z.string().regex(/^\d{1,9}$/)]);

/** @throws ZodError when the action is none of ours */
export function readChoice(action: unknown): { choice: Choice; runId: number } {
  const { value, selected_option: option } = used.parse(action);
  const [choice, runId] = parts.parse((option?.value ?? value ?? '').split(':'));
  return { choice, runId: Number(runId) };
}

/** Whether the person is asked before it is done. */
export function isQuestion(choice: Choice): choice is Question {
  return (QUESTIONS_FIRST as readonly Choice[]).includes(choice);
}
