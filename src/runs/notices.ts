import { type Db } from '../db/database.ts';
import { listApprovers } from '../db/queries/approvals.ts';
import { hasPlanFiles } from '../db/queries/artifacts.ts';
import { askForNotice, askForProgress, refreshNotices } from '../db/queries/notices.ts';
import { readSubscribers } from '../db/queries/subscriptions.ts';
import { type NamedPerson } from '../domain/approval.ts';

/** Slack takes about one edit a second per channel; a reader needs fewer. */
const PROGRESS_EVERY_MS = 3000;

/** The message that opens the run's thread. Call in the transaction that submits it. */
export async function announceRun(tx: Db, runId: number): Promise<void> {
  await askForNotice(tx, { runId, kind: 'anchor' });
}

/** Edits the opening message; many changes within 3 s become one edit. */
export async function announceProgress(tx: Db, runId: number): Promise<void> {
  await announceProgressOf(tx, [runId]);
}

/** The same of many runs at once. */
export async function announceProgressOf(tx: Db, runIds: readonly number[]): Promise<void> {
  await askForProgress(tx, runIds, PROGRESS_EVERY_MS);
}

/** The result in the thread and its files, and the result to every subscriber, each once. Call in the transaction that ends the run. */
export async function announceEnd(tx: Db, run: { id: number; withFiles: boolean }): Promise<void> {
  await announceAnswer(tx, run.id);
  await askForNotice(tx, { runId: run.id, kind: 'finished' });
  if (run.withFiles) await askForNotice(tx, { runId: run.id, kind: 'files' });
  for (const about of await readSubscribers(tx, run.id))
    await askForNotice(tx, { runId: run.id, kind: 'subscribed', part: about.channelId, about });
}

/** A plan is ready for its requester: a reply with the preview, and the plan's files once. */
export async function announcePlan(
  tx: Db,
  { runId, planId }: { runId: number; planId: number },
): Promise<void> {
  await announceAnswer(tx, runId);
  const part = String(planId);
  await askForNotice(tx, { runId, kind: 'plan', part, about: { planId } });
  if (await hasPlanFiles(tx, runId))
    await askForNotice(tx, { runId, kind: 'plan_files', part, about: { planId } });
}

/** An overwrite asks for approval: the approvers' channel and each approver directly, once per plan. */
export async function announceApproval(
  tx: Db,
  { runId, planId }: { runId: number; planId: number },
): Promise<void> {
  await announceAnswer(tx, runId);
  await askForNotice(tx, { runId, kind: 'approval', part: String(planId), about: { planId } });
  for (const { slackUserId } of await listApprovers(tx, runId)) {
    const part = `${planId}:${slackUserId}`;
    await askForNotice(tx, { runId, kind: 'approval', part, about: { planId, slackUserId } });
  }
}

/** Somebody approved; a reply tells the requester. */
export async function announceDecision(
  tx: Db,
  decision: { runId: number; planId: number; decisionId: number },
): Promise<void> {
  const { runId, planId, decisionId } = decision;
  await announceAnswer(tx, runId);
  const part = String(decisionId);
  await askForNotice(tx, { runId, kind: 'decision', part, about: { planId, decisionId } });
}

/** A run that was approved for one time got another; a reply tells its approvers. */
export async function announceNewTime(
  tx: Db,
  moved: { runId: number; at: Date; by: string },
): Promise<void> {
  const { runId, at, by } = moved;
  await askForNotice(tx, { runId, kind: 'new_time', part: at.toISOString(), about: { by } });
}

/** A run starts with another plan than the approved one, which destroys nothing more (G20). */
export async function announceChangedPlan(
  tx: Db,
  { runId, planId }: { runId: number; planId: number },
): Promise<void> {
  await announceAnswer(tx, runId);
  await askForNotice(tx, { runId, kind: 'changed_plan', part: String(planId), about: { planId } });
}

/** An answer changed where a run stands: every message with buttons shows it. */
export async function announceAnswer(tx: Db, runId: number): Promise<void> {
  await announceProgress(tx, runId);
  await refreshNotices(tx, runId, ['plan', 'approval']);
}

/** The time for an answer is running out; each who may give it is reminded once per `reminder`. */
export async function announceReminder(
  tx: Db,
  due: { runId: number; planId: number; reminder: number; to: readonly NamedPerson[] | 'thread' },
): Promise<void> {
  const { runId, planId, reminder, to } = due;
  const part = `${planId}:${reminder}`;
  if (to === 'thread') {
    await askForNotice(tx, { runId, kind: 'reminder', part, about: { planId } });
    return;
  }
  for (const { slackUserId } of to) {
    const about = { planId, slackUserId };
    await askForNotice(tx, { runId, kind: 'reminder', part: `${part}:${slackUserId}`, about });
  }
}
