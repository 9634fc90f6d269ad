import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type Server } from 'node:http';

import { type RawData, WebSocket, WebSocketServer } from 'ws';

import { isObject, parseJson, text } from '../json.ts';
import { type Ack, type Delivery, type Transport, withinAckLimit } from './delivery.ts';

const PING_MS = 10_000;
const CLOSE_LIMIT_MS = 500;
/** F45. */
const CONNECTION_LIMIT = 10;

/** Slack's end of Socket Mode: hello, envelopes, acknowledgements. */
export class SocketMode implements Transport {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #waiting = new Map<string, (ack: Ack) => void>();
  readonly #arrivals = new Set<() => void>();
  readonly #pinging: NodeJS.Timeout;
  #next = 0;

  /** @param http the server whose upgrades on /link become connections */
  constructor(http: Server, appId: string) {
    http.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const ticket = url.searchParams.get('ticket') ?? '';
      if (url.pathname !== '/link/' || !this.#tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (connection) => {
        this.#greet(connection, appId);
      });
    });
    this.#pinging = setInterval(() => {
      for (const connection of this.#server.clients) connection.ping();
    }, PING_MS);
    this.#pinging.unref();
  }

  /** @returns the address of a new connection, good for one use; undefined at ten connections */
  issueUrl(rootUrl: string): string | undefined {
    if (this.#server.clients.size >= CONNECTION_LIMIT) return undefined;
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `${rootUrl.replace('http:', 'ws:')}/link/?ticket=${ticket}`;
  }

  connected(): Promise<void> {
    if (this.#open().length > 0) return Promise.resolve();
    return new Promise((resolve) => this.#arrivals.add(resolve));
  }

  deliver(delivery: Delivery): Promise<Ack> {
    const open = this.#open();
    const connection = open[this.#next % Math.max(open.length, 1)];
    this.#next += 1;
    if (connection === undefined) {
      return Promise.resolve({ outcome: 'failed', reason: 'no Socket Mode connection is open' });
    }
    const envelopeId = randomUUID();
    const isEvent = delivery.kind === 'events_api';
    const acknowledged = new Promise<Ack>((resolve) => this.#waiting.set(envelopeId, resolve));
    connection.send(
      JSON.stringify({
        envelope_id: envelopeId,
        type: delivery.kind,
        payload: delivery.payload,
        accepts_response_payload: !isEvent,
        ...(isEvent ? { retry_attempt: 0, retry_reason: '' } : {}),
      }),
    );
    return withinAckLimit(acknowledged);
  }

  /** Lets every client finish the closing handshake; a client that does not is cut off after half a second. */
  async close(): Promise<void> {
    clearInterval(this.#pinging);
    const closing = [...this.#server.clients].map(async (connection) => {
      const limit = setTimeout(() => {
        connection.terminate();
      }, CLOSE_LIMIT_MS);
      connection.close(1001);
      await once(connection, 'close');
      clearTimeout(limit);
    });
    await Promise.all(closing);
    this.#server.close();
  }

  #open(): WebSocket[] {
    return [...this.#server.clients].filter(
      (connection) => connection.readyState === WebSocket.OPEN,
    );
  }

  #greet(connection: WebSocket, appId: string): void {
    connection.on('message', (data) => {
      this.#take(data);
    });
    connection.on('error', () => {
      connection.terminate();
    });
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#server.clients.size,
        connection_info: { app_id: appId },
        debug_info: { host: 'slack-stand-in', approximate_connection_time: 18_060 },
      }),
    );
    for (const resolve of this.#arrivals) resolve();
    this.#arrivals.clear();
  }

  #take(data: RawData): void {
    const source = Array.isArray(data)
      ? Buffer.concat(data)
      : Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    const message = parseJson(source.toString('utf8'));
    if (!isObject(message)) return;
    const envelopeId = text(message['envelope_id']);
    const payload = message['payload'];
    // The client always sends a payload; an empty one is an ack without a body.
    const isEmpty = isObject(payload) && Object.keys(payload).length === 0;
    this.#waiting.get(envelopeId)?.({
      outcome: 'acknowledged',
      body: isEmpty ? undefined : payload,
    });
    this.#waiting.delete(envelopeId);
  }
}
