import { type Command } from 'commander';
import { listGroups, listPeople } from '../db/queries/people.ts';
import { type SlackState } from '../domain/standing.ts';
import { addPerson } from '../runs/add-person.ts';
import { type CliContext, withDatabase } from './context.ts';

interface AddOptions {
  readonly team: string;
  readonly user: string;
  readonly name: string;
  readonly group?: readonly string[];
}

/** `people add`, `people list`, `people groups`: who of Slack may do what (domain.md section 6). */
export function registerPeople(program: Command, context: CliContext): void {
  const people = program
    .command('people')
    .description('map Slack users to people and their rights');
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
    .command('groups')
    .description('list the groups that give rights')
    .action(() => groups(context));
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

const SLACK_WORDS: Readonly<Record<SlackState, string>> = {
  member: '',
  guest: ' (guest in Slack: can do nothing)',
  deactivated: ' (deactivated in Slack: can do nothing)',
  unknown: '',
};

async function list(context: CliContext): Promise<void> {
  const everybody = await withDatabase(context, listPeople);
  for (const person of everybody) {
    const state = person.active ? SLACK_WORDS[person.slackState] : ' (deactivated)';
    const slack = `${person.slackTeamId}/${person.slackUserId}`;
    context.print(`${slack}  ${person.name}${state}  ${person.groups.join(', ') || 'no group'}`);
  }
  if (everybody.length === 0)
    context.print('Nobody yet. Add the first person with: push-course-masters people add');
}

async function groups(context: CliContext): Promise<void> {
  for (const name of await withDatabase(context, listGroups)) context.print(name);
}
