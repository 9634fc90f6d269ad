import { sql } from 'kysely';
import { type DataType, type PushMode } from '../../domain/push-options.ts';
import { type Tx } from './staging.ts';

export type Lock = 'unlocked' | 'soft' | 'hard';

/** The request as the engine needs it, with the catalog's locks as they are now (G13). */
export interface RunToPlan {
  readonly runId: number;
  readonly catalogId: number;
  readonly schoolYearId: number;
  readonly courseMasterId: number | null;
  readonly mode: PushMode;
  readonly toSections: boolean;
  readonly crossSite: boolean;
  readonly dataTypes: ReadonlySet<DataType>;
  readonly locks: ReadonlyMap<DataType, Lock>;
}

/** The run is not in the database. */
export class UnknownRun extends Error {
  override readonly name = 'UnknownRun';
}

/**
 * Reads a run and the locks of its catalog.
 * @throws UnknownRun
 */
export async function readRunToPlan(tx: Tx, runId: number): Promise<RunToPlan> {
  const run = await tx
    .selectFrom('push_run')
    .selectAll()
    .where('id', '=', runId)
    .executeTakeFirst();
  if (run === undefined) throw new UnknownRun(`There is no run ${runId}.`);
  const locks = await tx
    .selectFrom('catalog_type_lock')
    .select(['data_type', 'mode'])
    .where('catalog_id', '=', run.catalog_id)
    .execute();
  const types = await sql<{ type: DataType }>`
    select unnest(data_types)::text as type from push_run where id = ${runId}`.execute(tx);
  return {
    runId,
    catalogId: run.catalog_id,
    schoolYearId: run.school_year_id,
    courseMasterId: run.course_master_id,
    mode: run.mode,
    toSections: run.to_sections,
    crossSite: run.cross_site,
    dataTypes: new Set(types.rows.map((row) => row.type)),
    locks: new Map(
      locks.flatMap((lock) =>
        lock.data_type === 'cross_site' ? [] : [[lock.data_type, lock.mode] as const],
      ),
    ),
  };
}

/** True when the run selects the type and the catalog locks it, hard or soft (G10, G11). */
export function pushes(run: RunToPlan, type: Exclude<DataType, 'course_info'>): boolean {
  return run.dataTypes.has(type) && (run.locks.get(type) ?? 'unlocked') !== 'unlocked';
}
