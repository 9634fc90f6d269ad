/** The drawer that shows what the app sent to Slack, and which rules it broke. */
import { type RecordedCall, type RuleViolation } from '../../slack-standin/contract.ts';
import { h } from './dom.ts';
import { KeyedList } from './keyed-list.ts';
import { type Session } from './session.ts';

/** What a call finds, not what it does wrong: somebody closed the view, or the bot is not in the channel. */
const FOUND: ReadonlySet<string> = new Set([
  'not_found',
  'hash_conflict',
  'expired_trigger_id',
  'not_in_channel',
  'is_archived',
  'channel_not_found',
  'message_not_found',
  'thread_not_found',
]);

/** Enough to read along; older calls stay in the stand-in. */
const SHOWN_CALLS = 100;

/** Newest first; an entry opens on a click. */
export class PayloadLog {
  private readonly session: Session;
  private readonly button: HTMLElement;
  private readonly root: HTMLElement;
  private readonly list: KeyedList;

  constructor(
    session: Session,
    nodes: { readonly button: HTMLElement; readonly root: HTMLElement },
  ) {
    this.session = session;
    this.button = nodes.button;
    this.root = nodes.root;
    const entries = h('div', { class: 'log-entries' });
    this.list = new KeyedList(entries);
    this.root.append(entries);
    this.button.addEventListener('click', () => {
      this.root.hidden = !this.root.hidden;
      this.button.setAttribute('aria-expanded', String(!this.root.hidden));
      this.sync();
    });
  }

  /** Brings the counts up to date, and the entries when the drawer is open. */
  sync(): void {
    const { calls } = this.session.log;
    const violations = this.session.log.violations.filter(({ error }) => !FOUND.has(error));
    const broken = violations.length === 1 ? '1 rule broken' : `${violations.length} rules broken`;
    this.button
      .querySelector('.log-count')
      ?.replaceChildren(
        `${calls.length} ${calls.length === 1 ? 'call' : 'calls'} · `,
        h('span', { class: violations.length > 0 ? 'broken' : '' }, broken),
      );
    if (this.root.hidden) return;
    const entries = [
      ...violations.map((violation, index) => ({
        at: violation.at,
        ...violationItem(violation, index),
      })),
      ...calls
        .map((call, index) => ({ at: call.at, ...callItem(call, index) }))
        .slice(-SHOWN_CALLS),
    ];
    this.list.sync(entries.toSorted((a, b) => b.at - a.at));
  }
}

function callItem(call: RecordedCall, index: number) {
  const isOk = call.response['ok'] === true;
  const build = (): HTMLElement =>
    h(
      'details',
      { class: 'log-entry' },
      h(
        'summary',
        {},
        h('time', {}, timeOf(call.at)),
        h('b', {}, call.method),
        h('span', { class: isOk ? 'ok' : 'broken' }, isOk ? 'ok' : errorOf(call)),
        h('small', {}, `${Math.round(call.durationMs)} ms`),
      ),
      h(
        'pre',
        { tabindex: 0 },
        JSON.stringify({ sent: call.args, answered: call.response }, null, 2),
      ),
    );
  return { key: `call/${index}`, signature: call.method, build };
}

function errorOf({ response, status }: RecordedCall): string {
  const { error } = response;
  return typeof error === 'string' ? error : String(status);
}

function violationItem(violation: RuleViolation, index: number) {
  const build = (): HTMLElement =>
    h(
      'details',
      { class: 'log-entry violation', open: true },
      h(
        'summary',
        {},
        h('time', {}, timeOf(violation.at)),
        h('b', {}, `Rule ${violation.rule} broken`),
        h('span', { class: 'broken' }, violation.error),
        h('small', {}, violation.where),
      ),
      h('p', {}, `${violation.pointer} ${violation.message}`.trim()),
    );
  return { key: `violation/${index}`, signature: violation.rule, build };
}

function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString('en-US', { hour12: false });
}
