import { type Command } from 'commander';
import { verifyAudit } from '../db/queries/audit-check.ts';
import { type AuditLine, listAudit } from '../db/queries/audit-list.ts';
import { type CliContext, withDatabase } from './context.ts';
import { findAnybody } from './people.ts';
import { table } from './run-words.ts';

interface ListFlags {
  readonly run?: string;
  readonly person?: string;
  readonly action?: string;
  readonly limit: string;
  readonly json?: true;
}

/** `audit list` shows the audit log, `audit verify` finds out whether it was altered (T18). */
export function registerAudit(program: Command, context: CliContext): void {
  const audit = program.command('audit').description('the log of who did what, and when');
  audit
    .command('list')
    .description('show what was done, newest first: when, who, what, from where')
    .option('--run <number>', 'only what was done with this push')
    .option('--person <person>', 'only what this person did or had done to them: name or Slack id')
    .option('--action <name>', 'only this action, or its kind: approval, run.submitted')
    .option('--limit <lines>', 'how many lines at most', '50')
    .option('--json', 'answer in JSON')
    .action((flags: ListFlags) => list(context, flags));
  audit
    .command('verify')
    .description('check that no line of the audit log was altered, removed or cut off')
    .option('--mark <hash...>', 'marks noted in Slack threads or logs that must be in the log')
    .action(async ({ mark = [] }: { mark?: readonly string[] }) => {
      const { lines, head, faults } = await withDatabase(context, (db) => verifyAudit(db, mark));
      for (const fault of faults) context.note(fault);
      if (faults.length > 0)
        throw new Error(`The audit log is not sound: ${faults.length} faults.`);
      context.print(`The audit log is sound: ${lines} lines, head ${head || 'none'}.`);
    });
}

async function list(context: CliContext, flags: ListFlags): Promise<void> {
  const lines = await withDatabase(context, async (db) =>
    listAudit(db, {
      runId: flags.run === undefined ? null : readRunNumber(flags.run),
      personId: flags.person === undefined ? null : (await findAnybody(db, flags.person)).id,
      action: flags.action ?? null,
      limit: Math.min(Math.max(Math.trunc(Number(flags.limit)) || 50, 1), 10_000),
    }),
  );
  if (flags.json) {
    context.print(JSON.stringify(lines));
    return;
  }
  const header = ['Time (UTC)', 'Who', 'What', 'Push', 'From', 'Facts'];
  for (const line of table([header, ...lines.map(cells)])) context.print(line);
}

function readRunNumber(text: string): number {
  const digits = /^#?(\d{1,9})$/.exec(text)?.[1];
  if (digits === undefined) throw new Error(`"${text}" is no number of a push.`);
  return Number(digits);
}

function cells({
  at,
  actor,
  action,
  runId,
  detail: { from = null, ...facts },
}: AuditLine): string[] {
  return [
    at.toISOString().slice(0, 19).replace('T', ' '),
    actor ?? '-',
    action,
    runId === null ? '-' : `#${runId}`,
    String(from ?? '-'),
    Object.entries(facts)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join('; '),
  ];
}
