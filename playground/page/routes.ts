/** The page's addresses: its files, its JSON, its stream of events. */
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { z, ZodError } from 'zod';
import { type SlackStandIn } from '../slack-standin/contract.ts';
import { actRequest, performAct, performSearch, suggestRequest } from './acts.ts';
import { readStaticFile } from './static-files.ts';
import { type ActAnswer, type PageLog } from './wire.ts';
import { type Workspace } from './workspace.ts';

const MAX_BODY_BYTES = 1_000_000;
/** The log is for reading along; older entries stay in the stand-in. */
const LOG_LENGTH = 200;
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: https:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** A request the page does not serve, with the status that says why. */
class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
  readonly status: number;

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** Answers requests to the page. Nothing is answered until `allowHosts` named the page's own hosts. */
export class PageRoutes {
  private readonly standIn: SlackStandIn;
  private readonly workspace: Workspace;
  private readonly streams = new Set<() => void>();
  private hosts: readonly string[] = [];

  constructor(standIn: SlackStandIn, workspace: Workspace) {
    this.standIn = standIn;
    this.workspace = workspace;
  }

  /** Names the Host headers that are ours, so that no other site's name can be pointed at the page. */
  allowHosts(hosts: readonly string[]): void {
    this.hosts = hosts;
  }

  /** Ends every open event stream. */
  endStreams(): void {
    for (const end of [...this.streams]) end();
  }

  /** Answers one request; refuses with a status and a sentence. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    try {
      this.checkOrigin(request);
      await this.route(request, response);
    } catch (error) {
      const refused = error instanceof ZodError ? badInput(error) : error;
      if (!(refused instanceof RequestRefusedError)) throw error;
      sendJson(response, refused.status, { error: refused.message });
    }
  }

  private checkOrigin(request: IncomingMessage): void {
    const { host = '', origin } = request.headers;
    if (!this.hosts.includes(host)) {
      throw new RequestRefusedError(421, 'Open the page under the address the playground printed.');
    }
    if (origin !== undefined && origin !== `http://${host}`) {
      throw new RequestRefusedError(403, 'Requests from other sites are refused.');
    }
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://page');
    if (request.method === 'POST') return this.post(url.pathname, request, response);
    if (request.method !== 'GET')
      throw new RequestRefusedError(405, 'Only GET and POST are served.');
    switch (url.pathname) {
      case '/api/state':
        sendJson(response, 200, this.workspace.stateFor(this.person(url)));
        return;
      case '/api/events':
        this.stream(this.person(url), response);
        return;
      case '/api/log':
        sendJson(response, 200, this.log());
        return;
      default:
        if (url.pathname.startsWith('/files/')) this.download(url, response);
        else await sendStatic(url.pathname, response);
    }
  }

  private async post(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readJson(request);
    if (path === '/api/act') {
      const { as, act } = actRequest.parse(body);
      const result = await performAct(this.standIn.person(this.known(as)), act);
      sendJson(response, 200, { result, stack: this.workspace.stackOf(as) } satisfies ActAnswer);
      return;
    }
    if (path === '/api/suggest') {
      const { as, where, element, query } = suggestRequest.parse(body);
      const person = this.standIn.person(this.known(as));
      sendJson(response, 200, await performSearch(person, { where, element, query }));
      return;
    }
    throw new RequestRefusedError(404, `Nothing is served at ${path}.`);
  }

  private stream(userId: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': connected\n\n');
    const unsubscribe = this.standIn.subscribe((event) => {
      const heard = this.workspace.eventFor(userId, event);
      if (heard !== undefined) response.write(`data: ${JSON.stringify(heard)}\n\n`);
    });
    const end = (): void => {
      unsubscribe();
      this.streams.delete(end);
      response.end();
    };
    this.streams.add(end);
    response.once('close', end);
  }

  private download(url: URL, response: ServerResponse): void {
    const fileId = url.pathname.slice('/files/'.length);
    const file = this.workspace.fileFor(this.person(url), fileId);
    if (file === undefined) throw new RequestRefusedError(404, 'This person sees no such file.');
    response.writeHead(200, {
      'content-type': file.mimeType,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    });
    response.end(this.standIn.fileContent(fileId));
  }

  private log(): PageLog {
    return {
      calls: this.standIn.calls().slice(-LOG_LENGTH),
      violations: this.standIn.violations().slice(-LOG_LENGTH),
    };
  }

  private person(url: URL): string {
    return this.known(url.searchParams.get('as') ?? '');
  }

  private known(userId: string): string {
    const person = userId === '' ? this.workspace.firstPerson() : userId;
    if (this.workspace.knows(person)) return person;
    throw new RequestRefusedError(404, `Nobody here has the id "${userId}".`);
  }
}

function badInput(error: ZodError): RequestRefusedError {
  return new RequestRefusedError(400, z.prettifyError(error), error);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function sendStatic(pathname: string, response: ServerResponse): Promise<void> {
  const file = await readStaticFile(pathname === '/' ? 'index.html' : pathname.slice(1));
  if (file === undefined) throw new RequestRefusedError(404, `Nothing is served at ${pathname}.`);
  response.writeHead(200, { 'content-type': file.type });
  response.end(file.body);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  // A form of another site cannot send this type without asking first.
  if (request.headers['content-type'] !== 'application/json') {
    throw new RequestRefusedError(415, 'Send application/json.');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > MAX_BODY_BYTES) throw new RequestRefusedError(413, 'The request is too large.');
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (error) {
    throw new RequestRefusedError(400, 'The request is not JSON.', error);
  }
}
