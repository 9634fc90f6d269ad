import { type Db } from '../db/database.ts';
import { recordAudit, recordAudits } from '../db/queries/audit.ts';
import {
  countHolders,
  findListedPerson,
  readGroups,
  readSchools,
  readSubteams,
  searchPeople,
  setActive,
  setGroups,
  writeGroup,
  writeSubteam,
} from '../db/queries/groups.ts';
import { findPersonById, savePerson } from '../db/queries/people.ts';
import { readSlackState, readUnchecked, writeSlackStates } from '../db/queries/standing.ts';
import { PushRefused } from '../domain/errors.ts';
import { type PeopleAdmin } from '../domain/people-admin.ts';
import { type Person } from '../domain/ports.ts';
import { holds, type ToolRight } from '../domain/rights.ts';

/** How long Slack's word about a person is good, and how many are asked about in one round. */
const CHECK_EVERY_S = 300;
const CHECKED_AT_ONCE = 50;

/** Who may do what, on one database (domain.md section 6). Every change is in the audit log. */
export function peopleAdmin(db: Db): PeopleAdmin {
  return {
    people: async ({ by, ...query }) => {
      await demand(db, by, 'read');
      return searchPeople(db, { ...query, slackTeamId: by.slackTeamId });
    },
    find: async ({ by, ...slack }) => {
      await demand(db, by, 'read');
      return findListedPerson(db, slack);
    },
    groups: async (by) => {
      await demand(db, by, 'read');
      return readGroups(db);
    },
    schools: async (by) => {
      await demand(db, by, 'read');
      return readSchools(db);
    },
    savePerson: (change) => changePerson(db, change),
    saveGroup: (change) => changeGroup(db, change),
    slackState: (slack) => readSlackState(db, slack),
    noteSlackStates: (said) => noteSlackStates(db, said),
    unchecked: (slackTeamId) =>
      readUnchecked(db, { slackTeamId, olderThanSeconds: CHECK_EVERY_S, limit: CHECKED_AT_ONCE }),
    subteams: () => readSubteams(db),
    syncSubteam: (change) => syncSubteam(db, change),
  };
}

/** The right of this moment, not of when the view was opened (T05). */
async function demand(db: Db, by: Person, right: keyof ToolRight): Promise<void> {
  const person = await findPersonById(db, by.id);
  if (person !== undefined && holds(person.rights, 'user_security', right)) return;
  const name = right === 'read' ? 'Read' : 'Write';
  throw new PushRefused('not_permitted', `People and rights need ${name} on User Security.`);
}

async function changePerson(
  db: Db,
  change: Parameters<PeopleAdmin['savePerson']>[0],
): Promise<void> {
  const { by, from, active, groupIds, ...who } = change;
  if (who.name.trim() === '') throw new PushRefused('invalid_options', 'Give the person a name.');
  await db.transaction().execute(async (tx) => {
    await demand(tx, by, 'write');
    const id = await savePerson(tx, who);
    await setActive(tx, id, active);
    await setGroups(tx, id, groupIds);
    await refuseLockout(tx);
    await recordAudit(tx, {
      actorId: by.id,
      action: 'person.saved',
      detail: { person: id, active, groups: groupIds.join(', '), from },
    });
  });
}

async function changeGroup(
  db: Db,
  change: Parameters<PeopleAdmin['saveGroup']>[0],
): Promise<number> {
  const { by, from, ...group } = change;
  const name = group.name.trim();
  if (name === '') throw new PushRefused('invalid_options', 'Give the group a name.');
  return db.transaction().execute(async (tx) => {
    await demand(tx, by, 'write');
    const id = await writeGroup(tx, { ...group, name });
    if (id === undefined)
      throw new PushRefused(
        'invalid_options',
        'Another group has this name, or is filled from this Slack user group.',
      );
    await refuseLockout(tx);
    const tools = Object.keys(group.tools).length;
    await recordAudit(tx, {
      actorId: by.id,
      action: 'group.saved',
      detail: { group: id, name, tools, calendars: group.allCalendars, from },
    });
    return id;
  });
}

/** A district in which nobody may give rights could not be repaired from Slack. */
async function refuseLockout(tx: Db): Promise<void> {
  if ((await countHolders(tx, 'user_security')) > 0) return;
  throw new PushRefused(
    'invalid_options',
    'Somebody must keep Write on User Security, or nobody could give rights any more.',
  );
}

async function syncSubteam(
  db: Db,
  change: Parameters<PeopleAdmin['syncSubteam']>[0],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { joined, left } = await writeSubteam(tx, change);
    if (joined.length + left.length === 0) return;
    await recordAudit(tx, {
      actorId: null,
      action: 'group.synced',
      detail: {
        group: change.groupId,
        joined: joined.join(', '),
        left: left.join(', '),
        from: 'slack',
      },
    });
  });
}

async function noteSlackStates(
  db: Db,
  said: Parameters<PeopleAdmin['noteSlackStates']>[0],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const changed = await writeSlackStates(tx, said);
    await recordAudits(
      tx,
      changed.map(({ id, before, after }) => ({
        actorId: null,
        action: 'person.seen_in_slack',
        detail: { person: id, before, after, from: 'slack' },
      })),
    );
  });
}
