/** An `input` block of a form: label, control, hint, error. */
import { type InputBlock } from '@slack/types';
import { type BlockPlace, mount } from './blocks.ts';
import { type Control } from './controls/control.ts';
import { h } from './dom.ts';
import { withEmoji } from './emoji.ts';

const GROUPS = new Set<string>(['radio_buttons', 'checkboxes']);

/** A field with its label tied to the control; `showError` fills the node made for it. */
export function renderField(block: InputBlock, place: BlockPlace): HTMLElement {
  const blockId = block.block_id ?? '';
  const control = mount(block.element, blockId, {
    ...place,
    dispatches: block.dispatch_action === true,
  });
  const isGroup = GROUPS.has(block.element.type);
  const words = [
    withEmoji(block.label.text),
    block.optional === true && h('span', { class: 'optional' }, ' (optional)'),
  ];
  const describedBy = `${place.idPrefix}-${blockId}-about`;
  const about = h(
    'div',
    { class: 'field-about', id: describedBy },
    h('div', { class: 'field-error', 'data-error-of': blockId }),
    block.hint && h('div', { class: 'hint' }, withEmoji(block.hint.text)),
  );
  const field = isGroup
    ? h('fieldset', { 'aria-describedby': describedBy }, h('legend', {}, ...words), control.node)
    : h('div', {}, h('label', { for: targetId(control) }, ...words), control.node);
  field.append(about);
  field.classList.add('block', 'field');
  field.dataset['block'] = blockId;
  focusTarget(control)?.setAttribute('aria-describedby', describedBy);
  return field;
}

/** Shows what is wrong with a field, or nothing. */
export function showError(field: HTMLElement, message: string | undefined): void {
  const box = field.querySelector('.field-error');
  if (box === null || box.textContent === (message ?? '')) return;
  box.textContent = message ?? '';
  field.classList.toggle('invalid', message !== undefined);
  for (const control of field.querySelectorAll('input, select, textarea')) {
    if (message === undefined) control.removeAttribute('aria-invalid');
    else control.setAttribute('aria-invalid', 'true');
  }
}

function targetId(control: Control): string {
  return focusTarget(control)?.id ?? '';
}

function focusTarget(control: Control): HTMLElement | undefined {
  const inside = control.node.querySelector<HTMLElement>('[data-action]');
  return control.node.dataset['action'] === undefined ? (inside ?? undefined) : control.node;
}
