import { type Command } from 'commander';
import { type SubmitRequest } from '../domain/ports.ts';
import { queueServices } from '../runs/queue-services.ts';
import { type CliContext } from './context.ts';
import { follow, type FollowFlags } from './follow.ts';
import { addPushFlags, type PushFlags, readRequest, type RequestSources } from './push-flags.ts';

interface Flags extends PushFlags, FollowFlags {
  readonly highPriority?: true;
  readonly keep?: true;
}

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
    .action((flags: Flags) =>
      follow(context, flags, (db, services) => submit({ db, services, note: context.note }, flags)),
    );
}

async function submit(sources: RequestSources, flags: Flags): Promise<number> {
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
  return runId;
}
