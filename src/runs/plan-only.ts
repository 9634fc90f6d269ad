import { setTimeout as pause } from 'node:timers/promises';
import { type Db } from '../db/database.ts';
import { readCounts, readRun } from '../db/queries/run-view.ts';
import { type PushServices, type SubmitRequest } from '../domain/ports.ts';
import { isFinished, type RunView } from '../domain/push-run.ts';
import { executeRun, type ExecuteSettings } from './execute-run.ts';
import { writePlanFile } from './write-reports.ts';

/** A run could not be planned. */
export class PlanFailed extends Error {
  override readonly name = 'PlanFailed';
}

/**
 * Plans a push in this process and carries nothing out (G22): the run is on record with its plan and
 * its plan file, and canceled from the start.
 * @throws PushRefused as submitting does, PlanFailed
 */
export async function planOnly(
  db: Db,
  settings: ExecuteSettings & { readonly services: PushServices },
  request: SubmitRequest,
): Promise<RunView> {
  const { runId } = await settings.services.submit({ ...request, planOnly: true });
  const execute = executeRun(db, settings);
  for (;;) {
    await execute(runId, new AbortController().signal);
    const run = await readRun(db, runId);
    if (run === undefined) throw new PlanFailed(`Push #${runId} vanished.`);
    if (isFinished(run.state)) return planned(db, run);
    // A worker was quicker, or the database was in the way.
    await pause(200);
  }
}

async function planned(db: Db, run: RunView): Promise<RunView> {
  if (run.plan === null)
    throw new PlanFailed(run.error ?? `Push #${run.id} ended as ${run.state} without a plan.`);
  await writePlanFile(db, run.id);
  // It ended early as every canceled run; what was asked for is its plan.
  return { ...run, counts: await readCounts(db, run.plan.id, { reachedOnly: false }) };
}
