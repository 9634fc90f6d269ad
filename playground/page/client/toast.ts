/** Short notices at the bottom of the page, read out by screen readers. */
import { byId, h } from './dom.ts';

const SHOWN_MS = 8_000;

/** Shows a notice for a while; a click takes it away. */
export function toast(words: string, kind: 'info' | 'error'): void {
  const remove = (): void => {
    node.remove();
  };
  const node = h('div', { class: `toast toast-${kind}`, on: { click: remove } }, words);
  byId('toasts').append(node);
  setTimeout(remove, SHOWN_MS);
}
