import {
  type KnownBlock,
  type MultiExternalSelect,
  type MultiStaticSelect,
  type PlainTextOption,
} from '@slack/types';

import { alert, plainText } from '../form/fields.ts';
import { plainName } from '../wording.ts';

/** A field for one line of text. */
export function textField(field: {
  readonly action: string;
  readonly label: string;
  readonly value: string;
  readonly max: number;
}): KnownBlock {
  return {
    type: 'input',
    block_id: field.action,
    label: plainText(field.label),
    element: {
      type: 'plain_text_input',
      action_id: field.action,
      max_length: field.max,
      ...(field.value === '' ? {} : { initial_value: plainName(field.value, field.max) }),
    },
  };
}

/** A field for any number of choices that are searched by typing; `chosen` are those it begins with. */
export function searchField(field: {
  readonly action: string;
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly chosen: PlainTextOption[];
}): KnownBlock {
  const element: MultiExternalSelect = {
    type: 'multi_external_select',
    action_id: field.action,
    min_query_length: 0,
    placeholder: plainText(field.placeholder),
    ...(field.chosen.length === 0 ? {} : { initial_options: field.chosen }),
  };
  return {
    type: 'input',
    block_id: field.action,
    optional: true,
    label: plainText(field.label),
    hint: plainText(field.hint),
    element,
  };
}

/** A field for any number of choices out of at most 100. */
export function selectField(field: {
  readonly action: string;
  readonly label: string;
  readonly hint?: string;
  readonly options: PlainTextOption[];
  readonly chosen: PlainTextOption[];
}): KnownBlock {
  const element: MultiStaticSelect = {
    type: 'multi_static_select',
    action_id: field.action,
    options: field.options,
    ...(field.chosen.length === 0 ? {} : { initial_options: field.chosen }),
  };
  return {
    type: 'input',
    block_id: field.action,
    optional: true,
    label: plainText(field.label),
    ...(field.hint === undefined ? {} : { hint: plainText(field.hint) }),
    element,
  };
}

/** A row of buttons. */
export function buttons(all: readonly (readonly [action: string, text: string])[]): KnownBlock {
  return {
    type: 'actions',
    elements: all.map(([action, text]) => ({
      type: 'button',
      action_id: action,
      text: plainText(text),
    })),
  };
}

/** What became of the last act, on top. */
export function saidBlock(said: string | undefined): KnownBlock[] {
  return said === undefined ? [] : [alert('info', said)];
}
