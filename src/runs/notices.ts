import { type Db } from '../db/database.ts';
import { askForNotice } from '../db/queries/notices.ts';

/** Slack takes about one edit a second per channel; a reader needs fewer. */
const PROGRESS_EVERY_MS = 3000;

/** The message that opens the run's thread. Call in the transaction that submits it. */
export async function announceRun(tx: Db, runId: number): Promise<void> {
  await askForNotice(tx, { runId, kind: 'anchor' });
}

/** Edits the opening message; many changes within 3 s become one edit. */
export async function announceProgress(tx: Db, runId: number): Promise<void> {
  await askForNotice(tx, { runId, kind: 'progress', again: { everyMs: PROGRESS_EVERY_MS } });
}

/** The result in the thread and its files, each once. Call in the transaction that ends the run. */
export async function announceEnd(tx: Db, run: { id: number; withFiles: boolean }): Promise<void> {
  await announceProgress(tx, run.id);
  await askForNotice(tx, { runId: run.id, kind: 'finished' });
  if (run.withFiles) await askForNotice(tx, { runId: run.id, kind: 'files' });
}
