import { sql } from 'kysely';
import {
  type CalendarReach,
  type GroupRights,
  type ListedPerson,
  type SchoolChoice,
  type UserGroup,
} from '../../domain/people-admin.ts';
import { type Tool, TOOLS, type ToolRight } from '../../domain/rights.ts';
import { type Db } from '../database.ts';
import { selectPeople } from './people.ts';

interface GroupRow {
  readonly id: number;
  readonly name: string;
  readonly members: number;
  readonly slackSubteamId: string | null;
  readonly tools: Readonly<Record<string, ToolRight>>;
  readonly allCalendars: CalendarReach;
  readonly schools: readonly { readonly id: number; readonly canModify: boolean }[];
}

/** Every group by name, with its rights. */
export async function readGroups(db: Db): Promise<UserGroup[]> {
  const { rows } = await sql<GroupRow>`
    select g.id, g.name, g.slack_subteam_id as "slackSubteamId",
      (select count(*)::int from user_group_member m where m.group_id = g.id) as members,
      coalesce((select jsonb_object_agg(t.tool, jsonb_build_object('read', t.can_read,
        'write', t.can_write, 'add', t.can_add, 'delete', t.can_delete))
        from tool_right t where t.group_id = g.id), '{}') as tools,
      coalesce((select case when bool_or(c.can_modify) then 'modify' else 'see' end
        from calendar_right c where c.group_id = g.id
          and num_nonnulls(c.school_id, c.school_year_id, c.calendar_id) = 0
        having count(*) > 0), 'none') as "allCalendars",
      coalesce((select jsonb_agg(jsonb_build_object('id', c.school_id, 'canModify', c.can_modify)
        order by c.school_id)
        from calendar_right c where c.group_id = g.id and c.school_id is not null
          and num_nonnulls(c.school_year_id, c.calendar_id) = 0), '[]') as schools
    from user_group g order by g.name`.execute(db);
  return rows.map((row) => ({ ...row, tools: knownTools(row.tools) }));
}

function knownTools(tools: Readonly<Record<string, ToolRight>>): Partial<Record<Tool, ToolRight>> {
  const known: Partial<Record<Tool, ToolRight>> = {};
  for (const tool of TOOLS) {
    const right = tools[tool];
    if (right !== undefined) known[tool] = right;
  }
  return known;
}

/** Schools by name. */
export async function readSchools(db: Db): Promise<SchoolChoice[]> {
  return db.selectFrom('school').select(['id', 'name']).orderBy('name').orderBy('id').execute();
}

/** People of one workspace by name, a page of them. */
export async function searchPeople(
  db: Db,
  query: { slackTeamId: string; search: string; limit: number; skip: number },
): Promise<ListedPerson[]> {
  return selectPeople(db)
    .where('slack_team_id', '=', query.slackTeamId)
    .where(sql<boolean>`position(lower(${query.search}) in lower(display_name)) > 0`)
    .orderBy('display_name')
    .orderBy('id')
    .limit(query.limit)
    .offset(query.skip)
    .execute();
}

/** The person a Slack user is mapped to, active or not. */
export async function findListedPerson(
  db: Db,
  slack: { slackTeamId: string; slackUserId: string },
): Promise<ListedPerson | undefined> {
  return selectPeople(db)
    .where('slack_team_id', '=', slack.slackTeamId)
    .where('slack_user_id', '=', slack.slackUserId)
    .executeTakeFirst();
}

/** Puts a person into exactly these groups; memberships that Slack gives stay. */
export async function setGroups(
  tx: Db,
  userId: number,
  groupIds: readonly number[],
): Promise<void> {
  await sql`
    delete from user_group_member where user_id = ${userId} and not via_subteam
      and group_id <> all(${[...groupIds]}::int[])`.execute(tx);
  await sql`
    insert into user_group_member (group_id, user_id)
    select id, ${userId} from user_group where id = any(${[...groupIds]}::int[])
    on conflict (group_id, user_id) do update set via_subteam = false
      where user_group_member.via_subteam`.execute(tx);
}

export async function setActive(tx: Db, userId: number, active: boolean): Promise<void> {
  await tx.updateTable('app_user').set({ active }).where('id', '=', userId).execute();
}

/** @returns the group's id; undefined when another group has the name or the Slack user group */
export async function writeGroup(
  tx: Db,
  group: GroupRights & { id: number | null },
): Promise<number | undefined> {
  const values = { name: group.name, slack_subteam_id: group.slackSubteamId };
  const taken = await tx
    .selectFrom('user_group')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('name', '=', group.name),
        eb('slack_subteam_id', 'is not', null).and('slack_subteam_id', '=', group.slackSubteamId),
      ]),
    )
    .where('id', 'is distinct from', group.id)
    .executeTakeFirst();
  if (taken !== undefined) return undefined;
  const saved =
    group.id === null
      ? await tx.insertInto('user_group').values(values).returning('id').executeTakeFirst()
      : await tx
          .updateTable('user_group')
          .set(values)
          .where('id', '=', group.id)
          .returning('id')
          .executeTakeFirst();
  if (saved === undefined) return undefined;
  await writeTools(tx, saved.id, group.tools);
  await writeReach(tx, saved.id, group);
  return saved.id;
}

