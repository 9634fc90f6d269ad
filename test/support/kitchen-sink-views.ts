import {
  type DataTableBlock,
  type HomeView,
  type InputBlock,
  type KnownBlock,
  type ModalView,
  type PlainTextElement,
  type PlainTextOption,
} from '@slack/types';

/** A name that would run as a script if the page put text into its HTML unescaped. */
export const HOSTILE_NAME = '<script>alert("course")</script> *R&D*';
const ESCAPED_NAME = HOSTILE_NAME.replaceAll('&', '&amp;')
  .replaceAll('<', '&lt;')
  .replaceAll('>', '&gt;');
/** 2030-01-15 15:30 UTC, 9:30 AM in Chicago. */
export const APPOINTMENT = 1_894_721_400;

const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: true });
const option = (text: string, value: string): PlainTextOption & { value: string } => ({
  text: plain(text),
  value,
});
const YEARS = [option('2025-26', '2025-26'), option('2024-25', '2024-25')];
const OLD_YEARS = [option('2023-24', '2023-24')];

/** The catalogs offered for a year. */
export function catalogsOf(year: string, query: string): PlainTextOption[] {
  return ['High School', 'Middle School', 'Elementary School', HOSTILE_NAME]
    .map((name, index) => option(`${name} ${year}`, `${year}-${index}`))
    .filter(({ text }) => text.text.toLowerCase().includes(query.toLowerCase()));
}

/** The form: every kind of field. What depends on the year carries it in its block_id. */
export function formView(year: string, mode: string): ModalView {
  return {
    type: 'modal',
    callback_id: 'form',
    title: plain('Every element'),
    submit: plain('Check the plan'),
    close: plain('Cancel'),
    blocks: [
      {
        type: 'section',
        block_id: 'intro',
        text: { type: 'mrkdwn', text: '*Locked data* of all course masters.' },
      },
      ...menuBlocks(year),
      ...modeBlocks(mode),
      ...otherBlocks(),
    ],
  };
}

function menuBlocks(year: string): KnownBlock[] {
  const chosen = YEARS.concat(OLD_YEARS).find(({ value }) => value === year);
  return [
    field('year', 'Year', {
      dispatch_action: true,
      element: {
        type: 'static_select',
        action_id: 'year',
        placeholder: plain('Choose a year'),
        option_groups: [
          { label: plain('Now'), options: YEARS },
          { label: plain('Past'), options: OLD_YEARS },
        ],
        ...(chosen && { initial_option: chosen }),
      },
    }),
    field(`catalog~${year}`, 'Course Catalog', {
      hint: plain('Type to search.'),
      element: {
        type: 'external_select',
        action_id: 'catalog',
        min_query_length: 0,
        placeholder: plain('Choose a catalog'),
      },
    }),
    field(`calendars~${year}`, 'Calendars', {
      element: { type: 'multi_external_select', action_id: 'calendars', min_query_length: 0 },
    }),
    field('kinds', 'School kinds', {
      optional: true,
      element: {
        type: 'multi_static_select',
        action_id: 'kinds',
        placeholder: plain('All kinds'),
        option_groups: [
          {
            label: plain('Secondary'),
            options: [option('High schools', 'high'), option('Middle schools', 'middle')],
          },
          { label: plain('Primary'), options: [option('Elementary schools', 'elementary')] },
        ],
        initial_options: [option('High schools', 'high')],
      },
    }),
  ];
}

function modeBlocks(mode: string): KnownBlock[] {
  const keep = {
    ...option('Push locked data', 'locked'),
    description: plain('Keeps what teachers made.'),
  };
  const replace = {
    ...option('Overwrite', 'overwrite'),
    description: plain('Replaces what teachers made.'),
  };
  const radio = field('mode', 'Push Mode', {
    dispatch_action: true,
    element: {
      type: 'radio_buttons',
      action_id: 'mode',
      options: [keep, replace],
      initial_option: mode === 'overwrite' ? replace : keep,
    },
  });
  if (mode !== 'overwrite') return [radio];
  return [
    radio,
    { type: 'alert', level: 'warning', text: plain('Overwriting can mean moving grades by hand.') },
    field('reason', 'Reason', {
      element: {
        type: 'plain_text_input',
        action_id: 'reason',
        multiline: true,
        min_length: 10,
        max_length: 500,
      },
    }),
  ];
}

