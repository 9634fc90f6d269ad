/** The message box: slash commands with completion, plain messages otherwise. */
import { type ActResult } from '../../slack-standin/contract.ts';
import { h, icon } from './dom.ts';
import { openMenu } from './menu.ts';
import { type Session } from './session.ts';
import { toast } from './toast.ts';

export interface ComposerPlan {
  readonly session: Session;
  readonly channel: () => string;
  /** Root of the thread that is written in. */
  readonly threadTs?: () => string | undefined;
  readonly placeholder: () => string;
}

/** One box under a list of messages. */
export class Composer {
  readonly node: HTMLFormElement;
  private readonly plan: ComposerPlan;
  private readonly id: string;
  private readonly box: HTMLTextAreaElement;
  private readonly list: HTMLElement;
  private readonly note = h('div', { class: 'composer-note', role: 'status' });
  private active = 0;

  constructor(id: string, plan: ComposerPlan) {
    this.plan = plan;
    this.id = id;
    this.list = h('div', {
      class: 'listbox commands',
      id: `${id}-commands`,
      role: 'listbox',
      hidden: true,
    });
    this.box = h('textarea', {
      id,
      rows: 1,
      role: 'combobox',
      'aria-controls': `${id}-commands`,
      'aria-expanded': 'false',
      'aria-autocomplete': 'list',
      on: {
        input: () => {
          this.note.textContent = '';
          this.active = 0;
          this.complete();
        },
        keydown: (event) => {
          this.onKey(event);
        },
        blur: () => {
          this.list.hidden = true;
        },
      },
    });
    this.node = h(
      'form',
      {
        class: 'composer',
        on: {
          submit: (event) => {
            event.preventDefault();
            void this.send();
          },
        },
      },
      this.list,
      this.note,
      h(
        'div',
        { class: 'composer-box' },
        this.shortcutsButton(),
        this.box,
        h('button', { type: 'submit', class: 'send', 'aria-label': 'Send' }, icon('send')),
      ),
    );
  }

  /** Renews what depends on the channel. */
  sync(): void {
    this.box.placeholder = this.plan.placeholder();
    this.box.setAttribute('aria-label', this.plan.placeholder());
  }

  focus(): void {
    this.box.focus();
  }

  private shortcutsButton(): HTMLElement | false {
    const { session } = this.plan;
    const shortcuts = session.state.shortcuts.filter(({ type }) => type === 'global');
    if (shortcuts.length === 0 || this.plan.threadTs !== undefined) return false;
    const button = h(
      'button',
      { type: 'button', class: 'icon-button', 'aria-label': 'Shortcuts', 'aria-haspopup': 'menu' },
      icon('bolt'),
    );
    button.addEventListener('click', () => {
      openMenu(
        button,
        shortcuts.map(({ name, callback_id: callbackId }) => ({
          text: name,
          run: () => {
            void session.act({ kind: 'shortcut', callbackId }).then((result) => {
              this.show(result);
            });
          },
        })),
      );
    });
    return button;
  }

  private get offered(): Session['state']['commands'] {
    const typed = this.box.value;
    if (!/^\/\S*$/.test(typed)) return [];
    return this.plan.session.state.commands.filter(({ command }) =>
      command.startsWith(typed.toLowerCase()),
    );
  }

  private complete(): void {
    const { offered } = this;
    this.box.style.height = 'auto';
    this.box.style.height = `${this.box.scrollHeight}px`;
    this.list.hidden = offered.length === 0;
    this.box.setAttribute('aria-expanded', String(offered.length > 0));
    this.list.replaceChildren(
      ...offered.map(({ command, description, usage_hint: usage }, index) =>
        h(
          'div',
          {
            role: 'option',
            id: `${this.id}-command-${index}`,
            class: index === this.active ? 'option active' : 'option',
            'aria-selected': String(index === this.active),
            on: {
              mousedown: (event) => {
                event.preventDefault();
                this.take(command);
              },
            },
          },
          h('span', {}, h('b', {}, command), ` ${usage ?? ''}`),
          h('small', {}, description),
        ),
      ),
    );
    if (offered.length > 0)
      this.box.setAttribute('aria-activedescendant', `${this.id}-command-${this.active}`);
    else this.box.removeAttribute('aria-activedescendant');
  }

  private take(command: string): void {
    this.box.value = `${command} `;
    this.complete();
  }

  private onKey(event: KeyboardEvent): void {
    const { offered } = this;
    const isOpen = !this.list.hidden && offered.length > 0;
    const chosen = isOpen ? offered[this.active]?.command : undefined;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (isOpen && step !== undefined) {
      this.active = (this.active + step + offered.length) % offered.length;
      this.complete();
    } else if (chosen !== undefined && event.key === 'Tab') this.take(chosen);
    else if (event.key === 'Enter' && !event.shiftKey) this.onEnter(chosen);
    else {
      if (event.key === 'Escape') this.list.hidden = true;
      return;
    }
    event.preventDefault();
  }

  /** Enter completes a command begun, and sends everything else. */
  private onEnter(chosen: string | undefined): void {
    if (chosen !== undefined && chosen !== this.box.value) this.take(chosen);
    else void this.send();
  }

  private async send(): Promise<void> {
    const text = this.box.value.trim();
    if (text === '') return;
    const isInThread = this.plan.threadTs !== undefined;
    const [, command = '', rest = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
    if (command !== '' && isInThread) {
      this.note.textContent = `${command} is not supported in threads. Sorry!`;
      return;
    }
    this.box.value = '';
    this.complete();
    this.node.classList.add('busy');
    const { session } = this.plan;
    const channel = this.plan.channel();
    const threadTs = this.plan.threadTs?.();
    const result = await session.act(
      command === ''
        ? { kind: 'say', channel, text, ...(threadTs !== undefined && { threadTs }) }
        : { kind: 'slash', command, text: rest, channel },
    );
    this.node.classList.remove('busy');
    if (!result.ok && this.box.value === '') this.box.value = text;
    this.show(result);
  }

  private show(result: ActResult): void {
    if (result.ok) return;
    const words = result.shown ?? 'That did not work. Try again?';
    if (result.error === 'page_failed') toast(words, 'error');
    this.note.textContent = words;
  }
}
