import { findRunOfMessage, listJobs, listUndecided } from '../db/queries/run-list.ts';
import { readHomeMark, readOverview } from '../db/queries/run-overview.ts';
import { readUndelivered } from '../db/queries/undelivered.ts';
import { type Db } from '../db/database.ts';
import { recordAudit } from '../db/queries/audit.ts';
import {
  findQueuedRun,
  hideRun,
  markRun,
  placeInTime,
  type QueuedRun,
  readWishes,
  renewArtifacts,
  rescheduleRun,
} from '../db/queries/queue-changes.ts';
import { readApprovers } from '../db/queries/approvals.ts';
import { missingForApproval, SHORTEST_REASON } from '../domain/approval.ts';
import { PushRefused } from '../domain/errors.ts';
import { type Person, type PushServices } from '../domain/ports.ts';
import {
  actsOn,
  DEFAULT_RETENTION_DAYS,
  type ManagedRun,
  mayManage,
  type QueueChange,
  type QueuePage,
  type QueueQuery,
  type QueueServices,
} from '../domain/queue-list.ts';
import { FURTHEST_DAYS } from '../domain/push-options.ts';
import { holds } from '../domain/rights.ts';
import { cancelRun } from './cancel-run.ts';
import { announceAnswer, announceNewTime } from './notices.ts';
import { repairRun } from './repair-run.ts';
import { outlookOfUndo, undoRun, undoStanding } from './undo-run.ts';

/** The Batch Queue List and what may be done with its rows (B02, B04–B06), on one database. */
export function queueServices(
  db: Db,
  settings: Pick<PushServices, 'submit'>,
  retentionDays = DEFAULT_RETENTION_DAYS,
): QueueServices {
  return {
    list: (query) => listPage(db, query),
    toApprove: async (person) =>
      (await listUndecided(db, person.id)).filter(
        ({ calendarIds }) => missingForApproval(person.rights, calendarIds).length === 0,
      ),
    runOf: (message) => findRunOfMessage(db, message),
    overview: async ({ id, rights }) => {
      const all = holds(rights, 'batch_queue_admin', 'read');
      const phases = await readOverview(db, { personId: id, all });
      const own = Object.values(phases).flatMap(({ runs }) => runs.filter(({ isOwn }) => isOwn));
      const undelivered = await readUndelivered(
        db,
        own.map(({ runId }) => runId),
      );
      return { ...phases, undelivered };
    },
    mark: () => readHomeMark(db),
    look: async ({ person, runId }) => {
      const run = await findQueuedRun(db, runId);
      if (run === undefined || !maySee(person, run)) return undefined;
      const { highPriority, keepUntilDeleted } = run;
      const [{ mayUndo, undoneBy }, undelivered] = await Promise.all([
        undoStanding(db, { person, runId }),
        readUndelivered(db, [runId]),
      ]);
      const acts = actsOn(person.rights, managed(person, run));
      return {
        acts: mayUndo ? new Set([...acts, 'undo'] as const) : acts,
        ...{ undelivered, highPriority, keepUntilDeleted, undoneBy },
      };
    },
    cancel: cancelRun(db),
    reschedule: (request) => reschedule(db, request),
    repeat: (request) => repeat(db, settings.submit, request),
    repair: (request) => repairRun(db, settings.submit, request),
    undoOutlook: (request) => outlookOfUndo(db, request),
    undo: (request) => undo(db, request),
    prioritize: async ({ high, ...change }) => {
      await permitted(db, { ...change, right: 'write' });
      await markRun(db, change.runId, { highPriority: high });
      await noteInAudit(db, { ...change, action: high ? 'run.hurried' : 'run.unhurried' });
    },
    keep: async ({ keep, ...change }) => {
      await permitted(db, { ...change, right: 'write' });
      // First their new time, then the mark: between the two no purge finds them.
      const filesGo = keep ? null : await renewArtifacts(db, change.runId, retentionDays);
      await markRun(db, change.runId, { keepUntilDeleted: keep });
      await noteInAudit(db, { ...change, action: keep ? 'run.kept' : 'run.unkept' });
      return filesGo;
    },
    remove: (request) => remove(db, request),
  };
}

async function listPage(db: Db, query: QueueQuery): Promise<QueuePage> {
  const { person, size, skip, from, to } = query;
  const maySeeAll = holds(person.rights, 'batch_queue_admin', 'read');
  const requestedBy = query.mine || !maySeeAll ? person.id : null;
  const found = await listJobs(db, { requestedBy, from, to, limit: size + 1, skip });
  const shown = found.slice(0, size);
  const problems = await readUndelivered(db, [...new Set(shown.map(({ runId }) => runId))]);
  const rows = shown.map(({ requestedById, ...row }) => {
    const { runState: state, hasReport } = row;
    const run = {
      state,
      hasReport,
      isOwn: requestedById === person.id,
      isUndo: row.undoes !== null,
    };
    const undelivered = problems.filter(({ runId }) => runId === row.runId);
    return { ...row, acts: actsOn(person.rights, run), undelivered };
  });
  return { rows, more: found.length > size, maySeeAll };
}

