import { setTimeout as pause } from 'node:timers/promises';
import { type Logger } from 'pino';

interface Repeated {
  readonly name: string;
  readonly everyMs: number;
  readonly logger: Logger;
  readonly task: () => Promise<unknown>;
}

/**
 * Does a task again and again, one at a time, with pauses that vary by a quarter so that processes do
 * not march in step. An error is logged and the next round comes as usual.
 * @returns a function that stops it and waits for the round that is under way
 */
export function repeat({ name, everyMs, logger, task }: Repeated): () => Promise<void> {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await task().catch((error: unknown) => {
        logger.error({ err: error, task: name }, 'a repeated task went wrong');
      });
      const vary = 0.75 + Math.random() / 2;
      await pause(everyMs * vary, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return () => {
    stopping.abort();
    return ended;
  };
}
