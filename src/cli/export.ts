import { type Command } from 'commander';
import { exportBundle } from '../bundle/export-bundle.ts';
import { type CliContext, withDatabase } from './context.ts';

/** `export DIR`: writes the whole database as a district bundle. */
export function registerExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .description('export the district as a bundle into a new or empty folder')
    .argument('<folder>', 'where to write the CSV files')
    .action(async (folder: string) => {
      const { files } = await withDatabase(context, (db) => exportBundle(db, folder));
      for (const { name, rows } of files) context.print(`${name}.csv: ${rows} rows`);
    });
}