function otherBlocks(): KnownBlock[] {
  const types = ['Assessments', 'Categories', 'Grading tasks'].map((name) => option(name, name));
  return [
    field('types', 'Data to be pushed', {
      element: {
        type: 'checkboxes',
        action_id: 'types',
        options: types,
        initial_options: types.slice(0, 2),
      },
    }),
    field('name', 'Name of the run', {
      hint: plain('Not "taken".'),
      element: {
        type: 'plain_text_input',
        action_id: 'name',
        initial_value: 'Autumn',
        max_length: 40,
      },
    }),
    field('count', 'How many', {
      optional: true,
      element: { type: 'number_input', action_id: 'count', is_decimal_allowed: false },
    }),
    field('mail', 'Mail', {
      optional: true,
      element: { type: 'email_text_input', action_id: 'mail' },
    }),
    field('at', 'When', {
      element: { type: 'datetimepicker', action_id: 'at', initial_date_time: APPOINTMENT },
    }),
    field('day', 'Day', { optional: true, element: { type: 'datepicker', action_id: 'day' } }),
    field('time', 'Time', {
      optional: true,
      element: {
        type: 'timepicker',
        action_id: 'time',
        initial_time: '18:00',
        timezone: 'America/Chicago',
      },
    }),
    field('notify', 'Where to report', {
      element: {
        type: 'conversations_select',
        action_id: 'notify',
        default_to_current_conversation: true,
        filter: { include: ['public', 'private'], exclude_bot_users: true },
      },
    }),
    field('approver', 'Approver', {
      optional: true,
      element: { type: 'users_select', action_id: 'approver' },
    }),
    field('watchers', 'Watchers', {
      optional: true,
      element: { type: 'multi_users_select', action_id: 'watchers' },
    }),
    {
      type: 'actions',
      block_id: 'steps',
      elements: [{ type: 'button', action_id: 'push_view', text: plain('More…'), value: 'more' }],
    },
  ];
}

function field(
  blockId: string,
  label: string,
  rest: Pick<InputBlock, 'element'> & Partial<InputBlock>,
): InputBlock {
  return { type: 'input', block_id: blockId, label: plain(label), ...rest };
}

/** A second modal on top of the form. */
export function detailsView(): ModalView {
  return {
    type: 'modal',
    callback_id: 'details',
    title: plain('Details'),
    close: plain('Done'),
    blocks: [
      { type: 'header', text: plain('A pushed view') },
      {
        type: 'section',
        fields: [
          { type: 'mrkdwn', text: '*Categories*\n96' },
          { type: 'mrkdwn', text: '*Assessments*\n412' },
        ],
      },
    ],
  };
}

/** App Home with a button and a menu. */
export function homeView(userId: string, clicks: number): HomeView {
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plain('Kitchen Sink') },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: `Hello <@${userId}>, *${clicks}* clicks so far.` },
      },
      { type: 'divider' },
      {
        type: 'container',
        title: plain('Waiting for you'),
        is_collapsible: true,
        child_blocks: [
          {
            type: 'section',
            text: plain('High School Catalog 2024-25'),
            accessory: {
              type: 'button',
              action_id: 'count_click',
              text: plain('Count'),
              value: 'x',
            },
          },
        ],
      },
    ],
  };
}

