import { type SelectQueryBuilder, sql } from 'kysely';
import { type ListedPerson, type Membership } from '../../domain/people-admin.ts';
import { type Person } from '../../domain/ports.ts';
import { type Rights, type Tool, TOOLS, type ToolRight } from '../../domain/rights.ts';
import { type SlackState } from '../../domain/standing.ts';
import { type SuggestedGroup } from '../../domain/suggested-groups.ts';
import { type Db } from '../database.ts';
import { type DB } from '../schema.generated.ts';

/** The active person mapped to a Slack user; nobody else counts as known (T05). */
export async function findPersonBySlack(
  db: Db,
  slack: { teamId: string; userId: string },
): Promise<Person | undefined> {
  const row = await db
    .selectFrom('app_user')
    .select(['id'])
    .where('slack_team_id', '=', slack.teamId)
    .where('slack_user_id', '=', slack.userId)
    .executeTakeFirst();
  return row && findPersonById(db, row.id);
}

/** The person with the rights of this moment; undefined when deactivated, here or in Slack, and for guests. */
export async function findPersonById(db: Db, id: number): Promise<Person | undefined> {
  const row = await db
    .selectFrom('app_user')
    .select(['id', 'slack_team_id', 'slack_user_id', 'display_name'])
    .where('id', '=', id)
    .where('active', '=', true)
    .where('slack_state', 'in', ['member', 'unknown'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    slackTeamId: row.slack_team_id,
    slackUserId: row.slack_user_id,
    name: row.display_name,
    rights: await readRights(db, row.id),
  };
}

/** The sum over the person's groups (domain.md section 6). */
async function readRights(db: Db, userId: number): Promise<Rights> {
  const [tools, calendars] = await Promise.all([
    readToolRights(db, userId),
    readCalendarRights(db, userId),
  ]);
  return {
    tools,
    modifiableCalendars: new Set(calendars.filter((row) => row.modify).map((row) => row.id)),
    visibleCalendars: new Set(calendars.map((row) => row.id)),
  };
}

async function readToolRights(db: Db, userId: number): Promise<Partial<Record<Tool, ToolRight>>> {
  const rows = await db
    .selectFrom('tool_right')
    .innerJoin('user_group_member', 'user_group_member.group_id', 'tool_right.group_id')
    .select([
      'tool_right.tool',
      sql<boolean>`bool_or(can_read)`.as('read'),
      sql<boolean>`bool_or(can_write)`.as('write'),
      sql<boolean>`bool_or(can_add)`.as('add'),
      sql<boolean>`bool_or(can_delete)`.as('delete'),
    ])
    .where('user_group_member.user_id', '=', userId)
    .groupBy('tool_right.tool')
    .execute();
  const rights: Partial<Record<Tool, ToolRight>> = {};
  for (const { tool, ...right } of rows) {
    const known = TOOLS.find((name) => name === tool);
    if (known !== undefined) rights[known] = right;
  }
  return rights;
}

// A null column of calendar_right stands for every school, year or calendar.
async function readCalendarRights(
  db: Db,
  userId: number,
): Promise<{ id: number; modify: boolean }[]> {
  const { rows } = await sql<{ id: number; modify: boolean }>`
    select c.id, bool_or(r.can_modify) as modify
    from user_group_member m
    join calendar_right r on r.group_id = m.group_id
    join calendar c on (r.calendar_id is null or r.calendar_id = c.id)
      and (r.school_id is null or r.school_id = c.school_id)
      and (r.school_year_id is null or r.school_year_id = c.school_year_id)
    where m.user_id = ${userId}
    group by c.id`.execute(db);
  return rows;
}

/** Every person, by name, with the groups they are in. */
export async function listPeople(db: Db): Promise<ListedPerson[]> {
  return selectPeople(db).orderBy('display_name').orderBy('id').execute();
}

/** People with their groups, to be narrowed and ordered. */
export function selectPeople(db: Db): SelectQueryBuilder<DB, 'app_user', ListedPerson> {
  return db.selectFrom('app_user').select([
    'id',
    'slack_team_id as slackTeamId',
    'slack_user_id as slackUserId',
    'display_name as name',
    'active',
    sql<SlackState>`slack_state`.as('slackState'),
    sql<Membership[]>`coalesce((
        select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'fromSlack', m.via_subteam)
          order by g.name)
        from user_group g join user_group_member m on m.group_id = g.id
        where m.user_id = app_user.id), '[]')`.as('groups'),
  ]);
}

/** Maps a Slack user to a person, or renames the one already mapped. @returns the id, and whether they are active */
export async function savePerson(
  db: Db,
  person: { slackTeamId: string; slackUserId: string; name: string },
): Promise<{ id: number; active: boolean }> {
  const row = await db
    .insertInto('app_user')
    .values({
      slack_team_id: person.slackTeamId,
      slack_user_id: person.slackUserId,
      display_name: person.name,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['slack_team_id', 'slack_user_id'])
        .doUpdateSet({ display_name: person.name }),
    )
    .returning(['id', 'active'])
    .executeTakeFirstOrThrow();
  return row;
}

/** Puts the person into the group; false when there is no such group. */
export async function joinGroup(
  db: Db,
  member: { userId: number; group: string },
): Promise<boolean> {
  const group = await db
    .selectFrom('user_group')
    .select('id')
    .where('name', '=', member.group)
    .executeTakeFirst();
  if (group === undefined) return false;
  await db
    .insertInto('user_group_member')
    .values({ group_id: group.id, user_id: member.userId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return true;
}

/** Names of the groups, in order. */
export async function listGroups(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('user_group').select('name').orderBy('name').execute();
  return rows.map((row) => row.name);
}

/** Creates a group with its rights unless one of that name exists, whose rights are the district's. */
export async function seedGroup(db: Db, seed: SuggestedGroup): Promise<boolean> {
  const group = await db
    .insertInto('user_group')
    .values({ name: seed.name })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (group === undefined) return false;
  const tools = seed.tools.map(({ tool, right }) => ({
    group_id: group.id,
    tool,
    can_read: right.read,
    can_write: right.write,
    can_add: right.add,
    can_delete: right.delete,
  }));
  if (tools.length > 0) await db.insertInto('tool_right').values(tools).execute();
  if (seed.calendars !== null) {
    await db
      .insertInto('calendar_right')
      .values({ group_id: group.id, can_modify: seed.calendars === 'modify' })
      .execute();
  }
  return true;
}
