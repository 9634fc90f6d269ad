import { type Command } from 'commander';
import { type CliContext } from './context.ts';

/** The commands that are the product's processes. */
export function registerRoles(program: Command, { roles, print }: CliContext): void {
  program
    .command('serve')
    .description('run the Slack bot')
    .action(() => roles.serve());
  program
    .command('work')
    .description('run a worker')
    .action(() => roles.work());
  program
    .command('dev')
    .description('run bot and worker in one process')
    .action(() => roles.dev());
  program
    .command('migrate')
    .description('bring the database to the version of this program')
    .action(async () => {
      const applied = await roles.migrate();
      for (const name of applied) print(`applied ${name}`);
      if (applied.length === 0) print('The database is up to date.');
    });
}
