import { type Button } from '@slack/types';
import { h } from '../dom.ts';
import { askToConfirm } from './confirm.ts';
import { type Control, type ControlContext, tag } from './control.ts';

/** A button: asks its confirm dialog, opens its address, tells the app, and is busy meanwhile. */
export function buttonControl(element: Button, context: ControlContext): Control {
  const press = async (): Promise<void> => {
    const { session, where, element: ref } = context;
    if (element.confirm !== undefined && !(await askToConfirm(element.confirm, session))) return;
    if (element.url !== undefined) window.open(element.url, '_blank', 'noopener');
    node.classList.add('busy');
    node.setAttribute('aria-disabled', 'true');
    context.report(await session.act({ kind: 'click', where, element: ref }), context);
    node.classList.remove('busy');
    node.removeAttribute('aria-disabled');
  };
  const node = tag(
    h(
      'button',
      {
        type: 'button',
        class: `button ${element.style ?? ''}`,
        on: {
          click: () => {
            if (!node.classList.contains('busy')) void press();
          },
        },
      },
      element.text.text,
    ),
    context,
  );
  // The words on the button name it; the section beside it would hide them.
  if (element.accessibility_label === undefined) node.removeAttribute('aria-label');
  else node.setAttribute('aria-label', element.accessibility_label);
  return {
    node,
    focus: () => {
      node.focus();
    },
  };
}
