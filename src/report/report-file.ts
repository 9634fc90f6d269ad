import { type Column } from './columns.ts';
import { type HeadLine, type Row } from './rows.ts';

/** What a file holds beside its rows. */
export interface Layout {
  readonly title: string;
  readonly columns: readonly Column[];
  /** Asked once all rows are there; the XLSX shows it on a sheet of its own. */
  readonly summary: () => readonly HeadLine[];
}

/** A file in the making. Rows come in pages. */
export interface ReportFile<Bytes = Buffer> {
  add(rows: readonly Row[]): void;
  /** Ends the file, with its header only when no row came. Rejects when writing failed. */
  finish(): Promise<Bytes>;
}
