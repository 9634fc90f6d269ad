import { createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { type Db } from '../db/database.ts';
import { type BundleFile, type Export, type Sql, type Tx } from './bundle-file.ts';
import { BUNDLE_FILES } from './file-list.ts';
import { manifestRows } from './manifest.ts';

/** The folder to export into has files already, which would mix with the bundle's. */
export class ExportRefused extends Error {
  override readonly name = 'ExportRefused';
}

export interface ExportedBundle {
  readonly files: readonly { readonly name: string; readonly rows: number }[];
}

const ROWS_AT_ONCE = 2000;

/**
 * Writes the whole database as a bundle into a new or empty folder, seen at one moment, rows in key
 * order: the same database gives the same bytes (docs/bundle.md). Files without rows are left out,
 * except cmCalendars, whose absence has a meaning.
 * @throws ExportRefused when the folder is not empty
 */
export async function exportBundle(db: Db, folder: string): Promise<ExportedBundle> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new ExportRefused(`${folder} is not empty. Name a new or empty folder.`);
  }
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => exportFiles(tx, folder));
}

async function exportFiles(tx: Tx, folder: string): Promise<ExportedBundle> {
  const files: { name: string; rows: number }[] = [];
  for (const file of BUNDLE_FILES) {
    if (file.export === null || !(await hasRows(tx, file, file.export))) continue;
    const rows = await exportFile(tx, { folder, file, query: file.export });
    files.push({ name: file.name, rows });
  }
  const lines = await manifestRows(tx, new Set(files.map(({ name }) => name)));
  await writeCsv(path.join(folder, 'manifest.csv'), lines);
  return { files: [{ name: 'manifest', rows: lines.length - 1 }, ...files] };
}

async function hasRows(tx: Tx, file: BundleFile, { from }: Export): Promise<boolean> {
  if (file.name === 'cmCalendars') return true;
  const { rows } = await sql`select 1 from ${from} limit 1`.execute(tx);
  return rows.length > 0;
}

interface FileExport {
  readonly folder: string;
  readonly file: BundleFile;
  readonly query: Export;
}

async function exportFile(tx: Tx, { folder, file, query }: FileExport): Promise<number> {
  const open = await openColumns(tx, query);
  const named = file.columns
    .map(({ name }) => name)
    .filter((name) => query.columns[name] !== undefined);
  const header = [...named, ...open.map(({ name }) => name)];
  const cells = [
    ...named.map((name) => query.columns[name] ?? sql`null`),
    ...open.map(({ value }) => value),
  ];
  let rows = 0;
  async function* lines(): AsyncGenerator<readonly (string | null)[]> {
    yield header;
    for await (const row of fetchRows(tx, query, cells)) {
      rows += 1;
      yield row;
    }
  }
  await writeCsv(path.join(folder, `${file.name}.csv`), lines());
  return rows;
}

async function openColumns(
  tx: Tx,
  { open }: Export,
): Promise<{ readonly name: string; readonly value: Sql }[]> {
  if (open === undefined) return [];
  const { rows } = await sql<{ key: string }>`
    select key from (${open.keys}) k order by key collate "C"`.execute(tx);
  return rows.map(({ key }) => ({
    name: key,
    value: jsonText(open.bag, open.prefix === 'attr:' ? key.slice(open.prefix.length) : key),
  }));
}

/** A value of a bag as a cell; numbers without trailing zeros, as import would store them. */
function jsonText(bag: Sql, key: string): Sql {
  return sql`case jsonb_typeof(${bag} -> ${sql.lit(key)})
    when 'number' then trim_scale((${bag} ->> ${sql.lit(key)})::numeric)::text
    else ${bag} ->> ${sql.lit(key)} end`;
}

/** The rows through a cursor, so that memory does not grow with the table. */
async function* fetchRows(
  tx: Tx,
  { from, orderBy }: Export,
  cells: readonly Sql[],
): AsyncGenerator<readonly (string | null)[]> {
  await sql`declare bundle_rows no scroll cursor for
    select array[${sql.join(cells)}]::text[] as cells from ${from}
    order by ${sql.join(orderBy)}`.execute(tx);
  for (;;) {
    const { rows } = await sql<{ cells: (string | null)[] }>`
      fetch ${sql.lit(ROWS_AT_ONCE)} from bundle_rows`.execute(tx);
    for (const row of rows) yield row.cells;
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await sql`close bundle_rows`.execute(tx);
}

type Lines = AsyncIterable<readonly (string | null)[]> | Iterable<readonly (string | null)[]>;

async function writeCsv(file: string, lines: Lines): Promise<void> {
  await pipeline(Readable.from(csv(lines)), createWriteStream(file, { flags: 'wx' }));
}

async function* csv(lines: Lines): AsyncGenerator<string> {
  let text = '';
  for await (const cells of lines) {
    text += `${cells.map(quote).join(',')}\r\n`;
    if (text.length < 65_536) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** RFC 4180: quotes only where a reader needs them. Values go out as they are, formulas too. */
function quote(cell: string | null): string {
  if (cell === null) return '';
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
