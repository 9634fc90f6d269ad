import { type Command } from 'commander';
import { importBundle } from '../bundle/import-bundle.ts';
import { BundleRefused, describeProblem } from '../bundle/problems.ts';
import { type CliContext, withDatabase } from './context.ts';

/** `import DIR|ZIP`: brings a district bundle in, all of it or nothing. */
export function registerImport(program: Command, context: CliContext): void {
  program
    .command('import')
    .description('import a district bundle: a folder or a .zip of CSV files')
    .argument('<source>', 'folder or .zip')
    .action(async (source: string) => {
      const today = new Date().toISOString().slice(0, 10);
      const options = { today, onWarning: context.note };
      const { files } = await withDatabase(context, (db) =>
        importBundle(db, source, options).catch((error: unknown) => {
          throw listed(error, context);
        }),
      );
      for (const { name, rows, created, updated, removed } of files) {
        const changes = `${created} created, ${updated} updated, ${removed} removed`;
        context.print(`${name}.csv: ${rows} rows, ${changes}`);
      }
    });
}

/** The whole list goes to standard error; the error that ends the command only counts. */
function listed(error: unknown, context: CliContext): unknown {
  if (!(error instanceof BundleRefused)) return error;
  for (const problem of error.problems) context.note(describeProblem(problem));
  const more = error.total - error.problems.length;
  if (more > 0) context.note(`and ${more} more`);
  return new Error(`The bundle has ${error.total} problem(s); nothing was imported.`, {
    cause: error.cause,
  });
}
