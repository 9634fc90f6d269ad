import { type Db } from '../db/database.ts';
import { findPersonById } from '../db/queries/people.ts';
import { readNeeds } from '../db/queries/run-list.ts';
import { missingForPush } from '../domain/rights.ts';

/**
 * The rights that whoever asked for the run lacks at this moment, in words; null when they still may.
 * Asked again when the run starts, because a night job outlives its requester's rights (section 6).
 */
export async function missingRights(
  db: Db,
  run: { runId: number; requestedBy: number },
): Promise<string | null> {
  const person = await findPersonById(db, run.requestedBy);
  if (person === undefined) return 'the person who asked for the push is no longer active.';
  const missing = missingForPush(person.rights, await readNeeds(db, run.runId));
  return missing.length > 0 ? `${person.name} lacks ${missing.join('; ')}.` : null;
}
