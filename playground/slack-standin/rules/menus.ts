import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import {
  choiceOption,
  confirm,
  optionGroup,
  overflowOption,
  plainText,
  selectOption,
} from './text.ts';

/** V3: every interactive element may name itself; Slack makes a name up otherwise. */
export const actionId = z.string().min(1).max(255).optional();
export const placeholder = plainText(150).optional();
export const focus = z.boolean().optional();
export const conf = confirm.optional();

type Parsed = Readonly<Record<string, unknown>>;

const staticMenu = {
  action_id: actionId,
  placeholder,
  options: z.array(selectOption).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
  confirm: conf,
  focus_on_load: focus,
};
const maxItems = z.int().min(1).optional();
const initialOptions = z.array(selectOption).min(1).max(100).optional();

/** V8: one of the two lists, and the initial options are members of it. */
function checkMenu(menu: Parsed, context: z.RefinementCtx): void {
  const { options, option_groups: groups } = menu;
  if ((options === undefined) === (groups === undefined)) {
    context.addIssue({ code: 'custom', message: 'exactly one of options and option_groups' });
  }
  const offered = [
    ...list(options),
    ...list(groups).flatMap((group) => list(field(group, 'options'))),
  ];
  checkInitial(menu, offered, context);
  checkCount(menu, context);
}

/** V8: no more is chosen at first than may be chosen. */
function checkCount(menu: Parsed, context: z.RefinementCtx): void {
  const { max_selected_items: max } = menu;
  for (const key of ['options', 'users', 'conversations', 'channels'].map(
    (what) => `initial_${what}`,
  )) {
    if (typeof max !== 'number' || list(menu[key]).length <= max) continue;
    context.addIssue({ code: 'custom', path: [key], message: 'more than max_selected_items' });
  }
}

function checkChoices(menu: Parsed, context: z.RefinementCtx): void {
  checkInitial(menu, list(menu['options']), context);
}

function checkInitial(menu: Parsed, offered: readonly unknown[], context: z.RefinementCtx): void {
  for (const key of ['initial_option', 'initial_options']) {
    const initial = menu[key];
    if (initial === undefined) continue;
    for (const one of Array.isArray(initial) ? initial : [initial]) {
      if (offered.some((option) => isDeepStrictEqual(option, one))) continue;
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'not exactly one of the options offered',
      });
    }
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

const minQuery = z.int().min(0).optional();
/** The fields all menus and pickers share. */
export const menuBase = { action_id: actionId, placeholder, confirm: conf, focus_on_load: focus };
const filter = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .refine((value) => Object.keys(value).length > 0, 'a filter needs at least one condition')
  .optional();
const id = z.string().min(1).optional();
const ids = z.array(z.string().min(1)).min(1).optional();
const one = z.boolean().optional();

/** V8: menus with one choice. */
export const selects = [
  z
    .strictObject({
      type: z.literal('static_select'),
      initial_option: selectOption.optional(),
      ...staticMenu,
    })
    .superRefine(checkMenu),
  z.strictObject({
    type: z.literal('external_select'),
    initial_option: selectOption.optional(),
    min_query_length: minQuery,
    ...menuBase,
  }),
  z.strictObject({ type: z.literal('users_select'), initial_user: id, ...menuBase }),
  z.strictObject({
    type: z.literal('conversations_select'),
    initial_conversation: id,
    default_to_current_conversation: one,
    response_url_enabled: one,
    filter,
    ...menuBase,
  }),
  z.strictObject({
    type: z.literal('channels_select'),
    initial_channel: id,
    response_url_enabled: one,
    ...menuBase,
  }),
] as const;

/** V8: menus with several choices. */
export const multiSelects = [
  z
    .strictObject({
      type: z.literal('multi_static_select'),
      initial_options: initialOptions,
      max_selected_items: maxItems,
      ...staticMenu,
    })
    .superRefine(checkMenu),
  z
    .strictObject({
      type: z.literal('multi_external_select'),
      initial_options: initialOptions,
      min_query_length: minQuery,
      max_selected_items: maxItems,
      ...menuBase,
    })
    .superRefine(checkCount),
  z
    .strictObject({
      type: z.literal('multi_users_select'),
      initial_users: ids,
      max_selected_items: maxItems,
      ...menuBase,
    })
    .superRefine(checkCount),
  z
    .strictObject({
      type: z.literal('multi_conversations_select'),
      initial_conversations: ids,
      default_to_current_conversation: one,
      max_selected_items: maxItems,
      filter,
      ...menuBase,
    })
    .superRefine(checkCount),
  z
    .strictObject({
      type: z.literal('multi_channels_select'),
      initial_channels: ids,
      max_selected_items: maxItems,
      ...menuBase,
    })
    .superRefine(checkCount),
] as const;

const choiceBase = {
  action_id: actionId,
  options: z.array(choiceOption).min(1).max(10),
  confirm: conf,
  focus_on_load: focus,
};
/** V10. */
export const checkboxes = z
  .strictObject({
    type: z.literal('checkboxes'),
    initial_options: z.array(choiceOption).min(1).max(10).optional(),
    ...choiceBase,
  })
  .superRefine(checkChoices);
/** V10. */
export const radioButtons = z
  .strictObject({
    type: z.literal('radio_buttons'),
    initial_option: choiceOption.optional(),
    ...choiceBase,
  })
  .superRefine(checkChoices);
/** V10. */
export const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId,
  options: z.array(overflowOption).min(1).max(5),
  confirm: conf,
});
