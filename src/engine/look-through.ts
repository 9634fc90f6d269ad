import { sql } from 'kysely';
import { type Db } from '../db/database.ts';
import { DATA_TYPES, type PushMode, type RunKind } from '../domain/push-options.ts';
import { readRunToPlan } from './plan/run-to-plan.ts';
import { createStaging, type Tx } from './plan/staging.ts';
import { workOut } from './plan-run.ts';

/** A push that nobody asked for: what would it do? */
export interface Look {
  readonly personId: number;
  readonly schoolYearId: number;
  readonly catalogId: number;
  readonly calendarIds: readonly number[];
  readonly kind: RunKind;
  readonly mode: PushMode;
  readonly toSections: boolean;
}

/**
 * Works out the plan of a push of everything, lets `read` look at its pairs, and takes everything back:
 * reports see with the eyes of the engine, so that they cannot differ from it (R09).
 */
export async function lookThrough<Found>(
  db: Db,
  look: Look,
  read: (tx: Tx) => Promise<Found>,
): Promise<Found> {
  const tx = await db.startTransaction().setIsolationLevel('repeatable read').execute();
  try {
    await sql`set local work_mem = '64MB'`.execute(tx);
    await sql`set local statement_timeout = '120s'`.execute(tx);
    const run = await readRunToPlan(tx, await insertRun(tx, look));
    await createStaging(tx);
    await workOut(tx, run);
    return await read(tx);
  } finally {
    await tx.rollback().execute();
  }
}

/** A row that is never committed; its id is below zero, so that the numbers of real runs have no gaps. */
async function insertRun(tx: Tx, look: Look): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into push_run (id, kind, catalog_id, school_year_id, mode, to_sections, cross_site, data_types,
      all_calendars, requested_by, scheduled_for, run_now, idempotency_key)
    values (-pg_backend_pid(), ${look.kind}, ${look.catalogId}, ${look.schoolYearId}, ${look.mode}::push_mode,
      ${look.toSections}, false, ${[...DATA_TYPES]}::text[]::data_type[], false, ${look.personId}, now(),
      true, 'look:' || pg_backend_pid())
    returning id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('inserting the run of a look');
  await sql`insert into push_job (run_id, calendar_id)
    select ${id}, unnest(${[...look.calendarIds]}::int[])`.execute(tx);
  return id;
}
