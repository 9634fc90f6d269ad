import { type Db } from '../db/database.ts';
import { findHurried } from '../db/queries/claims.ts';
import { type Executed } from './execute-run.ts';

type Execute = (runId: number, signal: AbortSignal) => Promise<Executed>;

/**
 * Does due runs of high priority before the one that a wake-up names (B06): wake-ups come in the order
 * in which they were sent, and a run may be hurried long after its own.
 */
export function hurriedFirst(db: Db, execute: Execute): Execute {
  return async (runId, signal) => {
    while (!signal.aborted) {
      const hurried = await findHurried(db);
      if (hurried === undefined || hurried === runId) break;
      // Whoever was quicker has it; what is left is looked at by the next wake-up.
      if ((await execute(hurried, signal)) === 'not_due') break;
    }
    return execute(runId, signal);
  };
}