/** A message with every block we use. */
export function everyBlock(state: string): KnownBlock[] {
  return [
    { type: 'header', text: plain('Overwrite needs approval · #1042') },
    {
      type: 'section',
      text: {
        type: 'mrkdwn',
        text: `Requested by <@U0APPROVER>: _“new year”_\n&gt; ${ESCAPED_NAME} &lt;!channel&gt;`,
      },
      accessory: {
        type: 'overflow',
        action_id: 'row_menu',
        options: [option('Cancel the request', 'cancel'), option('Remind again', 'remind')],
      },
    },
    {
      type: 'section',
      fields: [
        { type: 'mrkdwn', text: '*Catalog*\nHigh School Catalog' },
        { type: 'plain_text', text: `Course\n${HOSTILE_NAME}` },
        {
          type: 'mrkdwn',
          text: `*When*\n<!date^${APPOINTMENT}^{date_short_pretty} {time}|Jan 15 UTC>`,
        },
        { type: 'mrkdwn', text: `*State*\n:white_check_mark: ${state}` },
      ],
    },
    { type: 'divider' },
    tableBlock(),
    planBlock(),
    richTextBlock(),
    { type: 'context', elements: [{ type: 'mrkdwn', text: 'Approvals 0 of 1 · plan `b81f2c`' }] },
    {
      type: 'actions',
      block_id: `decide~${state}`,
      elements: [
        {
          type: 'button',
          action_id: 'approve',
          style: 'primary',
          text: plain('Approve…'),
          value: '1042',
        },
        {
          type: 'button',
          action_id: 'reject',
          style: 'danger',
          text: plain('Reject…'),
          value: '1042',
          confirm: {
            title: plain('Reject this push?'),
            text: plain('The person who asked is told.'),
            confirm: plain('Reject'),
            deny: plain('Keep'),
            style: 'danger',
          },
        },
        {
          type: 'static_select',
          action_id: 'show_top',
          placeholder: plain('Show top'),
          options: [option('Top 10', '10'), option('Top 25', '25')],
        },
        { type: 'datepicker', action_id: 'from', initial_date: '2030-01-15' },
      ],
    },
  ];
}

function tableBlock(): KnownBlock {
  const cell = (text: string) => ({ type: 'raw_text' as const, text });
  return {
    type: 'table',
    column_settings: [{ is_wrapped: true }, { align: 'right' }, { align: 'right' }],
    rows: [
      [cell('Data'), cell('Will change'), cell('Protected')],
      [cell('Categories'), cell('40'), cell('3')],
      [cell(HOSTILE_NAME), cell('1'), cell('–')],
    ],
  };
}

function planBlock(): KnownBlock {
  const task = (
    id: string,
    title: string,
    status: 'pending' | 'in_progress' | 'complete' | 'error',
  ) => ({
    type: 'task_card' as const,
    task_id: id,
    title,
    status,
  });
  return {
    type: 'plan',
    title: 'Pushing 7 data types',
    tasks: [
      task('a', 'Categories 96 of 96 · done', 'complete'),
      task('b', 'Assessments 40 of 412 · in progress', 'in_progress'),
      task('c', 'Grading tasks 12 · waiting', 'pending'),
      task('d', 'Standards · failed', 'error'),
    ],
  };
}

function richTextBlock(): KnownBlock {
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'What cannot be undone', style: { bold: true } },
          { type: 'text', text: `: ${HOSTILE_NAME}` },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'bullet',
        elements: [
          {
            type: 'rich_text_section',
            elements: [{ type: 'text', text: '3 sections set to No Calculation' }],
          },
          {
            type: 'rich_text_section',
            elements: [{ type: 'text', text: '17 renamed categories' }],
          },
        ],
      },
    ],
  };
}

/** A table the reader sorts. */
export function dataTable(): KnownBlock {
  const rows: DataTableBlock['rows'] = Array.from({ length: 8 }, (_, index) => [
    { type: 'raw_text' as const, text: `Course ${String.fromCharCode(72 - index)}` },
    { type: 'raw_number' as const, value: index * 10, text: String(index * 10) },
  ]);
  return {
    type: 'data_table',
    caption: 'Courses by pushed items',
    page_size: 5,
    rows: [
      [
        { type: 'raw_text', text: 'Course' },
        { type: 'raw_text', text: 'Pushed' },
      ],
      ...rows,
    ],
  };
}
