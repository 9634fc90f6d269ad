import { type Overflow } from '@slack/types';
import { h, icon } from '../dom.ts';
import { openMenu } from '../menu.ts';
import { choose, type Control, type ControlContext, tag } from './control.ts';

/** Three dots that open a menu. */
export function overflowControl(element: Overflow, context: ControlContext): Control {
  const node = tag(
    h(
      'button',
      {
        type: 'button',
        class: 'button overflow',
        'aria-haspopup': 'menu',
        on: {
          click: () => {
            openMenu(
              node,
              element.options.map((option) => ({
                text: option.text.text,
                run: () => {
                  const url = 'url' in option ? option.url : undefined;
                  if (url !== undefined) window.open(url, '_blank', 'noopener');
                  void choose(context, option.value ?? null, element.confirm);
                },
              })),
            );
          },
        },
      },
      icon('more'),
    ),
    context,
  );
  const label = context.label === undefined ? 'More actions' : `More actions: ${context.label}`;
  node.setAttribute('aria-label', label);
  return {
    node,
    focus: () => {
      node.focus();
    },
  };
}
