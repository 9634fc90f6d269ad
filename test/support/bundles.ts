import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { sql } from 'kysely';
import { type Db } from '../../src/db/database.ts';

/** The sample district that ships with the project. */
export const GRAND_BEND = path.resolve(import.meta.dirname, '../../data/grand-bend');

/** A bundle as tables: the header first, then the rows. */
export type BundleTables = Readonly<Record<string, readonly (readonly string[])[]>>;

/** New empty folders, removed together. */
export class Folders {
  private readonly made: string[] = [];

  async make(): Promise<string> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bundle-'));
    this.made.push(folder);
    return folder;
  }

  /** A folder with these files in it. */
  async write(tables: BundleTables): Promise<string> {
    const folder = await this.make();
    for (const [name, rows] of Object.entries(tables)) {
      await writeFile(path.join(folder, `${name}.csv`), stringify(rows.map((row) => [...row])));
    }
    return folder;
  }

  async removeAll(): Promise<void> {
    for (const folder of this.made) await rm(folder, { recursive: true, force: true });
  }
}

/** The bytes of a folder's files, by name. */
export async function bytesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  const entries = names.map(
    async (name) => [name, await readFile(path.join(folder, name), 'latin1')] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * One hash per table over every row and its version (xmin, ctid): it changes when a row is written
 * again, even with the same values.
 */
export async function rowVersions(db: Db): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
    order by 1`.execute(db);
  const versions: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ rows: string }>`
      select coalesce(string_agg(t.xmin || ' ' || t.ctid || ' ' || t::text, E'\n' order by t.ctid), '') as rows
      from ${sql.table(name)} t`.execute(db);
    versions[name] = createHash('sha256')
      .update(rows[0]?.rows ?? '')
      .digest('hex');
  }
  return versions;
}
