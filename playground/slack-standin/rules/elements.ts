import { z } from 'zod';

import {
  actionId,
  checkboxes,
  conf,
  focus,
  menuBase,
  multiSelects,
  overflow,
  placeholder,
  radioButtons,
  selects,
} from './menus.ts';
import { plainText, richText } from './text.ts';

const dispatchConfig = z
  .strictObject({
    trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1),
  })
  .optional();
const imageSource = {
  image_url: z.string().min(1).max(3000).optional(),
  slack_file: z
    .strictObject({ id: z.string().optional(), url: z.string().optional() })
    .refine(
      (file) => (file.id === undefined) !== (file.url === undefined),
      'exactly one of id and url',
    )
    .optional(),
};

type Parsed = Readonly<Record<string, unknown>>;

/** V17: exactly one source of an image. */
export function hasOneImageSource(image: Parsed): boolean {
  return (image['image_url'] === undefined) !== (image['slack_file'] === undefined);
}

/** The fields an image block and an image element share. */
export const imageFields = {
  type: z.literal('image'),
  alt_text: z.string().min(1).max(2000),
  ...imageSource,
};

/** V17: an image inside a section, context, card or container. */
export const image = z
  .strictObject(imageFields)
  .refine(hasOneImageSource, 'exactly one of image_url and slack_file');

/** V7. */
export const button = z.strictObject({
  type: z.literal('button'),
  action_id: actionId,
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: conf,
  accessibility_label: z.string().max(75).optional(),
});

/** V11. */
const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  initial_date: z.iso.date().optional(),
  ...menuBase,
});
const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  initial_time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .optional(),
  timezone: z.string().refine(isTimeZone, 'an IANA time zone').optional(),
  ...menuBase,
});
const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  action_id: actionId,
  initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
  confirm: conf,
  focus_on_load: focus,
});

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    // RangeError is how Intl says that it does not know the zone.
    return false;
  }
}

const entry = {
  action_id: actionId,
  placeholder,
  dispatch_action_config: dispatchConfig,
  focus_on_load: focus,
};
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const inputsOnly = [
  z
    .strictObject({
      type: z.literal('plain_text_input'),
      initial_value: z.string().max(3000).optional(),
      multiline: z.boolean().optional(),
      min_length: z.int().min(0).max(3000).optional(),
      max_length: z.int().min(1).max(3000).optional(),
      ...entry,
    })
    .refine(
      (input) => (input.min_length ?? 0) <= (input.max_length ?? 3000),
      'min_length is more than max_length',
    )
    .refine(
      ({ initial_value: { length } = '', min_length: min = 0, max_length: max = 3000 }) =>
        length === 0 || (length >= min && length <= max),
      'initial_value is shorter than min_length or longer than max_length',
    ),
  z
    .strictObject({
      type: z.literal('number_input'),
      is_decimal_allowed: z.boolean(),
      initial_value: decimal.optional(),
      min_value: decimal.optional(),
      max_value: decimal.optional(),
      ...entry,
    })
    .refine(
      ({ min_value: min, max_value: max }) =>
        min === undefined || max === undefined || Number(min) <= Number(max),
      'min_value is more than max_value',
    ),
  z.strictObject({
    type: z.literal('email_text_input'),
    initial_value: z.string().optional(),
    ...entry,
  }),
  z.strictObject({
    type: z.literal('url_text_input'),
    initial_value: z.string().optional(),
    ...entry,
  }),
  z.strictObject({
    type: z.literal('file_input'),
    action_id: actionId,
    filetypes: z.array(z.string().min(1)).min(1).optional(),
    max_files: z.int().min(1).max(10).optional(),
  }),
] as const;
const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  initial_value: richText.optional(),
  min_lines: z.int().min(1).optional(),
  max_lines: z.int().min(1).optional(),
  ...entry,
});
const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  action_id: actionId,
  text: plainText(75),
  workflow: z.looseObject({ trigger: z.looseObject({ url: z.string().min(1) }) }),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: conf,
  accessibility_label: z.string().max(75).optional(),
});

/** V5: what a section may carry at its side; no datetimepicker. */
export const accessory = z.discriminatedUnion('type', [
  ...selects,
  ...multiSelects,
  button,
  checkboxes,
  datepicker,
  image,
  overflow,
  radioButtons,
  timepicker,
  workflowButton,
]);

/** What an actions block may hold. */
export const actionElement = z.discriminatedUnion('type', [
  ...selects,
  ...multiSelects,
  button,
  checkboxes,
  datepicker,
  datetimepicker,
  overflow,
  radioButtons,
  timepicker,
  workflowButton,
  richTextInput,
]);

/** V6: what an input block may hold. */
export const inputElement = z.discriminatedUnion('type', [
  ...selects,
  ...multiSelects,
  ...inputsOnly,
  checkboxes,
  datepicker,
  datetimepicker,
  radioButtons,
  richTextInput,
  timepicker,
]);

const feedbackButton = z.strictObject({
  text: plainText(75),
  value: z.string().max(2000),
  accessibility_label: z.string().max(75).optional(),
});

/** What a context_actions block may hold. */
export const contextAction = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('feedback_buttons'),
    action_id: actionId,
    positive_button: feedbackButton,
    negative_button: feedbackButton,
  }),
  z.strictObject({
    type: z.literal('icon_button'),
    action_id: actionId,
    icon: z.string().min(1),
    text: plainText(75),
    value: z.string().max(2000).optional(),
    accessibility_label: z.string().max(75).optional(),
    visible_to_user_ids: z.array(z.string()).optional(),
    confirm: conf,
  }),
]);
