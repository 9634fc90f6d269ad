import { type Db } from '../db/database.ts';
import { readApprovers } from '../db/queries/approvals.ts';
import { findPersonById } from '../db/queries/people.ts';
import { readNeeds } from '../db/queries/run-list.ts';
import { missingForApproval } from '../domain/approval.ts';
import { missingForPush, type Rights } from '../domain/rights.ts';

/**
 * The rights that whoever asked for the run, or approved it, lacks at this moment, in words; null when
 * all still may. Asked again when the run starts, because a night job outlives people's rights
 * (section 6, T09, T10).
 */
export async function missingRights(
  db: Db,
  run: { runId: number; requestedBy: number },
): Promise<string | null> {
  const needs = await readNeeds(db, run.runId);
  const requester = await lackOf(db, run.requestedBy, {
    who: 'who asked for the push',
    missing: (rights) => missingForPush(rights, needs),
  });
  if (requester !== null) return requester;
  for (const approver of await readApprovers(db, run.runId)) {
    const lack = await lackOf(db, approver, {
      who: 'who approved it',
      missing: (rights) => missingForApproval(rights, needs.calendarIds),
    });
    if (lack !== null) return lack;
  }
  return null;
}

async function lackOf(
  db: Db,
  personId: number,
  { who, missing }: { who: string; missing: (rights: Rights) => string[] },
): Promise<string | null> {
  const person = await findPersonById(db, personId);
  if (person === undefined) return `the person ${who} is no longer active.`;
  const lacks = missing(person.rights);
  return lacks.length > 0 ? `${person.name}, ${who}, lacks ${lacks.join('; ')}.` : null;
}
