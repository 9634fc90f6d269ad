import { type Db } from '../db/database.ts';
import { countWorkers } from '../db/queries/heartbeats.ts';
import { listWaiting } from '../db/queries/run-list.ts';
import { announceProgress } from './notices.ts';

/** Threads that are told in one round; more wait for the next. */
const THREADS_PER_ROUND = 100;

/**
 * Has the thread of every push that is due say whether anything processes it, when the last worker
 * went silent or the first one is back (B03). The message is only edited where it would differ.
 * @returns one round; call it every few seconds
 */
export function tellWaiting(db: Db): () => Promise<void> {
  let wasSilent = false;
  return async () => {
    const isSilent = (await countWorkers(db)).alive === 0;
    if (isSilent || wasSilent) {
      for (const runId of await listWaiting(db, THREADS_PER_ROUND))
        await announceProgress(db, runId);
    }
    wasSilent = isSilent;
  };
}
