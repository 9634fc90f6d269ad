import { sql } from 'kysely';
import { type PushOptions, type PushSchedule } from '../../domain/push-options.ts';
import { type Db } from '../database.ts';

export interface NewRun {
  readonly requestedBy: number;
  readonly options: PushOptions;
  readonly schedule: PushSchedule;
  readonly idempotencyKey: string;
  readonly comment: string | null;
  readonly channelId: string | null;
  readonly planOnly: boolean;
  /** Nobody is asked about its plan, except the approvers of an overwrite. */
  readonly confirmed: boolean;
}

/**
 * Writes the run, one job per calendar and its thread. Call inside a transaction.
 * @returns the run's id, or undefined when the idempotency key has been used (B08)
 */
export async function insertRun(tx: Db, run: NewRun): Promise<number | undefined> {
  const { options, schedule } = run;
  const row = await tx
    .insertInto('push_run')
    .values({
      catalog_id: options.catalogId,
      school_year_id: options.schoolYearId,
      course_master_id: options.courseMasterId ?? null,
      kind: options.kind ?? 'push',
      course_ids: options.courseIds === undefined ? null : [...options.courseIds],
      left_out_courses: [...(options.leftOutCourses ?? [])],
      mode: options.mode,
      to_sections: options.toSections,
      cross_site: options.crossSite,
      data_types: [...options.dataTypes],
      all_calendars: options.allCalendars,
      requested_by: run.requestedBy,
      scheduled_for: schedule.kind === 'now' ? sql<Date>`now()` : schedule.at,
      run_now: schedule.kind === 'now',
      idempotency_key: run.idempotencyKey,
      comment: run.comment,
      cancel_requested: run.planOnly,
      confirmed_at: run.confirmed ? sql<Date>`now()` : null,
      enqueued_at: sql<Date>`now()`,
    })
    .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  await sql`insert into push_job (run_id, calendar_id)
    select ${row.id}, unnest(${[...options.calendarIds]}::int[])`.execute(tx);
  if (run.channelId !== null) {
    await tx
      .insertInto('run_thread')
      .values({ run_id: row.id, channel_id: run.channelId })
      .execute();
  }
  return row.id;
}

/** The run that an idempotency key made, and who asked for it. */
export async function findRunByKey(
  db: Db,
  key: string,
): Promise<{ id: number; requestedBy: number } | undefined> {
  return db
    .selectFrom('push_run')
    .select(['id', 'requested_by as requestedBy'])
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/** What of the options the database knows. Calendars are those of the year, by id. */
export interface KnownScope {
  readonly year: boolean;
  readonly catalogOfYear: boolean;
  readonly masterOfCatalog: boolean;
  readonly calendarIds: readonly number[];
  /** True when the time lies before the current minute of the database's clock. */
  readonly timeIsPast: boolean;
}

/** Looks up in one statement what a submission names. */
export async function readScope(
  db: Db,
  options: PushOptions,
  schedule: PushSchedule,
): Promise<KnownScope> {
  const at = schedule.kind === 'now' ? null : schedule.at;
  const { rows } = await sql<KnownScope>`
    select
      exists (select 1 from school_year where id = ${options.schoolYearId}) as year,
      exists (select 1 from catalog_school_year where catalog_id = ${options.catalogId}
        and school_year_id = ${options.schoolYearId}) as "catalogOfYear",
      ${options.courseMasterId ?? null}::bigint is null or exists (select 1 from course_master
        where id = ${options.courseMasterId ?? null}::bigint and catalog_id = ${options.catalogId})
        as "masterOfCatalog",
      array(select id from calendar where school_year_id = ${options.schoolYearId} order by id)
        as "calendarIds",
      coalesce(${at}::timestamptz < date_trunc('minute', now()), false) as "timeIsPast"`.execute(
    db,
  );
  const [scope] = rows;
  if (scope === undefined) throw new Error('reading the scope of a submission gave no row');
  return scope;
}
