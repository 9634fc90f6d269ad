import { describe, expect, it } from '@jest/globals';

import { type JsonObject } from '../../../playground/slack-standin/contract.ts';
import { checkMessage } from '../../../playground/slack-standin/rules/payloads.ts';
import { asCase, type Make, pairs, refusedRules } from './cases.ts';
import {
  actions,
  button,
  cell,
  dataTable,
  divider,
  input,
  letters,
  message,
  mrkdwn,
  option,
  options,
  plain,
  richText,
  section,
  select,
  table,
  task,
  times,
} from './payloads.ts';

const inMessage = (payload: JsonObject): string[] => refusedRules(checkMessage(payload));

const withAction = (more: JsonObject): JsonObject => message(actions(button(more)));
const withConfirm = (more: JsonObject): JsonObject =>
  withAction({
    confirm: {
      title: plain('T'),
      text: plain('Sure?'),
      confirm: plain('Y'),
      deny: plain('N'),
      ...more,
    },
  });
const withOption = (more: JsonObject): JsonObject =>
  message(actions(select({ options: [{ ...option('v'), ...more }] })));

/** Rule, what is limited, the largest size Slack takes, and a payload of a size. */
const MESSAGE_LIMITS: readonly (readonly [string, string, number, Make])[] = [
  ['V1', 'blocks of a message', 50, (size) => message(...times(size, () => divider))],
  ['V3', 'block_id', 255, (size) => message({ ...divider, block_id: letters(size) })],
  ['V3', 'action_id', 255, (size) => withAction({ action_id: letters(size) })],
  ['V5', 'header', 150, (size) => message({ type: 'header', text: plain(letters(size)) })],
  ['V5', 'section text', 3000, (size) => message(section(letters(size)))],
  [
    'V5',
    'section fields',
    10,
    (size) => message({ type: 'section', fields: times(size, () => plain('f')) }),
  ],
  [
    'V5',
    'section field',
    2000,
    (size) => message({ type: 'section', fields: [plain(letters(size))] }),
  ],
  [
    'V5',
    'context elements',
    10,
    (size) => message({ type: 'context', elements: times(size, () => mrkdwn('c')) }),
  ],
  ['V5', 'actions elements', 25, (size) => message(actions(...times(size, () => button())))],
  ['V7', 'button text', 75, (size) => withAction({ text: plain(letters(size)) })],
  ['V7', 'button value', 2000, (size) => withAction({ value: letters(size) })],
  ['V7', 'button url', 3000, (size) => withAction({ url: letters(size) })],
  ['V7', 'accessibility_label', 75, (size) => withAction({ accessibility_label: letters(size) })],
  ['V8', 'options', 100, (size) => message(actions(select({ options: options(size) })))],
  [
    'V8',
    'option_groups',
    100,
    (size) =>
      message(
        actions({
          type: 'static_select',
          option_groups: times(size, (index) => ({
            label: plain('G'),
            options: [option(`v${index}`)],
          })),
        }),
      ),
  ],
  [
    'V8',
    'placeholder',
    150,
    (size) => message(actions(select({ placeholder: plain(letters(size)) }))),
  ],
  ['V9', 'option text', 75, (size) => withOption({ text: plain(letters(size)) })],
  ['V9', 'option value', 150, (size) => withOption({ value: letters(size) })],
  ['V9', 'option description', 75, (size) => withOption({ description: plain(letters(size)) })],
  [
    'V10',
    'checkboxes',
    10,
    (size) => message(actions({ type: 'checkboxes', options: options(size) })),
  ],
  [
    'V10',
    'radio buttons',
    10,
    (size) => message(actions({ type: 'radio_buttons', options: options(size) })),
  ],
  [
    'V10',
    'overflow options',
    5,
    (size) => message(actions({ type: 'overflow', options: options(size) })),
  ],
  ['V12', 'confirm title', 100, (size) => withConfirm({ title: plain(letters(size)) })],
  ['V12', 'confirm text', 300, (size) => withConfirm({ text: plain(letters(size)) })],
  ['V12', 'confirm button', 30, (size) => withConfirm({ confirm: plain(letters(size)) })],
  ['V12', 'deny button', 30, (size) => withConfirm({ deny: plain(letters(size)) })],
  [
    'V14',
    'children of a container',
    10,
    (size) => message({ type: 'container', child_blocks: times(size, () => divider) }),
  ],
  [
    'V14',
    'container title',
    150,
    (size) => message({ type: 'container', title: plain(letters(size)), child_blocks: [divider] }),
  ],
  ['V15', 'table rows', 100, (size) => message(table(size, 1))],
  ['V15', 'table cells', 20, (size) => message(table(1, size))],
  [
    'V15',
    'column_settings',
    20,
    (size) => message(table(1, 2, { column_settings: times(size, () => ({})) })),
  ],
  [
    'V15',
    'characters of all cells',
    10_000,
    (size) => message(table(1, 1, { rows: [[cell(letters(size))]] })),
  ],
  ['V15', 'data_table rows', 101, (size) => message(dataTable(size, 1))],
  ['V15', 'data_table columns', 20, (size) => message(dataTable(2, size))],
  ['V15', 'data_table page_size', 100, (size) => message(dataTable(2, 1, { page_size: size }))],
  [
    'V17',
    'alt_text',
    2000,
    (size) => message({ type: 'image', image_url: 'https://x', alt_text: letters(size) }),
  ],
  [
    'V17',
    'image_url',
    3000,
    (size) => message({ type: 'image', image_url: letters(size), alt_text: 'a' }),
  ],
  [
    'F41',
    'markdown of a message',
    12_000,
    (size) => message(...halves(size).map((text) => ({ type: 'markdown', text }))),
  ],
];

