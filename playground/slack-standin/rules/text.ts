import { z } from 'zod';

/** V4: a plain_text object of 1 to `max` characters. */
export function plainText(max: number): z.ZodObject {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

/** V4: a mrkdwn object of 1 to `max` characters. */
export function mrkdwn(max: number): z.ZodObject {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

/** V4: plain_text or mrkdwn of 1 to `max` characters. */
export function anyText(max: number): z.ZodType {
  return z.union([plainText(max), mrkdwn(max)], {
    error: `a text object of 1 to ${max} characters`,
  });
}

/** V12: a confirm dialog. */
export const confirm = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

/** V9: an option of a select menu. */
export const selectOption = z.strictObject({
  text: plainText(75),
  value: z.string().min(1).max(150),
  description: plainText(75).optional(),
});

/** V9: an option of an overflow menu, the only one that may carry a url. */
export const overflowOption = selectOption.extend({ url: z.string().max(3000).optional() });

/** V9: an option of checkboxes and radio buttons; its texts may be mrkdwn. */
export const choiceOption = z.strictObject({
  text: anyText(75),
  value: z.string().min(1).max(150),
  description: anyText(75).optional(),
});

/** V8: a labelled group of select options. */
export const optionGroup = z.strictObject({
  label: plainText(75),
  options: z.array(selectOption).min(1).max(100),
});

const style = z
  .strictObject({
    bold: z.boolean().optional(),
    code: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    underline: z.boolean().optional(),
  })
  .optional();

const richTextPart = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1), style }),
  z.strictObject({
    type: z.literal('link'),
    url: z.string().min(1),
    text: z.string().optional(),
    unsafe: z.boolean().optional(),
    style,
  }),
  z.strictObject({
    type: z.literal('emoji'),
    name: z.string().min(1),
    unicode: z.string().optional(),
    url: z.string().optional(),
    style,
  }),
  z.strictObject({ type: z.literal('user'), user_id: z.string().min(1), style }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: z.string().min(1), style }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string().min(1), style }),
  z.strictObject({ type: z.literal('team'), team_id: z.string().min(1), style }),
  z.strictObject({
    type: z.literal('broadcast'),
    range: z.enum(['here', 'channel', 'everyone']),
    style,
  }),
  z.strictObject({ type: z.literal('color'), value: z.string().min(1), style }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int(),
    format: z.string().min(1),
    url: z.string().optional(),
    fallback: z.string().optional(),
    style,
  }),
]);

const border = z.union([z.literal(0), z.literal(1)]).optional();
const richTextSection = z.strictObject({
  type: z.literal('rich_text_section'),
  elements: z.array(richTextPart),
});
const richTextElement = z.discriminatedUnion('type', [
  richTextSection,
  z.strictObject({
    type: z.literal('rich_text_list'),
    style: z.enum(['bullet', 'ordered']),
    elements: z.array(richTextSection),
    indent: z.int().min(0).max(8).optional(),
    offset: z.int().min(0).optional(),
    border,
  }),
  z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(richTextPart), border }),
  z.strictObject({
    type: z.literal('rich_text_preformatted'),
    elements: z.array(richTextPart),
    border,
    language: z.string().optional(),
  }),
]);

/** A rich_text block, also a table's cell and a task card's details. */
export const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: z.string().max(255).optional(),
  elements: z.array(richTextElement).min(1),
});
