import { text } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

export interface WorkbookCell {
  readonly type: 'text' | 'number';
  readonly value: string | number;
}

export interface WorkbookSheet {
  readonly name: string;
  /** How many cells hold a formula. */
  readonly formulas: number;
  /** Cells by row and column; undefined where there is none. */
  readonly rows: readonly (readonly (WorkbookCell | undefined)[])[];
}

/** Reads an XLSX file with nothing of what wrote it. */
export async function readWorkbook(bytes: Buffer | undefined): Promise<WorkbookSheet[]> {
  if (bytes === undefined) throw new Error('there is no workbook');
  const parts = await readParts(bytes);
  const strings = [...part(parts, 'xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gs)].map(
    ([, item = '']) => unescapeXml(item.replaceAll(/<[^>]*>/g, '')),
  );
  const names = [...part(parts, 'xl/workbook.xml').matchAll(/<sheet\b[^>]*?\bname="([^"]*)"/g)];
  return names.map(([, name = ''], index) => {
    const xml = part(parts, `xl/worksheets/sheet${index + 1}.xml`);
    const rows = [...xml.matchAll(/<row\b[^>]*>(.*?)<\/row>/gs)].map(([, cells = '']) =>
      readRow(cells, strings),
    );
    return { name: unescapeXml(name), formulas: xml.match(/<f[ >]/g)?.length ?? 0, rows };
  });
}

async function readParts(bytes: Buffer): Promise<Map<string, string>> {
  const parts = new Map<string, string>();
  const zip = await fromBufferPromise(bytes);
  for await (const entry of zip.eachEntry()) {
    parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  }
  return parts;
}

function part(parts: Map<string, string>, path: string): string {
  const found = parts.get(path);
  if (found === undefined) throw new Error(`the workbook has no ${path}`);
  return found;
}

function readRow(xml: string, strings: readonly string[]): (WorkbookCell | undefined)[] {
  const row: (WorkbookCell | undefined)[] = [];
  for (const [, attributes = '', value = ''] of xml.matchAll(/<c\b([^>]*)><v>(.*?)<\/v><\/c>/g)) {
    const letters = /\br="([A-Z]+)\d+"/.exec(attributes)?.[1] ?? 'A';
    const column = columnNumber(letters);
    while (row.length < column - 1) row.push(undefined);
    row[column - 1] = attributes.includes('t="s"')
      ? { type: 'text', value: strings[Number(value)] ?? '(no such text)' }
      : { type: 'number', value: Number(value) };
  }
  return row;
}

/** "A" → 1, "AA" → 27. */
function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number;
}

function unescapeXml(xml: string): string {
  return xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
