import { promises as fs } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileMigrationProvider, Migrator, sql } from 'kysely';
import { type Db, openDatabase } from './database.ts';

const MIGRATIONS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../migrations');

/** The database is of another version than this program. The message names the command to run. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
}

/**
 * Brings the database to this program's version, forward only. Safe when several start at once.
 * @returns names of the migrations applied now, oldest first
 * @throws Error naming the migration that could not be applied
 */
export async function migrateToLatest(databaseUrl: string): Promise<string[]> {
  const { db, close } = openDatabase({
    url: databaseUrl,
    applicationName: 'push-migrate',
    maxConnections: 2,
  });
  try {
    const { error, results } = await migratorOf(db).migrateToLatest();
    if (error !== undefined) {
      const broken = results?.find((result) => result.status === 'Error');
      throw new Error(`applying migration ${broken?.migrationName ?? '(none)'}`, { cause: error });
    }
    return (results ?? []).map((result) => result.migrationName);
  } finally {
    await close();
  }
}

/**
 * Refuses a database of another version.
 * @throws SchemaMismatch saying which command to run
 */
export async function assertSchemaIsCurrent(db: Db): Promise<void> {
  const known = Object.keys(await provider.getMigrations()).sort();
  const { rows: tables } = await sql<{
    present: boolean;
  }>`select to_regclass('kysely_migration') is not null as present`.execute(db);
  const applied =
    tables[0]?.present === true
      ? (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db))
          .rows
      : [];
  const missing = known.filter((name) => !applied.some((row) => row.name === name));
  const unknown = applied.filter((row) => !known.includes(row.name));
  if (unknown.length > 0) {
    throw new SchemaMismatch(
      `The database is newer than this program (it has ${unknown.map((row) => row.name).join(', ')}). Install the version of the program that migrated it, then: npm ci && npm run build`,
    );
  }
  if (missing.length > 0) {
    throw new SchemaMismatch(
      `The database lacks ${missing.length} migration(s), first ${missing[0] ?? ''}. Run: npm run migrate`,
    );
  }
}

const provider = new FileMigrationProvider({ fs, path, migrationFolder: MIGRATIONS });

function migratorOf(db: Db): Migrator {
  return new Migrator({ db, provider });
}
