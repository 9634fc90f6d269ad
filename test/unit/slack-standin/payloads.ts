import { type JsonObject } from '../../../playground/slack-standin/contract.ts';

/** Text of exactly `length` characters. */
export const letters = (length: number): string => 'x'.repeat(length);

export const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
export const mrkdwn = (text: string): JsonObject => ({ type: 'mrkdwn', text });

/** `count` things made from their index. */
export function times<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export const option = (value: string): JsonObject => ({ text: plain('Option'), value });
export const options = (count: number): JsonObject[] =>
  times(count, (index) => option(`v${index}`));
export const section = (text = 'Text'): JsonObject => ({ type: 'section', text: mrkdwn(text) });
export const divider: JsonObject = { type: 'divider' };
export const button = (more: JsonObject = {}): JsonObject => ({
  type: 'button',
  text: plain('Go'),
  ...more,
});
export const actions = (...elements: JsonObject[]): JsonObject => ({ type: 'actions', elements });
export const input = (element: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'input',
  label: plain('Label'),
  element,
  ...more,
});
export const select = (more: JsonObject = {}): JsonObject => ({
  type: 'static_select',
  options: options(2),
  ...more,
});
export const textInput = (more: JsonObject = {}): JsonObject => ({
  type: 'plain_text_input',
  ...more,
});
export const modal = (blocks: JsonObject[], more: JsonObject = {}): JsonObject => ({
  type: 'modal',
  title: plain('Title'),
  submit: plain('Go'),
  blocks,
  ...more,
});
export const home = (blocks: JsonObject[], more: JsonObject = {}): JsonObject => ({
  type: 'home',
  blocks,
  ...more,
});
export const message = (...blocks: JsonObject[]): JsonObject => ({ text: 'A sentence.', blocks });
export const cell = (text: string): JsonObject => ({ type: 'raw_text', text });
export const table = (rows: number, columns: number, more: JsonObject = {}): JsonObject => ({
  type: 'table',
  rows: times(rows, () => times(columns, () => cell('a'))),
  ...more,
});
export const dataTable = (rows: number, columns: number, more: JsonObject = {}): JsonObject => ({
  ...table(rows, columns),
  type: 'data_table',
  caption: 'Courses',
  ...more,
});
export const richText = (text: string): JsonObject => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
export const task = (id: string, more: JsonObject = {}): JsonObject => ({
  type: 'task_card',
  task_id: id,
  title: 'Categories 40 of 96',
  status: 'in_progress',
  ...more,
});
