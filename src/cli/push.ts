import { setTimeout as pause } from 'node:timers/promises';
import { type Command } from 'commander';
import { type Db } from '../db/database.ts';
import { type PushServices, type SubmitRequest } from '../domain/ports.ts';
import { isFinished, type RunView } from '../domain/push-run.ts';
import { executeRun } from '../runs/execute-run.ts';
import { queueServices } from '../runs/queue-services.ts';
import { type CliContext, type Execution, withServices, withServicesHere } from './context.ts';
import { openProgress, type Progress } from './progress.ts';
import { addPushFlags, type PushFlags, readRequest, type RequestSources } from './push-flags.ts';
import { exitCodeOf, runLines, stateWords } from './run-words.ts';

interface Flags extends PushFlags {
  readonly highPriority?: true;
  readonly keep?: true;
  readonly here?: true;
  readonly wait: boolean;
  readonly json?: true;
}

const LOOK_MS = 300;

/** `push`: submits a push as the form does, and waits for its end. */
export function registerPush(program: Command, context: CliContext): void {
  addPushFlags(program.command('push'))
    .description('push course masters')
    .option('--now', 'start at once; so it is unless --at is given')
    .option('--at <time>', 'start at this local time, such as 2026-11-24T22:00')
    .option('--zone <name>', "time zone of --at; the district's unless told")
    .option('--high-priority', 'goes before others in the queue')
    .option('--keep', 'keep its files until somebody deletes them')
    .option('--here', 'carry it out in this process, without queue and worker')
    .option('--no-wait', 'end as soon as the push is in the queue')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nExit codes: 0 completed, 1 error, 2 completed with exceptions.')
    .action((flags: Flags) => push(context, flags));
}

async function push(context: CliContext, flags: Flags): Promise<void> {
  const progress = openProgress(context);
  try {
    const run = await (flags.here === true
      ? withServicesHere(context, async ({ db, services, execution }) => {
          const run = await submit({ db, services, note: context.note }, flags);
          return waitFor(services, run, { progress, turn: workHere(db, execution) });
        })
      : withServices(context, async (services, db) => {
          const run = await submit({ db, services, note: context.note }, flags);
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

async function submit(sources: RequestSources, flags: Flags): Promise<RunView> {
  const { db, services } = sources;
  const request: SubmitRequest = {
    ...(await readRequest(sources, flags)),
    confirmed: true,
  };
  const { runId } = await services.submit(request);
  const queue = queueServices(db, services);
  const { person } = request;
  if (flags.highPriority) await queue.prioritize({ person, runId, high: true, from: 'cli' });
  if (flags.keep) await queue.keep({ person, runId, keep: true, from: 'cli' });
  return look(services, runId);
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

function answer(context: CliContext, run: RunView, { json }: Flags): void {
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
