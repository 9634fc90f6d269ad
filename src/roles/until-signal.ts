import { type Logger } from 'pino';
import { type Running } from './running.ts';

/** A process that has not stopped by then is ended; every push goes on elsewhere from its last batch. */
const STOP_WITHIN_MS = 10_000;

/** npm passes the terminal's Ctrl-C on to a process that has heard it already: no second one. */
const ECHO_MS = 500;

/**
 * Starts a part and stops it on SIGTERM or SIGINT, within 10 s; a second signal ends the process at
 * once. An error nobody expected ends the process too: its state can no longer be trusted.
 */
export async function untilSignal(logger: Logger, start: () => Promise<Running>): Promise<void> {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.once(event, (error: unknown) => {
      logger.fatal({ err: error, event }, 'an error nobody expected');
      process.exit(1);
    });
  }
  const signal = new Promise<string>((resolve) => {
    onSignals({ first: resolve, again: () => process.exit(1) });
  });
  const running = await start();
  logger.info({ signal: await signal }, 'stopping');
  setTimeout(() => {
    logger.error('did not stop in time');
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
  await running.stop();
  logger.info('stopped');
}

/** Tells of the first SIGTERM or SIGINT, and of each that somebody sends after it. */
export function onSignals(told: { first: (signal: string) => void; again: () => void }): void {
  let firstAt: number | undefined;
  const take = (signal: string): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      told.first(signal);
    } else if (performance.now() - firstAt > ECHO_MS) told.again();
  };
  process.on('SIGTERM', take);
  process.on('SIGINT', take);
}
