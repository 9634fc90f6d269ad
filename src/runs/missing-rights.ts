import { type Db } from '../db/database.ts';
import { readApprovers } from '../db/queries/approvals.ts';
import { findPersonById } from '../db/queries/people.ts';
import { readNeeds, wasAskedInSlack } from '../db/queries/run-list.ts';
import { readStanding } from '../db/queries/standing.ts';
import { missingForApproval } from '../domain/approval.ts';
import { missingForPush, type Rights } from '../domain/rights.ts';
import { standingFault } from '../domain/standing.ts';

/**
 * The rights that whoever asked for the run, or approved it, lacks at this moment, in words; null when
 * all still may. Asked again when the run starts, because a night job outlives people's rights and
 * their accounts in Slack (section 6, T04, T09, T10).
 */
export async function missingRights(
  db: Db,
  run: { runId: number; requestedBy: number },
): Promise<string | null> {
  const needs = await readNeeds(db, run.runId);
  const requester = await lackOf(db, run.requestedBy, {
    did: 'asked for the push',
    needsSlack: await wasAskedInSlack(db, run.runId),
    missing: (rights) => missingForPush(rights, needs),
  });
  if (requester !== null) return requester;
  for (const { id } of await readApprovers(db, run.runId)) {
    const lack = await lackOf(db, id, {
      did: 'approved it',
      needsSlack: true,
      missing: (rights) => missingForApproval(rights, needs.calendarIds),
    });
    if (lack !== null) return lack;
  }
  return null;
}

interface Deed {
  readonly did: string;
  /** Whether it was done in Slack, where only full members do anything. */
  readonly needsSlack: boolean;
  readonly missing: (rights: Rights) => string[];
}

async function lackOf(
  db: Db,
  personId: number,
  { did, needsSlack, missing }: Deed,
): Promise<string | null> {
  const [standing, person] = await Promise.all([
    readStanding(db, personId),
    findPersonById(db, personId),
  ]);
  if (standing === undefined) return `the person who ${did} is gone.`;
  const { name } = standing;
  const fault = standingFault(standing, { needsSlack });
  if (fault !== null) return `${name}, who ${did}, ${fault}.`;
  const lacks = person === undefined ? ['every right'] : missing(person.rights);
  return lacks.length > 0 ? `${name}, who ${did}, lacks ${lacks.join('; ')}.` : null;
}
