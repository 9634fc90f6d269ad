import { type Checkboxes, type Option, type RadioButtons } from '@slack/types';
import { h } from '../dom.ts';
import { renderText } from '../text.ts';
import { choose, type Control, type ControlContext, valueOf } from './control.ts';

/** Radio buttons; a legend around them names the group. */
export function radioControl(element: RadioButtons, context: ControlContext): Control {
  const chosen = valueOf<Option>(context, 'selected_option', element.initial_option);
  return group('radio', element, {
    context,
    chosen: new Set(chosen?.value === undefined ? [] : [chosen.value]),
    send: (values) => choose(context, values[0] ?? null, element.confirm),
  });
}

/** Checkboxes. */
export function checkboxesControl(element: Checkboxes, context: ControlContext): Control {
  const chosen =
    valueOf<readonly Option[]>(context, 'selected_options', element.initial_options) ?? [];
  return group('checkbox', element, {
    context,
    chosen: new Set(chosen.flatMap((option) => option.value ?? [])),
    send: (values) => choose(context, values, element.confirm),
  });
}

interface GroupPlan {
  readonly context: ControlContext;
  readonly chosen: ReadonlySet<string>;
  readonly send: (values: readonly string[]) => Promise<boolean>;
}

function group(
  type: 'radio' | 'checkbox',
  element: RadioButtons | Checkboxes,
  plan: GroupPlan,
): Control {
  const { context } = plan;
  let confirmed = plan.chosen;
  const boxes: HTMLInputElement[] = [];
  const sendChecked = async (): Promise<void> => {
    const values = boxes.filter((box) => box.checked).map((box) => box.value);
    if (await plan.send(values)) confirmed = new Set(values);
    else for (const box of boxes) box.checked = confirmed.has(box.value);
  };
  const node = h(
    'div',
    {
      class: 'choices',
      role: context.label === undefined ? undefined : type === 'radio' ? 'radiogroup' : 'group',
      'aria-label': context.label,
    },
    ...element.options.map((option, index) => {
      const id = `${context.id}-${index}`;
      const box = h('input', {
        type,
        id,
        name: context.id,
        value: option.value,
        checked: plan.chosen.has(option.value ?? ''),
        'data-action': `${context.element.actionId}~${index}`,
        'aria-describedby': option.description && `${id}-d`,
        on: { change: () => void sendChecked() },
      });
      boxes.push(box);
      return h(
        'div',
        { class: 'choice' },
        box,
        h('label', { for: id }, renderText(option.text, context.session)),
        option.description &&
          h('small', { id: `${id}-d` }, renderText(option.description, context.session)),
      );
    }),
  );
  return {
    node,
    focus: () => {
      (boxes.find((box) => box.checked) ?? boxes[0])?.focus();
    },
  };
}
