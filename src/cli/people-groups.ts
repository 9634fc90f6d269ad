import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Db } from '../db/database.ts';
import { findPlaces, readGroups } from '../db/queries/groups.ts';
import { type CalendarPlace, type GroupChange, type UserGroup } from '../domain/people-admin.ts';
import { rightOf, toolCodes, type ToolRight, TOOLS } from '../domain/rights.ts';
import { peopleAdmin } from '../runs/people-admin.ts';
import { choose } from './choose.ts';
import { type CliContext, withDatabase } from './context.ts';

/** Whoever can run commands holds the password of the database; the audit log says where it was done. */
export const BY_COMMAND_LINE = { by: null, from: 'cli' } as const;

const LEVELS = ['modify', 'see', 'none'] as const;
type Level = (typeof LEVELS)[number];

interface PlaceFlags {
  readonly school?: string;
  readonly year?: string;
  readonly calendar?: string;
}

const GROUP = 'name of the group';
const TOOL_HELP = `\nTools: ${TOOLS.join(', ')}.`;

/** The commands of `people` that make groups and give them rights; each is in the audit log. */
export function registerGroups(people: Command, context: CliContext): void {
  people
    .command('groups')
    .description('list the groups that give rights')
    .action(() => list(context));
  people
    .command('group')
    .description('show one group: members, rights, calendars, Slack user group')
    .argument('<group>', GROUP)
    .action((group: string) => change(context, group, () => Promise.resolve({})));
  people
    .command('new-group')
    .description('make a group, without any right')
    .argument('<name>', 'name of the new group')
    .action((name: string) => make(context, name));
  people
    .command('rights')
    .description('set what a group may do with a tool: letters of R, W, A and D, or none')
    .argument('<group>', GROUP)
    .argument('<tool>', 'tool, such as push_all_course_masters')
    .argument(
      '<letters>',
      'Read, Write, Add, Delete: such as RW; none takes every right',
      readLetters,
    )
    .addHelpText('after', TOOL_HELP)
    .action((group: string, tool: string, right: ToolRight) =>
      change(context, group, ({ tools }) => {
        const known = choose(
          'tool',
          tool,
          TOOLS.map((name) => ({ id: name, name })),
        );
        return Promise.resolve({ tools: { ...tools, [known.id]: right } });
      }),
    );
  people
    .command('calendars')
    .description('set which calendars a group may modify or see; without a place, all of them')
    .argument('<group>', GROUP)
    .addArgument(people.createArgument('<right>', 'modify, see or none').choices(LEVELS))
    .option('--school <name>', 'only of this school')
    .option('--year <year>', 'only of this school year, such as 23-24')
    .addOption(new Option('--calendar <name>', 'only this calendar').conflicts(['school', 'year']))
    .action((group: string, level: Level, flags: PlaceFlags) =>
      change(context, group, (_, db) => calendarChange(db, level, flags)),
    );
  people
    .command('slack-group')
    .description('fill a group from a Slack user group; none: its members leave')
    .argument('<group>', GROUP)
    .argument('<id>', 'id of the Slack user group, such as S0123ABC, or none', readSubteam)
    .action((group: string, slackSubteamId: string | null) =>
      change(context, group, () => Promise.resolve({ slackSubteamId })),
    );
}

function readLetters(letters: string): ToolRight {
  const right = rightOf(letters.toLowerCase() === 'none' ? '' : letters);
  if (right === undefined) throw new InvalidArgumentError('Use letters of R, W, A and D, or none.');
  return right;
}

function readSubteam(id: string): string | null {
  if (id.toLowerCase() === 'none') return null;
  if (!/^S[A-Z0-9]{2,}$/.test(id))
    throw new InvalidArgumentError('Slack user groups have ids such as S0123ABC.');
  return id;
}

async function list(context: CliContext): Promise<void> {
  for (const { name } of await withDatabase(context, readGroups)) context.print(name);
}

async function make(context: CliContext, name: string): Promise<void> {
  await withDatabase(context, (db) =>
    peopleAdmin(db).saveGroup({ id: null, name, ...BY_COMMAND_LINE }),
  );
  context.print(`${name} is made. Give it rights with: push-course-masters people rights`);
}

/** Changes a group, when there is something to change, and shows it. */
async function change(
  context: CliContext,
  text: string,
  wish: (group: UserGroup, db: Db) => Promise<Omit<GroupChange, 'id'>>,
): Promise<void> {
  const group = await withDatabase(context, async (db) => {
    const found = choose('group', text, await readGroups(db));
    const changes = await wish(found, db);
    if (Object.keys(changes).length > 0)
      await peopleAdmin(db).saveGroup({ id: found.id, ...changes, ...BY_COMMAND_LINE });
    return choose(
      'group',
      String(found.id),
      (await readGroups(db)).filter(({ id }) => id === found.id),
    );
  });
  for (const line of groupLines(group)) context.print(line);
}

async function calendarChange(
  db: Db,
  level: Level,
  flags: PlaceFlags,
): Promise<Omit<GroupChange, 'id'>> {
  const place = await placeOf(db, flags);
  if (place === undefined) return { allCalendars: level };
  return level === 'none'
    ? { take: [place] }
    : { give: [{ ...place, canModify: level === 'modify' }] };
}

/** @returns undefined when no place is named: all calendars */
async function placeOf(db: Db, flags: PlaceFlags): Promise<CalendarPlace | undefined> {
  const { school, year, calendar } = flags;
  if (school === undefined && year === undefined && calendar === undefined) return undefined;
  const places = await findPlaces(db, { search: '', limit: MOST_PLACES });
  const idOf = (
    what: string,
    name: string | undefined,
    key: keyof CalendarPlace,
  ): number | null => {
    if (name === undefined) return null;
    const choices = places.flatMap((one) => {
      const id = one[key];
      return id === null ? [] : [{ id, name: one.name }];
    });
    return choose(what, name, choices).id;
  };
  return {
    schoolId: idOf('school', school, 'schoolId'),
    schoolYearId: idOf('school year', year, 'schoolYearId'),
    calendarId: idOf('calendar', calendar, 'calendarId'),
  };
}

/** More places than any district has. */
const MOST_PLACES = 100_000;

const REACH = { none: 'none as a whole', see: 'all to see', modify: 'all to modify' } as const;

function groupLines(group: UserGroup): string[] {
  const places = group.places.map(
    ({ name, canModify }) => `  ${name}: ${canModify ? 'modify' : 'see'}`,
  );
  return [
    group.name,
    `Members: ${group.members}`,
    `Rights: ${toolCodes(group.tools) || 'none'}`,
    `Calendars: ${REACH[group.allCalendars]}`,
    ...places,
    `Slack user group: ${group.slackSubteamId ?? 'none'}`,
  ];
}
