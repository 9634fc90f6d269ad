import { type Logger } from 'pino';

/** Runs done without the queue, while it cannot be reached (reliability.md 3.1, step 9). */
export interface DirectRuns {
  /** False when as many runs as allowed are in hand already. */
  readonly start: (runId: number) => boolean;
  stop(): Promise<void>;
}

/** @param run does a run's work until the signal comes; never more than `limit` at a time */
export function directRuns(settings: {
  run: (runId: number, signal: AbortSignal) => Promise<unknown>;
  limit: number;
  logger: Logger;
}): DirectRuns {
  const stopping = new AbortController();
  const inHand = new Map<number, Promise<void>>();
  const work = async (runId: number): Promise<void> => {
    try {
      await settings.run(runId, stopping.signal);
    } catch (error) {
      settings.logger.error({ err: error, runId }, 'doing a run without the queue went wrong');
    } finally {
      inHand.delete(runId);
    }
  };
  return {
    start: (runId) => {
      if (inHand.has(runId)) return true;
      if (stopping.signal.aborted || inHand.size >= settings.limit) return false;
      inHand.set(runId, work(runId));
      return true;
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(inHand.values());
    },
  };
}
