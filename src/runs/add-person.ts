import { type Db } from '../db/database.ts';
import { recordAudit } from '../db/queries/audit.ts';
import { joinGroup, listGroups, savePerson, seedGroup } from '../db/queries/people.ts';
import { PushRefused } from '../domain/errors.ts';
import { SUGGESTED_GROUPS } from '../domain/suggested-groups.ts';

/** A Slack user as an administrator names them. */
export interface NewPerson {
  readonly slackTeamId: string;
  readonly slackUserId: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/**
 * Maps a Slack user and puts them into groups, all or nothing. A database without groups gets the
 * suggested ones first, so that an install can name its first administrator with one command.
 * @throws PushRefused for a deactivated person, and for an unknown group, naming those that exist
 */
export async function addPerson(
  db: Db,
  person: NewPerson,
): Promise<{ id: number; seeded: boolean }> {
  return db.transaction().execute(async (tx) => {
    const seeded = await seedSuggestedGroups(tx);
    const { id, active } = await savePerson(tx, person);
    if (!active)
      throw new PushRefused(
        'wrong_state',
        `${person.name} is deactivated. Nothing was changed; use: people reactivate ${person.slackUserId}`,
      );
    for (const group of person.groups) {
      if (await joinGroup(tx, { userId: id, group })) continue;
      const known = (await listGroups(tx)).join(', ');
      throw new PushRefused('not_found', `There is no group "${group}". Groups: ${known}.`);
    }
    await recordAudit(tx, {
      actorId: null,
      action: 'person.saved',
      detail: { person: id, groups: person.groups.join(', '), from: 'cli' },
    });
    return { id, seeded };
  });
}

/** @returns false when the database has groups already: their rights are the district's own. */
export async function seedSuggestedGroups(tx: Db): Promise<boolean> {
  if ((await listGroups(tx)).length > 0) return false;
  for (const group of SUGGESTED_GROUPS) await seedGroup(tx, group);
  return true;
}
