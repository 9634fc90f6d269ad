import {
  type EphemeralMessage,
  type JsonObject,
  type StoredFile,
  type StoredMessage,
} from './contract.ts';
import { type Journal } from './journal.ts';

/** A message before the store has worked out its thread. */
export interface NewMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string | undefined;
  readonly isBroadcast?: boolean;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly files?: readonly StoredFile[];
  readonly metadata?: JsonObject | undefined;
}

/** Messages, ephemerals and files as people see them. */
export class MessageStore {
  readonly #messages = new Map<string, StoredMessage[]>();
  readonly #removed = new Set<string>();
  readonly #ephemerals: EphemeralMessage[] = [];
  readonly #files = new Map<string, { file: StoredFile; content: Uint8Array }>();
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  list(channel: string): readonly StoredMessage[] {
    return this.#messages.get(channel) ?? [];
  }

  find(channel: string, ts: string): StoredMessage | undefined {
    return this.list(channel).find((message) => message.ts === ts);
  }

  add(message: NewMessage): StoredMessage {
    const { threadTs, metadata, ...rest } = message;
    const stored: StoredMessage = {
      isBroadcast: false,
      files: [],
      ...rest,
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(metadata === undefined ? {} : { metadata }),
      isReply: threadTs !== undefined && threadTs !== message.ts,
      isEdited: false,
      replyCount: 0,
      permalink: permalink(message.channel, message.ts, threadTs),
    };
    this.#messages.set(message.channel, [...this.list(message.channel), stored]);
    this.#journal.emit({ type: 'message_posted', message: stored });
    for (const file of stored.files) {
      this.#journal.emit({ type: 'file_shared', channel: stored.channel, file });
    }
    if (stored.isReply && threadTs !== undefined) this.#countReplies(message.channel, threadTs);
    return stored;
  }

  update(channel: string, ts: string, change: Partial<StoredMessage>): void {
    const messages = this.list(channel);
    const index = messages.findIndex((message) => message.ts === ts);
    const before = messages[index];
    if (before === undefined) return;
    const message = { ...before, ...change };
    this.#messages.set(channel, messages.with(index, message));
    this.#journal.emit({ type: 'message_updated', message });
  }

  /** Whether there was such a message once. */
  wasRemoved(channel: string, ts: string): boolean {
    return this.#removed.has(`${channel} ${ts}`);
  }

  remove(channel: string, ts: string): void {
    const gone = this.find(channel, ts);
    if (gone === undefined) return;
    this.#removed.add(`${channel} ${ts}`);
    this.#messages.set(
      channel,
      this.list(channel).filter((message) => message.ts !== ts),
    );
    this.#journal.emit({ type: 'message_deleted', channel, ts });
    if (gone.isReply && gone.threadTs !== undefined) this.#countReplies(channel, gone.threadTs);
  }

  ephemerals(user: string): readonly EphemeralMessage[] {
    return this.#ephemerals.filter((message) => message.user === user);
  }

  addEphemeral(message: EphemeralMessage): void {
    this.#ephemerals.push(message);
    this.#journal.emit({ type: 'ephemeral', message });
  }

  /** Replaces an ephemeral, or removes it when `next` is absent (response_url, F5). */
  replaceEphemeral(user: string, ts: string, next?: EphemeralMessage): boolean {
    const index = this.#ephemerals.findIndex(
      (message) => message.user === user && message.ts === ts,
    );
    const before = this.#ephemerals[index];
    if (before === undefined) return false;
    if (next === undefined) {
      this.#ephemerals.splice(index, 1);
      this.#journal.emit({ type: 'ephemeral_removed', user, channel: before.channel, ts });
    } else {
      this.#ephemerals.splice(index, 1, next);
      this.#journal.emit({ type: 'ephemeral', message: next });
    }
    return true;
  }

  keepFile(file: StoredFile, content: Uint8Array): void {
    this.#files.set(file.id, { file, content });
  }

  file(fileId: string): { file: StoredFile; content: Uint8Array } | undefined {
    return this.#files.get(fileId);
  }

  /** Deletes a file and takes it off the messages that show it. */
  removeFile(fileId: string): void {
    this.#files.delete(fileId);
    for (const messages of [...this.#messages.values()]) {
      for (const { channel, ts, files } of messages) {
        if (!files.some((file) => file.id === fileId)) continue;
        this.update(channel, ts, { files: files.filter((file) => file.id !== fileId) });
      }
    }
  }

  #countReplies(channel: string, rootTs: string): void {
    const replyCount = this.list(channel).filter(
      (one) => one.isReply && one.threadTs === rootTs,
    ).length;
    this.update(channel, rootTs, { replyCount, ...(replyCount > 0 ? { threadTs: rootTs } : {}) });
  }
}

/** The address Slack gives a message. */
export function permalink(channel: string, ts: string, threadTs?: string): string {
  const link = `https://grand-bend.slack.com/archives/${channel}/p${ts.replace('.', '')}`;
  return threadTs === undefined || threadTs === ts
    ? link
    : `${link}?thread_ts=${threadTs}&cid=${channel}`;
}
