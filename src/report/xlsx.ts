import { Worker } from 'node:worker_threads';
import { type Sheet } from 'write-excel-file/node';
import { type Cell } from './cell.ts';
import { type Column } from './columns.ts';
import { type Layout, type ReportFile } from './report-file.ts';
import { type Row } from './rows.ts';

/** A workbook is held in memory and for people: longer tables come as CSV alone. */
export const XLSX_ROWS = 50_000;

const SUMMARY_COLUMNS: readonly Column[] = [
  { header: 'Summary', width: 64 },
  { header: 'Value', width: 24 },
];

/** The workbook could not be made. */
export class WorkbookFailed extends Error {
  override readonly name = 'WorkbookFailed';
}

/**
 * An XLSX file: a sheet with the summary, and the table under a header that stays in view. Texts are
 * text cells, which no reader evaluates. It ends as undefined when it has more than XLSX_ROWS rows.
 */
export function openXlsx(layout: Layout): ReportFile<Buffer | undefined> {
  const table: Row[] = [];
  let tooLong = false;
  return {
    add: (rows) => {
      tooLong ||= table.length + rows.length > XLSX_ROWS;
      if (tooLong) table.length = 0;
      else for (const row of rows) table.push(row);
    },
    finish: async () => {
      if (tooLong) return undefined;
      const summary = layout.summary().map(({ measure, value }) => [measure, value]);
      return buildInThread([
        sheet('Summary', SUMMARY_COLUMNS, summary),
        sheet(layout.title, layout.columns, table),
      ]);
    },
  };
}

type PlainSheet = Pick<Sheet<never>, 'sheet' | 'columns' | 'stickyRowsCount' | 'data'>;

function sheet(name: string, columns: readonly Column[], rows: readonly Row[]): PlainSheet {
  return {
    sheet: name,
    columns: columns.map(({ width }) => ({ width })),
    stickyRowsCount: 1,
    data: [
      columns.map(({ header }) => ({ value: header, fontWeight: 'bold' })),
      ...rows.map((row) => row.map(xlsxCell)),
    ],
  };
}

function xlsxCell(cell: Cell): Cell | null {
  if (typeof cell === 'number') return cell;
  if (cell === '') return null;
  // Readers take "_x0041_" for the escape of a character.
  const literal = cell.replace(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_');
  // The library looks texts up in a plain object, where "constructor" is already something else.
  return literal in Object.prototype ? `${literal}\u200B` : literal;
}

function buildInThread(sheets: readonly PlainSheet[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('xlsx-thread.mjs', import.meta.url), { workerData: sheets });
    const fail = (cause: unknown): void => {
      reject(new WorkbookFailed('making an XLSX file', { cause }));
    };
    thread.once('message', (bytes: Uint8Array) => {
      resolve(Buffer.from(bytes));
    });
    thread.once('error', fail);
    thread.once('exit', (code) => {
      fail(new Error(`the thread ended with code ${code}`));
    });
  });
}
