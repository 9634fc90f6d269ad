/** A small menu under a button: arrows move, Enter chooses, Esc closes. */
import { h } from './dom.ts';

export interface MenuItem {
  readonly text: string;
  readonly run: () => void;
}

/** Opens the menu under the button; only one is open at a time. */
export function openMenu(button: HTMLElement, items: readonly MenuItem[]): void {
  const close = (): void => {
    menu.remove();
    button.setAttribute('aria-expanded', 'false');
    button.focus();
  };
  const menu = h(
    'div',
    { class: 'menu', role: 'menu', popover: 'auto' },
    ...items.map((item) =>
      h(
        'button',
        {
          type: 'button',
          role: 'menuitem',
          on: {
            click: () => {
              close();
              item.run();
            },
          },
        },
        item.text,
      ),
    ),
  );
  menu.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const buttons = [...menu.querySelectorAll('button')];
    const at = buttons.findIndex((entry) => entry === document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  });
  menu.addEventListener('toggle', (event) => {
    if (event instanceof ToggleEvent && event.newState === 'closed' && menu.isConnected) close();
  });
  // Inside the same dialog, so that a modal does not make the menu inert.
  (button.closest('dialog') ?? document.body).append(menu);
  menu.showPopover();
  placeUnder(menu, button);
  button.setAttribute('aria-expanded', 'true');
  menu.querySelector('button')?.focus();
}

function placeUnder(menu: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const fitsBelow = anchor.bottom + height + 8 < window.innerHeight;
  menu.style.left = `${Math.max(8, Math.min(anchor.left, window.innerWidth - width - 8))}px`;
  menu.style.top = `${fitsBelow ? anchor.bottom + 4 : anchor.top - height - 4}px`;
}
