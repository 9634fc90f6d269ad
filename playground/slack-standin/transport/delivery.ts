import { type JsonObject } from '../contract.ts';

/** Slack waits this long for an acknowledgement (F1). */
export const ACK_LIMIT_MS = 3000;

/** What goes to the app: the kind decides the encoding over HTTP and the envelope in Socket Mode. */
export interface Delivery {
  readonly kind: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: JsonObject;
}

/** How the app answered. */
export type Ack =
  | { readonly outcome: 'acknowledged'; readonly body: unknown }
  | { readonly outcome: 'timeout' }
  /** Not reachable, or an HTTP status other than 2xx. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** A way to the app. */
export interface Transport {
  deliver(delivery: Delivery): Promise<Ack>;
}

/** Resolves to `timeout` after Slack's three seconds, unless `work` is done earlier. */
export async function withinAckLimit(work: Promise<Ack>): Promise<Ack> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Ack>((resolve) => {
    timer = setTimeout(() => {
      resolve({ outcome: 'timeout' });
    }, ACK_LIMIT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
