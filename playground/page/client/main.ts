/** Puts the page together and redraws what changed. */
import { type StoredMessage } from '../../slack-standin/contract.ts';
import { blocksOf, renderBlock } from './blocks.ts';
import { Composer } from './composer.ts';
import { byId, h, icon } from './dom.ts';
import { MessageList } from './messages.ts';
import { KeyedList } from './keyed-list.ts';
import { ModalHost } from './modal.ts';
import { PayloadLog } from './payload-log.ts';
import { Session, type Topic } from './session.ts';
import { drawSidebar, type Place } from './sidebar.ts';
import { toast } from './toast.ts';

/** The page of one browser tab. */
class PlaygroundPage {
  private readonly session: Session;
  private place: Place;
  private readonly unread = new Set<string>();
  private readonly modal: ModalHost;
  private readonly log: PayloadLog;
  private readonly channelList: MessageList;
  private readonly threadList: MessageList;
  private readonly composer: Composer;
  private readonly threadComposer: Composer;
  private readonly homeBlocks = new KeyedList(byId('home-blocks'));

  constructor(session: Session) {
    this.session = session;
    this.place = placeFromAddress() ?? this.firstChannel();
    this.modal = new ModalHost(session);
    this.log = new PayloadLog(session, { button: byId('log-button'), root: byId('log') });
    const openThread = ({ channel, ts, threadTs }: StoredMessage): void => {
      this.go({ kind: 'channel', id: channel, threadTs: threadTs ?? ts });
      this.threadComposer.focus();
    };
    this.channelList = new MessageList(byId('messages'), {
      session,
      scroller: byId('messages-scroll'),
      inThread: false,
      openThread,
    });
    this.threadList = new MessageList(byId('thread-messages'), {
      session,
      scroller: byId('thread-scroll'),
      inThread: true,
      openThread,
    });
    this.composer = new Composer('composer', {
      session,
      channel: () => this.channelId,
      placeholder: () => `Message ${this.channelName()}`,
    });
    this.threadComposer = new Composer('thread-composer', {
      session,
      channel: () => this.channelId,
      threadTs: () => this.threadTs,
      placeholder: () => 'Reply…',
    });
    byId('composer-place').append(this.composer.node);
    byId('thread-composer-place').append(this.threadComposer.node);
    byId('thread-close').addEventListener('click', () => {
      this.closeThread();
    });
    byId('thread').addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.closeThread();
    });
    session.onChange((topic, message) => {
      this.onChange(topic, message);
    });
  }

  /** Draws everything. */
  start(): void {
    this.drawPlace(true);
    this.modal.sync();
    this.log.sync();
    if (this.place.kind === 'home') void this.openHome();
    else this.composer.focus();
  }

  private onChange(topic: Topic, message: StoredMessage | undefined): void {
    if (topic === 'everything') {
      this.drawPlace(true);
      this.modal.sync();
      this.log.sync();
    } else if (topic === 'messages') {
      if (message !== undefined && message.channel !== this.channelId) {
        this.unread.add(message.channel);
        this.drawSidebar();
      }
      this.drawMessages(message?.user === this.session.state.me);
    } else if (topic === 'home') this.drawHome();
    else if (topic === 'stack') this.modal.sync();
    else if (topic === 'log') this.log.sync();
    byId('offline').hidden = this.session.isConnected;
  }

  private go(place: Place): void {
    const isOther = place.kind !== this.place.kind || this.channelId !== channelOf(place);
    this.place = place;
    this.drawPlace(isOther);
    if (place.kind === 'home') void this.openHome();
    else if (isOther) this.composer.focus();
  }

  private closeThread(): void {
    this.go({ kind: 'channel', id: this.channelId });
    this.composer.focus();
  }

  private async actAs(userId: string): Promise<void> {
    await this.session.actAs(userId);
    this.unread.clear();
    if (this.place.kind === 'home') await this.openHome();
    else if (!this.session.state.channels.some(({ id }) => id === this.channelId)) {
      this.go(this.firstChannel());
    }
  }

  private async openHome(): Promise<void> {
    const result = await this.session.act({ kind: 'openHome' });
    if (!result.ok) toast(result.shown ?? 'The app did not open its Home tab.', 'error');
  }

  private drawPlace(jump: boolean): void {
    this.unread.delete(this.channelId);
    writeAddress(this.session.state.me, this.place);
    this.drawSidebar();
    const isHome = this.place.kind === 'home';
    byId('channel').hidden = isHome;
    byId('home').hidden = !isHome;
    byId('thread').hidden = this.threadTs === undefined;
    byId('place-title').replaceChildren(...this.titleNodes());
    this.composer.sync();
    this.threadComposer.sync();
    this.drawMessages(jump);
    this.drawHome();
  }

  private titleNodes(): readonly Node[] {
    if (this.place.kind === 'home')
      return [icon('home'), h('span', {}, `${this.session.state.appName} Home`)];
    const channel = this.session.state.channels.find(({ id }) => id === this.channelId);
    const count = channel?.members.length ?? 0;
    return [
      h('span', {}, this.channelName()),
      channel !== undefined && channel.kind !== 'direct'
        ? h('small', {}, `${count} members`)
        : h('small'),
    ];
  }

  private drawSidebar(): void {
    drawSidebar(byId('sidebar'), {
      session: this.session,
      place: this.place,
      unread: this.unread,
      go: (place) => {
        this.go(place);
      },
      actAs: (userId) => void this.actAs(userId),
    });
  }

  private drawMessages(jump: boolean): void {
    const { messages, ephemeral } = this.session.state;
    const here = messages.filter(({ channel }) => channel === this.channelId);
    const private_ = ephemeral.filter(({ channel }) => channel === this.channelId);
    const roots = here.filter((message) => !message.isReply || message.isBroadcast);
    this.channelList.sync(
      [...roots, ...private_.filter(({ threadTs }) => threadTs === undefined)],
      jump,
    );
    byId('channel-start').hidden = roots.length + private_.length > 0;
    const { threadTs } = this;
    if (threadTs === undefined) return;
    const thread = here.filter(
      (message) => message.ts === threadTs || message.threadTs === threadTs,
    );
    this.threadList.sync(
      [...thread, ...private_.filter((message) => message.threadTs === threadTs)],
      jump,
    );
  }

  private drawHome(): void {
    const { home, appName, me } = this.session.state;
    byId('home-empty').hidden = home !== null;
    byId('home-empty').textContent = `${appName} has published no Home for you yet.`;
    const blocks = home === null ? [] : blocksOf(home.view);
    this.homeBlocks.sync(
      blocks.map((block, index) => ({
        key: block.block_id ?? String(index),
        signature: `${me}${JSON.stringify(block)}`,
        build: () =>
          renderBlock(block, {
            session: this.session,
            where: 'home',
            idPrefix: 'home',
            ...(home !== null && { values: home.values }),
            report: (result) => {
              if (!result.ok) toast(result.shown ?? 'That did not work. Try again?', 'error');
            },
          }),
      })),
    );
  }

  private get channelId(): string {
    return channelOf(this.place);
  }

  private get threadTs(): string | undefined {
    return this.place.kind === 'channel' ? this.place.threadTs : undefined;
  }

  private channelName(): string {
    const { channels, appName } = this.session.state;
    const channel = channels.find(({ id }) => id === this.channelId);
    return channel?.kind === 'direct' ? appName : `#${channel?.name ?? ''}`;
  }

  private firstChannel(): Place {
    return { kind: 'channel', id: this.session.state.channels[0]?.id ?? '' };
  }
}

function channelOf(place: Place): string {
  return place.kind === 'channel' ? place.id : '';
}

/** The address names person, channel and thread, so that a reload comes back to them. */
function placeFromAddress(): Place | undefined {
  const query = new URLSearchParams(location.search);
  const id = query.get('in');
  const threadTs = query.get('thread');
  if (id === 'home') return { kind: 'home' };
  if (id === null) return undefined;
  return { kind: 'channel', id, ...(threadTs !== null && { threadTs }) };
}

function writeAddress(me: string, place: Place): void {
  const query = new URLSearchParams({ as: me, in: place.kind === 'home' ? 'home' : place.id });
  if (place.kind === 'channel' && place.threadTs !== undefined) query.set('thread', place.threadTs);
  history.replaceState(null, '', `?${query.toString()}`);
}

async function start(): Promise<void> {
  const wanted = new URLSearchParams(location.search).get('as') ?? '';
  new PlaygroundPage(await Session.of(wanted)).start();
}

start().catch((error: unknown) => {
  toast(error instanceof Error ? error.message : 'The page could not start.', 'error');
});
