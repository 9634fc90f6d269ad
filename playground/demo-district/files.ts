/** One cell: null is an empty cell, a list becomes one comma-separated cell. */
export type Cell = string | number | boolean | null | readonly (string | number)[];

/** One file of the bundle: its columns in order, and its rows as cells of these columns. */
export interface BundleFile {
  name: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** What every OneRoster row carries first after its id: status and a fixed date, so that bytes do not depend on today. */
export const ACTIVE_ROW: readonly [string, string] = ['active', '2026-11-20T00:00:00.000Z'];
export const ROW_HEAD: readonly string[] = ['sourcedId', 'status', 'dateLastModified'];
