/** The playground's web page: serves it on loopback and keeps every open browser up to date. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Logger } from 'pino';
import { isSystemError } from '../servers/system-error.ts';
import { PageRoutes } from './routes.ts';
import { Workspace, type WorkspaceOptions } from './workspace.ts';

export interface PageOptions extends WorkspaceOptions {
  readonly logger: Pick<Logger, 'error'>;
}

export interface Page {
  /** Address to open, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** The page's port, taken before what stands behind the page has started; it asks for patience. */
export interface PagePort extends Page {
  /** Serves the page from now on. */
  serve(options: PageOptions): void;
}

/** The port is another program's, or not ours to take. The message is for the person at the terminal. */
export class PortUnavailable extends Error {
  override readonly name = 'PortUnavailable';
}

const LOOPBACK = '127.0.0.1';

/**
 * Takes a port on 127.0.0.1 for the page.
 * @param port 0 takes a free one
 * @throws PortUnavailable
 */
export async function takePagePort(port: number): Promise<PagePort> {
  let routes: PageRoutes | undefined;
  let handle = askForPatience;
  const server = createServer((request, response) => {
    handle(request, response);
  });
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${taken}`,
    serve: (options) => {
      routes = new PageRoutes(options.standIn, new Workspace(options));
      routes.allowHosts([`${LOOPBACK}:${taken}`, `localhost:${taken}`]);
      handle = handlerOf(routes, options.logger);
    },
    close: async () => {
      routes?.endStreams();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, LOOPBACK, resolve);
    });
  } catch (cause) {
    if (!isSystemError(cause, 'EADDRINUSE', 'EACCES')) throw cause;
    throw new PortUnavailable(
      `Port ${port} cannot be taken for the page: another program has it, or it is reserved; set PLAYGROUND_PORT to a free one.`,
      { cause },
    );
  }
}

function handlerOf(
  routes: PageRoutes,
  logger: PageOptions['logger'],
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    routes.handle(request, response).catch((error: unknown) => {
      logger.error({ err: error, path: request.url }, 'The playground page failed');
      answerFailure(request, response);
    });
  };
}

/** A browser that is early asks again by itself. */
function askForPatience(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', refresh: '1' });
  response.end('The playground is starting.\n');
}

function answerFailure(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: `${request.method ?? ''} failed; the log says why.` }));
}
