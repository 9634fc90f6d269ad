import { z } from 'zod';

import {
  accessory,
  actionElement,
  button,
  contextAction,
  hasOneImageSource,
  image,
  imageFields,
  inputElement,
} from './elements.ts';
import { anyText, mrkdwn, plainText, richText } from './text.ts';

const block = { block_id: z.string().min(1).max(255).optional() };

/** V5. */
const header = z.strictObject({
  type: z.literal('header'),
  text: plainText(150),
  ...block,
});
const section = z
  .strictObject({
    type: z.literal('section'),
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
    ...block,
  })
  .refine(
    (value) => value.text !== undefined || value.fields !== undefined,
    'text or fields is needed',
  );
const divider = z.strictObject({ type: z.literal('divider'), ...block });
const context = z.strictObject({
  type: z.literal('context'),
  elements: z
    .array(
      z.union([plainText(3000), mrkdwn(3000), image], {
        error: 'a text object of 1 to 3000 characters or an image',
      }),
    )
    .min(1)
    .max(10),
  ...block,
});
const actions = z.strictObject({
  type: z.literal('actions'),
  elements: z.array(actionElement).min(1).max(25),
  ...block,
});
/** V6. */
const input = z.strictObject({
  type: z.literal('input'),
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
  ...block,
});
/** V17. */
const imageBlock = z
  .strictObject({ ...imageFields, title: plainText(2000).optional(), ...block })
  .refine(hasOneImageSource, 'exactly one of image_url and slack_file');
const video = z.strictObject({
  type: z.literal('video'),
  video_url: z.string().min(1),
  thumbnail_url: z.string().min(1),
  alt_text: z.string().min(1),
  title: plainText(200),
  title_url: z.string().optional(),
  author_name: z.string().max(50).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: z.string().optional(),
  description: plainText(200).optional(),
  ...block,
});
const file = z.strictObject({
  type: z.literal('file'),
  source: z.string(),
  external_id: z.string(),
  ...block,
});
const markdown = z.strictObject({
  type: z.literal('markdown'),
  text: z.string().min(1).max(12_000),
  ...block,
});
const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  elements: z.array(contextAction).min(1).max(5),
  ...block,
});

/** V14, F37. */
const alert = z.strictObject({
  type: z.literal('alert'),
  text: anyText(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  ...block,
});

/** V15, F38, F39: cells are never empty. */
const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({
    type: z.literal('raw_number'),
    value: z.number(),
    text: z.string().min(1).optional(),
  }),
  richText,
]);
const row = z.array(cell).min(1).max(20);
const table = z.strictObject({
  type: z.literal('table'),
  rows: z.array(row).min(1).max(100),
  column_settings: z
    .array(
      z.strictObject({
        align: z.enum(['left', 'center', 'right']).optional(),
        is_wrapped: z.boolean().optional(),
      }),
    )
    .max(20)
    .optional(),
  ...block,
});
const dataTable = z
  .strictObject({
    type: z.literal('data_table'),
    rows: z.array(row).min(2).max(101),
    caption: z.string().min(1),
    page_size: z.int().min(1).max(100).optional(),
    row_header_column_index: z.int().min(0).max(19).optional(),
    ...block,
  })
  .refine(
    ({ rows }) => rows.every((cells) => cells.length === rows[0]?.length),
    'every row needs as many cells as the first',
  );

/** F40, V14. */
const taskCard = z.strictObject({
  type: z.literal('task_card'),
  task_id: z.string().min(1).max(255),
  title: z.string().min(1),
  details: richText.optional(),
  output: richText.optional(),
  sources: z
    .array(
      z.strictObject({ type: z.literal('url'), url: z.string().min(1), text: z.string().min(1) }),
    )
    .optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  ...block,
});
const plan = z
  .strictObject({
    type: z.literal('plan'),
    title: z.string().min(1),
    tasks: z.array(taskCard).optional(),
    ...block,
  })
  .refine(
    ({ tasks = [] }) => new Set(tasks.map((task) => task.task_id)).size === tasks.length,
    'task_ids must differ',
  );

const card = z
  .strictObject({
    type: z.literal('card'),
    hero_image: image.optional(),
    icon: image.optional(),
    title: mrkdwn(150).optional(),
    subtitle: mrkdwn(150).optional(),
    body: mrkdwn(200).optional(),
    actions: z.array(button).min(1).max(5).optional(),
    ...block,
  })
  .refine(
    (value) =>
      [value.hero_image, value.title, value.body, value.actions].some((part) => part !== undefined),
    'one of hero_image, title, body and actions is needed',
  );
const carousel = z.strictObject({
  type: z.literal('carousel'),
  elements: z.array(card).min(1).max(10),
  ...block,
});

/** Drawn by Slack's clients from a specification of its own, which the app does not use. */
const dataVisualization = z.looseObject({ type: z.literal('data_visualization'), ...block });

/** F41: no container inside a container. */
const container = z.strictObject({
  type: z.literal('container'),
  title: plainText(150).optional(),
  rich_text_title: richText.optional(),
  subtitle: anyText(150).optional(),
  child_blocks: z
    .array(
      z.discriminatedUnion('type', [
        actions,
        context,
        divider,
        file,
        header,
        imageBlock,
        input,
        richText,
        section,
        table,
        video,
      ]),
    )
    .min(1)
    .max(10),
  width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
  icon: image.optional(),
  is_collapsible: z.boolean().optional(),
  default_collapsed: z.boolean().optional(),
  has_header_divider: z.boolean().optional(),
  ...block,
});

/** Every block Slack has, with exactly the fields it may have (V18). */
export const anyBlock = z.discriminatedUnion('type', [
  actions,
  alert,
  card,
  carousel,
  container,
  context,
  contextActions,
  dataTable,
  dataVisualization,
  divider,
  file,
  header,
  imageBlock,
  input,
  markdown,
  plan,
  richText,
  section,
  table,
  taskCard,
  video,
]);
