/** Keeps a list of nodes in step with data and leaves alone what did not change. */

export interface KeyedItem {
  readonly key: string;
  /** Changes when the node must be built anew. */
  readonly signature: string;
  build(): HTMLElement;
}

interface Kept {
  readonly signature: string;
  readonly node: HTMLElement;
}

/** Nodes of unchanged items stay as they are, with what a person typed into them and their focus. */
export class KeyedList {
  private readonly root: HTMLElement;
  private kept = new Map<string, Kept>();

  constructor(root: HTMLElement) {
    this.root = root;
  }

  /** Shows exactly these items in this order. */
  sync(items: readonly KeyedItem[]): void {
    const focused = focusedElement(this.root);
    const next = new Map<string, Kept>();
    for (const item of items) {
      const before = this.kept.get(item.key);
      next.set(
        item.key,
        before?.signature === item.signature
          ? before
          : { signature: item.signature, node: item.build() },
      );
    }
    const wanted = new Set([...next.values()].map((kept) => kept.node));
    for (const { node } of this.kept.values()) if (!wanted.has(node)) node.remove();
    let position = this.root.firstElementChild;
    for (const { node } of next.values()) {
      if (node === position) position = position.nextElementSibling;
      else this.root.insertBefore(node, position);
    }
    this.kept = next;
    restoreFocus(this.root, focused);
  }

  /** Forgets everything, so that the next sync builds every node. */
  clear(): void {
    this.root.replaceChildren();
    this.kept = new Map();
  }
}

function focusedElement(root: HTMLElement): string | undefined {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || !root.contains(active)) return undefined;
  return active.dataset['action'];
}

/** A rebuilt control takes the focus over from the one it replaces. */
function restoreFocus(root: HTMLElement, action: string | undefined): void {
  if (action === undefined || root.contains(document.activeElement)) return;
  root.querySelector<HTMLElement>(`[data-action="${CSS.escape(action)}"]`)?.focus();
}
