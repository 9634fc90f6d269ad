import { describe, expect, it } from '@jest/globals';

import { type SlackView } from '../../../playground/slack-standin/contract.ts';
import {
  checkCommandAck,
  checkOptionsAck,
  checkSubmissionAck,
} from '../../../playground/slack-standin/rules/acks.ts';
import {
  divider,
  home,
  input,
  letters,
  modal,
  option,
  options,
  plain,
  section,
  textInput,
  times,
} from './payloads.ts';

const view: SlackView = {
  type: 'modal',
  title: plain('T'),
  blocks: [{ ...section(), block_id: 'intro' }, input(textInput(), { block_id: 'reason' })],
};
const rules = (findings: readonly { rule: string; refused: boolean }[]): string[] =>
  findings.filter((finding) => finding.refused).map((finding) => finding.rule);

describe('V25: the answer to a submission', () => {
  it.each([
    ['nothing', {}],
    ['clear', { response_action: 'clear' }],
    ['errors at an input', { response_action: 'errors', errors: { reason: letters(150) } }],
    ['update', { response_action: 'update', view: modal([divider]) }],
    ['push', { response_action: 'push', view: modal([divider]) }],
  ])('may be %s', (_what, body) => {
    expect(rules(checkSubmissionAck(body, view))).toEqual([]);
  });

  it.each([
    ['another action', 'V25', { response_action: 'close' }],
    ['clear with more', 'V25', { response_action: 'clear', view: modal([divider]) }],
    ['an update with a Home', 'V25', { response_action: 'update', view: home([divider]) }],
    ['a body without action', 'V25', { errors: { reason: 'x' } }],
    ['no errors at all', 'V25', { response_action: 'errors', errors: {} }],
    [
      'an error of 151 characters',
      'V25',
      { response_action: 'errors', errors: { reason: letters(151) } },
    ],
    [
      'an error at a block that is no input (F16)',
      'F16',
      { response_action: 'errors', errors: { intro: 'x' } },
    ],
    [
      'a view that breaks the rules',
      'V16',
      { response_action: 'update', view: modal([divider], { title: plain(letters(25)) }) },
    ],
  ])('may not be %s', (_what, rule, body) => {
    expect(rules(checkSubmissionAck(body, view))).toEqual([rule]);
  });
});

describe('V26: the answer to a request for options', () => {
  const groups = (sizes: readonly number[]): unknown => ({
    option_groups: sizes.map((size) => ({ label: plain('G'), options: options(size) })),
  });
  it.each([
    ['no options', { options: [] }],
    ['100 options', { options: options(100) }],
    ['100 options in groups', groups([60, 40])],
  ])('may be %s', (_what, body) => {
    expect(checkOptionsAck(body)).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['101 options', { options: options(101) }],
    ['101 options in groups', groups([60, 41])],
    ['both lists', { options: options(1), option_groups: [] }],
    ['an option without text', { options: [{ value: 'v' }] }],
    [
      'an option text of 76 characters',
      { options: [{ ...option('v'), text: plain(letters(76)) }] },
    ],
  ])('may not be %s', (_what, body) => {
    expect(rules(checkOptionsAck(body))).toEqual(['V26']);
  });
});

describe('V27: the answer to a command', () => {
  it.each([
    ['nothing', undefined],
    ['an empty body', {}],
    ['text', 'Hello'],
    ['a message', { text: 'Hello', blocks: [section()] }],
  ])('may be %s', (_what, body) => {
    expect(rules(checkCommandAck(body))).toEqual([]);
  });

  it.each([
    ['a list', 'V27', []],
    ['a message of 51 blocks', 'V1', { text: 'x', blocks: times(51, () => divider) }],
  ])('may not be %s', (_what, rule, body) => {
    expect(rules(checkCommandAck(body))).toEqual([rule]);
  });
});
