import { type RawBuilder, sql, type Transaction } from 'kysely';
import { type Database } from '../db/database.ts';
import * as cells from './cell-types.ts';
import { type CellType } from './cell-types.ts';

export type Sql = RawBuilder<unknown>;
export type Tx = Transaction<Database>;

/** One column of a file. */
export interface Column {
  readonly name: string;
  readonly type: CellType;
  /** The header must have it and every row that is not removed must fill it. */
  readonly required: boolean;
  /** `read`: interpreted · `kept`: put into `source` as it stands · `both` · `never`: not looked at. */
  readonly use: 'read' | 'kept' | 'both' | 'never';
}

/** What one row of the file must fulfil; `bad` speaks of `s`, the staged row. */
export interface Check {
  readonly column: string;
  readonly bad: Sql;
  readonly expected: string;
  /** Further tables that `bad` needs: joins on to `s`. */
  readonly join?: Sql;
  /** The value to show, when it is not the cell of `column`. */
  readonly value?: Sql;
  /** The column to name, when it differs by row. */
  readonly columnOf?: Sql;
  /** For rows that are removed, instead of those that stay. */
  readonly ofRemoved?: boolean;
}

/** A cell that names a row of another file or of the database. */
export interface Reference {
  readonly column: string;
  readonly to: Domain;
  /** Only for rows of which this is true. */
  readonly when?: Sql;
  /** When the name is made of several cells. */
  readonly value?: Sql;
  readonly isList?: boolean;
}

/** The ids that can be referred to: those in the database and those in this bundle, less the removed. */
export interface Domain {
  /** A subquery with the column `id`. */
  readonly known: Sql;
  /** `a course's sourcedId`. */
  readonly what: string;
}

/** The value of one database column and the bundle columns it comes from. */
export interface Value {
  readonly of: readonly string[];
  readonly value: Sql;
}

/**
 * One set-based statement that brings staged rows into a table. On rows that exist, only database
 * columns change of which the file has a bundle column, and only where the value differs.
 */
export interface Write {
  readonly table: string;
  /** `upsert` creates and updates, `update` adds to rows that another file creates. */
  readonly mode: 'upsert' | 'update';
  /** Where staged rows come from; `s` is the staged row. */
  readonly from: Sql;
  readonly where?: Sql;
  /** The unique key of the table. */
  readonly key: Readonly<Record<string, Sql>>;
  readonly values: Readonly<Record<string, Value>>;
  /** jsonb columns into which cells are merged; the bag's cells replace those of the same columns. */
  readonly bags?: Readonly<Record<string, Bag>>;
  /** Whether its rows count as rows of the file; false for rows written by the way. */
  readonly counted?: boolean;
}

export interface Bag {
  readonly value: Sql;
  readonly keys: 'kept' | 'attributes';
}

/** What goes out: `columns` are text expressions over `from`, in the order of the file's columns. */
export interface Export {
  readonly from: Sql;
  readonly columns: Readonly<Record<string, Sql>>;
  readonly orderBy: readonly Sql[];
  /** jsonb column whose keys become columns of their own (`attr:<code>`, `metadata.<name>`). */
  readonly open?: { readonly prefix: 'attr:' | 'metadata.'; readonly bag: Sql; readonly keys: Sql };
}

/** What the hooks of a file may need. */
export interface ImportContext {
  readonly tx: Tx;
  /** The day of the import in the district, `YYYY-MM-DD`. */
  readonly today: string;
  /** Whether the bundle has the file, and in it the column. */
  readonly has: (file: string, column?: string) => boolean;
}

/** One file of the bundle: everything that import and export know about it. */
export interface BundleFile {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  /** Columns of a free name behind this prefix. */
  readonly open?: 'attr:' | 'metadata.';
  readonly references?: readonly Reference[];
  readonly checks?: readonly Check[];
  /** Checks that only the written database can answer. */
  readonly checksAfter?: readonly Check[];
  readonly before?: (context: ImportContext) => Promise<void>;
  /** In order; a function where they depend on the columns that the file has. */
  readonly writes: readonly Write[] | ((has: ImportContext['has']) => readonly Write[]);
  readonly after?: (context: ImportContext) => Promise<void>;
  /** The statements that remove the rows `s` of which `rows` is true; the first one is counted. */
  readonly removals: (rows: Sql) => readonly Sql[];
  /** Null for files that export writes in another way. */
  readonly export: Export | null;
}

