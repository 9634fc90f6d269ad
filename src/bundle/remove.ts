import { sql } from 'kysely';
import { z } from 'zod';
import { type BundleFile, type Sql, stage, type Tx } from './bundle-file.ts';
import { type ProblemList } from './problems.ts';

/** What a person calls the tables that can hang on a row. */
const WORDS: Readonly<Record<string, string>> = {
  assignment: 'assignments',
  assignment_gradable: 'assignments',
  score: 'scores',
  posted_grade: 'posted grades',
  test_score: 'test scores',
  roster: 'enrollments',
  section: 'classes',
  course: 'courses',
  course_master: 'masters',
  calendar: 'calendars',
  catalog_school_year: 'catalogs assigned to it',
  catalog_attribute_lock: 'catalog locks',
  cross_site_map: 'cross-site maps',
  push_run: 'push runs',
  push_job: 'push runs',
};

const inTheWay = z.object({
  code: z.enum(['23503', '23001']),
  table: z.string().optional(),
  message: z.string(),
});

/**
 * Removes the rows of a file that are `tobedeleted`. What student work hangs on stays: the foreign
 * keys and delete guards of the database refuse it, and each such row becomes a problem.
 * @returns rows removed
 */
export async function removeRows(tx: Tx, file: BundleFile, problems: ProblemList): Promise<number> {
  const { rows } = await sql<{ line: number; key: string }>`
    select s.line, concat_ws(', ', ${sql.join(file.key.map((column) => sql`${sql.ref(`s.${column}`)}::text`))})
      as key from ${stage(file.name)} s where s.removed order by s.line`.execute(tx);
  if (rows.length === 0) return 0;
  const together = await attempt(tx, file, sql`s.removed`);
  if (typeof together === 'number') return together;
  // One of them is refused: row by row, to name every one that is.
  for (const { line, key } of rows) {
    const result = await attempt(tx, file, sql`s.removed and s.line = ${sql.lit(line)}`);
    if (typeof result === 'number') continue;
    const at = { file: `${file.name}.csv`, line, column: file.key.join(', '), value: key };
    problems.add({ ...at, expected: `a row that nothing hangs on, but ${result.reason}` });
  }
  return 0;
}

async function attempt(
  tx: Tx,
  file: BundleFile,
  rows: Sql,
): Promise<number | { readonly reason: string }> {
  await sql`savepoint removal`.execute(tx);
  try {
    const removed = await runAll(tx, file, rows);
    await sql`release savepoint removal`.execute(tx);
    return removed;
  } catch (error) {
    const refused = inTheWay.safeParse(error);
    if (!refused.success) throw error;
    await sql`rollback to savepoint removal`.execute(tx);
    await sql`release savepoint removal`.execute(tx);
    return { reason: reasonOf(refused.data) };
  }
}

async function runAll(tx: Tx, file: BundleFile, rows: Sql): Promise<number> {
  let counted: number | undefined;
  for (const statement of file.removals(rows)) {
    const result = await statement.execute(tx);
    counted ??= Number(result.numAffectedRows ?? result.rows.length);
  }
  return counted ?? 0;
}

function reasonOf({ code, table, message }: z.infer<typeof inTheWay>): string {
  if (code === '23001' || table === undefined) return message;
  return `it has ${WORDS[table] ?? `rows in ${table}`}`;
}
