/** The playground's web page: serves it on loopback and keeps every open browser up to date. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Logger } from 'pino';
import { PageRoutes } from './routes.ts';
import { Workspace, type WorkspaceOptions } from './workspace.ts';

export interface PageOptions extends WorkspaceOptions {
  readonly logger: Pick<Logger, 'error'>;
  /** Default: a free one. */
  readonly port?: number;
}

export interface Page {
  /** Address to open, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Starts the page on 127.0.0.1.
 * @throws the server's own error when the port is taken
 */
export async function startPage(options: PageOptions): Promise<Page> {
  const routes = new PageRoutes(options.standIn, new Workspace(options));
  const server = createServer((request, response) => {
    routes.handle(request, response).catch((error: unknown) => {
      options.logger.error({ err: error, path: request.url }, 'The playground page failed');
      answerFailure(request, response);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  routes.allowHosts([`${LOOPBACK}:${port}`, `localhost:${port}`]);
  return {
    url: `http://${LOOPBACK}:${port}`,
    close: async () => {
      routes.endStreams();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

function answerFailure(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: `${request.method ?? ''} failed; the log says why.` }));
}
