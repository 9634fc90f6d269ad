/** A square with initials in place of a picture. */
import { h, icon } from './dom.ts';

const HUES = [205, 340, 160, 28, 265, 95];

/** @param name decides the colour and, for people, the letters */
export function personMark(name: string, isApp: boolean): HTMLElement {
  if (isApp) return h('span', { class: 'mark mark-app', 'aria-hidden': 'true' }, icon('bolt'));
  const letters = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join('')
    .slice(0, 2)
    .toUpperCase();
  const sum = Array.from(name, (letter) => letter.codePointAt(0) ?? 0).reduce((a, b) => a + b, 0);
  const mark = h('span', { class: 'mark', 'aria-hidden': 'true' }, letters);
  mark.style.setProperty('--hue', String(HUES[sum % HUES.length]));
  return mark;
}
