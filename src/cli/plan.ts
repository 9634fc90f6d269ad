import { writeFile } from 'node:fs/promises';
import { type Command } from 'commander';
import { planOnly } from '../runs/plan-only.ts';
import { type CliContext, withServicesHere } from './context.ts';
import { formatOf } from './formats.ts';
import { addPushFlags, type PushFlags, readRequest } from './push-flags.ts';
import { runLines } from './run-words.ts';

interface PlanFlags extends PushFlags {
  readonly out?: string;
  readonly json?: true;
}

/** `plan`: says what a push would do and why, and does nothing of it (G22). */
export function registerPlan(program: Command, context: CliContext): void {
  addPushFlags(program.command('plan'))
    .description('work out what a push would do, without doing it')
    .option('--out <file>', 'write the plan, item by item, to a .csv or .xlsx file')
    .option('--json', 'answer in JSON')
    .action((flags: PlanFlags) => plan(context, flags));
}

async function plan(context: CliContext, flags: PlanFlags): Promise<void> {
  const format = flags.out === undefined ? undefined : formatOf(flags.out);
  await withServicesHere(context, async ({ db, services, execution }) => {
    const request = await readRequest({ db, services, note: context.note }, flags);
    const run = await planOnly(db, { ...execution, services }, request);
    if (flags.out !== undefined && format !== undefined) {
      const file = await services.artifact(run.id, 'plan', format);
      if (file === undefined) throw new Error('The plan is too long for XLSX; write a .csv file.');
      await writeFile(flags.out, file.body);
    }
    const { id, plan: made, courses, counts } = run;
    const lines = flags.json
      ? [JSON.stringify({ run: id, plan: made, courses, counts })]
      : [
          ...runLines(run, { ended: false }),
          '',
          `${made?.writes ?? 0} item(s) would be written. Nothing was.`,
        ];
    for (const line of lines) context.print(line);
  });
}
