import { type Command } from 'commander';
import { type Db } from '../db/database.ts';
import { readGroups } from '../db/queries/groups.ts';
import { listPeople } from '../db/queries/people.ts';
import { type ListedPerson, type PersonChange, type UserGroup } from '../domain/people-admin.ts';
import { type SlackState } from '../domain/standing.ts';
import { addPerson } from '../runs/add-person.ts';
import { peopleAdmin } from '../runs/people-admin.ts';
import { choose } from './choose.ts';
import { type CliContext, withDatabase } from './context.ts';
import { BY_COMMAND_LINE, registerGroups } from './people-groups.ts';

interface AddOptions {
  readonly team: string;
  readonly user: string;
  readonly name: string;
  readonly group?: readonly string[];
}

const PERSON = 'name or Slack member id';

/** `people`: who of Slack may do what (domain.md section 6). */
export function registerPeople(program: Command, context: CliContext): void {
  const people = program
    .command('people')
    .description('map Slack users to people, put them into groups, give groups rights');
  people
    .command('add')
    .description('map a Slack user, or rename one, and put them into groups')
    .requiredOption('--team <id>', 'Slack workspace, e.g. T0123ABC')
    .requiredOption('--user <id>', 'Slack member id, e.g. U0123ABC')
    .requiredOption('--name <name>', 'name as shown in lists and messages')
    .option('--group <name...>', 'group to join; repeat for several')
    .action((options: AddOptions) => add(context, options));
  people
    .command('list')
    .description('list everybody with their groups')
    .action(() => list(context));
  people
    .command('deactivate')
    .description('from now on the person can do nothing, and nothing they asked for starts')
    .argument('<person>', PERSON)
    .action((person: string) => change(context, person, () => ({ active: false })));
  people
    .command('reactivate')
    .description('give a deactivated person back what their groups give')
    .argument('<person>', PERSON)
    .action((person: string) => change(context, person, () => ({ active: true })));
  people
    .command('join')
    .description('put a person into a group')
    .argument('<person>', PERSON)
    .argument('<group>', 'name of the group')
    .action((person: string, group: string) =>
      change(context, person, (groups) => ({ join: [choose('group', group, groups).id] })),
    );
  people
    .command('leave')
    .description('take a person out of a group')
    .argument('<person>', PERSON)
    .argument('<group>', 'name of the group')
    .action((person: string, group: string) =>
      change(context, person, (groups) => ({ leave: [choose('group', group, groups).id] })),
    );
  registerGroups(people, context);
}

async function add(context: CliContext, options: AddOptions): Promise<void> {
  await withDatabase(context, async (db) => {
    const { id, seeded } = await addPerson(db, {
      slackTeamId: options.team,
      slackUserId: options.user,
      name: options.name,
      groups: options.group ?? [],
    });
    if (seeded) context.note('Created the suggested groups.');
    context.print(`${options.name} is person ${id}.`);
  });
}

async function list(context: CliContext): Promise<void> {
  const everybody = await withDatabase(context, listPeople);
  for (const person of everybody) context.print(personLine(person));
  if (everybody.length === 0)
    context.print('Nobody yet. Add the first person with: push-course-masters people add');
}

/** Changes one person and shows what they are then. */
async function change(
  context: CliContext,
  text: string,
  wish: (groups: readonly UserGroup[]) => Pick<PersonChange, 'active' | 'join' | 'leave'>,
): Promise<void> {
  await withDatabase(context, async (db) => {
    const { slackTeamId, slackUserId, name } = await findAnybody(db, text);
    const person = { slackTeamId, slackUserId, name };
    const changes = wish(await readGroups(db));
    await peopleAdmin(db).savePerson({ ...person, ...changes, ...BY_COMMAND_LINE });
    context.print(personLine(await findAnybody(db, slackUserId)));
  });
}

/** A person by name or Slack member id, deactivated or not. @throws ChoiceUnclear */
export async function findAnybody(db: Db, text: string): Promise<ListedPerson> {
  const people = (await listPeople(db)).map((person) => ({
    ...{ id: person.slackUserId, name: person.name },
    person,
  }));
  return choose('person', text, people).person;
}

const SLACK_WORDS: Readonly<Record<SlackState, string>> = {
  member: '',
  guest: ' (guest in Slack: can do nothing)',
  deactivated: ' (deactivated in Slack: can do nothing)',
  unknown: '',
};

function personLine(person: ListedPerson): string {
  const state = person.active ? SLACK_WORDS[person.slackState] : ' (deactivated)';
  const groups = person.groups.map(
    ({ name, fromSlack }) => `${name}${fromSlack ? ' (from Slack)' : ''}`,
  );
  return `${person.slackTeamId}/${person.slackUserId}  ${person.name}${state}  ${groups.join(', ') || 'no group'}`;
}
