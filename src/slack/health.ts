import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

import { type CustomRoute } from '@slack/bolt';

import { within } from './patience.ts';

const PATIENCE_MS = 1000;

/** Whether the process can serve: the database answers. Throws when not. */
export type IsReady = () => Promise<unknown>;

/** `/healthz`: the process runs. `/readyz`: it can serve. */
export function healthRoutes(isReady: IsReady): CustomRoute[] {
  return [
    {
      path: '/healthz',
      method: ['GET'],
      handler: (_request, response) => {
        answer(response, 200, 'ok');
      },
    },
    {
      path: '/readyz',
      method: ['GET'],
      handler: (_request, response) => {
        void answerReady(isReady, response);
      },
    },
  ];
}

/** The two routes on a port of their own, for Socket Mode, where Bolt serves no HTTP. @param port 0 takes a free one */
export async function startHealthServer(
  isReady: IsReady,
  { port, host }: { readonly port: number; readonly host?: string | undefined },
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const routes = healthRoutes(isReady);
  const server = createServer((request, response) => {
    const route = routes.find(({ path }) => path === request.url);
    if (route === undefined || request.method !== 'GET') answer(response, 404, 'not found');
    else route.handler(withParams(request), response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  });
  return { port: portOf(server), stop: () => close(server) };
}

/** The port that a listening server has. */
export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the HTTP server has no port');
  }
  return address.port;
}

function withParams(
  request: IncomingMessage,
): IncomingMessage & { params: Record<string, string> } {
  return Object.assign(request, { params: {} });
}

async function answerReady(isReady: IsReady, response: ServerResponse): Promise<void> {
  const ready = await within(
    PATIENCE_MS,
    isReady().then(
      () => true,
      () => false,
    ),
  );
  if (ready === true) answer(response, 200, 'ready');
  else answer(response, 503, 'the database does not answer');
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
