import { type Logger } from 'pino';

/** A part of the product that runs until it is stopped. */
export interface Running {
  /** Stops in the reverse order of the start; repeating it changes nothing. */
  stop(): Promise<void>;
}

/** Collects what was started, to be stopped in reverse order, also when a later start fails. */
export interface Started extends Running {
  push(name: string, stop: () => Promise<void>): void;
}

/** A trouble while stopping one part is logged and does not keep the others running. */
export function startedParts(logger: Logger): Started {
  const parts: { name: string; stop: () => Promise<void> }[] = [];
  const stopAll = async (): Promise<void> => {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const { name, stop } = part;
      await stop().catch((error: unknown) => {
        logger.error({ err: error, part: name }, 'stopping went wrong');
      });
    }
  };
  let stopping: Promise<void> | undefined;
  return {
    push: (name, stop) => {
      parts.push({ name, stop });
    },
    stop: () => (stopping ??= stopAll()),
  };
}

/** Runs the start; when it fails, what it had started is stopped before the error goes on. */
export async function startOrUndo<Result>(
  started: Started,
  start: () => Promise<Result>,
): Promise<Result> {
  try {
    return await start();
  } catch (error) {
    await started.stop();
    throw error;
  }
}
