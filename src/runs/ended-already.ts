import { type Db } from '../db/database.ts';
import { readEnd } from '../db/queries/run-list.ts';
import { PushRefused } from '../domain/errors.ts';
import { type RunState } from '../domain/push-run.ts';

/** The refusal of a late click: how the run ended, by whom, and when. */
export async function endedAlready(db: Db, runId: number): Promise<PushRefused> {
  const end = await readEnd(db, runId);
  if (end === undefined)
    return new PushRefused('already_decided', `Push #${runId} has already ended.`);
  const by = end.by === null ? '' : ` by ${end.by}`;
  return new PushRefused(
    'already_decided',
    `Push #${runId} has already ended: ${HOW[end.state] ?? 'it is over'}${by}.`,
    { at: end.at },
  );
}

const HOW: Readonly<Partial<Record<RunState, string>>> = {
  completed: 'it is completed',
  completed_with_exceptions: 'it is completed with exceptions',
  failed: 'it failed',
  canceled: 'canceled',
  rejected: 'rejected',
  expired: 'it expired',
};
