import { type Db } from '../db/database.ts';
import { recordAudit } from '../db/queries/audit.ts';
import { findRunByKey } from '../db/queries/submissions.ts';
import { lockRun } from '../db/queries/approvals.ts';
import { readRun } from '../db/queries/run-view.ts';
import { findUndoOf, insertUndo, type NewUndo } from '../db/queries/undo.ts';
import { PushRefused } from '../domain/errors.ts';
import { type Person, type SubmittedRun } from '../domain/ports.ts';
import { isFinished, type RunView } from '../domain/push-run.ts';
import { type UndoOutlook } from '../domain/queue-list.ts';
import { missingForPush } from '../domain/rights.ts';
import { countUndo } from '../engine/count-undo.ts';
import { announceRun } from './notices.ts';

export interface UndoRequest {
  readonly person: Person;
  readonly runId: number;
  readonly comment: string | null;
  /** The same key records the undo once (B08). */
  readonly idempotencyKey: string;
  /** From where it is asked, for the audit log. */
  readonly from: string;
  /** Its plan goes to the approvers without the requester's word in between. */
  readonly confirmed: boolean;
  /** Where its thread opens when the push has none. */
  readonly channelId: string | null;
}

/**
 * Records the undo of a push as a run of its own, with the same catalog, calendars and conversation (G23).
 * It deletes and replaces, so it needs the rights of an overwrite, its preview and its approval.
 * Workers find it by its row. Behind the row lock of the push, so that of many clicks one counts.
 * @throws PushRefused for a push that is unknown, not over, wrote nothing or was undone
 */
export async function undoRun(db: Db, request: UndoRequest): Promise<SubmittedRun> {
  return db.transaction().execute(async (tx) => {
    const { person, idempotencyKey } = request;
    await lockRun(tx, request.runId);
    const earlier = await findRunByKey(tx, idempotencyKey);
    if (earlier?.requestedBy === person.id) return { runId: earlier.id, created: false };
    const run = await permittedRun(tx, request);
    const runId = await insertUndo(tx, newUndo(request));
    await announceRun(tx, runId);
    await recordAudit(tx, {
      actorId: person.id,
      action: 'run.submitted',
      runId,
      detail: { undoes: run.id, calendars: run.calendars.length, from: request.from },
    });
    return { runId, created: true };
  });
}

function newUndo({ person, ...request }: UndoRequest): NewUndo {
  return { ...request, requestedBy: person.id };
}

/** Counting takes as long as planning; of a larger push its plan tells. */
const MOST_COUNTED = 20_000;

/**
 * What an undo would find now, before anybody asks for it.
 * @throws PushRefused as undoRun does
 */
export async function outlookOfUndo(
  db: Db,
  request: { readonly person: Person; readonly runId: number },
): Promise<UndoOutlook> {
  const { id, applied } = await permittedRun(db, request);
  if (applied > MOST_COUNTED) return { written: applied, counted: null };
  return { written: applied, counted: await countUndo(db, id) };
}

/** Whether the person could ask for the undo of a push now, and the undo that it has already. */
export async function undoStanding(
  db: Db,
  { person, runId }: { readonly person: Person; readonly runId: number },
): Promise<{ readonly mayUndo: boolean; readonly undoneBy: number | null }> {
  const [run, undoneBy = null] = await Promise.all([readRun(db, runId), findUndoOf(db, runId)]);
  return {
    mayUndo: run !== undefined && refusal(run, { person, undoneBy }) === undefined,
    undoneBy,
  };
}

async function permittedRun(
  db: Db,
  { person, runId }: { readonly person: Person; readonly runId: number },
): Promise<RunView> {
  const run = await readRun(db, runId);
  if (run === undefined) throw new PushRefused('not_found', `There is no push ${runId}.`);
  const undoneBy = (await findUndoOf(db, runId)) ?? null;
  const refused = refusal(run, { person, undoneBy });
  if (refused !== undefined) throw refused;
  return run;
}

function refusal(
  run: RunView,
  { person, undoneBy }: { readonly person: Person; readonly undoneBy: number | null },
): PushRefused | undefined {
  const no = (message: string): PushRefused => new PushRefused('wrong_state', message);
  if (!isFinished(run.state)) return no(`Push ${run.id} is not over; cancel it first.`);
  if (run.undoes !== null) return no(`Push ${run.id} is an undo itself; push again instead.`);
  if (run.applied === 0) return no(`Push ${run.id} wrote nothing.`);
  if (undoneBy !== null) return no(`Push ${run.id} has an undo already: push ${undoneBy}.`);
  const missing = missingForPush(person.rights, {
    mode: 'overwrite',
    toSections: run.toSections,
    crossSite: run.crossSite,
    singleMaster: run.masterNumber !== null,
    calendarIds: run.calendars.map(({ calendarId }) => calendarId),
  });
  return missing.length === 0
    ? undefined
    : new PushRefused('not_permitted', `You lack: ${missing.join('; ')}.`);
}
