import { describe, expect, it } from '@jest/globals';

import { type JsonObject } from '../../../playground/slack-standin/contract.ts';
import { checkView } from '../../../playground/slack-standin/rules/payloads.ts';
import { asCase, type Make, pairs, refusedRules } from './cases.ts';
import {
  button,
  divider,
  input,
  letters,
  modal,
  plain,
  section,
  select,
  textInput,
  times,
} from './payloads.ts';

const inModal = (payload: JsonObject): string[] => refusedRules(checkView(payload));

const MODAL_LIMITS: readonly (readonly [string, string, number, Make])[] = [
  ['V1', 'blocks of a view', 100, (size) => modal(times(size, () => divider))],
  ['V16', 'title', 24, (size) => modal([divider], { title: plain(letters(size)) })],
  ['V16', 'submit', 24, (size) => modal([divider], { submit: plain(letters(size)) })],
  ['V16', 'close', 24, (size) => modal([divider], { close: plain(letters(size)) })],
  [
    'V16',
    'private_metadata',
    3000,
    (size) => modal([divider], { private_metadata: letters(size) }),
  ],
  ['V16', 'callback_id', 255, (size) => modal([divider], { callback_id: letters(size) })],
  ['V6', 'label', 2000, (size) => modal([input(textInput(), { label: plain(letters(size)) })])],
  ['V6', 'hint', 2000, (size) => modal([input(textInput(), { hint: plain(letters(size)) })])],
  ['V11', 'max_length', 3000, (size) => modal([input(textInput({ max_length: size }))])],
  [
    'V11',
    'initial_value',
    3000,
    (size) => modal([input(textInput({ initial_value: letters(size) }))]),
  ],
  [
    'V11',
    'min_length up to max_length',
    20,
    (size) => modal([input(textInput({ min_length: size, max_length: 20 }))]),
  ],
  [
    'V11',
    'initial_date_time of ten digits',
    9_999_999_999,
    (size) => modal([input({ type: 'datetimepicker', initial_date_time: size })]),
  ],
  [
    'V14',
    'alert text',
    200,
    (size) => modal([{ type: 'alert', text: plain(letters(size)), level: 'error' }]),
  ],
  [
    'V13',
    'focus_on_load',
    1,
    (size) => modal(times(size, () => input(textInput({ focus_on_load: true })))),
  ],
];

describe('A modal', () => {
  it.each(MODAL_LIMITS.map(asCase))(
    '$rule: takes $what up to $limit and no more',
    ({ rule, limit, make }) => {
      expect(inModal(make(limit))).toEqual([]);
      expect(inModal(make(limit + 1))).toEqual([rule]);
    },
  );

  it.each(
    pairs([
      ['V1', 'without blocks', modal([divider]), modal([])],
      [
        'V11',
        'with an initial value shorter than min_length',
        modal([input(textInput({ min_length: 3, initial_value: 'abc' }))]),
        modal([input(textInput({ min_length: 3, initial_value: 'ab' }))]),
      ],
      [
        'V11',
        'with an initial value longer than max_length',
        modal([input(textInput({ max_length: 2, initial_value: 'ab' }))]),
        modal([input(textInput({ max_length: 2, initial_value: 'abc' }))]),
      ],
      [
        'V6',
        'with inputs and no submit',
        modal([input(textInput())]),
        { ...modal([input(textInput())]), submit: undefined },
      ],
      ['V6', 'with a button as input', modal([input(select())]), modal([input(button())])],
      [
        'V11',
        'with numbers the wrong way round',
        modal([input(number('1', '2'))]),
        modal([input(number('2', '1'))]),
      ],
      [
        'V14',
        'with an alert level Slack lacks',
        modal([alert('warning')]),
        modal([alert('fatal')]),
      ],
      ['V16', 'without a title', modal([divider]), { ...modal([divider]), title: undefined }],
      [
        'V16',
        'with a notify_on_close that is text',
        modal([divider], { notify_on_close: true }),
        modal([divider], { notify_on_close: 'true' }),
      ],
      [
        'V18',
        'with a field a view does not have',
        modal([divider]),
        modal([divider], { subtitle: plain('x') }),
      ],
    ]),
  )('$rule: is refused $what', ({ rule, valid, invalid }) => {
    expect(inModal(valid)).toEqual([]);
    expect(inModal(invalid)).toEqual([rule]);
  });

  it('V19: is taken with what a person typed into a text field, whatever it says', () => {
    const typed = modal([input(textInput({ initial_value: '<!channel> now' }))]);
    expect(checkView(typed)).toEqual([]);
  });

  it('V1: is refused with view_too_large above 250 KB', () => {
    const view = modal(times(99, () => section(letters(2800))));
    expect(checkView(view)).toEqual([
      expect.objectContaining({ rule: 'V1', error: 'view_too_large' }),
    ]);
  });
});

function number(min: string, max: string): JsonObject {
  return { type: 'number_input', is_decimal_allowed: false, min_value: min, max_value: max };
}

function alert(level: string): JsonObject {
  return { type: 'alert', text: plain('Careful'), level };
}