async function writeTools(
  tx: Db,
  groupId: number,
  tools: Readonly<Partial<Record<Tool, ToolRight>>>,
): Promise<void> {
  await tx.deleteFrom('tool_right').where('group_id', '=', groupId).execute();
  const rows = TOOLS.flatMap((tool) => {
    const right = tools[tool];
    return right === undefined ? [] : [rightRow(groupId, tool, right)];
  });
  if (rows.length > 0) await tx.insertInto('tool_right').values(rows).execute();
}

function rightRow(
  groupId: number,
  tool: Tool,
  right: ToolRight,
): {
  group_id: number;
  tool: Tool;
  can_read: boolean;
  can_write: boolean;
  can_add: boolean;
  can_delete: boolean;
} {
  return {
    group_id: groupId,
    tool,
    can_read: right.read,
    can_write: right.write,
    can_add: right.add,
    can_delete: right.delete,
  };
}

/** Rights on a single year or calendar are not shown here, and stay. */
async function writeReach(tx: Db, groupId: number, group: GroupRights): Promise<void> {
  await sql`delete from calendar_right where group_id = ${groupId}
    and num_nonnulls(school_year_id, calendar_id) = 0`.execute(tx);
  const rows = [
    ...(group.allCalendars === 'none'
      ? []
      : [{ group_id: groupId, school_id: null, can_modify: group.allCalendars === 'modify' }]),
    ...group.schools.map(({ id, canModify }) => ({
      group_id: groupId,
      school_id: id,
      can_modify: canModify,
    })),
  ];
  if (rows.length > 0) await tx.insertInto('calendar_right').values(rows).execute();
}

/** Active people who may write on the tool. */
export async function countHolders(tx: Db, tool: Tool): Promise<number> {
  const { rows } = await sql<{ holders: number }>`
    select count(distinct u.id)::int as holders from app_user u
    join user_group_member m on m.user_id = u.id
    join tool_right t on t.group_id = m.group_id
    where u.active and u.slack_state in ('member', 'unknown')
      and t.tool = ${tool} and t.can_write`.execute(tx);
  return rows[0]?.holders ?? 0;
}

/** Groups that a Slack user group fills. */
export async function readSubteams(db: Db): Promise<{ groupId: number; slackSubteamId: string }[]> {
  const rows = await db
    .selectFrom('user_group')
    .select(['id', 'slack_subteam_id'])
    .where('slack_subteam_id', 'is not', null)
    .orderBy('id')
    .execute();
  return rows.flatMap(({ id, slack_subteam_id: slackSubteamId }) =>
    slackSubteamId === null ? [] : [{ groupId: id, slackSubteamId }],
  );
}

/** Makes the memberships that Slack gives exactly these. People unknown so far become known. @returns their Slack ids */
export async function writeSubteam(
  tx: Db,
  change: {
    groupId: number;
    slackTeamId: string;
    members: readonly { slackUserId: string; name: string }[];
  },
): Promise<{ joined: string[]; left: string[] }> {
  const ids = change.members.map(({ slackUserId }) => slackUserId);
  const names = change.members.map(({ name }) => name);
  await sql`
    insert into app_user (slack_team_id, slack_user_id, display_name, slack_state, slack_checked_at)
    select ${change.slackTeamId}, m.id, m.name, 'member', now()
    from unnest(${ids}::text[], ${names}::text[]) as m (id, name)
    on conflict (slack_team_id, slack_user_id) do nothing`.execute(tx);
  const left = await sql<{ userId: string }>`
    delete from user_group_member m using app_user u
    where m.group_id = ${change.groupId} and m.via_subteam and u.id = m.user_id
      and not (u.slack_team_id = ${change.slackTeamId} and u.slack_user_id = any(${ids}::text[]))
    returning u.slack_user_id as "userId"`.execute(tx);
  const joined = await sql<{ userId: string }>`
    with joined as (
      insert into user_group_member (group_id, user_id, via_subteam)
      select ${change.groupId}, u.id, true from app_user u
      where u.slack_team_id = ${change.slackTeamId} and u.slack_user_id = any(${ids}::text[])
      on conflict (group_id, user_id) do nothing
      returning user_id
    )
    select u.slack_user_id as "userId" from joined j join app_user u on u.id = j.user_id
    order by 1`.execute(tx);
  const named = (rows: readonly { userId: string }[]): string[] => rows.map(({ userId }) => userId);
  return { joined: named(joined.rows), left: named(left.rows) };
}
