import { type Options, stringify } from 'csv-stringify/sync';
import { type Layout, type ReportFile } from './report-file.ts';
import { planHeadRow, type Row } from './rows.ts';

// Excel takes UTF-8 for granted only with a BOM.
const BOM = '\uFEFF';
const OPTIONS: Options = { quoted_string: true, record_delimiter: '\r\n' };

/** A CSV file: RFC 4180, UTF-8 with BOM, one header row, every text quoted. */
export function openCsv(layout: Layout): ReportFile {
  const chunks: Buffer[] = [];
  const write = (rows: readonly Row[]): void => {
    if (rows.length > 0) chunks.push(Buffer.from(stringify([...rows], OPTIONS)));
  };
  chunks.push(Buffer.from(BOM));
  write([layout.columns.map((column) => column.header)]);
  const { head } = layout;
  if (head !== undefined) write(head.lines.map((line) => planHeadRow(head.runId, line)));
  return {
    add: (rows) => {
      write(rows);
      return Promise.resolve();
    },
    finish: () => Promise.resolve(Buffer.concat(chunks)),
  };
}
