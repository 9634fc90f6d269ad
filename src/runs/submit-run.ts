import { type Logger } from 'pino';
import { type Db } from '../db/database.ts';
import { recordAudit } from '../db/queries/audit.ts';
import { findRunByKey, insertRun, type KnownScope, readScope } from '../db/queries/submissions.ts';
import { PushRefused } from '../domain/errors.ts';
import { type PushServices, type SubmitRequest, type SubmittedRun } from '../domain/ports.ts';
import { type PushOptions } from '../domain/push-options.ts';
import { missingForPush } from '../domain/rights.ts';
import { type Enqueue } from './enqueue.ts';
import { announceRun } from './notices.ts';

interface SubmitSettings {
  /** Wakes a worker; a failure is only logged, because the row is what counts. */
  readonly enqueue: Enqueue;
  readonly logger: Logger;
}

/**
 * Records a push: the run, its calendars, its thread and its first message in one transaction. The
 * commit is the acceptance; Redis may be away (reliability.md 3.1, steps 1 and 2).
 * @throws PushRefused with the field of the form at fault
 */
export function submitRun(db: Db, settings: SubmitSettings): PushServices['submit'] {
  return async (request) => {
    const earlier = await findEarlier(db, request);
    if (earlier !== undefined) return earlier;
    const options = await checkOptions(db, request);
    const runId = await db.transaction().execute((tx) => recordRun(tx, request, options));
    if (runId === undefined) return (await findEarlier(db, request)) ?? neverMind(request);
    wake(settings, runId);
    return { runId, created: true };
  };
}

async function findEarlier(db: Db, request: SubmitRequest): Promise<SubmittedRun | undefined> {
  const run = await findRunByKey(db, request.idempotencyKey);
  if (run === undefined) return undefined;
  if (run.requestedBy !== request.person.id)
    throw new PushRefused('not_permitted', 'Another person has already sent this form.');
  return { runId: run.id, created: false };
}

function neverMind(request: SubmitRequest): never {
  throw new Error(`the run of key ${request.idempotencyKey} vanished between two statements`);
}

async function checkOptions(db: Db, request: SubmitRequest): Promise<PushOptions> {
  const scope = await readScope(db, request.options, request.schedule);
  refuseUnknown(request.options, scope);
  const options = resolveCalendars(request, scope);
  if (options.dataTypes.length === 0)
    throw refusal('types', 'Choose at least one kind of data to push.');
  if (scope.timeIsPast) throw refusal('at', 'Choose a time that is still to come.');
  refuseUnpermitted(request, options);
  return options;
}

function refuseUnknown(options: PushOptions, scope: KnownScope): void {
  if (!scope.year) throw refusal('year', 'Choose a school year.');
  if (!scope.catalogOfYear)
    throw refusal('catalog', 'Choose a course catalog that a school uses in this year.');
  if (!scope.masterOfCatalog)
    throw refusal('catalog', 'This course master does not belong to the catalog.');
  const strangers = options.calendarIds.filter((id) => !scope.calendarIds.includes(id));
  if (strangers.length > 0)
    throw refusal('calendars', `${strangers.length} of the calendars are not of this year.`);
}

/** "All Calendars" means those of the year the person may modify, written down now (G04). */
function resolveCalendars({ person, options }: SubmitRequest, scope: KnownScope): PushOptions {
  const chosen = options.allCalendars
    ? scope.calendarIds.filter((id) => person.rights.modifiableCalendars.has(id))
    : options.calendarIds;
  if (chosen.length === 0)
    throw refusal(
      'calendars',
      options.allCalendars
        ? 'You have Modify rights on no calendar of this year.'
        : 'Choose at least one calendar.',
    );
  const calendarIds = [...new Set(chosen)].sort((a, b) => a - b);
  return { ...options, calendarIds, dataTypes: [...new Set(options.dataTypes)] };
}

function refuseUnpermitted({ person }: SubmitRequest, options: PushOptions): void {
  const singleMaster = options.courseMasterId !== undefined;
  const missing = missingForPush(person.rights, { ...options, singleMaster });
  if (missing.length > 0)
    throw new PushRefused('not_permitted', `You lack: ${missing.join('; ')}.`);
}

function refusal(
  field: 'year' | 'catalog' | 'calendars' | 'types' | 'at',
  message: string,
): PushRefused {
  return new PushRefused('invalid_options', message, { field });
}

async function recordRun(
  tx: Db,
  request: SubmitRequest,
  options: PushOptions,
): Promise<number | undefined> {
  const { person, schedule, idempotencyKey, channelId, from } = request;
  const runId = await insertRun(tx, {
    requestedBy: person.id,
    options,
    schedule,
    idempotencyKey,
    comment: request.comment ?? null,
    planOnly: request.planOnly ?? false,
    channelId,
    confirmed: request.confirmed ?? false,
  });
  if (runId === undefined) return undefined;
  await announceRun(tx, runId);
  await recordAudit(tx, {
    actorId: person.id,
    action: 'run.submitted',
    runId,
    detail: {
      mode: options.mode,
      calendars: options.calendarIds.length,
      when: schedule.kind,
      from,
    },
  });
  return runId;
}

function wake({ enqueue, logger }: SubmitSettings, runId: number): void {
  enqueue({ runId, epoch: 0, generation: 0 }).catch((error: unknown) => {
    logger.warn({ err: error, runId }, 'the queue did not take the run; it is found by its row');
  });
}
