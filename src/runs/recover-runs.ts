import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import { takeDueRuns } from '../db/queries/claims.ts';
import { type Enqueue } from './enqueue.ts';

interface RecoverSettings {
  readonly enqueue: Enqueue;
  readonly logger: Logger;
}

/** Runs looked at in one round; the rest follow in the next, 2 s later. */
const RUNS_PER_ROUND = 50;

/**
 * One round of the reconciler (step 3): wakes a worker for every run that is due, and for every run
 * whose worker is gone. This is what makes the queue's losses harmless.
 * @returns how many runs were woken
 */
export async function recoverRuns(db: Db, settings: RecoverSettings): Promise<number> {
  const wakeUps = await takeDueRuns(db, RUNS_PER_ROUND);
  const results = await Promise.allSettled(wakeUps.map((wakeUp) => settings.enqueue(wakeUp)));
  for (const result of results) {
    if (result.status === 'rejected')
      settings.logger.warn({ err: result.reason as unknown }, 'the queue did not take a due run');
  }
  return results.filter(({ status }) => status === 'fulfilled').length;
}
