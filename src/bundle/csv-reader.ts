import { type Readable, pipeline } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { z } from 'zod';

/** The file is no RFC 4180 CSV in UTF-8 from this line on; the rest of it cannot be read. */
export class UnreadableCsv extends Error {
  override readonly name = 'UnreadableCsv';
  readonly line: number | null;

  constructor(message: string, options: { readonly line: number | null; readonly cause: unknown }) {
    super(message, { cause: options.cause });
    this.line = options.line;
  }
}

export interface CsvRecord {
  /** Line on which the record begins, 1 being the file's first. */
  readonly line: number;
  readonly cells: readonly string[];
}

// A quote that is never closed would otherwise read the whole file into one cell.
const LONGEST_RECORD = 4_000_000;

interface Parsed {
  readonly record: string[];
  readonly info: Info;
}

/**
 * The records of a CSV file, one at a time; blank lines are left out.
 * @throws UnreadableCsv where the file is not CSV or not UTF-8
 */
export async function* readCsv(bytes: Readable): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: LONGEST_RECORD,
  });
  // The iteration below throws what goes wrong in any of the three.
  pipeline(bytes, checkUtf8, parser, ignoreOutcome);
  let lastLine = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      lastLine = info.lines;
      if (record.length === 1 && record[0] === '') continue;
      yield { line: info.lines - lineBreaksIn(record), cells: record };
    }
  } catch (error) {
    throw asUnreadable(error, { at: parser.info.lines, recordBegan: lastLine + 1 });
  }
}

function ignoreOutcome(): void {
  return;
}

async function* checkUtf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function lineBreaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) breaks += 1;
  }
  return breaks;
}

const decodingError = z.object({ code: z.literal('ERR_ENCODING_INVALID_ENCODED_DATA') });

/** What a quote that is never closed looks like: it swallows the rest of the file. */
const SWALLOWED: readonly string[] = ['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE'];

function asUnreadable(error: unknown, lines: { at: number; recordBegan: number }): unknown {
  if (error instanceof CsvError) {
    return SWALLOWED.includes(error.code)
      ? new UnreadableCsv('a quote is never closed', { line: lines.recordBegan, cause: error })
      : new UnreadableCsv(error.message, { line: lines.at, cause: error });
  }
  if (decodingError.safeParse(error).success) {
    return new UnreadableCsv('bytes that are not UTF-8', { line: null, cause: error });
  }
  return error;
}
