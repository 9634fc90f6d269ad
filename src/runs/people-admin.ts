import { type Db } from '../db/database.ts';
import { type AuditDetail, recordAudit, recordAudits } from '../db/queries/audit.ts';
import {
  changeMemberships,
  countHolders,
  findListedPerson,
  findPlaces,
  readGroups,
  readSubteams,
  searchPeople,
  setActive,
  writeGroup,
  writeSubteam,
} from '../db/queries/groups.ts';
import { findPersonById, savePerson } from '../db/queries/people.ts';
import { readSlackState, readUnchecked, writeSlackStates } from '../db/queries/standing.ts';
import { PushRefused } from '../domain/errors.ts';
import {
  type CalendarPlace,
  type GroupChange,
  type PeopleAdmin,
  placeCode,
} from '../domain/people-admin.ts';
import { type Person } from '../domain/ports.ts';
import { holds, toolCodes, type ToolRight } from '../domain/rights.ts';

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
    places: async ({ by, ...query }) => {
      await demand(db, by, 'read');
      return findPlaces(db, query);
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

/** The right of this moment, not of when the view was opened (T05); whoever holds the database needs none. */
async function demand(db: Db, by: Person | null, right: keyof ToolRight): Promise<void> {
  if (by === null) return;
  const person = await findPersonById(db, by.id);
  if (person !== undefined && holds(person.rights, 'user_security', right)) return;
  const name = right === 'read' ? 'Read' : 'Write';
  throw new PushRefused('not_permitted', `People and rights need ${name} on User Security.`);
}

async function changePerson(
  db: Db,
  change: Parameters<PeopleAdmin['savePerson']>[0],
): Promise<void> {
  const { by, from, active, join = [], leave = [], ...slack } = change;
  if (change.name?.trim() === '')
    throw new PushRefused('invalid_options', 'Give the person a name.');
  await db.transaction().execute(async (tx) => {
    await demand(tx, by, 'write');
    const known = await findListedPerson(tx, slack);
    const name = change.name?.trim() ?? known?.name;
    if (name === undefined) throw new PushRefused('invalid_options', 'Give the person a name.');
    const { id } = await savePerson(tx, { ...slack, name });
    if (active !== undefined) await setActive(tx, id, active);
    await changeMemberships(tx, { userId: id, join, leave });
    await refuseLockout(tx, by);
    await recordAudit(tx, {
      actorId: by?.id ?? null,
      action: 'person.saved',
      detail: {
        person: id,
        name,
        ...(active === undefined ? {} : { active }),
        joined: join.join(', '),
        left: leave.join(', '),
        from,
      },
    });
  });
}

async function changeGroup(
  db: Db,
  change: Parameters<PeopleAdmin['saveGroup']>[0],
): Promise<number> {
  const { by, from, ...group } = change;
  const name = group.name?.trim();
  if (name === '' || (group.id === null && name === undefined))
    throw new PushRefused('invalid_options', 'Give the group a name.');
  return db.transaction().execute(async (tx) => {
    await demand(tx, by, 'write');
    const saved = await writeGroup(tx, { ...group, ...(name === undefined ? {} : { name }) });
    if (saved === undefined)
      throw new PushRefused(
        'invalid_options',
        'Another group has this name, or is filled from this Slack user group.',
      );
    await refuseLockout(tx, by);
    await recordAudit(tx, {
      actorId: by?.id ?? null,
      action: 'group.saved',
      detail: { ...factsOf(group), group: saved.id, name: saved.name, from },
    });
    if (saved.left.length > 0)
      await recordAudit(tx, {
        actorId: by?.id ?? null,
        action: 'group.synced',
        detail: { group: saved.id, joined: '', left: saved.left.join(', '), from },
      });
    return saved.id;
  });
}

/** What of a group was changed, for the audit log. */
function factsOf(change: GroupChange): AuditDetail {
  const { tools, allCalendars, give = [], take = [], slackSubteamId } = change;
  const named = (places: readonly CalendarPlace[]): string => places.map(placeCode).join(', ');
  return {
    ...(tools === undefined ? {} : { tools: toolCodes(tools) }),
    ...(allCalendars === undefined ? {} : { calendars: allCalendars }),
    ...(give.length === 0
      ? {}
      : {
          modify: named(give.filter(({ canModify }) => canModify)),
          see: named(give.filter(({ canModify }) => !canModify)),
        }),
    ...(take.length === 0 ? {} : { taken: named(take) }),
    ...(slackSubteamId === undefined ? {} : { slackGroup: slackSubteamId }),
  };
}

/** A district in which nobody may give rights could not be repaired from Slack, only at the command line. */
async function refuseLockout(tx: Db, by: Person | null): Promise<void> {
  if (by === null || (await countHolders(tx, 'user_security')) > 0) return;
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
