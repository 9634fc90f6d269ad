import { describe, expect, it } from '@jest/globals';

import { type JsonObject } from '../../../playground/slack-standin/contract.ts';
import { checkMessage, checkView } from '../../../playground/slack-standin/rules/payloads.ts';
import {
  actions,
  dataTable,
  divider,
  home,
  input,
  message,
  modal,
  plain,
  richText,
  section,
  select,
  table,
  task,
  textInput,
} from './payloads.ts';

const image = { type: 'image', image_url: 'https://x', alt_text: 'A' };
const feedback = { text: plain('Good'), value: '1' };

/** Section 3.1: which surfaces take a block: message, modal, home. */
const BLOCKS: readonly (readonly [string, JsonObject, readonly [boolean, boolean, boolean]])[] = [
  ['actions', actions(select()), [true, true, true]],
  ['context', { type: 'context', elements: [plain('x')] }, [true, true, true]],
  ['divider', divider, [true, true, true]],
  ['header', { type: 'header', text: plain('x') }, [true, true, true]],
  ['image', image, [true, true, true]],
  ['input', input(select()), [true, true, true]],
  ['rich_text', richText('x'), [true, true, true]],
  ['section', section(), [true, true, true]],
  [
    'video',
    { type: 'video', video_url: 'v', thumbnail_url: 't', alt_text: 'a', title: plain('T') },
    [true, true, true],
  ],
  ['alert', { type: 'alert', text: plain('x') }, [false, true, false]],
  ['container', { type: 'container', child_blocks: [divider] }, [true, false, true]],
  ['card', { type: 'card', title: { type: 'mrkdwn', text: 'x' } }, [true, false, true]],
  [
    'carousel',
    { type: 'carousel', elements: [{ type: 'card', hero_image: image }] },
    [true, false, true],
  ],
  ['data_visualization', { type: 'data_visualization' }, [true, false, true]],
  ['table', table(1, 1), [true, false, false]],
  ['data_table', dataTable(2, 1), [true, false, false]],
  ['plan', { type: 'plan', title: 'P', tasks: [task('a')] }, [true, false, false]],
  [
    'task_card',
    task('a', { details: richText('x'), sources: [{ type: 'url', url: 'u', text: 't' }] }),
    [true, false, false],
  ],
  ['markdown', { type: 'markdown', text: '**x**' }, [true, false, false]],
  [
    'context_actions',
    {
      type: 'context_actions',
      elements: [
        { type: 'feedback_buttons', positive_button: feedback, negative_button: feedback },
      ],
    },
    [true, false, false],
  ],
  ['file', { type: 'file', source: 'remote', external_id: 'x' }, [false, false, false]],
];

const ELEMENTS: readonly (readonly [string, JsonObject, readonly [boolean, boolean, boolean]])[] = [
  ['datetimepicker', input({ type: 'datetimepicker' }), [true, true, false]],
  ['number_input', input({ type: 'number_input', is_decimal_allowed: true }), [false, true, false]],
  ['email_text_input', input({ type: 'email_text_input' }), [false, true, false]],
  ['url_text_input', input({ type: 'url_text_input' }), [false, true, false]],
  ['file_input', input({ type: 'file_input' }), [false, true, false]],
  ['rich_text_input', input({ type: 'rich_text_input' }), [false, true, true]],
  ['plain_text_input', input(textInput()), [true, true, true]],
  ['timepicker', input({ type: 'timepicker' }), [true, true, true]],
  ['multi_external_select', input({ type: 'multi_external_select' }), [true, true, true]],
  [
    'conversations_select',
    input({ type: 'conversations_select', filter: { include: ['public'] } }),
    [true, true, true],
  ],
];

describe('Section 3.1: each surface takes what Slack shows there', () => {
  it.each([...BLOCKS, ...ELEMENTS])('%s', (_type, block, [inMessage, inModal, inHome]) => {
    const isTaken = (findings: ReturnType<typeof checkView>): boolean =>
      findings.every((finding) => !finding.refused);
    expect(isTaken(checkMessage(message(block)))).toBe(inMessage);
    expect(isTaken(checkView(modal([block])))).toBe(inModal);
    expect(isTaken(checkView(home([block])))).toBe(inHome);
  });

  it.each(['title', 'submit', 'close'])('V16: a Home has no %s', (field) => {
    expect(checkView(home([divider], { [field]: plain('x') }))).toEqual([
      expect.objectContaining({ rule: 'V18', refused: true }),
    ]);
  });
});
