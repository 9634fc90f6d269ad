import { sql } from 'kysely';
import { z } from 'zod';
import { type Db } from '../db/database.ts';
import { applyWrite, type Changed } from './apply.ts';
import { type BundleFile, type ImportContext, type Tx } from './bundle-file.ts';
import { type BundleSource, openBundle } from './bundle-source.ts';
import { checkStaged, checkWritten } from './check.ts';
import { BUNDLE_FILES } from './file-list.ts';
import { NEVER_READ } from './files/kept-files.ts';
import { BundleRefused, ProblemList } from './problems.ts';
import { removeRows } from './remove.ts';
import { createStage, type StagedFile, stageFile } from './stage.ts';

export interface ImportOptions {
  /** The day of the import in the district, `YYYY-MM-DD`: it decides which school year is active. */
  readonly today: string;
  /** Told at once of what was left out; the result lists it too. */
  readonly onWarning?: (text: string) => void;
}

export interface ImportedFile {
  readonly name: string;
  /** Rows read. */
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
}

export interface ImportedBundle {
  readonly files: readonly ImportedFile[];
  readonly warnings: readonly string[];
}

/**
 * Imports a district bundle, a folder or a `.zip`, in one transaction: all of it or nothing
 * (docs/bundle.md). The same bundle a second time writes nothing.
 * @throws BundleRefused listing every faulty row
 */
export async function importBundle(
  db: Db,
  source: string,
  options: ImportOptions,
): Promise<ImportedBundle> {
  const bundle = await openBundle(source);
  try {
    const warnings = strangers(bundle);
    for (const warning of warnings) options.onWarning?.(warning);
    const files = await db
      .transaction()
      .execute((tx) => importFiles(tx, bundle, options))
      .catch((error: unknown) => {
        throw asRefusal(error);
      });
    return { files, warnings };
  } finally {
    bundle.close();
  }
}

function strangers({ files, others }: BundleSource): string[] {
  const known = new Set(BUNDLE_FILES.map(({ name }) => name));
  return [
    ...[...files.keys()]
      .filter((name) => !known.has(name))
      .toSorted()
      .map((name) =>
        NEVER_READ.includes(name)
          ? `${name}.csv is about people and is never read.`
          : `${name}.csv is not a file of a bundle and was not read.`,
      ),
    ...others.map((name) => `${name} is not a CSV file and was not read.`),
  ];
}

async function importFiles(
  tx: Tx,
  bundle: BundleSource,
  { today }: ImportOptions,
): Promise<ImportedFile[]> {
  // Two imports at once would each see the other's rows as missing.
  await sql`select pg_advisory_xact_lock(hashtext('bundle import'))`.execute(tx);
  const problems = new ProblemList();
  const staged = await stageAll(tx, bundle, problems);
  for (const [file, { columns }] of staged) await checkStaged(tx, { file, columns }, problems);
  problems.refuseIfAny();

  const context: ImportContext = {
    tx,
    today,
    has: (name, column) => hasColumn(staged, name, column),
  };
  await sql`set constraints all deferred`.execute(tx);
  const changed = new Map<BundleFile, Changed>();
  for (const file of BUNDLE_FILES)
    changed.set(file, await writeFile(context, file, staged.get(file)));
  for (const file of staged.keys()) await checkWritten(tx, file, problems);
  const removed = new Map<BundleFile, number>();
  for (const file of [...staged.keys()].toReversed()) {
    removed.set(file, await removeRows(tx, file, problems));
  }
  problems.refuseIfAny();
  return [...staged].map(([file, { rows }]) => ({
    name: file.name,
    rows,
    ...(changed.get(file) ?? { created: 0, updated: 0 }),
    removed: removed.get(file) ?? 0,
  }));
}

/** The files of the bundle that are known, in the order in which they depend on each other. */
async function stageAll(
  tx: Tx,
  bundle: BundleSource,
  problems: ProblemList,
): Promise<Map<BundleFile, StagedFile>> {
  const staged = new Map<BundleFile, StagedFile>();
  for (const file of BUNDLE_FILES) {
    await createStage(tx, file);
    const open = bundle.files.get(file.name);
    if (open === undefined) continue;
    staged.set(file, await stageFile(tx, { file, bytes: await open(), problems }));
  }
  return staged;
}

function hasColumn(
  staged: ReadonlyMap<BundleFile, StagedFile>,
  name: string,
  column?: string,
): boolean {
  const found = [...staged].find(([file]) => file.name === name);
  return found !== undefined && (column === undefined || found[1].columns.has(column));
}

/** The hooks run for absent files too: they settle what follows from the others. */
async function writeFile(
  context: ImportContext,
  file: BundleFile,
  staged: StagedFile | undefined,
): Promise<Changed> {
  await file.before?.(context);
  let created = 0;
  let updated = 0;
  const writes = typeof file.writes === 'function' ? file.writes(context.has) : file.writes;
  for (const write of staged === undefined ? [] : writes) {
    const changed = await applyWrite(context.tx, write, staged?.columns ?? new Set());
    if (write.counted === false) continue;
    created += changed.created;
    updated += changed.updated;
  }
  await file.after?.(context);
  return { created, updated };
}

const contradiction = z.object({
  code: z.string().regex(/^23/),
  table: z.string().optional(),
  detail: z.string().optional(),
  message: z.string(),
});

/** A rule of the database that no check foresaw is a fault of the bundle all the same. */
function asRefusal(error: unknown): unknown {
  const broken = contradiction.safeParse(error);
  if (error instanceof BundleRefused || !broken.success) return error;
  const { table = 'the bundle', detail, message } = broken.data;
  const problem = { file: table, line: null, column: null, value: null };
  const expected = `rows that agree with each other: ${detail ?? message}`;
  return new BundleRefused([{ ...problem, expected }], 1, { cause: error });
}
