import { type Logger as SlackLogger, LogLevel } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { type Logger } from 'pino';

/** Where to call Slack. */
export interface SlackServer {
  /** Ends with /api/; Slack's own when absent. */
  readonly apiUrl?: string | undefined;
}

/** Where and as whom to call Slack. */
export interface SlackAccess extends SlackServer {
  readonly botToken: string;
}

/**
 * Options of the client that answers people: a trigger lives 3 s, so nothing is retried, waits
 * long, or queues behind a rate limit (F57).
 */
export function interactiveOptions(access: SlackServer): WebClientOptions {
  return {
    ...(access.apiUrl === undefined ? {} : { slackApiUrl: access.apiUrl }),
    retryConfig: { retries: 0 },
    timeout: 2000,
    rejectRateLimitedCalls: true,
  };
}

/** The client for notices. The notice box owns the retries: the SDK's own would post duplicates (F56). */
export function backgroundClient(access: SlackAccess, logger: Logger): WebClient {
  return new WebClient(access.botToken, {
    ...interactiveOptions(access),
    timeout: 10_000,
    logger: slackLogger(logger),
  });
}

/** Slack's libraries log through pino, under its level. Their debug output is a trace to us. */
export function slackLogger(logger: Logger): SlackLogger {
  const say = (parts: readonly unknown[]): string => parts.map(String).join(' ');
  let level = LogLevel.INFO;
  return {
    debug: (...parts) => {
      logger.trace(say(parts));
    },
    info: (...parts) => {
      logger.debug(say(parts));
    },
    warn: (...parts) => {
      logger.warn(say(parts));
    },
    error: (...parts) => {
      logger.error(say(parts));
    },
    setLevel: (next) => {
      level = next;
    },
    getLevel: () => level,
    setName: () => undefined,
  };
}
