import { sql } from 'kysely';
import { type Db } from '../db/database.ts';
import { openBundle } from './bundle-source.ts';
import { FILES } from './columns.ts';
import { ProblemList } from './problems.ts';
import { checkReferences } from './references.ts';
import { LINKS, SETUP, STUDENT_WORK } from './setup-upserts.ts';
import { type BundleTx, stageBundle } from './stage.ts';
import { COURSES, PLACES, REFERENCE_DATA } from './upserts.ts';

export interface Imported {
  /** Rows read per file. */
  readonly files: ReadonlyMap<string, number>;
  /** Files that nobody reads. */
  readonly warnings: readonly string[];
}

/**
 * Imports a district bundle, a folder or a zip, in one transaction: all of it or nothing.
 * @param today `YYYY-MM-DD`; the active school year is the latest that has begun
 * @throws BundleRefused listing every faulty row
 */
export async function importBundle(db: Db, source: string, today: string): Promise<Imported> {
  const bundle = await openBundle(source);
  try {
    const warnings = [...bundle.files.keys()]
      .filter((file) => !(file in FILES))
      .map((file) => `${file}.csv is not a file of a bundle and was not read.`);
    const files = await db.transaction().execute(async (tx) => {
      const problems = new ProblemList();
      const rows = await stageBundle(tx, bundle, problems);
      problems.refuseIfAny();
      for (const part of [PLACES, REFERENCE_DATA, COURSES, SETUP, STUDENT_WORK])
        await runAll(tx, part);
      await checkReferences(tx, problems);
      problems.refuseIfAny();
      await runAll(tx, LINKS);
      await activateYear(tx, today);
      return rows;
    });
    return { files, warnings };
  } finally {
    bundle.close();
  }
}

async function runAll(tx: BundleTx, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(tx);
}

async function activateYear(tx: BundleTx, today: string): Promise<void> {
  await sql`
    with active as (
      select id from school_year where start_on <= ${today}::date order by start_on desc limit 1
    )
    update school_year set is_active = false
    where is_active and id not in (select id from active)`.execute(tx);
  await sql`
    update school_year set is_active = true where not is_active and id = (
      select id from school_year where start_on <= ${today}::date order by start_on desc limit 1)`.execute(
    tx,
  );
}
