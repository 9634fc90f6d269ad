/** Messages of a channel or a thread. */
import {
  type EphemeralMessage,
  type StoredFile,
  type StoredMessage,
} from '../../slack-standin/contract.ts';
import { type BlockPlace, blocksOf, renderBlock } from './blocks.ts';
import { h, icon } from './dom.ts';
import { type KeyedItem, KeyedList } from './keyed-list.ts';
import { openMenu } from './menu.ts';
import { personMark } from './person-mark.ts';
import { type Session } from './session.ts';
import { parseMrkdwn } from './text.ts';
import { toast } from './toast.ts';
import { clockTime, dayName } from './zone.ts';

type AnyMessage = StoredMessage | EphemeralMessage;
const NEAR_BOTTOM_PX = 80;

export interface MessageListPlan {
  readonly session: Session;
  /** The element that scrolls. */
  readonly scroller: HTMLElement;
  readonly inThread: boolean;
  readonly openThread: (message: StoredMessage) => void;
}

/** A list of messages that stays at the bottom while the reader is there. */
export class MessageList {
  private readonly plan: MessageListPlan;
  private readonly list: KeyedList;
  private isAtBottom = true;

  constructor(root: HTMLElement, plan: MessageListPlan) {
    this.plan = plan;
    this.list = new KeyedList(root);
    const { scroller } = plan;
    scroller.addEventListener('scroll', () => {
      const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
      this.isAtBottom = below < NEAR_BOTTOM_PX;
    });
    // Covers the drawer that opens below and messages that grow.
    const stay = new ResizeObserver(() => {
      if (this.isAtBottom) scroller.scrollTop = scroller.scrollHeight;
    });
    stay.observe(scroller);
    stay.observe(root);
  }

  /** Shows these, oldest first. `jump` goes to the newest whatever the reader looked at. */
  sync(messages: readonly AnyMessage[], jump: boolean): void {
    const { scroller } = this.plan;
    const sorted = messages.toSorted((a, b) => Number(a.ts) - Number(b.ts));
    this.list.sync(this.items(sorted));
    if (jump || this.isAtBottom) scroller.scrollTop = scroller.scrollHeight;
  }

  private items(messages: readonly AnyMessage[]): readonly KeyedItem[] {
    const zone = this.plan.session.me.timeZone;
    let day = '';
    return messages.flatMap((message): readonly KeyedItem[] => {
      const item = {
        key: `${message.channel}/${message.ts}`,
        signature: JSON.stringify(message),
        build: () => this.messageNode(message),
      };
      const name = dayName(Number(message.ts), zone);
      if (name === day || this.plan.inThread) return [item];
      day = name;
      const build = (): HTMLElement => h('div', { class: 'day' }, h('span', {}, name));
      return [{ key: `day/${name}`, signature: name, build }, item];
    });
  }

  private messageNode(message: AnyMessage): HTMLElement {
    const { session } = this.plan;
    const author = isStored(message) ? message.user : session.state.botUserId;
    const isApp = author === session.state.botUserId;
    const person = session.state.people.find(({ id }) => id === author);
    const name = isApp ? session.state.appName : (person?.realName ?? author);
    const { timeZone } = session.me;
    return h(
      'article',
      {
        class: isStored(message) ? 'message' : 'message ephemeral',
        'data-ts': message.ts,
        'aria-label': `${name}: ${message.text.slice(0, 200)}`,
      },
      personMark(name, isApp),
      h(
        'div',
        { class: 'message-main' },
        !isStored(message) && h('div', { class: 'only-you' }, 'Only visible to you'),
        this.broadcastLine(message),
        h(
          'div',
          { class: 'message-head' },
          h('b', {}, name),
          isApp && h('span', { class: 'app-badge' }, 'APP'),
          h('time', {}, clockTime(Number(message.ts), timeZone)),
        ),
        ...this.content(message),
        isStored(message) && this.threadLine(message),
      ),
      isStored(message) && this.toolbar(message),
    );
  }

  private content(message: AnyMessage): readonly HTMLElement[] {
    const { session } = this.plan;
    const place: BlockPlace = {
      session,
      where: { channel: message.channel, ts: message.ts },
      idPrefix: `${this.plan.inThread ? 't' : 'm'}${message.ts.replace('.', '-')}`,
      report: (result) => {
        if (!result.ok) toast(result.shown ?? 'That did not work. Try again?', 'error');
      },
    };
    const blocks = blocksOf(message).map((block) => renderBlock(block, place));
    const isEdited = isStored(message) && message.isEdited;
    const words =
      blocks.length === 0 && message.text !== ''
        ? [h('div', { class: 'text' }, ...parseMrkdwn(message.text, session))]
        : [];
    const files = isStored(message) ? message.files.map((file) => this.fileNode(file)) : [];
    const edited = isEdited ? [h('small', { class: 'edited' }, '(edited)')] : [];
    return [...words, ...blocks, ...edited, ...files];
  }

  private fileNode(file: StoredFile): HTMLElement {
    const as = encodeURIComponent(this.plan.session.state.me);
    const facts = [fileKind(file.name), readableSize(file.size)];
    if (file.title !== '' && file.title !== file.name) facts.push(file.name);
    return h(
      'a',
      {
        class: 'file',
        href: `/files/${encodeURIComponent(file.id)}?as=${as}`,
        download: file.name,
      },
      icon('file'),
      h(
        'span',
        {},
        h('b', {}, file.title === '' ? file.name : file.title),
        h('small', {}, facts.join(' · ')),
      ),
      icon('download'),
    );
  }

  private broadcastLine(message: AnyMessage): HTMLElement | false {
    if (!isStored(message) || !message.isBroadcast || this.plan.inThread) return false;
    return h('div', { class: 'only-you' }, 'Replied to a thread');
  }

  private threadLine(message: StoredMessage): HTMLElement | false {
    if (this.plan.inThread || message.replyCount === 0) return false;
    const count = message.replyCount === 1 ? '1 reply' : `${message.replyCount} replies`;
    return h(
      'button',
      {
        type: 'button',
        class: 'thread-line',
        on: {
          click: () => {
            this.plan.openThread(message);
          },
        },
      },
      icon('reply'),
      h('b', {}, count),
      h('small', {}, 'View thread'),
    );
  }

  private toolbar(message: StoredMessage): HTMLElement | false {
    const { session, inThread } = this.plan;
    const items = session.state.shortcuts
      .filter((shortcut) => shortcut.type === 'message')
      .map((shortcut) => ({
        text: shortcut.name,
        run: () => void this.runShortcut(shortcut.callback_id, message),
      }));
    if (inThread && items.length === 0) return false;
    const more = h('button', { type: 'button', 'aria-label': 'More actions' }, icon('more'));
    more.addEventListener('click', () => {
      openMenu(more, items);
    });
    const reply = h('button', { type: 'button', 'aria-label': 'Reply in thread' }, icon('reply'));
    reply.addEventListener('click', () => {
      this.plan.openThread(message);
    });
    return h('div', { class: 'message-tools' }, !inThread && reply, items.length > 0 && more);
  }

  private async runShortcut(callbackId: string, { channel, ts }: StoredMessage): Promise<void> {
    const { session } = this.plan;
    const result = await session.act({ kind: 'shortcut', callbackId, message: { channel, ts } });
    if (!result.ok) toast(result.shown ?? 'That did not work. Try again?', 'error');
  }
}

function isStored(message: AnyMessage): message is StoredMessage {
  return 'replyCount' in message;
}

function fileKind(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? 'File' : name.slice(dot + 1).toUpperCase();
}

function readableSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
