import { type Db } from '../db/database.ts';
import { readDesynced, readWishes } from '../db/queries/queue-changes.ts';
import { PushRefused } from '../domain/errors.ts';
import { type PushServices } from '../domain/ports.ts';
import { type QueueChange } from '../domain/queue-list.ts';

/**
 * A relink of the courses and kinds of data that a push found desynced (S12): it takes the values of
 * the course masters and removes nothing. As it replaces values it is asked about like an overwrite.
 * @returns the id of the new run
 */
export async function repairRun(
  db: Db,
  submit: PushServices['submit'],
  { person, runId, key, from }: QueueChange & { key: string },
): Promise<number> {
  const [wishes, desynced] = await Promise.all([readWishes(db, runId), readDesynced(db, runId)]);
  if (wishes === undefined) throw new PushRefused('not_found', `There is no push #${runId}.`);
  if (desynced.courseIds.length === 0)
    throw new PushRefused('wrong_state', `Push #${runId} found no course desynced.`);
  const { schoolYearId, catalogId, toSections } = wishes.options;
  const { runId: repair } = await submit({
    person,
    options: {
      kind: 'relink',
      ...{ schoolYearId, catalogId, toSections, ...desynced },
      ...{ mode: 'overwrite', allCalendars: false, crossSite: false },
    },
    schedule: { kind: 'now' },
    idempotencyKey: `repair:${runId}:${key}`,
    channelId: wishes.channelId,
    from,
    comment: `Relink what push #${runId} found desynced`,
  });
  return repair;
}