function managed(person: Person, run: QueuedRun): ManagedRun {
  const { state, hasReport, isUndo } = run;
  return { state, hasReport, isUndo, isOwn: run.requestedBy === person.id };
}

/** One's own, everybody's with the admin right, and what an approver is asked about. */
function maySee({ id, rights }: Person, run: QueuedRun): boolean {
  return (
    run.requestedBy === id ||
    holds(rights, 'batch_queue_admin', 'read') ||
    (run.state === 'awaiting_approval' && holds(rights, 'push_all_course_masters.approve', 'write'))
  );
}

async function permitted(
  db: Db,
  { person, runId, right }: QueueChange & { right: 'write' | 'delete' },
): Promise<QueuedRun> {
  const run = await findQueuedRun(db, runId);
  if (run === undefined || !maySee(person, run))
    throw new PushRefused('not_found', `There is no push #${runId} in your queue.`);
  if (!mayManage(person.rights, run.requestedBy === person.id, right)) {
    const name = right === 'write' ? 'Write' : 'Delete';
    throw new PushRefused(
      'not_permitted',
      `This needs ${name} on Batch Queue for your own push, on Batch Queue Admin for another.`,
    );
  }
  return run;
}

async function reschedule(db: Db, request: QueueChange & { at: Date }): Promise<void> {
  const { person, runId, at, from } = request;
  await permitted(db, { ...request, right: 'write' });
  await refuseUnlessAhead(db, at);
  await db.transaction().execute(async (tx) => {
    if (!(await rescheduleRun(tx, runId, at)))
      throw new PushRefused('wrong_state', `Push #${runId} no longer waits for its time.`);
    await announceAnswer(tx, runId);
    // Who approved it for another time is told; who is still asked sees the new one in the request.
    if ((await readApprovers(tx, runId)).length > 0)
      await announceNewTime(tx, { runId, at, by: person.name });
    await recordAudit(tx, {
      actorId: person.id,
      action: 'run.rescheduled',
      runId,
      detail: { at: at.toISOString(), from },
    });
  });
}

async function refuseUnlessAhead(db: Db, at: Date): Promise<void> {
  const place = await placeInTime(db, at, FURTHEST_DAYS);
  if (place === 'ahead') return;
  const message =
    place === 'past'
      ? 'Choose a time that is still to come.'
      : `Choose a time within the next ${FURTHEST_DAYS} days.`;
  throw new PushRefused('invalid_options', message, { field: 'at' });
}

async function repeat(
  db: Db,
  submit: PushServices['submit'],
  { key, ...change }: QueueChange & { key: string },
): Promise<number> {
  const { person, runId, from } = change;
  await permitted(db, { ...change, right: 'write' });
  const wishes = await readWishes(db, runId);
  if (wishes === undefined) throw new PushRefused('not_found', `There is no push #${runId}.`);
  if (wishes.options.kind === 'undo')
    throw new PushRefused('wrong_state', `Push #${runId} undid another; it cannot be repeated.`);
  const { runId: again } = await submit({
    person,
    options: wishes.options,
    schedule: { kind: 'now' },
    from,
    idempotencyKey: `repeat:${runId}:${key}`,
    channelId: wishes.channelId,
    ...(wishes.comment === null ? {} : { comment: wishes.comment }),
  });
  return again;
}

async function undo(
  db: Db,
  request: QueueChange & { key: string; reason: string; channelId: string },
): Promise<number> {
  const { person, runId, from, channelId } = request;
  const reason = request.reason.trim();
  if (reason.length < SHORTEST_REASON)
    throw new PushRefused(
      'invalid_options',
      `Say why in at least ${SHORTEST_REASON} characters: the approver reads it.`,
      { field: 'reason' },
    );
  const { runId: undoing } = await undoRun(db, {
    ...{ person, runId, from, channelId, comment: reason, confirmed: false },
    idempotencyKey: `undo:${runId}:${request.key}`,
  });
  return undoing;
}

async function remove(db: Db, change: QueueChange): Promise<void> {
  const { runId } = change;
  await permitted(db, { ...change, right: 'delete' });
  await db.transaction().execute(async (tx) => {
    if (!(await hideRun(tx, runId)))
      throw new PushRefused('wrong_state', `Push #${runId} has not ended; cancel it first.`);
    await noteInAudit(tx, { ...change, action: 'run.deleted' });
  });
}

async function noteInAudit(
  db: Db,
  { person, runId, from, action }: QueueChange & { action: string },
): Promise<void> {
  await recordAudit(db, { actorId: person.id, action, runId, detail: { from } });
}
