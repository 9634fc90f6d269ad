import { type Db } from '../db/database.ts';
import { recordAudit } from '../db/queries/audit.ts';
import { listApprovers, lockUnanswered, takeReminders } from '../db/queries/approvals.ts';
import { endEverything } from './finish-run.ts';
import { announceReminder } from './notices.ts';

/**
 * One round: ends the runs that nobody answered in time (T09) and reminds of those whose time is
 * running out, at half of it and at nine tenths. The database's clock decides, so that any number of
 * processes may look.
 * @returns how many expired and how many were reminded of
 */
export async function keepAnswerDeadlines(db: Db): Promise<{ expired: number; reminded: number }> {
  let expired = 0;
  while (await expireOne(db)) expired += 1;
  const reminded = await db.transaction().execute(async (tx) => {
    const due = await takeReminders(tx);
    for (const { runId, planId, reminder, state } of due) {
      const to = state === 'planned' ? 'thread' : await listApprovers(tx, runId, 'undecided');
      await announceReminder(tx, { runId, planId, reminder, to });
      await recordAudit(tx, {
        actorId: null,
        action: state === 'planned' ? 'plan.reminded' : 'approval.reminded',
        runId,
        detail: {
          reminder,
          to: to === 'thread' ? to : to.map(({ slackUserId }) => slackUserId).join(', '),
        },
      });
    }
    return due.length;
  });
  return { expired, reminded };
}

function expireOne(db: Db): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const run = await lockUnanswered(tx);
    if (run === undefined) return false;
    const action = run.state === 'planned' ? 'plan.expired' : 'approval.expired';
    await endEverything(tx, run, { as: 'expired', actorId: null, action });
    return true;
  });
}