const broadcast: JsonObject = {
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'here' }] }],
};
const UNEVEN = [[cell('a'), cell('b')], [cell('c')]];
const primary = (id: string): JsonObject => button({ action_id: id, style: 'primary' });
const planOf = (tasks: number): JsonObject => ({
  type: 'plan',
  title: 'Push',
  tasks: times(tasks, (index) => task(String(index))),
});
const named = (id: string): JsonObject => ({ ...divider, block_id: id });
const PEOPLE_MENU = { type: 'multi_users_select', initial_users: ['U1', 'U2'] };

function chosen(initial: number, max: number): JsonObject {
  return {
    ...select(),
    type: 'multi_static_select',
    initial_options: options(initial),
    max_selected_items: max,
  };
}

function halves(size: number): string[] {
  return [letters(6000), letters(size - 6000)];
}

describe('A message', () => {
  it.each(MESSAGE_LIMITS.map(asCase))(
    '$rule: takes $what up to $limit and no more',
    ({ rule, limit, make }) => {
      expect(inMessage(make(limit))).toEqual([]);
      expect(inMessage(make(limit + 1))).toEqual([rule]);
    },
  );

  it.each(
    pairs([
      ['V2', 'with neither text nor blocks', { text: 'x' }, { text: ' ' }],
      [
        'V3',
        'with a block_id used twice',
        message(divider, divider),
        message(...['a', 'a'].map((id) => ({ ...divider, block_id: id }))),
      ],
      [
        'V3',
        'with a block_id used twice, once inside a container',
        message(named('a'), { type: 'container', child_blocks: [named('b')] }),
        message(named('a'), { type: 'container', child_blocks: [named('a')] }),
      ],
      [
        'V8',
        'with more initial options than may be chosen',
        message(actions(chosen(2, 2))),
        message(actions(chosen(2, 1))),
      ],
      [
        'V8',
        'with more initial people than may be chosen',
        message(actions({ ...PEOPLE_MENU, max_selected_items: 2 })),
        message(actions({ ...PEOPLE_MENU, max_selected_items: 1 })),
      ],
      [
        'V3',
        'with an action_id used twice in a block',
        message(actions(button({ action_id: 'a' }), button({ action_id: 'b' }))),
        message(actions(button({ action_id: 'a' }), button({ action_id: 'a' }))),
      ],
      [
        'V5',
        'with mrkdwn in a header',
        message({ type: 'header', text: plain('x') }),
        message({ type: 'header', text: mrkdwn('x') }),
      ],
      [
        'V5',
        'with a section without text and fields',
        message(section()),
        message({ type: 'section' }),
      ],
      [
        'V5',
        'with a datetimepicker beside a section',
        message({ ...section(), accessory: { type: 'datepicker' } }),
        message({ ...section(), accessory: { type: 'datetimepicker' } }),
      ],
      ['V5', 'with an empty text', message(section('x')), message(section(''))],
      [
        'V5',
        'with a button in a context',
        message({ type: 'context', elements: [plain('x')] }),
        message({ type: 'context', elements: [button()] }),
      ],
      [
        'V7',
        'with a button style Slack lacks',
        withAction({ style: 'danger' }),
        withAction({ style: 'default' }),
      ],
      [
        'V8',
        'with an empty list of options (F19)',
        message(actions(select({ options: options(1) }))),
        message(actions(select({ options: [] }))),
      ],
      [
        'V8',
        'with options and option_groups',
        message(actions(select())),
        message(actions(select({ option_groups: [{ label: plain('G'), options: options(1) }] }))),
      ],
      [
        'V8',
        'with an initial option that is not offered',
        message(actions(select({ initial_option: option('v1') }))),
        message(actions(select({ initial_option: option('v9') }))),
      ],
      [
        'V8',
        'with an empty list of initial options',
        message(actions({ ...select(), type: 'multi_static_select', initial_options: options(1) })),
        message(actions({ ...select(), type: 'multi_static_select', initial_options: [] })),
      ],
      ['V9', 'with mrkdwn in a select’s option', withOption({}), withOption({ text: mrkdwn('x') })],
      [
        'V18',
        'with a url outside an overflow menu',
        message(actions({ type: 'overflow', options: [{ ...option('v'), url: 'https://x' }] })),
        withOption({ url: 'https://x' }),
      ],
      [
        'V11',
        'with a date that is none',
        message(actions({ type: 'datepicker', initial_date: '2026-02-28' })),
        message(actions({ type: 'datepicker', initial_date: '2026-02-30' })),
      ],
      [
        'V11',
        'with a time that is none',
        message(actions({ type: 'timepicker', initial_time: '23:59' })),
        message(actions({ type: 'timepicker', initial_time: '24:00' })),
      ],
      [
        'V11',
        'with a time zone that is none',
        message(actions({ type: 'timepicker', timezone: 'America/Chicago' })),
        message(actions({ type: 'timepicker', timezone: 'Central' })),
      ],
      [
        'V14',
        'with tasks of one id',
        message({ type: 'plan', title: 'P', tasks: [task('a'), task('b')] }),
        message({ type: 'plan', title: 'P', tasks: [task('a'), task('a')] }),
      ],
      [
        'V14',
        'with a task status Slack lacks',
        message(task('a')),
        message(task('a', { status: 'done' })),
      ],
      [
        'V14',
        'with a container in a container',
        message({ type: 'container', child_blocks: [section()] }),
        message({
          type: 'container',
          child_blocks: [{ type: 'container', child_blocks: [divider] }],
        }),
      ],
      ['V15', 'with two tables', message(table(1, 1)), message(table(1, 1), table(1, 1))],
      [
        'V15',
        'with a table beside one in a container',
        message({ type: 'container', child_blocks: [table(1, 1)] }),
        message(table(1, 1), { type: 'container', child_blocks: [table(1, 1)] }),
      ],
      [
        'V15',
        'with an empty cell',
        message(table(1, 1, { rows: [[richText('x')]] })),
        message(table(1, 1, { rows: [[cell('')]] })),
      ],
      [
        'V15',
        'with data_table rows of different width',
        message(dataTable(2, 2)),
        message(dataTable(2, 2, { rows: [[cell('a')], [cell('b'), cell('c')]] })),
      ],
      [
        'V17',
        'with an image of two sources',
        message({ type: 'image', image_url: 'https://x', alt_text: 'a' }),
        message({ type: 'image', image_url: 'https://x', slack_file: { id: 'F1' }, alt_text: 'a' }),
      ],
      [
        'V18',
        'with a field Slack does not know',
        message({ ...section(), expand: true }),
        message({ ...section(), colour: 'red' }),
      ],
      ['V4', 'with a block Slack does not know', message(divider), message({ type: 'accordion' })],
    ]),
  )('$rule: is refused $what', ({ rule, valid, invalid }) => {
    expect(inMessage(valid)).toEqual([]);
    expect(inMessage(invalid)).toEqual([rule]);
  });

  it('V18: is refused with null where a field may be absent', () => {
    expect(inMessage(message({ ...section(), accessory: null }))).toEqual(['V5']);
  });

  it('F23: is refused with msg_blocks_too_long above 13,200 characters of block JSON', () => {
    const blocks = (size: number): JsonObject[] => [
      ...times(4, () => section(letters(3000))),
      section(letters(size)),
    ];
    const overhead = blocks(1).reduce((sum, block) => sum + JSON.stringify(block).length, 0) - 1;
    expect(inMessage(message(...blocks(13_200 - overhead)))).toEqual([]);
    const long = checkMessage(message(...blocks(13_201 - overhead)));
    expect(long).toContainEqual(
      expect.objectContaining({ rule: 'F23', error: 'msg_blocks_too_long', refused: true }),
    );
  });

  it.each<readonly [string, string, JsonObject]>([
    ['V2', 'blocks without text', { blocks: [divider] }],
    [
      'V3',
      'an action_id used in two blocks',
      message(actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))),
    ],
    ['V7', 'a button text above 30 characters', withAction({ text: plain(letters(31)) })],
    [
      'V8',
      'two options of one value',
      message(actions(select({ options: [option('a'), option('a')] }))),
    ],
    ['V12', 'a confirm dialog without a title', withAction({ confirm: { text: plain('Sure?') } })],
    ['V19', 'a call to the whole channel', message(section('<!channel> look'))],
    ['V19', 'a call to the whole channel as text', { text: 'Look, <!channel>!' }],
    ['V19', 'a broadcast in rich text', message(broadcast)],
    ['V2', 'a text of only an emoji', { text: ' :white_check_mark: ✅ ', blocks: [divider] }],
    ['V7', 'two primary buttons in a block', message(actions(primary('a'), primary('b')))],
    ['3.1', 'an input', message(input(select()))],
    ['V14', 'a plan of 13 tasks', message(planOf(13))],
    ['V15', 'table rows of different width', message(table(1, 1, { rows: UNEVEN }))],
  ])('%s: is taken with %s, which only our own rules forbid', (rule, _what, payload) => {
    expect(checkMessage(payload)).toEqual([expect.objectContaining({ rule, refused: false })]);
  });

  it.each([
    ['V2: an emoji beside words', { text: '✅ Push 12 is done.' }],
    ['V7: one primary button a block', message(actions(primary('a')), actions(primary('b')))],
    ['V14: a plan of 12 tasks', message(planOf(12))],
    ['V15: a table of even rows', message(table(2, 2))],
  ])('takes %s', (_what, payload) => {
    expect(checkMessage(payload)).toEqual([]);
  });
});