const STATUS: Column = {
  name: 'status',
  type: cells.oneOf(['active', 'inactive', 'tobedeleted']),
  required: false,
  use: 'never',
};

/** A column that must be there and filled. */
export function must(name: string, type: CellType, use: Column['use'] = 'read'): Column {
  return { name, type, required: true, use };
}

/** A column that may be missing or empty. */
export function may(name: string, type: CellType, use: Column['use'] = 'read'): Column {
  return { name, type, required: false, use };
}

/** Columns of OneRoster that nothing here interprets: kept as they stand and exported again. */
export function kept(...names: string[]): Column[] {
  return names.map((name) => may(name, cells.text(), 'kept'));
}

/** Columns whose cells are never read. */
export function never(...names: string[]): Column[] {
  return names.map((name) => may(name, cells.text(), 'never'));
}

/** The columns of a OneRoster file: id, status and date first. */
export function oneRosterColumns(...columns: Column[]): Column[] {
  return [must('sourcedId', cells.id), STATUS, ...kept('dateLastModified'), ...columns];
}

/** The columns of an extension file; every one may have a `status`. */
export function extensionColumns(...columns: Column[]): Column[] {
  return columns.some(({ name }) => name === 'status') ? columns : [...columns, STATUS];
}

/** The staging table of a file. */
export function stage(file: string): Sql {
  return sql.table(`stage_${file}`);
}

/** The staged cell of a column. */
export function staged(column: string): Sql {
  return sql.ref(`s.${column}`);
}

/** A database column that is a cell; `empty` is what an empty cell means there. */
export function cell(column: string, empty?: string | number | boolean): Value {
  const own = staged(column);
  return {
    of: [column],
    value: empty === undefined ? own : sql`coalesce(${own}, ${sql.lit(empty)})`,
  };
}

/** A database column that follows from cells. */
export function from(of: readonly string[], value: Sql): Value {
  return { of, value };
}

/** The bag of the columns that are kept as they stand. */
export const KEPT: Bag = { value: sql`s.source`, keys: 'kept' };

/** A database column as text for the export; enum, number, date and boolean alike. */
export function out(reference: string): Sql {
  return sql`${sql.ref(reference)}::text`;
}

/** A decimal without trailing zeros. */
export function outDecimal(reference: string): Sql {
  return sql`trim_scale(${sql.ref(reference)})::text`;
}

/** A moment as ISO 8601 in UTC, to the microsecond that PostgreSQL keeps. */
export function outMoment(reference: string): Sql {
  return sql`to_char(${sql.ref(reference)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** A list as one cell; lists are sorted, so that equal sets give equal bytes. */
export function outList(reference: string): Sql {
  return sql`(select string_agg(x::text, ',' order by x) from (
    select y collate "C" as x from unnest(${sql.ref(reference)}::text[]) y) items)`;
}

/** The kept columns of a file as they came. */
export function outKept(columns: readonly Column[], bag: string): Record<string, Sql> {
  return Object.fromEntries(
    columns
      .filter(({ use }) => use === 'kept')
      .map(({ name }) => [name, sql`${sql.ref(bag)} ->> ${sql.lit(name)}`]),
  );
}

/** Text in code point order, whatever the database's collation. */
export function byText(reference: string): Sql {
  return sql`${sql.ref(reference)} collate "C"`;
}

/** The `metadata.*` columns of a OneRoster file. */
export function metadata(table: string, bag: string): NonNullable<Export['open']> {
  return {
    prefix: 'metadata.',
    bag: sql.ref(bag),
    keys: sql`select distinct k as key from ${sql.table(table)} x, jsonb_object_keys(x.source) k
      where k like 'metadata.%'`,
  };
}

/** A file whose rows are removed from one table by their key. */
export function removeByKey(
  file: string,
  table: string,
  match: Sql,
): (rows: Sql) => readonly Sql[] {
  return (rows) => [
    sql`delete from ${sql.table(table)} t using ${stage(file)} s where ${rows} and ${match}`,
  ];
}
