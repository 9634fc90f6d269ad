import { type Db } from '../db/database.ts';
import { recordAudit } from '../db/queries/audit.ts';
import { type CancelFound, requestCancel } from '../db/queries/finishing.ts';
import { readOwner } from '../db/queries/run-list.ts';
import { PushRefused } from '../domain/errors.ts';
import { type Person } from '../domain/ports.ts';
import { mayManage, type QueueChange } from '../domain/queue-list.ts';
import { endedAlready } from './ended-already.ts';
import { endEverything } from './finish-run.ts';
import { announceProgress } from './notices.ts';

/**
 * Cancels a run: at once when nobody works on it, else after its current batch (B04).
 * @returns `canceled` or `stopping`
 * @throws PushRefused for an unknown or finished run, and for lack of rights (T24)
 */
export function cancelRun(db: Db): (request: QueueChange) => Promise<'canceled' | 'stopping'> {
  return async ({ person, runId, from }) => {
    const run = await readOwner(db, runId);
    if (run === undefined) throw new PushRefused('not_found', `There is no push #${runId}.`);
    refuseUnpermitted(person, run.requestedBy);
    const found = await db.transaction().execute(async (tx): Promise<CancelFound> => {
      const state = await requestCancel(tx, { runId, personId: person.id });
      if (state === 'idle')
        await endEverything(
          tx,
          { runId, planId: run.planId },
          { as: 'canceled', actorId: person.id, detail: { from } },
        );
      if (state === 'working') {
        await recordAudit(tx, {
          ...{ actorId: person.id, action: 'run.cancel_asked', runId, detail: { from } },
        });
        await announceProgress(tx, runId);
      }
      return state;
    });
    if (found === 'finished') throw await endedAlready(db, runId);
    return found === 'idle' ? 'canceled' : 'stopping';
  };
}

function refuseUnpermitted(person: Person, requestedBy: number): void {
  if (person.id !== requestedBy && !mayManage(person.rights, false, 'write'))
    throw new PushRefused(
      'not_permitted',
      'Canceling the push of another person needs Write on Batch Queue Admin.',
    );
}
