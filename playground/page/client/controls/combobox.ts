/** A search box with a list under it (WAI-ARIA combobox); chosen options are chips when there may be several. */
import { type SelectOption } from '../../../slack-standin/contract.ts';
import { h, icon } from '../dom.ts';
import { type Control, type ControlContext, tag } from './control.ts';
import { type Found } from './comboboxes.ts';

const SEARCH_PAUSE_MS = 200;

export interface ComboboxPlan {
  readonly placeholder: string;
  readonly isMulti: boolean;
  readonly limit?: number;
  readonly chosen: readonly SelectOption[];
  /** Letters needed before a search. */
  readonly minQuery: number;
  /** Whether a search asks the app; then typing is given a moment to pause. */
  readonly isRemote: boolean;
  readonly find: (query: string) => Promise<Found>;
  /** @returns false when the person backed out of it */
  readonly send: (values: readonly string[]) => Promise<boolean>;
}

/** Several options are sent when the list closes, one at once, as Slack does it. */
export class Combobox implements Control {
  readonly node: HTMLElement;
  private readonly plan: ComboboxPlan;
  private readonly id: string;
  private readonly input: HTMLInputElement;
  private readonly chips = h('span', { class: 'chips' });
  private readonly list: HTMLElement;
  private chosen: readonly SelectOption[];
  private sent: readonly SelectOption[];
  private found: Found = { groups: [] };
  private shown: readonly SelectOption[] = [];
  private active = -1;
  private search = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(context: ControlContext, plan: ComboboxPlan) {
    this.plan = plan;
    this.id = context.id;
    this.chosen = plan.chosen;
    this.sent = plan.chosen;
    this.list = h('div', {
      class: 'listbox',
      id: `${this.id}-list`,
      role: 'listbox',
      hidden: true,
    });
    if (plan.isMulti) this.list.setAttribute('aria-multiselectable', 'true');
    this.input = tag(this.makeInput(), context);
    this.node = h(
      'div',
      { class: 'combobox' },
      h('div', { class: 'field-box combo-box' }, this.chips, this.input, icon('chevron')),
      this.list,
    );
    this.node.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node && this.node.contains(event.relatedTarget))) {
        void this.close();
      }
    });
    this.drawChosen();
  }

  focus(): void {
    this.input.focus();
  }

  /** Sends a choice that waits for the list to close. */
  async flush(): Promise<void> {
    if (sameValues(this.chosen, this.sent)) return;
    const before = this.sent;
    this.sent = this.chosen;
    if (await this.plan.send(this.chosen.map((option) => option.value))) return;
    this.chosen = this.sent = before;
    this.drawChosen();
  }

  private makeInput(): HTMLInputElement {
    return h('input', {
      type: 'text',
      role: 'combobox',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-expanded': 'false',
      'aria-autocomplete': 'list',
      'aria-controls': `${this.id}-list`,
      on: {
        click: () => {
          this.open();
        },
        input: () => {
          this.open();
        },
        keydown: (event) => {
          this.onKey(event);
        },
      },
    });
  }

  private get isOpen(): boolean {
    return !this.list.hidden;
  }

  private open(): void {
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
    if (!this.plan.isMulti && document.activeElement === this.input && this.isShowingChoice()) {
      this.input.select();
    }
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.find(), this.plan.isRemote ? SEARCH_PAUSE_MS : 0);
  }

  private async close(): Promise<void> {
    clearTimeout(this.pause);
    this.search += 1;
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
    if (!this.plan.isMulti && this.input.value === '') this.chosen = [];
    this.drawChosen();
    await this.flush();
  }

  private async find(): Promise<void> {
    this.search += 1;
    const { search } = this;
    const query = this.isShowingChoice() ? '' : this.input.value;
    if (query.length < this.plan.minQuery) {
      this.say(`Type at least ${this.plan.minQuery} characters`);
      return;
    }
    if (this.plan.isRemote && this.shown.length === 0) this.say('Searching…');
    const answer = await this.plan.find(query);
    // A slow answer to an older search must not replace a newer one.
    if (search === this.search) this.draw(answer);
  }

  private draw(found: Found, active = 0): void {
    const { groups, failure } = found;
    this.found = found;
    this.shown = groups.flatMap((group) => group.options);
    this.active = Math.min(active, this.shown.length - 1);
    let at = -1;
    this.list.replaceChildren(
      ...groups.map(({ label, options }) =>
        h(
          'div',
          { role: 'group', 'aria-label': label },
          label !== undefined && h('div', { class: 'group-label' }, label),
          ...options.map((option) => this.optionNode(option, (at += 1))),
        ),
      ),
    );
    if (this.shown.length === 0) this.say(failure ?? 'No results');
    else this.mark();
  }

  private say(words: string): void {
    this.shown = [];
    this.active = -1;
    this.list.replaceChildren(h('div', { class: 'list-note', role: 'status' }, words));
    this.list.scrollIntoView({ block: 'nearest' });
  }

  private optionNode(option: SelectOption, index: number): HTMLElement {
    const isChosen = this.chosen.some(({ value }) => value === option.value);
    return h(
      'div',
      {
        role: 'option',
        id: `${this.id}-o${index}`,
        class: 'option',
        'aria-selected': String(isChosen),
        on: {
          // Keeps the focus in the box, so that the list stays open.
          mousedown: (event) => {
            event.preventDefault();
          },
          click: () => {
            this.toggle(option);
          },
        },
      },
      h('span', {}, option.text),
      option.description !== undefined && h('small', {}, option.description),
      isChosen && icon('check'),
    );
  }

  private toggle(option: SelectOption): void {
    if (!this.plan.isMulti) {
      this.chosen = [option];
      this.drawChosen();
      void this.close();
      return;
    }
    const without = this.chosen.filter(({ value }) => value !== option.value);
    const isNew = without.length === this.chosen.length;
    if (isNew && this.chosen.length >= (this.plan.limit ?? Infinity)) return;
    this.chosen = isNew ? [...this.chosen, option] : without;
    this.drawChosen();
    if (this.input.value === '') {
      this.draw(this.found, this.active);
      return;
    }
    this.input.value = '';
    this.open();
  }

  private onKey(event: KeyboardEvent): void {
    const handled = this.keyActions(event)[event.key]?.() ?? false;
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private keyActions(event: KeyboardEvent): Readonly<Record<string, () => boolean>> {
    return {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      Enter: () => this.chooseActive(),
      Escape: () => {
        if (!this.isOpen) return false;
        void this.close();
        return true;
      },
      Backspace: () => {
        if (!this.plan.isMulti || this.input.value !== '' || event.repeat) return false;
        this.remove(this.chosen.at(-1));
        return true;
      },
    };
  }

  private move(by: number): boolean {
    if (!this.isOpen) this.open();
    else if (this.shown.length > 0) {
      this.active = (this.active + by + this.shown.length) % this.shown.length;
      this.mark();
    }
    return true;
  }

  private chooseActive(): boolean {
    const option = this.shown[this.active];
    if (!this.isOpen || option === undefined) return this.isOpen;
    this.toggle(option);
    return true;
  }

  private mark(): void {
    this.list.querySelectorAll('.option').forEach((node, index) => {
      node.classList.toggle('active', index === this.active);
      if (index === this.active) node.scrollIntoView({ block: 'nearest' });
    });
    this.input.setAttribute('aria-activedescendant', `${this.id}-o${this.active}`);
  }

  private remove(option: SelectOption | undefined): void {
    if (option === undefined) return;
    this.chosen = this.chosen.filter(({ value }) => value !== option.value);
    this.drawChosen();
    this.input.focus();
    if (this.isOpen) this.open();
    else void this.flush();
  }

  private isShowingChoice(): boolean {
    return !this.plan.isMulti && this.input.value === this.chosen[0]?.text;
  }

  private drawChosen(): void {
    if (!this.plan.isMulti) {
      this.input.value = this.chosen[0]?.text ?? '';
      this.input.placeholder = this.plan.placeholder;
      return;
    }
    this.input.placeholder = this.chosen.length === 0 ? this.plan.placeholder : '';
    this.chips.replaceChildren(...this.chosen.map((option) => this.chipNode(option)));
  }

  private chipNode(option: SelectOption): HTMLElement {
    const removeIt = (): void => {
      this.remove(option);
    };
    return h(
      'span',
      { class: 'chip' },
      option.text,
      h(
        'button',
        { type: 'button', 'aria-label': `Remove ${option.text}`, on: { click: removeIt } },
        icon('close'),
      ),
    );
  }
}

function sameValues(a: readonly SelectOption[], b: readonly SelectOption[]): boolean {
  return a.length === b.length && a.every((option, index) => option.value === b[index]?.value);
}
