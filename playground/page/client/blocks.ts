/** Block Kit blocks as DOM nodes; interactive elements become the controls of `controls/`. */
import {
  type AlertBlock,
  type ContainerBlock,
  type ContextBlock,
  type ImageBlock,
  type ImageElement,
  type KnownBlock,
  type PlanBlock,
  type SectionBlock,
  type TaskCardBlock,
} from '@slack/types';
import { type StateValues, type Surface } from '../../slack-standin/contract.ts';
import { buildControl, type InteractiveElement } from './controls/build-control.ts';
import { type Control, type Reporter } from './controls/control.ts';
import { h, icon, type IconName } from './dom.ts';
import { renderRichText } from './rich-text.ts';
import { type Session } from './session.ts';
import { renderDataTable, renderTable } from './tables.ts';
import { renderText } from './text.ts';

/** Where a block is shown, and who hears of its controls. */
export interface BlockPlace {
  readonly session: Session;
  readonly where: Surface;
  /** Makes DOM ids unique on the page. */
  readonly idPrefix: string;
  /** What the form holds; absent outside modals. */
  readonly values?: StateValues;
  readonly report: Reporter;
  /** Told of each control made, so that a form can flush and focus it. */
  readonly adopt?: (blockId: string, control: Control) => void;
}

/** Blocks as the stand-in stores them: checked by its rules when the app sent them. */
export function blocksOf(payload: { readonly blocks: unknown }): readonly KnownBlock[] {
  return payload.blocks as readonly KnownBlock[];
}

/** One block. An `input` block belongs into a form and is drawn there, see field.ts. */
export function renderBlock(block: KnownBlock, place: BlockPlace): HTMLElement {
  const node = blockContent(block, place);
  node.classList.add('block', `block-${block.type}`);
  if (block.block_id !== undefined) node.dataset['block'] = block.block_id;
  return node;
}

function blockContent(block: KnownBlock, place: BlockPlace): HTMLElement {
  const { session } = place;
  switch (block.type) {
    case 'header':
      return h('h3', {}, renderText(block.text, session));
    case 'divider':
      return h('hr');
    case 'section':
      return sectionNode(block, place);
    case 'context':
      return contextNode(block, session);
    case 'actions':
      return h(
        'div',
        { role: 'group' },
        ...block.elements.map((element) => mount(element, block.block_id ?? '', place).node),
      );
    case 'container':
      return containerNode(block, place);
    case 'image':
      return h('div', {}, imageNode(block));
    default:
      return wordsAndData(block, session);
  }
}

function wordsAndData(block: KnownBlock, session: Session): HTMLElement {
  switch (block.type) {
    case 'rich_text':
      return renderRichText(block, session);
    case 'table':
      return renderTable(block, session);
    case 'data_table':
      return renderDataTable(block, session);
    case 'alert':
      return alertNode(block, session);
    case 'plan':
      return planNode(block, session);
    case 'task_card':
      return taskNode(block, session);
    case 'markdown':
      return h('div', { class: 'text' }, block.text);
    default:
      return h('p', { class: 'unknown-block' }, `A "${block.type}" block is not drawn here.`);
  }
}

/** Makes the control of one element and hands it to the place. */
export function mount(
  element: InteractiveElement,
  blockId: string,
  place: BlockPlace & { readonly label?: string; readonly dispatches?: boolean },
): Control {
  const actionId = 'action_id' in element ? (element.action_id ?? '') : '';
  const value = place.values?.[blockId]?.[actionId];
  const control = buildControl(element, {
    session: place.session,
    where: place.where,
    element: { blockId, actionId },
    id: `${place.idPrefix}-${blockId}-${actionId}`,
    report: place.report,
    ...(value === undefined ? {} : { value }),
    ...(place.label === undefined ? {} : { label: place.label }),
    dispatches: place.dispatches === true,
  });
  place.adopt?.(blockId, control);
  return control;
}

function sectionNode(block: SectionBlock, place: BlockPlace): HTMLElement {
  const { text, fields = [], accessory } = block;
  const words = h(
    'div',
    { class: 'section-text' },
    text && h('div', {}, renderText(text, place.session)),
    fields.length > 0 &&
      h(
        'div',
        { class: 'fields' },
        ...fields.map((field) => h('div', {}, renderText(field, place.session))),
      ),
  );
  if (accessory === undefined) return h('div', {}, words);
  if (accessory.type === 'image') return h('div', {}, words, imageNode(accessory));
  const label = words.textContent.trim().slice(0, 100);
  const control = mount(
    accessory,
    block.block_id ?? '',
    label === '' ? place : { ...place, label },
  );
  return h('div', {}, words, h('div', { class: 'accessory' }, control.node));
}

function contextNode(block: ContextBlock, session: Session): HTMLElement {
  return h(
    'div',
    {},
    ...block.elements.map((element) =>
      element.type === 'image' ? imageNode(element) : renderText(element, session),
    ),
  );
}

function imageNode(image: ImageElement | ImageBlock): HTMLElement {
  return 'image_url' in image
    ? h('img', { src: image.image_url, alt: image.alt_text })
    : h('span', {}, image.alt_text);
}

function alertNode(block: AlertBlock, session: Session): HTMLElement {
  const { level = 'default' } = block;
  const role = level === 'error' || level === 'warning' ? 'alert' : 'status';
  return h(
    'div',
    { class: `alert alert-${level}`, role },
    h('span', { class: 'alert-mark', 'aria-hidden': 'true' }, ALERT_MARKS[level]),
    renderText(block.text, session),
  );
}

const ALERT_MARKS = { default: 'i', info: 'i', warning: '!', error: '!', success: '✓' } as const;

function containerNode(block: ContainerBlock, place: BlockPlace): HTMLElement {
  const title = h(
    'span',
    { class: 'container-title' },
    block.rich_text_title !== undefined
      ? renderRichText(block.rich_text_title, place.session)
      : block.title && renderText(block.title, place.session),
    block.subtitle && h('small', {}, renderText(block.subtitle, place.session)),
  );
  const children = block.child_blocks.map((child) => renderBlock(child, place));
  if (block.is_collapsible !== true) return h('section', {}, title, ...children);
  return h(
    'details',
    { open: block.default_collapsed !== true },
    h('summary', {}, icon('chevron'), title),
    ...children,
  );
}

function planNode(block: PlanBlock, session: Session): HTMLElement {
  const tasks = (block.tasks ?? []) as readonly TaskCardBlock[];
  return h(
    'div',
    {},
    h('div', { class: 'plan-title' }, block.title),
    h('ol', { class: 'tasks' }, ...tasks.map((task) => h('li', {}, taskNode(task, session)))),
  );
}

const TASK_WORDS = {
  pending: 'Waiting',
  in_progress: 'In progress',
  complete: 'Done',
  error: 'Failed',
} as const;
const TASK_ICONS: Partial<Record<TaskCardBlock['status'], IconName>> = {
  complete: 'check',
  error: 'close',
};

function taskNode(task: TaskCardBlock, session: Session): HTMLElement {
  const mark = TASK_ICONS[task.status];
  return h(
    'div',
    { class: `task task-${task.status}` },
    h(
      'span',
      { class: 'task-mark', role: 'img', 'aria-label': TASK_WORDS[task.status] },
      mark && icon(mark),
    ),
    h(
      'div',
      { class: 'task-words' },
      h('span', { class: 'task-title' }, task.title),
      task.details && renderRichText(task.details, session),
      task.output && renderRichText(task.output, session),
    ),
  );
}
