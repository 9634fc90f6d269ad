import { type Db } from '../db/database.ts';
import { type CancelFound, requestCancel } from '../db/queries/finishing.ts';
import { type ApprovalServices } from '../domain/approval.ts';
import { lockOwn } from './answer-plan.ts';
import { endedAlready } from './ended-already.ts';
import { endEverything } from './finish-run.ts';

/**
 * The requester takes the run back, whatever rights they hold now: at once while nobody works on it,
 * else after the current batch (B04).
 * @throws PushRefused for another person's run and for a finished one
 */
export function withdrawRun(db: Db): ApprovalServices['withdraw'] {
  return async (request) => {
    const { runId, person, from } = request;
    const found = await db.transaction().execute(async (tx): Promise<CancelFound> => {
      const run = await lockOwn(tx, request);
      const state = await requestCancel(tx, { runId, personId: person.id });
      if (state === 'idle')
        await endEverything(
          tx,
          { runId, planId: run.planId },
          { as: 'canceled', actorId: person.id, action: 'run.withdrawn', detail: { from } },
        );
      return state;
    });
    if (found === 'finished') throw await endedAlready(db, runId);
    return found === 'idle' ? 'canceled' : 'stopping';
  };
}
