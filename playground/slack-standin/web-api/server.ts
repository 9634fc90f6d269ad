import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { type JsonObject } from '../contract.ts';
import { type Core, SlackApiError } from '../core.ts';
import { isObject, parseJson } from '../json.ts';
import { INSTALLATION } from '../world.ts';
import { receiveUpload, type Uploads } from './files.ts';
import { type Gate } from './gate.ts';
import { answerResponseUrl } from './response-url.ts';

/** Arguments that arrive as JSON text in a form. */
const JSON_ARGUMENTS = new Set(['blocks', 'view', 'metadata', 'attachments', 'files', 'message']);

/** What the server needs to answer; it exists only once the port is known. */
export interface Site {
  readonly core: Core;
  readonly gate: Gate;
  readonly uploads: Uploads;
}

/** Starts listening on a free loopback port. @param site gives what answers, once it exists */
export async function listen(site: () => Site): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    route(site(), request, response).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send(response, 500, { ok: false, error: 'internal_error', stand_in: message });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

async function route(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const bytes = await readBody(request);
  const [, area = '', ...rest] = url.pathname.split('/');
  switch (area) {
    case 'api':
      await answerCall(site, { request, response, url, bytes, method: rest.join('/') });
      break;
    case 'upload': {
      const content = fileBytes(request, bytes);
      const answer = await receiveUpload(site.core, site.uploads, {
        id: rest.at(-1) ?? '',
        bytes: content,
      });
      response.writeHead(answer.status, { 'content-type': 'text/plain' }).end(answer.body);
      break;
    }
    case 'files-pri':
      download(site.core, { request, response, fileId: rest[0] ?? '' });
      break;
    case 'actions':
      await answerResponse(site.core, response, { path: url.pathname, bytes });
      break;
    default:
      send(response, 404, { ok: false, error: 'not_found' });
  }
}

interface ApiRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly bytes: Buffer;
  readonly method: string;
}

async function answerCall(
  { core, gate }: Site,
  { request, response, url, bytes, method }: ApiRequest,
): Promise<void> {
  const { token, ...args } = decode(request, url, bytes);
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const answer = await gate.handle({
    method,
    token: bearer ?? (typeof token === 'string' ? token : ''),
    args,
  });
  if (answer.cut === true) {
    request.socket.destroy();
    return;
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.setHeader('x-oauth-scopes', core.scopes.join(','));
  send(response, answer.status, answer.body);
}

function decode(request: IncomingMessage, url: URL, bytes: Buffer): JsonObject {
  const type = request.headers['content-type'] ?? '';
  const query = fromFields(url.searchParams.entries());
  if (type.includes('application/json')) {
    const body = parseJson(bytes.toString('utf8'));
    return { ...query, ...(isObject(body) ? body : {}) };
  }
  return { ...query, ...fromFields(new URLSearchParams(bytes.toString('utf8')).entries()) };
}

function fromFields(fields: Iterable<[string, string]>): JsonObject {
  return Object.fromEntries(
    [...fields].map(([key, value]) => [
      key,
      JSON_ARGUMENTS.has(key) ? (parseJson(value) ?? value) : value,
    ]),
  );
}

/** The bytes of an upload: the whole body, or the first part of a multipart one. */
function fileBytes(request: IncomingMessage, bytes: Buffer): Uint8Array {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/.exec(
    request.headers['content-type'] ?? '',
  )?.[1];
  if (boundary === undefined) return new Uint8Array(bytes);
  const start = bytes.indexOf('\r\n\r\n') + 4;
  return new Uint8Array(bytes.subarray(start, bytes.indexOf(`\r\n--${boundary}`, start)));
}

/** Files are private: the bot's token with files:read opens them. */
function download(
  core: Core,
  {
    request,
    response,
    fileId,
  }: { request: IncomingMessage; response: ServerResponse; fileId: string },
): void {
  const held = core.messages.file(fileId);
  const isBot = request.headers.authorization === `Bearer ${INSTALLATION.botToken}`;
  if (!isBot || !core.scopes.includes('files:read') || held === undefined) {
    send(response, isBot ? 404 : 401, {
      ok: false,
      error: isBot ? 'file_not_found' : 'not_authed',
    });
    return;
  }
  response.writeHead(200, { 'content-type': held.file.mimeType }).end(held.content);
}

async function answerResponse(
  core: Core,
  response: ServerResponse,
  { path, bytes }: { path: string; bytes: Buffer },
): Promise<void> {
  const source = bytes.toString('utf8');
  const parsed = parseJson(source);
  try {
    await answerResponseUrl(core, path, isObject(parsed) ? parsed : { text: source });
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    const isGone = ['used_url', 'expired_url', 'invalid_url'].includes(error.code);
    send(response, isGone ? 404 : 400, { ok: false, error: error.code });
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: JsonObject): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(body));
}
