/** The person's open modals: the top one as a dialog, filled and kept in step with the app's updates. */
import { type KnownBlock, type PlainTextElement } from '@slack/types';
import { type ActResult, type OpenView } from '../../slack-standin/contract.ts';
import { type BlockPlace, blocksOf, renderBlock } from './blocks.ts';
import { type Control } from './controls/control.ts';
import { focusFirst, h, icon } from './dom.ts';
import { renderField, showError } from './field.ts';
import { KeyedList } from './keyed-list.ts';
import { type Session, TROUBLE } from './session.ts';

interface ModalView {
  readonly title?: PlainTextElement;
  readonly submit?: PlainTextElement;
  readonly close?: PlainTextElement;
  readonly blocks: unknown;
}

/** Draws `session.state.stack`; one dialog for the whole stack, as in Slack. */
export class ModalHost {
  private readonly session: Session;
  private readonly title = h('h1', { id: 'modal-title' });
  private readonly back = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Back',
      on: { click: () => void this.closeTop() },
    },
    icon('back'),
  );
  private readonly banner = h('div', { class: 'banner', role: 'alert' });
  private readonly body = h('div', { class: 'modal-body' });
  private readonly footer = h('footer');
  private readonly form: HTMLFormElement;
  private readonly dialog: HTMLDialogElement;
  private readonly blocks = new KeyedList(this.body);
  private controls = new Map<string, Map<string, Control>>();
  private shown: OpenView | undefined;
  private isBusy = false;

  constructor(session: Session) {
    this.session = session;
    this.form = h(
      'form',
      {
        novalidate: true,
        on: {
          submit: (event) => {
            event.preventDefault();
            if (!this.isBusy) void this.submit();
          },
        },
      },
      h('header', {}, this.back, this.title, this.closeButton()),
      this.banner,
      this.body,
      this.footer,
    );
    this.dialog = h(
      'dialog',
      {
        class: 'modal',
        'aria-labelledby': 'modal-title',
        on: {
          cancel: (event) => {
            event.preventDefault();
            void this.closeTop();
          },
        },
      },
      this.form,
    );
    document.body.append(this.dialog);
  }

  /** Shows the stack as it is now. */
  sync(): void {
    const top = this.session.state.stack.views.at(-1);
    const before = this.shown;
    this.shown = top;
    if (top === undefined) {
      this.dialog.close();
      this.reset();
      return;
    }
    const isOther = before?.id !== top.id;
    if (isOther) this.reset();
    this.drawFrame(top);
    this.drawBlocks(top);
    if (!this.dialog.open) this.dialog.showModal();
    if (isOther) this.focusStart(top);
  }

  private reset(): void {
    this.blocks.clear();
    this.controls = new Map();
    this.setBanner('');
    this.setBusy(false);
  }

  private drawFrame(top: OpenView): void {
    const view: ModalView = top.view;
    this.title.textContent = view.title?.text ?? '';
    this.back.hidden = this.session.state.stack.views.length < 2;
    const buttons = [
      h(
        'button',
        { type: 'button', class: 'button', on: { click: () => void this.closeTop() } },
        view.close?.text ?? 'Cancel',
      ),
    ];
    if (view.submit !== undefined) {
      buttons.push(h('button', { type: 'submit', class: 'button primary' }, view.submit.text));
    }
    const signature = buttons.map((button) => button.textContent).join('\n');
    if (this.footer.dataset['signature'] === signature) return;
    this.footer.dataset['signature'] = signature;
    this.footer.replaceChildren(...buttons);
  }

  private drawBlocks(top: OpenView): void {
    const place = this.placeOf(top);
    const blocks = blocksOf(top.view);
    this.blocks.sync(
      blocks.map((block) => ({
        key: block.block_id ?? '',
        signature: JSON.stringify(block),
        build: () => this.buildBlock(block, place),
      })),
    );
    for (const blockId of this.blockIds()) this.setError(blockId, top.errors[blockId]);
  }

  /** Builds a block; what was typed in it and not sent yet is carried over. */
  private buildBlock(block: KnownBlock, place: BlockPlace): HTMLElement {
    const blockId = block.block_id ?? '';
    const before = this.controls.get(blockId);
    this.controls.set(blockId, new Map());
    const node = block.type === 'input' ? renderField(block, place) : renderBlock(block, place);
    for (const [id, control] of this.controls.get(blockId) ?? []) {
      const unsent = before?.get(id)?.unsent?.();
      if (unsent !== undefined) control.restore?.(unsent);
    }
    return node;
  }

  private placeOf(top: OpenView): BlockPlace {
    return {
      session: this.session,
      where: 'modal',
      idPrefix: top.id,
      values: top.values,
      report: (result) => {
        this.setBanner(result.ok ? '' : (result.shown ?? TROUBLE));
      },
      adopt: (blockId, control) => {
        this.controls.get(blockId)?.set(actionOf(control), control);
      },
    };
  }

  private async submit(): Promise<void> {
    const view = this.shown;
    this.setBusy(true);
    this.setBanner('');
    for (const control of this.allControls()) await control.flush?.();
    const result = await this.session.act({ kind: 'submit' });
    this.setBusy(false);
    if (this.shown?.id === view?.id) this.showRefusal(result);
  }

  private showRefusal(result: ActResult): void {
    const errors = { ...result.fieldErrors, ...this.shown?.errors };
    const faulty = this.blockIds().filter((blockId) => errors[blockId] !== undefined);
    for (const blockId of faulty) this.setError(blockId, errors[blockId]);
    const [first] = faulty;
    if (first !== undefined) {
      this.controlsOf(first)[0]?.focus();
      // The words are under the control, which the focus alone may leave below the edge.
      this.fieldOf(first)?.scrollIntoView({ block: 'nearest' });
    } else if (!result.ok) this.setBanner(result.shown ?? TROUBLE);
  }

  private async closeTop(): Promise<void> {
    const result = await this.session.act({ kind: 'close' });
    if (!result.ok) this.setBanner(result.shown ?? TROUBLE);
  }

  private closeButton(): HTMLElement {
    const closeAll = async (): Promise<void> => {
      const isStacked = this.session.state.stack.views.length > 1;
      const result = await this.session.act({ kind: isStacked ? 'closeAll' : 'close' });
      if (!result.ok) this.setBanner(result.shown ?? TROUBLE);
    };
    return h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': 'Close',
        on: { click: () => void closeAll() },
      },
      icon('close'),
    );
  }

  private focusStart(top: OpenView): void {
    const wanted = blocksOf(top.view).find((block) =>
      JSON.stringify(block).includes('"focus_on_load":true'),
    );
    const control = wanted && this.controlsOf(wanted.block_id ?? '')[0];
    if (control !== undefined) control.focus();
    else
      focusFirst(
        this.body.querySelector('input, select, textarea, button') === null
          ? this.footer
          : this.body,
      );
  }

  private setBusy(isBusy: boolean): void {
    this.isBusy = isBusy;
    this.form.setAttribute('aria-busy', String(isBusy));
    const submit = this.footer.querySelector('[type="submit"]');
    submit?.classList.toggle('busy', isBusy);
    submit?.setAttribute('aria-disabled', String(isBusy));
  }

  private setBanner(words: string): void {
    this.banner.textContent = words;
    this.banner.hidden = words === '';
  }

  private blockIds(): readonly string[] {
    const blocks = this.shown === undefined ? [] : blocksOf(this.shown.view);
    return blocks.map((block) => block.block_id ?? '');
  }

  private setError(blockId: string, message: string | undefined): void {
    const field = this.fieldOf(blockId);
    if (field !== null) showError(field, message);
  }

  private fieldOf(blockId: string): HTMLElement | null {
    return this.body.querySelector<HTMLElement>(`.field[data-block="${CSS.escape(blockId)}"]`);
  }

  private controlsOf(blockId: string): readonly Control[] {
    return [...(this.controls.get(blockId)?.values() ?? [])];
  }

  private allControls(): readonly Control[] {
    return [...this.controls.values()].flatMap((ofBlock) => [...ofBlock.values()]);
  }
}

function actionOf(control: Control): string {
  const inside = control.node.querySelector<HTMLElement>('[data-action]');
  return control.node.dataset['action'] ?? inside?.dataset['action'] ?? '';
}
