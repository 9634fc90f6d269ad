import { type Person } from './ports.ts';

export const SUBJECT_KINDS = ['school', 'calendar', 'catalog'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** What a subscription is about: every push on it is told. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly id: number;
}

export interface NamedSubject extends Subject {
  readonly name: string;
}

export interface Subscription {
  readonly id: number;
  /** A conversation, or a person's id for direct messages. */
  readonly channelId: string;
  readonly subject: NamedSubject;
  readonly createdBy: string;
}

/** Teams hear of the pushes on their own calendars. Refusals are PushRefused. `from` is for the audit log. */
export interface Subscriptions {
  /** The person's own, and those of the conversation. */
  list(query: { person: Person; channelId: string | null }): Promise<readonly Subscription[]>;
  /** Schools and calendars that the person may see, or catalogs; those whose name holds the words. */
  subjects(query: {
    person: Person;
    kind: SubjectKind;
    search: string;
    limit: number;
  }): Promise<readonly NamedSubject[]>;
  /** Adding the same twice is one. */
  add(request: {
    person: Person;
    channelId: string;
    subject: Subject;
    from: string;
  }): Promise<NamedSubject>;
  /** One's own; whoever manages people may remove any. */
  remove(request: { person: Person; id: number; from: string }): Promise<void>;
}

/** What a subscriber is told of a run: its end on these calendars. */
export interface SubscriberNotice {
  readonly channelId: string;
  readonly calendarIds: readonly number[];
  /** Who subscribed first, in Slack. */
  readonly subscriber: string;
}
