/** The left column: who acts, the channels, the app. */
import { type ChannelInfo } from '../../slack-standin/contract.ts';
import { type PagePerson } from '../wire.ts';
import { h, icon } from './dom.ts';
import { personMark } from './person-mark.ts';
import { type Session } from './session.ts';

/** What the middle of the page shows. */
export type Place =
  | { readonly kind: 'channel'; readonly id: string; readonly threadTs?: string }
  | { readonly kind: 'home' };

export interface SidebarPlan {
  readonly session: Session;
  readonly place: Place;
  /** Channels with messages that came while another one was shown. */
  readonly unread: ReadonlySet<string>;
  readonly go: (place: Place) => void;
  readonly actAs: (userId: string) => void;
}

/** Draws the column anew; it is short. */
export function drawSidebar(root: HTMLElement, plan: SidebarPlan): void {
  const { state } = plan.session;
  const people = state.people.filter((person) => !person.isBot);
  const direct = state.channels.filter((channel) => channel.kind === 'direct');
  root.replaceChildren(
    h('div', { class: 'workspace' }, h('b', {}, 'Playground'), h('small', {}, 'Slack stand-in')),
    h(
      'nav',
      { 'aria-label': 'Workspace' },
      section(
        'Act as',
        people.map((person) => personRow(person, plan)),
      ),
      section(
        'Channels',
        state.channels
          .filter((channel) => channel.kind !== 'direct')
          .map((channel) => channelRow(channel, channel.name, plan)),
      ),
      section('App', [
        ...(state.hasHome ? [homeRow(plan)] : []),
        ...direct.map((channel) => channelRow(channel, `Messages from ${state.appName}`, plan)),
      ]),
    ),
  );
}

function section(title: string, rows: readonly HTMLElement[]): HTMLElement {
  return h('section', { 'aria-label': title }, h('h2', {}, title), ...rows);
}

interface Row {
  readonly icon: Node;
  readonly words: string;
  readonly note?: string;
  readonly isCurrent: boolean;
  readonly isUnread?: boolean;
}

function row(what: Row, click: () => void): HTMLElement {
  const classes = ['row', what.isCurrent && 'current', what.isUnread === true && 'unread'];
  return h(
    'button',
    {
      type: 'button',
      class: classes.filter((name) => name !== false).join(' '),
      'aria-current': what.isCurrent ? 'true' : undefined,
      // For the narrow column, which shows the mark alone.
      title: [what.words, what.note ?? ''].filter((part) => part !== '').join(', '),
      on: { click },
    },
    what.icon,
    h('span', { class: 'row-words' }, what.words),
    what.note !== undefined && what.note !== '' && h('span', { class: 'row-note' }, what.note),
    what.isUnread === true && h('span', { class: 'dot', role: 'img', 'aria-label': 'unread' }),
  );
}

function homeRow(plan: SidebarPlan): HTMLElement {
  const words = `${plan.session.state.appName} Home`;
  const isCurrent = plan.place.kind === 'home';
  return row({ icon: icon('home'), words, isCurrent }, () => {
    plan.go({ kind: 'home' });
  });
}

function channelRow(channel: ChannelInfo, words: string, plan: SidebarPlan): HTMLElement {
  const kindIcon =
    channel.kind === 'direct' ? 'bolt' : channel.kind === 'private' ? 'lock' : 'hash';
  const isCurrent = plan.place.kind === 'channel' && plan.place.id === channel.id;
  return row(
    {
      icon: icon(kindIcon),
      words,
      isCurrent,
      isUnread: plan.unread.has(channel.id),
      ...(channel.isArchived && { note: 'archived' }),
    },
    () => {
      plan.go({ kind: 'channel', id: channel.id });
    },
  );
}

function personRow(person: PagePerson, plan: SidebarPlan): HTMLElement {
  const isCurrent = person.id === plan.session.state.me;
  return row(
    {
      icon: personMark(person.realName, false),
      words: person.realName,
      note: person.role,
      isCurrent,
    },
    () => {
      if (!isCurrent) plan.actAs(person.id);
    },
  );
}
