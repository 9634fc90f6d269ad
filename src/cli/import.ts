import { type Command } from 'commander';
import { importBundle } from '../bundle/import-bundle.ts';
import { type CliContext, withDatabase } from './context.ts';

/** `import DIR|ZIP`: brings a district bundle in, all of it or nothing. */
export function registerImport(program: Command, context: CliContext): void {
  program
    .command('import')
    .description('import a district bundle: a folder or a .zip of CSV files')
    .argument('<source>', 'folder or .zip')
    .action(async (source: string) => {
      const today = new Date().toISOString().slice(0, 10);
      const imported = await withDatabase(context, (db) => importBundle(db, source, today));
      for (const warning of imported.warnings) context.note(warning);
      for (const [file, rows] of imported.files) context.print(`${file}.csv: ${rows} rows`);
    });
}
