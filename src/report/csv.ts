import { type Options, stringify } from 'csv-stringify/sync';
import { type Column } from './columns.ts';
import { type ReportFile } from './report-file.ts';
import { type Row } from './rows.ts';

// Excel takes UTF-8 for granted only with a BOM.
const BOM = '\uFEFF';
const OPTIONS: Options = { quoted_string: true, record_delimiter: '\r\n' };

/** A CSV file: RFC 4180, UTF-8 with BOM, one header row, every text quoted. */
export function openCsv(columns: readonly Column[]): ReportFile {
  const chunks: Buffer[] = [];
  const add = (rows: readonly Row[]): void => {
    if (rows.length > 0) chunks.push(Buffer.from(stringify([...rows], OPTIONS)));
  };
  chunks.push(Buffer.from(BOM));
  add([columns.map((column) => column.header)]);
  return { add, finish: () => Promise.resolve(Buffer.concat(chunks)) };
}
