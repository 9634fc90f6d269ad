import { sql } from 'kysely';
import {
  type CalendarPlace,
  type CalendarReach,
  type GroupChange,
  type ListedPerson,
  type UserGroup,
} from '../../domain/people-admin.ts';
import { type Tool, TOOLS, type ToolRight } from '../../domain/rights.ts';
import { type Db } from '../database.ts';
import { selectPeople } from './people.ts';

interface GroupRow extends Omit<UserGroup, 'tools'> {
  readonly tools: Readonly<Record<string, ToolRight>>;
}

/** A place of calendar_right `c` in words: "Harrison High", "23-24", "Harrison High in 23-24". */
const PLACE_NAME = sql`coalesce(
  (select k.name from calendar k where k.id = c.calendar_id),
  concat_ws(' in ', (select s.name from school s where s.id = c.school_id),
    (select y.label from school_year y where y.id = c.school_year_id)))`;

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
      coalesce((select jsonb_agg(jsonb_build_object('schoolId', c.school_id,
          'schoolYearId', c.school_year_id, 'calendarId', c.calendar_id,
          'canModify', c.can_modify, 'name', ${PLACE_NAME}) order by ${PLACE_NAME}, c.id)
        from calendar_right c where c.group_id = g.id
          and num_nonnulls(c.school_id, c.school_year_id, c.calendar_id) > 0), '[]') as places
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

