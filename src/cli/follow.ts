import { setTimeout as pause } from 'node:timers/promises';
import { type Db } from '../db/database.ts';
import { type PushServices } from '../domain/ports.ts';
import { isFinished, type RunView } from '../domain/push-run.ts';
import { executeRun } from '../runs/execute-run.ts';
import { type CliContext, type Execution, withServices, withServicesHere } from './context.ts';
import { openProgress, type Progress } from './progress.ts';
import { exitCodeOf, runLines, stateWords } from './run-words.ts';

export interface FollowFlags {
  readonly here?: true;
  readonly wait: boolean;
  readonly json?: true;
}

const LOOK_MS = 300;

/** Records a run with `submit` and shows it until it has ended, here or at a worker. */
export async function follow(
  context: CliContext,
  flags: FollowFlags,
  submit: (db: Db, services: PushServices) => Promise<number>,
): Promise<void> {
  const progress = openProgress(context);
  try {
    const run = await (flags.here === true
      ? withServicesHere(context, async ({ db, services, execution }) => {
          const run = await look(services, await submit(db, services));
          return waitFor(services, run, { progress, turn: workHere(db, execution) });
        })
      : withServices(context, async (services, db) => {
          const run = await look(services, await submit(db, services));
          if (!flags.wait) return run;
          await warnOfNoWorker(context, services);
          return waitFor(services, run, { progress, turn: () => pause(LOOK_MS) });
        }));
    progress.stop();
    answer(context, run, flags);
  } finally {
    progress.stop();
  }
}

async function look(services: PushServices, runId: number): Promise<RunView> {
  const run = await services.run(runId);
  if (run === undefined) throw new Error(`Push #${runId} vanished.`);
  return run;
}

/** Until the run has ended, or waits for a person or for its time. */
async function waitFor(
  services: PushServices,
  submitted: RunView,
  { progress, turn }: { progress: Progress; turn: (run: RunView) => Promise<unknown> },
): Promise<RunView> {
  for (let run = submitted; ; run = await look(services, run.id)) {
    progress.show(run);
    if (isFinished(run.state) || waitsForPeople(run) || waitsForTime(run)) return run;
    await turn(run);
  }
}

function waitsForPeople({ state }: RunView): boolean {
  return state === 'awaiting_approval' || state === 'planned';
}

function waitsForTime({ state, scheduledFor }: RunView): boolean {
  return state === 'queued' && scheduledFor > new Date();
}

/** A turn of the work in this process; a pause when the run is not free. */
function workHere(db: Db, execution: Execution): (run: RunView) => Promise<unknown> {
  const execute = executeRun(db, execution);
  return async ({ id }) => {
    const executed = await execute(id, new AbortController().signal);
    if (executed === 'not_due' || executed === 'broken') await pause(LOOK_MS);
  };
}

async function warnOfNoWorker({ note }: CliContext, services: PushServices): Promise<void> {
  const { alive } = await services.workers();
  if (alive === 0)
    note('No worker is running: start one (npm run worker), or use --here next time. Waiting …');
}

function answer(context: CliContext, run: RunView, { json }: FollowFlags): void {
  if (json) context.print(JSON.stringify(run));
  else for (const line of [...runLines(run, { ended: true }), ...closing(run)]) context.print(line);
  context.setExitCode(exitCodeOf(run));
}

function closing(run: RunView): string[] {
  if (isFinished(run.state))
    return run.artifacts.length === 0
      ? []
      : ['', `Files: push-course-masters report ${run.id} --help`];
  const when = waitsForTime(run) ? ` Starts ${run.scheduledFor.toISOString()}.` : '';
  return ['', `${stateWords(run)}.${when}`];
}
