import { type Command } from 'commander';
import { type Db } from '../db/database.ts';
import { type ListedJob, listJobs } from '../db/queries/run-list.ts';
import { DATA_TYPE_LABELS } from '../domain/push-options.ts';
import { holds } from '../domain/rights.ts';
import { type CliContext, withDatabase } from './context.ts';
import { findAsker } from './push-flags.ts';
import { table } from './run-words.ts';

interface Flags {
  readonly as?: string;
  readonly limit: string;
  readonly json?: true;
}

/** `runs`: the Batch Queue List, a row per push and calendar (G18, B02). */
export function registerRuns(program: Command, context: CliContext): void {
  program
    .command('runs')
    .description('list pushes, latest scheduled time first')
    .option('--as <person>', 'only what this person may see; everything unless told')
    .option('--limit <rows>', 'how many rows at most', '50')
    .option('--json', 'answer in JSON')
    .action((flags: Flags) => runs(context, flags));
}

async function runs(context: CliContext, flags: Flags): Promise<void> {
  const jobs = await withDatabase(context, (db) => list(db, flags));
  if (flags.json) {
    context.print(JSON.stringify(jobs));
    return;
  }
  const rows = jobs.map((job) => [
    `#${job.runId}`,
    job.scheduledFor.toISOString().slice(0, 19).replace('T', ' '),
    job.catalog,
    job.calendar,
    statusWords(job),
    job.mode === 'overwrite' ? 'Overwrite' : 'Push',
    job.requestedBy,
    job.dataTypes.map((type) => DATA_TYPE_LABELS[type]).join(', '),
  ]);
  const header = ['Run', 'Scheduled (UTC)', 'Catalog', 'Calendar', 'Status', 'Mode', 'By', 'Data'];
  for (const line of table([header, ...rows])) context.print(line);
}

async function list(db: Db, flags: Flags): Promise<ListedJob[]> {
  const person = flags.as === undefined ? undefined : await findAsker(db, flags.as);
  const seesAll = person === undefined || holds(person.rights, 'batch_queue_admin', 'read');
  return listJobs(db, {
    requestedBy: seesAll ? null : person.id,
    from: null,
    to: null,
    limit: Math.min(Math.max(Math.trunc(Number(flags.limit)) || 50, 1), 1000),
  });
}

function statusWords({ status, exceptions }: ListedJob): string {
  return status === 'completed_with_exceptions'
    ? `completed (${exceptions} exceptions)`
    : status.replaceAll('_', ' ');
}
