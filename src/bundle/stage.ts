import { sql, type Transaction } from 'kysely';
import { type Database } from '../db/database.ts';
import { type BundleSource } from './bundle-source.ts';
import { type Column, FILES, WITH_ATTRIBUTES } from './columns.ts';
import { readCsv, UnreadableCsv } from './csv-reader.ts';
import { type ProblemList } from './problems.ts';

export type BundleTx = Transaction<Database>;
type Cell = string | number | boolean | null | readonly (string | number)[];

const ROWS_AT_ONCE = 2000;
const ATTRIBUTE: Column = {
  required: false,
  type: FILES['manifest']?.['value']?.type ?? {
    schema: neverCell(),
    sql: 'text',
    expected: 'text',
  },
};

function neverCell(): never {
  throw new Error('the manifest has no value column');
}

/**
 * Streams every known file into the temporary table `bundle_row` (file, line, body), cell by cell
 * checked; memory does not grow with the file. Faults go to `problems`.
 * @returns rows per file
 */
export async function stageBundle(
  tx: BundleTx,
  source: BundleSource,
  problems: ProblemList,
): Promise<ReadonlyMap<string, number>> {
  await sql`create temp table bundle_row (file text not null, line int not null, body jsonb not null)
    on commit drop`.execute(tx);
  const rows = new Map<string, number>();
  for (const [file, open] of source.files) {
    const columns = FILES[file];
    if (columns === undefined) continue;
    const staged = await stageFile({ tx, file, columns, problems }, await open());
    rows.set(file, staged);
  }
  await sql`create index on bundle_row (file)`.execute(tx);
  await sql`analyze bundle_row`.execute(tx);
  return rows;
}

interface Staging {
  readonly tx: BundleTx;
  readonly file: string;
  readonly columns: Readonly<Record<string, Column>>;
  readonly problems: ProblemList;
}

async function stageFile(staging: Staging, bytes: Parameters<typeof readCsv>[0]): Promise<number> {
  const { file, problems } = staging;
  let header: readonly string[] | undefined;
  let batch: { line: number; body: Record<string, Cell> }[] = [];
  let count = 0;
  try {
    for await (const { line, cells } of readCsv(bytes)) {
      if (header === undefined) {
        header = cells;
        checkHeader(staging, cells);
        continue;
      }
      count += 1;
      batch.push({ line, body: readRow(staging, header, { line, cells }) });
      if (batch.length >= ROWS_AT_ONCE) {
        await insertRows(staging, batch);
        batch = [];
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableCsv)) throw error;
    const at = { file: `${file}.csv`, line: error.line, column: null, value: null };
    problems.add({ ...at, expected: `CSV in UTF-8 (${error.message})` });
  }
  await insertRows(staging, batch);
  return count;
}

function checkHeader({ file, columns, problems }: Staging, header: readonly string[]): void {
  for (const column of header) {
    if (columnOf(file, columns, column) !== undefined) continue;
    const at = { file: `${file}.csv`, line: 1, column, value: column };
    problems.add({ ...at, expected: `one of ${Object.keys(columns).join(', ')}` });
  }
  for (const [column, { required }] of Object.entries(columns)) {
    if (!required || header.includes(column)) continue;
    problems.add({ file: `${file}.csv`, line: 1, column, value: null, expected: 'this column' });
  }
}

function columnOf(
  file: string,
  columns: Readonly<Record<string, Column>>,
  column: string,
): Column | undefined {
  if (WITH_ATTRIBUTES.has(file) && column.startsWith('attr:')) return ATTRIBUTE;
  return columns[column];
}

function readRow(
  { file, columns, problems }: Staging,
  header: readonly string[],
  { line, cells }: { line: number; cells: readonly string[] },
): Record<string, Cell> {
  const body: Record<string, Cell> = {};
  for (const [index, name] of header.entries()) {
    const column = columnOf(file, columns, name);
    if (column === undefined) continue;
    const cell = cells[index] ?? '';
    const at = { file: `${file}.csv`, line, column: name, value: cell === '' ? null : cell };
    if (cell === '') {
      if (column.required) problems.add({ ...at, expected: column.type.expected });
      body[name] = null;
      continue;
    }
    const parsed = column.type.schema.safeParse(cell);
    if (parsed.success) body[name] = parsed.data;
    else problems.add({ ...at, expected: column.type.expected });
  }
  return body;
}

async function insertRows(
  { tx, file }: Staging,
  batch: readonly { line: number; body: Record<string, Cell> }[],
): Promise<void> {
  if (batch.length === 0) return;
  await sql`
    insert into bundle_row (file, line, body)
    select ${file}, (r ->> 'line')::int, r -> 'body'
    from jsonb_array_elements(${JSON.stringify(batch)}::jsonb) r`.execute(tx);
}
