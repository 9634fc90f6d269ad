/** One person's client: its state, what it does, and what it hears. */
import {
  type ActResult,
  type EphemeralMessage,
  type RecordedCall,
  type RuleViolation,
  type StoredMessage,
  type Suggestions,
  type Surface,
} from '../../slack-standin/contract.ts';
import { type Act } from '../acts.ts';
import {
  type ActAnswer,
  type PageEvent,
  type PageLog,
  type PagePerson,
  type PageState,
  type ViewStack,
} from '../wire.ts';

export interface ElementPlace {
  readonly where: Surface;
  readonly element: { readonly blockId: string; readonly actionId: string };
}

/** What changed: the page redraws the parts that show it. */
export type Topic = 'everything' | 'messages' | 'home' | 'stack' | 'log' | 'connection';

/** Slack's own sentence for an app that does not answer. */
export const TROUBLE = 'We had some trouble connecting. Try again?';

/** The state of the acting person, kept current by the server's events. */
export class Session {
  state: PageState;
  log: PageLog = { calls: [], violations: [] };
  isConnected = true;
  private readonly listeners = new Set<(topic: Topic, message?: StoredMessage) => void>();
  private stream: EventSource | undefined;
  private acts: Promise<unknown> = Promise.resolve();

  private constructor(state: PageState) {
    this.state = state;
  }

  /** Loads the person's workspace. */
  static async of(userId: string): Promise<Session> {
    const session = new Session(
      await getJson<PageState>(`/api/state?as=${encodeURIComponent(userId)}`),
    );
    session.log = await getJson<PageLog>('/api/log');
    session.listen();
    return session;
  }

  /** Changes the acting person. */
  async actAs(userId: string): Promise<void> {
    this.stream?.close();
    this.state = await getJson<PageState>(`/api/state?as=${encodeURIComponent(userId)}`);
    this.listen();
    this.tell('everything');
  }

  get me(): PagePerson {
    const me = this.state.people.find((person) => person.id === this.state.me);
    if (me === undefined) throw new Error('The acting person is not in the workspace.');
    return me;
  }

  /** The listener hears of every change from now on; `message` is one that was not there before. */
  onChange(listener: (topic: Topic, message?: StoredMessage) => void): void {
    this.listeners.add(listener);
  }

  /** Does one thing after everything asked before is done. Never rejects: trouble is a result. */
  act(act: Act): Promise<ActResult> {
    const as = this.state.me;
    const done = this.acts.then(async (): Promise<ActResult> => {
      try {
        const answer = await postJson<ActAnswer>('/api/act', { as, act });
        if (as === this.state.me) this.takeStack(answer.stack);
        return answer.result;
      } catch (error) {
        return {
          ok: false,
          error: 'page_failed',
          shown: error instanceof Error ? error.message : TROUBLE,
        };
      }
    });
    this.acts = done;
    return done;
  }

  /** Asks for the options of an external select. */
  async suggest(place: ElementPlace, query: string): Promise<Suggestions> {
    // What was chosen before may decide what is offered now.
    await this.acts;
    try {
      return await postJson<Suggestions>('/api/suggest', { as: this.state.me, ...place, query });
    } catch (error) {
      return { options: [], groups: [], failure: error instanceof Error ? error.message : TROUBLE };
    }
  }

  private listen(): void {
    const stream = new EventSource(`/api/events?as=${encodeURIComponent(this.state.me)}`);
    this.stream = stream;
    stream.addEventListener('message', (event: MessageEvent<string>) => {
      this.hear(JSON.parse(event.data) as PageEvent);
    });
    stream.addEventListener('error', () => {
      this.isConnected = false;
      this.tell('connection');
    });
    stream.addEventListener('open', () => {
      if (this.isConnected) return;
      this.isConnected = true;
      // Events may have been missed.
      void this.refresh();
    });
  }

  private async refresh(): Promise<void> {
    this.state = await getJson<PageState>(`/api/state?as=${encodeURIComponent(this.state.me)}`);
    this.log = await getJson<PageLog>('/api/log');
    this.tell('everything');
  }

  private hear(event: PageEvent): void {
    switch (event.type) {
      case 'message_posted':
      case 'message_updated':
        this.takeMessage(event.message);
        return;
      case 'message_deleted':
        this.set({ messages: this.state.messages.filter((message) => !isAt(message, event)) });
        return;
      case 'ephemeral':
        this.set({ ephemeral: replaced(this.state.ephemeral, event.message) });
        return;
      case 'ephemeral_removed':
        this.set({ ephemeral: this.state.ephemeral.filter((message) => !isAt(message, event)) });
        return;
      case 'home_published':
        this.state = { ...this.state, home: event.view };
        this.tell('home');
        return;
      case 'views':
        this.takeStack(event.stack);
        return;
      case 'file_shared':
        return;
      case 'people_or_channels_changed':
        void this.refresh();
        return;
      case 'call':
      case 'violation':
        this.takeLog(event);
    }
  }

  private takeMessage(message: StoredMessage): void {
    const isKnownChannel = this.state.channels.some(({ id }) => id === message.channel);
    if (!isKnownChannel) {
      void this.refresh();
      return;
    }
    const isNew = !this.state.messages.some((old) => isAt(old, message));
    this.state = { ...this.state, messages: replaced(this.state.messages, message) };
    this.tell('messages', isNew ? message : undefined);
  }

  private takeStack(stack: ViewStack): void {
    if (stack.sequence <= this.state.stack.sequence) return;
    this.state = { ...this.state, stack };
    this.tell('stack');
  }

  private takeLog(
    event:
      | { readonly type: 'call'; readonly call: RecordedCall }
      | { readonly type: 'violation'; readonly violation: RuleViolation },
  ): void {
    const { calls, violations } = this.log;
    this.log =
      event.type === 'call'
        ? { calls: [...calls, event.call], violations }
        : { calls, violations: [...violations, event.violation] };
    this.tell('log');
  }

  private set(change: Partial<Pick<PageState, 'messages' | 'ephemeral'>>): void {
    this.state = { ...this.state, ...change };
    this.tell('messages');
  }

  private tell(topic: Topic, message?: StoredMessage): void {
    for (const listener of this.listeners) listener(topic, message);
  }
}

interface Placed {
  readonly channel: string;
  readonly ts: string;
}

function isAt(message: Placed, place: Placed): boolean {
  return message.channel === place.channel && message.ts === place.ts;
}

function replaced<T extends StoredMessage | EphemeralMessage>(
  list: readonly T[],
  message: T,
): readonly T[] {
  const known = list.some((old) => isAt(old, message));
  return known ? list.map((old) => (isAt(old, message) ? message : old)) : [...list, message];
}

async function getJson<T>(path: string): Promise<T> {
  return answerOf<T>(await fetch(path));
}

async function postJson<T>(path: string, body: unknown): Promise<T> {
  return answerOf<T>(
    await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

async function answerOf<T>(response: Response): Promise<T> {
  const body = (await response.json()) as T & { readonly error?: string };
  if (!response.ok) throw new Error(body.error ?? `The page answered ${response.status}.`);
  return body;
}
