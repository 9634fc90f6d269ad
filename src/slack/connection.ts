import { type Server } from 'node:http';

import { type Authorize, type InstallationStore, type Receiver } from '@slack/bolt';
import { HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { type Logger } from 'pino';

import { interactiveOptions, slackLogger, type SlackServer } from './api.ts';
import { healthRoutes, type IsReady, portOf, startHealthServer } from './health.ts';
import { installPages, type OAuthSettings } from './install/pages.ts';

const BODY_LIMIT_BYTES = 1_000_000;

export interface ConnectionSettings extends SlackServer {
  readonly signingSecret: string;
  /** Present: Socket Mode; the port then serves health checks only. */
  readonly appToken?: string | undefined;
  /** Present: workspaces install the app by themselves, at /slack/install; over HTTP only. */
  readonly install?:
    { readonly oauth: OAuthSettings; readonly store: InstallationStore } | undefined;
  readonly port: number;
  /** Address to listen on; every one of the machine when absent. */
  readonly host?: string | undefined;
  readonly isReady: IsReady;
  readonly logger: Logger;
}

/** How Slack reaches us. `start` comes after the listeners are registered. */
export interface Connection {
  readonly receiver: Receiver;
  /** Looks up who answers for a workspace that installed the app; only with `install`. */
  readonly authorize?: Authorize<boolean>;
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
}

/** HTTP, or Socket Mode when there is an app token; both drive the same listeners (F48). */
export function connectionTo(settings: ConnectionSettings): Connection {
  return settings.appToken === undefined
    ? overHttp(settings)
    : overSocket(settings, settings.appToken);
}

function overHttp(settings: ConnectionSettings): Connection {
  const receiver = new HTTPReceiver({
    signingSecret: settings.signingSecret,
    bodyLimit: BODY_LIMIT_BYTES,
    customRoutes: healthRoutes(settings.isReady),
    logger: slackLogger(settings.logger),
    customPropertiesExtractor: ({ headers }) => ({
      signedAt: Number(headers['x-slack-request-timestamp']),
    }),
    ...(settings.install === undefined ? {} : installPages(settings.install, settings)),
  });
  const { installer } = receiver;
  let server: Server | undefined;
  return {
    receiver,
    ...(installer === undefined ? {} : { authorize: (source) => installer.authorize(source) }),
    start: async () => {
      server = await receiver.start({ port: settings.port, host: settings.host });
      return { port: portOf(server) };
    },
    // Bolt refuses to stop what did not start.
    stop: async () => {
      if (server !== undefined) await receiver.stop();
    },
  };
}

function overSocket(settings: ConnectionSettings, appToken: string): Connection {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: slackLogger(settings.logger),
    // The connection itself may be retried: nobody waits 3 s for it.
    installerOptions: { clientOptions: { ...interactiveOptions(settings), timeout: 10_000 } },
  });
  let health: { readonly port: number; stop(): Promise<void> } | undefined;
  return {
    receiver,
    start: async () => {
      await receiver.start();
      health = await startHealthServer(settings.isReady, settings);
      return { port: health.port };
    },
    stop: async () => {
      await receiver.stop();
      await health?.stop();
    },
  };
}
