import { sql } from 'kysely';
import { type DataType, type PushMode, type RunKind } from '../../domain/push-options.ts';
import { type Tx } from './staging.ts';

export type Lock = 'unlocked' | 'soft' | 'hard';

/** The request as the engine needs it, with the catalog's locks as they are now (G13). */
export interface RunToPlan {
  readonly runId: number;
  readonly kind: RunKind;
  /** The only courses to touch; null for all. */
  readonly courseIds: readonly number[] | null;
  /** The run that this one undoes. */
  readonly undoesRunId: number | null;
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
  const { rows } = await sql<{ types: DataType[]; kind: RunKind; courseIds: number[] | null }>`
    select data_types::text[] as types, kind, course_ids as "courseIds"
    from push_run where id = ${runId}`.execute(tx);
  const found = rows[0];
  if (found === undefined) throw new UnknownRun(`There is no run ${runId}.`);
  const { kind, types } = found;
  const sectionsOnly = kind === 'push_all_courses';
  return {
    runId,
    kind,
    courseIds: found.courseIds,
    undoesRunId: run.undoes_run_id,
    catalogId: run.catalog_id,
    schoolYearId: run.school_year_id,
    courseMasterId: run.course_master_id,
    mode: run.mode,
    toSections: run.to_sections || sectionsOnly,
    crossSite: run.cross_site && !sectionsOnly,
    dataTypes: new Set(sectionsOnly ? types.filter((type) => REACHES_SECTIONS.has(type)) : types),
    locks: new Map(
      locks.flatMap((lock) =>
        lock.data_type === 'cross_site' ? [] : [[lock.data_type, lock.mode] as const],
      ),
    ),
  };
}

/** What sections have rows of (E03), and so what Push All Courses moves (E09). */
const REACHES_SECTIONS: ReadonlySet<DataType> = new Set([
  'composite_grades',
  'composite_weights',
  'grade_calc_options',
  'categories',
]);

/**
 * True when the run selects the type and the catalog locks it, hard or soft (G10, G11). For Push All
 * Courses a lock is no gate (E09).
 */
export function pushes(run: RunToPlan, type: Exclude<DataType, 'course_info'>): boolean {
  if (!run.dataTypes.has(type)) return false;
  return run.kind === 'push_all_courses' || (run.locks.get(type) ?? 'unlocked') !== 'unlocked';
}
