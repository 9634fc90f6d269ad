import { type Logger } from 'pino';
import { type Running } from './running.ts';

/** A process that has not stopped by then is ended; every push goes on elsewhere from its last batch. */
const STOP_WITHIN_MS = 10_000;

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
  const signal = nextSignal();
  const running = await start();
  logger.info({ signal: await signal }, 'stopping');
  void nextSignal().then(() => process.exit(1));
  setTimeout(() => {
    logger.error('did not stop in time');
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
  await running.stop();
  logger.info('stopped');
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    const take = (signal: string): void => {
      process.off('SIGTERM', take);
      process.off('SIGINT', take);
      resolve(signal);
    };
    process.on('SIGTERM', take);
    process.on('SIGINT', take);
  });
}
