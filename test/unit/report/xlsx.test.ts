import { describe, expect, it } from '@jest/globals';
import { textCell } from '../../../src/report/cell.ts';
import { openXlsx, XLSX_ROWS } from '../../../src/report/xlsx.ts';
import { type Row } from '../../../src/report/rows.ts';
import { readWorkbook } from '../../support/workbook.ts';

const COLUMNS = [
  { header: 'Name', width: 30 },
  { header: 'Scores', width: 9 },
];

async function workbookOf(rows: readonly Row[]): Promise<Buffer | undefined> {
  const file = openXlsx({
    title: 'Push report',
    columns: COLUMNS,
    summary: () => [{ measure: 'Items', value: rows.length }],
  });
  file.add(rows);
  return file.finish();
}

async function namesIn(rows: readonly Row[]): Promise<readonly string[]> {
  const [, table] = await readWorkbook(await workbookOf(rows));
  return (table?.rows ?? []).slice(1).map((row) => String(row[0]?.value));
}

describe('Given a report, when it is made as XLSX', () => {
  it('has a summary, then the table under its header, numbers as numbers', async () => {
    const sheets = await readWorkbook(
      await workbookOf([
        ['Algebra I', 12],
        ['', '<10'],
      ]),
    );
    expect(sheets.map(({ name }) => name)).toEqual(['Summary', 'Push report']);
    expect(sheets[0]?.rows.at(-1)).toEqual([
      { type: 'text', value: 'Items' },
      { type: 'number', value: 2 },
    ]);
    expect(sheets[1]?.rows).toEqual([
      [
        { type: 'text', value: 'Name' },
        { type: 'text', value: 'Scores' },
      ],
      [
        { type: 'text', value: 'Algebra I' },
        { type: 'number', value: 12 },
      ],
      [undefined, { type: 'text', value: '<10' }],
    ]);
  });

  it('exists also without a line', async () => {
    const [, table] = await readWorkbook(await workbookOf([]));
    expect(table?.rows).toHaveLength(1);
  });

  it('evaluates no name as a formula and calls nobody (T14)', async () => {
    const hostile = [
      '=cmd()',
      '+1',
      '@x',
      '-2+3',
      "'=1",
      '\t=1',
      '＝1',
      '<!channel>',
      '<@U0ALICE>',
    ];
    const bytes = await workbookOf(hostile.map((name) => [textCell(name), 0]));
    const [, table] = await readWorkbook(bytes);
    expect(table?.formulas).toBe(0);
    const cells = (table?.rows ?? []).slice(1).map((row) => row[0]);
    expect(cells.every((cell) => cell?.type === 'text')).toBe(true);
    expect(cells.slice(0, 7).map((cell) => String(cell?.value).at(0))).toEqual(
      Array.from({ length: 7 }, () => "'"),
    );
    expect(cells.slice(7).map((cell) => String(cell?.value))).toEqual([
      '<\u200B!channel>',
      '<\u200B@U0ALICE>',
    ]);
  });

  it('keeps names of 255 characters, markup, emoji and escapes as they are', async () => {
    const names = ['x'.repeat(255), '<a> & "b"', '👩‍👩‍👧‍👦', ' edges ', '_x0041_'];
    expect(await namesIn(names.map((name) => [textCell(name), 1]))).toEqual([
      ...names.slice(0, 4),
      '_x005F_x0041_',
    ]);
  });

  it('keeps a course that is called like a property of every object', async () => {
    const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
    const read = await namesIn(names.map((name) => [name, 1]));
    expect(read.map((name) => name.replace(/\u200B$/, ''))).toEqual(names);
  });

  it('leaves a table that is too long for people to the CSV', async () => {
    const row: Row = ['Algebra I', 1];
    const rows = Array.from({ length: XLSX_ROWS + 1 }, () => row);
    expect(await workbookOf(rows)).toBeUndefined();
  });
});
