import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { BundleRefused, type Problem } from './problems.ts';

/** The files of a folder or zip, by name without `.csv`. Close it when done. */
export interface BundleSource {
  readonly files: ReadonlyMap<string, () => Promise<Readable>>;
  /** Names of entries that are no CSV files. */
  readonly others: readonly string[];
  close(): void;
}

/**
 * Opens a folder or a `.zip`. In a zip the files may stand in one folder.
 * @throws BundleRefused when there is neither, or the zip is damaged, encrypted or has a name twice
 */
export async function openBundle(source: string): Promise<BundleSource> {
  const found = await stat(source).catch((error: unknown) => {
    throw refusal(source, { expected: 'a folder or a .zip file' }, error);
  });
  return found.isDirectory() ? openFolder(source) : openZip(source);
}

async function openFolder(folder: string): Promise<BundleSource> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  return {
    files: new Map(
      names
        .filter(isCsv)
        .map((name) => [
          withoutEnding(name),
          () => Promise.resolve(createReadStream(path.join(folder, name))),
        ]),
    ),
    others: names.filter((name) => !isCsv(name)).toSorted(),
    close: () => undefined,
  };
}

async function openZip(file: string): Promise<BundleSource> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false }).catch(
    (error: unknown) => {
      throw refusal(file, { expected: 'a folder or a .zip file' }, error);
    },
  );
  try {
    return await listZip(zip, file);
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function listZip(zip: ZipFile, file: string): Promise<BundleSource> {
  const files = new Map<string, () => Promise<Readable>>();
  const others: string[] = [];
  for await (const entry of entriesOf(zip, file)) {
    const base = path.posix.basename(entry.fileName);
    if (entry.fileName.endsWith('/') || entry.fileName.startsWith('__MACOSX/')) continue;
    if (!isCsv(base)) {
      others.push(base);
      continue;
    }
    if (entry.isEncrypted()) throw refusal(base, { expected: 'a file without a password' });
    if (isBomb(entry)) throw refusal(base, { expected: UNPACKED });
    if (files.has(withoutEnding(base))) {
      throw refusal(base, { expected: 'each file once in the zip' });
    }
    files.set(withoutEnding(base), () => zip.openReadStreamPromise(entry));
  }
  return {
    files,
    others: others.toSorted(),
    close: () => {
      zip.close();
    },
  };
}

/** Real tables shrink to a tenth or so; a file that grows more than this is made to fill the disk. */
const MOST_GROWTH = 200;
const HARMLESS_BYTES = 10_000_000;
const UNPACKED = `a file that unpacks to at most ${MOST_GROWTH} times its size`;

// The sizes are the zip's own words; a file that is longer than it said breaks off when it is read.
function isBomb({ compressedSize, uncompressedSize }: Entry): boolean {
  return uncompressedSize > HARMLESS_BYTES && uncompressedSize > MOST_GROWTH * compressedSize;
}

async function* entriesOf(zip: ZipFile, file: string): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    throw refusal(file, { expected: 'a zip file that is not damaged' }, error);
  }
}

function isCsv(name: string): boolean {
  return name.endsWith('.csv');
}

function withoutEnding(name: string): string {
  return path.basename(name, '.csv');
}

function refusal(
  file: string,
  { expected }: Pick<Problem, 'expected'>,
  cause?: unknown,
): BundleRefused {
  const problem = { file: path.basename(file), line: null, column: null, value: null, expected };
  return new BundleRefused([problem], 1, { cause });
}
