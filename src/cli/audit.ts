import { type Command } from 'commander';
import { verifyAudit } from '../db/queries/audit-check.ts';
import { type CliContext, withDatabase } from './context.ts';

/** `audit verify`: finds out whether the audit log was altered (T18). */
export function registerAudit(program: Command, context: CliContext): void {
  const audit = program.command('audit').description('the log of who did what, and when');
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
