/** Building DOM nodes. Text always enters as text nodes, so nothing from data can become markup. */

type Child = Node | string | null | undefined | false;
type Listeners = {
  readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void;
};
export interface Props {
  readonly on?: Listeners;
  readonly [attribute: string]: string | number | boolean | undefined | Listeners;
}

/** Makes an element. Attributes that are false or undefined are left out; true gives an empty one. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  const { on = {}, ...attributes } = props;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || typeof value === 'object') continue;
    node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [type, listener] of Object.entries(on)) {
    node.addEventListener(type, listener as EventListener);
  }
  node.append(
    ...children.filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

/** The element the page's HTML promises under this id. */
export function byId(id: string): HTMLElement {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`The page has no element #${id}.`);
  return node;
}

/** Puts the focus on the first thing in the root that takes it. */
export function focusFirst(root: HTMLElement): void {
  root.querySelector<HTMLElement>('input, select, textarea, button, [tabindex="0"]')?.focus();
}

const SVG = 'http://www.w3.org/2000/svg';
const ICONS = {
  hash: 'M6 2 4.5 14M11.5 2 10 14M2.5 5.5h11M2 10.5h11',
  lock: 'M4 7h8v6.5H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  home: 'M2.5 7.5 8 2.5l5.5 5V13.5H9.8V9.8H6.2v3.7H2.5z',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  back: 'M10 3 5 8l5 5',
  more: 'M8 3.2v.1M8 8v.1M8 12.8v.1',
  reply: 'M13.5 3v7h-6l-3 3v-3h-2V3z',
  send: 'M2.5 2.5 14 8 2.5 13.5 4.5 8zM4.5 8H9',
  file: 'M4 1.8h5l3 3v9.4H4zM9 1.8v3h3',
  download: 'M8 2v8M4.8 7.2 8 10.4l3.2-3.2M2.8 13.5h10.4',
  bolt: 'M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z',
  log: 'M2.5 3.5h11M2.5 8h11M2.5 12.5h7',
  chevron: 'M4 6l4 4 4-4',
  check: 'M3 8.5 6.5 12 13 4.5',
} as const;

export type IconName = keyof typeof ICONS;

/** A line drawing, hidden from screen readers: the words stand beside it. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
