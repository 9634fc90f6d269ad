import { type Column } from './columns.ts';
import { type HeadLine, type Row } from './rows.ts';

/** What a file holds beside its rows. */
export interface Layout {
  readonly title: string;
  readonly columns: readonly Column[];
  /** Lines before the table; the XLSX has them on a sheet of their own. */
  readonly head?: { readonly runId: number; readonly lines: readonly HeadLine[] };
}

/** A file in the making. Rows come in pages; only the finished bytes stay in memory. */
export interface ReportFile {
  add(rows: readonly Row[]): Promise<void>;
  /** Ends the file, with its header only when no row came. Rejects when writing failed. */
  finish(): Promise<Buffer>;
}
