import { createHmac } from 'node:crypto';

import { parseJson, text } from '../json.ts';
import {
  type Ack,
  ACK_LIMIT_MS,
  type Delivery,
  type Transport,
  withinAckLimit,
} from './delivery.ts';

/** Bolt answers 404 after 3,001 ms without ack; near the limit that means the same as no answer. */
const NEAR_LIMIT_MS = ACK_LIMIT_MS - 100;

/** Sends signed requests to the app's request URL, as Slack does (F10). */
export class SignedHttp implements Transport {
  readonly #requestUrl: string;
  readonly #secret: string;

  constructor(requestUrl: string, secret: string) {
    this.#requestUrl = requestUrl;
    this.#secret = secret;
  }

  deliver(delivery: Delivery): Promise<Ack> {
    return withinAckLimit(this.#send(delivery));
  }

  async #send(delivery: Delivery): Promise<Ack> {
    const isEvent = delivery.kind === 'events_api';
    const body = isEvent ? JSON.stringify(delivery.payload) : form(delivery);
    const startedAt = performance.now();
    try {
      const answer = await fetch(this.#requestUrl, {
        method: 'POST',
        headers: {
          'content-type': isEvent ? 'application/json' : 'application/x-www-form-urlencoded',
          ...signatureHeaders(this.#secret, body),
        },
        body,
      });
      const source = await answer.text();
      if (answer.ok) return { outcome: 'acknowledged', body: decoded(source) };
      const isLate = performance.now() - startedAt >= NEAR_LIMIT_MS;
      return isLate
        ? { outcome: 'timeout' }
        : { outcome: 'failed', reason: `HTTP ${answer.status}` };
    } catch (cause) {
      return {
        outcome: 'failed',
        reason: `${this.#requestUrl} is not reachable: ${reasonOf(cause)}`,
      };
    }
  }
}

/** The two headers of a signed request. @param at Unix seconds */
export function signatureHeaders(
  secret: string,
  body: string,
  at: number = Math.floor(Date.now() / 1000),
): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${signature}` };
}

function form({ kind, payload }: Delivery): string {
  if (kind === 'interactive')
    return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const fields = Object.entries(payload).map(([key, value]): [string, string] => [
    key,
    text(value),
  ]);
  return new URLSearchParams(fields).toString();
}

/** An empty body is no answer; JSON is parsed; anything else is text. */
function decoded(source: string): unknown {
  if (source === '') return undefined;
  return parseJson(source) ?? source;
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}