/** Schools, then school years, then calendars whose name holds every word. */
export async function findPlaces(
  db: Db,
  query: { search: string; limit: number },
): Promise<(CalendarPlace & { name: string })[]> {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const { rows } = await sql<CalendarPlace & { name: string }>`
    select "schoolId", "schoolYearId", "calendarId", name from (
      select 1 as kind, id as "schoolId", null::int as "schoolYearId", null::int as "calendarId",
        name from school
      union all select 2, null, id, null, label from school_year
      union all select 3, null, null, id, name from calendar
    ) place
    where (select bool_and(position(word in lower(name)) > 0) from unnest(${words}::text[]) word)
      is not false
    order by kind, name limit ${query.limit}`.execute(db);
  return rows;
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

/** Takes a person out of groups and puts them into others; what is put by hand no longer hangs on Slack. */
export async function changeMemberships(
  tx: Db,
  change: { userId: number; join: readonly number[]; leave: readonly number[] },
): Promise<void> {
  await sql`
    delete from user_group_member where user_id = ${change.userId}
      and group_id = any(${[...change.leave]}::int[])`.execute(tx);
  await sql`
    insert into user_group_member (group_id, user_id)
    select id, ${change.userId} from user_group where id = any(${[...change.join]}::int[])
    on conflict (group_id, user_id) do update set via_subteam = false
      where user_group_member.via_subteam`.execute(tx);
}

export async function setActive(tx: Db, userId: number, active: boolean): Promise<void> {
  await tx.updateTable('app_user').set({ active }).where('id', '=', userId).execute();
}

/** What writing a group led to: its id, and who left because its Slack user group no longer fills it. */
export interface WrittenGroup {
  readonly id: number;
  readonly name: string;
  readonly left: readonly string[];
}

/** @returns undefined when another group has the name or the Slack user group, or there is none to change */
export async function writeGroup(tx: Db, change: GroupChange): Promise<WrittenGroup | undefined> {
  if (await isTaken(tx, change)) return undefined;
  const before = change.id === null ? null : await lockGroup(tx, change.id);
  const values = before === undefined ? undefined : valuesOf(change, before);
  if (values === undefined) return undefined;
  const id = await saveGroup(tx, change.id, values);
  if (change.tools !== undefined) await writeTools(tx, id, change.tools);
  if (change.allCalendars !== undefined) await writeReach(tx, id, change.allCalendars);
  await writePlaces(tx, id, change);
  const isOther = (before?.slackSubteamId ?? null) !== values.slack_subteam_id;
  return { id, name: values.name, left: isOther ? await emptyOfSubteam(tx, id) : [] };
}

/** What the change leaves out stays as it was. @returns undefined for a new group without a name */
function valuesOf(
  change: GroupChange,
  before: { name: string; slackSubteamId: string | null } | null,
): { name: string; slack_subteam_id: string | null } | undefined {
  const { name = before?.name, slackSubteamId = before?.slackSubteamId ?? null } = change;
  return name === undefined ? undefined : { name, slack_subteam_id: slackSubteamId };
}

async function saveGroup(
  tx: Db,
  id: number | null,
  values: { name: string; slack_subteam_id: string | null },
): Promise<number> {
  const saved =
    id === null
      ? tx.insertInto('user_group').values(values).returning('id')
      : tx.updateTable('user_group').set(values).where('id', '=', id).returning('id');
  return (await saved.executeTakeFirstOrThrow()).id;
}

async function isTaken(tx: Db, { id, name, slackSubteamId }: GroupChange): Promise<boolean> {
  const { rows } = await sql`
    select id from user_group
    where (name = ${name ?? null} or slack_subteam_id = ${slackSubteamId ?? null})
      and id is distinct from ${id}::int limit 1`.execute(tx);
  return rows.length > 0;
}

async function lockGroup(
  tx: Db,
  id: number,
): Promise<{ id: number; name: string; slackSubteamId: string | null } | undefined> {
  return tx
    .selectFrom('user_group')
    .select(['id', 'name', 'slack_subteam_id as slackSubteamId'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

/** @returns the Slack ids of those who were in the group by its Slack user group alone */
async function emptyOfSubteam(tx: Db, groupId: number): Promise<string[]> {
  const { rows } = await sql<{ userId: string }>`
    delete from user_group_member m using app_user u
    where m.group_id = ${groupId} and m.via_subteam and u.id = m.user_id
    returning u.slack_user_id as "userId"`.execute(tx);
  return rows.map(({ userId }) => userId);
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

async function writeReach(tx: Db, groupId: number, reach: CalendarReach): Promise<void> {
  await sql`delete from calendar_right where group_id = ${groupId}
    and num_nonnulls(school_id, school_year_id, calendar_id) = 0`.execute(tx);
  if (reach === 'none') return;
  await tx
    .insertInto('calendar_right')
    .values({ group_id: groupId, can_modify: reach === 'modify' })
    .execute();
}

/** Writes the differences alone: a place that is not named keeps its right. */
async function writePlaces(
  tx: Db,
  groupId: number,
  { give = [], take = [] }: GroupChange,
): Promise<void> {
  const named = JSON.stringify([...give, ...take]);
  await sql`
    delete from calendar_right c
    using jsonb_to_recordset(${named}::jsonb)
      as p ("schoolId" int, "schoolYearId" int, "calendarId" int)
    where c.group_id = ${groupId} and num_nonnulls(c.school_id, c.school_year_id, c.calendar_id) > 0
      and (c.school_id, c.school_year_id, c.calendar_id)
        is not distinct from (p."schoolId", p."schoolYearId", p."calendarId")`.execute(tx);
  await sql`
    insert into calendar_right (group_id, school_id, school_year_id, calendar_id, can_modify)
    select ${groupId}, p."schoolId", p."schoolYearId", p."calendarId", p."canModify"
    from jsonb_to_recordset(${JSON.stringify(give)}::jsonb)
      as p ("schoolId" int, "schoolYearId" int, "calendarId" int, "canModify" boolean)`.execute(tx);
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

/** Names of people who count and may write on the tool. */
export async function listHolders(db: Db, tool: Tool, limit: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select u.display_name as name from app_user u
    where u.active and u.slack_state in ('member', 'unknown') and exists (
      select 1 from user_group_member m join tool_right t on t.group_id = m.group_id
      where m.user_id = u.id and t.tool = ${tool} and t.can_write)
    order by u.display_name, u.id limit ${limit}`.execute(db);
  return rows.map(({ name }) => name);
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
