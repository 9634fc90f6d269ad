import { randomUUID } from 'node:crypto';
import { type Command } from 'commander';
import { undoRun } from '../runs/undo-run.ts';
import { type CliContext } from './context.ts';
import { follow, type FollowFlags } from './follow.ts';
import { findAsker } from './push-flags.ts';

interface Flags extends FollowFlags {
  readonly as: string;
  readonly reason?: string;
}

/** `undo <run>`: brings back what a push changed, but for what was edited since (G23). */
export function registerUndo(program: Command, context: CliContext): void {
  program
    .command('undo <run>')
    .description('take a push back, but for what was edited since or has student work')
    .requiredOption('--as <person>', 'who asks: a name or a Slack member id')
    .option('--reason <text>', 'why; an approver reads it')
    .option('--here', 'carry it out in this process, without queue and worker')
    .option('--no-wait', 'end as soon as the undo is in the queue')
    .option('--json', 'answer in JSON')
    .action((run: string, flags: Flags) =>
      follow(context, flags, async (db) => {
        const person = await findAsker(db, flags.as);
        const submitted = await undoRun(db, {
          person,
          runId: Number(run),
          comment: flags.reason ?? null,
          idempotencyKey: `cli:${randomUUID()}`,
          from: 'cli',
          confirmed: true,
          channelId: null,
        });
        return submitted.runId;
      }),
    );
}
