import { type Db } from '../db/database.ts';
import { countWorkers } from '../db/queries/heartbeats.ts';
import { listWaiting } from '../db/queries/run-list.ts';
import { announceProgressOf } from './notices.ts';

/**
 * Has the thread of every push that waits for a worker say whether there is one: told once when the
 * last worker went silent, or when the push comes to wait meanwhile, and once when one is back (B03).
 * The first round tells all, since nobody knows what an earlier process told.
 * @returns one round; call it every few seconds
 */
export function tellWaiting(db: Db): () => Promise<void> {
  let told = new Set<number>();
  let isNew = true;
  return async () => {
    const isSilent = (await countWorkers(db)).alive === 0;
    const waiting = isSilent || isNew ? await listWaiting(db) : [];
    const untold = isSilent ? waiting.filter((runId) => !told.has(runId)) : [...waiting, ...told];
    if (untold.length > 0) await announceProgressOf(db, untold);
    told = new Set(isSilent ? waiting : []);
    isNew = false;
  };
}
