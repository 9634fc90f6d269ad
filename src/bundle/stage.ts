import { type Readable } from 'node:stream';
import { sql } from 'kysely';
import { type BundleFile, type Column, stage, type Tx } from './bundle-file.ts';
import { type CsvRecord, readCsv, UnreadableCsv } from './csv-reader.ts';
import { type ProblemList } from './problems.ts';

/** A file as it was read into its staging table. */
export interface StagedFile {
  readonly rows: number;
  /** The columns its header has. */
  readonly columns: ReadonlySet<string>;
}

type Cell = string | number | boolean | null | readonly (string | number)[];

interface Row {
  readonly line: number;
  readonly removed: boolean;
  readonly source: Record<string, string>;
  readonly attrs: Record<string, string>;
  readonly [column: string]: Cell | Record<string, string>;
}

const ROWS_A_BATCH = 1000;
const isStaged = ({ use }: Column): boolean => use === 'read' || use === 'both';

/** Creates the staging table of a file: one typed column per column that is read, gone at the end. */
export async function createStage(tx: Tx, file: BundleFile): Promise<void> {
  await sql`create temp table ${stage(file.name)} (${stagingColumns(file)}) on commit drop`.execute(
    tx,
  );
}

function stagingColumns(file: BundleFile): ReturnType<typeof sql> {
  const own = file.columns
    .filter(isStaged)
    .map(({ name, type }) => sql`${sql.id(name)} ${sql.raw(type.sql)}`);
  return sql`line int, removed boolean, source jsonb, attrs jsonb${sql.join(
    own.map((column) => sql`, ${column}`),
    sql``,
  )}`;
}

/**
 * Reads a file into its staging table, a batch of rows at a time. Cells that do not parse become
 * problems and are staged as null, so that the row's key still stands for what refers to it.
 */
export async function stageFile(
  tx: Tx,
  { file, bytes, problems }: { file: BundleFile; bytes: Readable; problems: ProblemList },
): Promise<StagedFile> {
  let reader: RowReader | undefined;
  let rows = 0;
  const wrong = (line: number | null, expected: string): void => {
    problems.add({ file: `${file.name}.csv`, line, column: null, value: null, expected });
  };
  let batch: Row[] = [];
  const flush = async (): Promise<void> => {
    await insertBatch(tx, file, batch);
    rows += batch.length;
    batch = [];
  };
  try {
    for await (const record of readCsv(bytes)) {
      if (reader === undefined) {
        reader = readHeader(file, record, problems);
        continue;
      }
      batch.push(reader.read(record));
      if (batch.length >= ROWS_A_BATCH) await flush();
    }
    if (reader === undefined) wrong(1, 'a header row');
  } catch (error) {
    if (!(error instanceof UnreadableCsv)) throw error;
    wrong(error.line, `RFC 4180 CSV in UTF-8 (${error.message})`);
  }
  await flush();
  await sql`analyze ${stage(file.name)}`.execute(tx);
  return { rows, columns: reader?.columns ?? new Set() };
}

async function insertBatch(tx: Tx, file: BundleFile, batch: readonly Row[]): Promise<void> {
  if (batch.length === 0) return;
  await sql`insert into ${stage(file.name)} select * from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb)
    as r(${stagingColumns(file)})`.execute(tx);
}

interface RowReader {
  readonly columns: ReadonlySet<string>;
  read(record: CsvRecord): Row;
}

type Place = Column | { readonly open: string } | undefined;

function readHeader(file: BundleFile, header: CsvRecord, problems: ProblemList): RowReader {
  const known = new Map(file.columns.map((column) => [column.name, column]));
  const wrong = (column: string, expected: string): void => {
    const value = expected === MISSING ? null : column;
    problems.add({ file: `${file.name}.csv`, line: header.line, column, value, expected });
  };
  const seen = new Set<string>();
  const places = header.cells.map((name): Place => {
    if (seen.has(name)) wrong(name, 'each column once');
    seen.add(name);
    const column = known.get(name);
    if (column !== undefined) return column;
    if (isOpen(file, name)) return { open: name };
    wrong(name, `a column of ${file.name}.csv`);
    return undefined;
  });
  for (const { name, required } of file.columns) {
    if (required && !seen.has(name)) wrong(name, MISSING);
  }
  return { columns: seen, read: (record) => readRow(record, { file, places, problems }) };
}

const MISSING = 'this column';

function isOpen(file: BundleFile, name: string): boolean {
  // Number and name are columns of their own.
  return (
    file.open !== undefined &&
    name.startsWith(file.open) &&
    name.length > file.open.length &&
    name !== 'attr:number' &&
    name !== 'attr:name'
  );
}

interface RowContext {
  readonly file: BundleFile;
  readonly places: readonly Place[];
  readonly problems: ProblemList;
}

function readRow({ line, cells }: CsvRecord, context: RowContext): Row {
  const { file, places, problems } = context;
  const removed = cells[places.findIndex(isStatus)] === 'tobedeleted';
  const parts: RowParts = { values: {}, source: [], attrs: [] };
  const wrong: Complaint = (column, value, expected) => {
    problems.add({ file: `${file.name}.csv`, line, column, value, expected });
  };
  if (cells.length !== places.length) {
    wrong(null, `${cells.length} cells`, `${places.length} cells, as many as the header has`);
  }
  for (const [index, place] of places.entries()) {
    const text = cells[index] ?? '';
    if (place === undefined) continue;
    if ('open' in place) readOpenCell(parts, { name: place.open, text, wrong });
    else if (place.use !== 'never' || place.name === 'status') {
      const matters = !removed || file.key.includes(place.name);
      readCell(parts, place, { text, wrong: matters ? wrong : ignore });
    }
  }
  return {
    ...parts.values,
    line,
    removed,
    source: Object.fromEntries(parts.source),
    attrs: Object.fromEntries(parts.attrs),
  };
}

interface RowParts {
  readonly values: Record<string, Cell>;
  /** Entries, not objects: a column may have any name, `__proto__` too. */
  readonly source: [string, string][];
  readonly attrs: [string, string][];
}

type Complaint = (column: string | null, value: string | null, expected: string) => void;

const ignore: Complaint = () => undefined;

function readOpenCell(
  parts: RowParts,
  { name, text, wrong }: { name: string; text: string; wrong: Complaint },
): void {
  if (text === '') return;
  if (text.includes('\0')) wrong(name, text, 'text without NUL characters');
  else if (name.startsWith('attr:')) parts.attrs.push([name.slice('attr:'.length), text]);
  else parts.source.push([name, text]);
}

function readCell(
  parts: RowParts,
  column: Column,
  { text, wrong }: { text: string; wrong: Complaint },
): void {
  const parsed = parseCell(column, text);
  if (parsed.wrong !== null) wrong(column.name, text === '' ? null : text, parsed.wrong);
  if (isStaged(column)) parts.values[column.name] = parsed.value;
  const isKept = column.use === 'kept' || column.use === 'both';
  if (isKept && text !== '' && parsed.wrong === null) parts.source.push([column.name, text]);
}

function isStatus(place: Place): boolean {
  return place !== undefined && 'name' in place && place.name === 'status';
}

function parseCell(column: Column, text: string): { value: Cell; wrong: string | null } {
  if (text === '') {
    return { value: null, wrong: column.required ? `${column.type.expected}, not empty` : null };
  }
  const parsed = column.type.schema.safeParse(text);
  return parsed.success
    ? { value: parsed.data, wrong: null }
    : { value: null, wrong: column.type.expected };
}
