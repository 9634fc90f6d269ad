import { type Db } from '../db/database.ts';
import { recordAudit } from '../db/queries/audit.ts';
import { readRun } from '../db/queries/run-view.ts';
import { findUndoOf, insertUndo } from '../db/queries/undo.ts';
import { PushRefused } from '../domain/errors.ts';
import { type Person, type SubmittedRun } from '../domain/ports.ts';
import { isFinished, type RunView } from '../domain/push-run.ts';
import { missingForPush } from '../domain/rights.ts';
import { announceRun } from './notices.ts';

export interface UndoRequest {
  readonly person: Person;
  readonly runId: number;
  readonly comment: string | null;
  readonly idempotencyKey: string;
}

/**
 * Records the undo of a push as a run of its own, with the same catalog, calendars and thread (G23).
 * It deletes and replaces, so it needs the rights of an overwrite, its preview and its approval.
 * Workers find it by its row.
 * @throws PushRefused for a push that is unknown, not over, wrote nothing or was undone
 */
export async function undoRun(db: Db, request: UndoRequest): Promise<SubmittedRun> {
  const run = await readRun(db, request.runId);
  if (run === undefined) throw new PushRefused('not_found', `There is no push ${request.runId}.`);
  await refuse(db, run, request.person);
  return db.transaction().execute(async (tx) => {
    const runId = await insertUndo(tx, {
      runId: run.id,
      requestedBy: request.person.id,
      comment: request.comment,
      idempotencyKey: request.idempotencyKey,
    });
    await announceRun(tx, runId);
    await recordAudit(tx, {
      actorId: request.person.id,
      action: 'run.submitted',
      runId,
      detail: { undoes: run.id, calendars: run.calendars.length },
    });
    return { runId, created: true };
  });
}

async function refuse(db: Db, run: RunView, person: Person): Promise<void> {
  const no = (message: string): never => {
    throw new PushRefused('wrong_state', message);
  };
  if (!isFinished(run.state)) no(`Push ${run.id} is not over; cancel it first.`);
  if (run.undoes !== null) no(`Push ${run.id} is an undo itself; push again instead.`);
  if (run.applied === 0) no(`Push ${run.id} wrote nothing.`);
  const earlier = await findUndoOf(db, run.id);
  if (earlier !== undefined) no(`Push ${run.id} has an undo already: ${earlier}.`);
  const missing = missingForPush(person.rights, {
    mode: 'overwrite',
    toSections: run.toSections,
    crossSite: run.crossSite,
    singleMaster: run.masterNumber !== null,
    calendarIds: run.calendars.map(({ calendarId }) => calendarId),
  });
  if (missing.length > 0)
    throw new PushRefused('not_permitted', `You lack: ${missing.join('; ')}.`);
}
