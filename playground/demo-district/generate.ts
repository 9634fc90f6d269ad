import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { buildDistrict, type DistrictOptions } from './district.ts';
import { districtFiles } from './district-files.ts';
import { type BundleFile, type Cell } from './files.ts';
import { oneRosterFiles } from './oneroster-files.ts';
import { type StoryMark } from './scene.ts';
import { setupFiles } from './setup-files.ts';

export interface DemoDistrict {
  /** Rows written per file of the bundle, without headers. */
  rows: Readonly<Record<string, number>>;
  stories: readonly StoryMark[];
}

function text(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? cell.join(',') : String(cell);
}

function csvOf({ columns, rows }: BundleFile): string {
  return stringify([[...columns], ...rows.map((row) => row.map(text))]);
}

/**
 * Writes "Lakeshore Unified" as a bundle folder (created if missing) that `import` reads: about 1,400 courses and 4,200
 * sections in 28 calendars of 2026-27 and 2027-28. The same options give the same bytes.
 * Throws RangeError for a number of schools outside 6 to 200, and what the file system throws.
 */
export async function writeDemoDistrict(
  folder: string,
  options: DistrictOptions = {},
): Promise<DemoDistrict> {
  const district = buildDistrict(options);
  const files = [...oneRosterFiles(district), ...districtFiles(district), ...setupFiles(district)];
  await mkdir(folder, { recursive: true });
  for (const file of files) await writeFile(path.join(folder, `${file.name}.csv`), csvOf(file));
  return {
    rows: Object.fromEntries(files.map(({ name, rows }) => [name, rows.length])),
    stories: district.stories,
  };
}
