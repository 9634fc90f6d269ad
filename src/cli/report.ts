import { writeFile } from 'node:fs/promises';
import { type Command } from 'commander';
import { readRun } from '../db/queries/run-view.ts';
import { findArtifact } from '../db/queries/artifacts.ts';
import { type ArtifactFormat, type ArtifactKind, type RunView } from '../domain/push-run.ts';
import { ChoiceUnclear } from './choose.ts';
import { type CliContext, withDatabase } from './context.ts';
import { formatOf } from './formats.ts';
import { registerSetupReports } from './setup-report.ts';

interface Flags {
  readonly kind: ArtifactKind;
  readonly format?: ArtifactFormat;
  readonly out?: string;
}

const KINDS: readonly ArtifactKind[] = ['push_report', 'change_log', 'plan'];

/** `report RUN`: a run's report file, to standard output or into a file. */
export function registerReport(program: Command, context: CliContext): void {
  // `report residual --out` is the flag of the report named there.
  const report = program.command('report').enablePositionalOptions();
  registerSetupReports(report, context);
  report
    .description('get a report of a push')
    .argument('<run>', 'number of the push')
    .addOption(report.createOption('--kind <kind>', 'which one').choices(KINDS).default(KINDS[0]))
    .addOption(report.createOption('--format <format>', 'file format').choices(['csv', 'xlsx']))
    .option('--out <file>', 'file to write; the CSV goes to standard output unless told')
    .action((run: string, flags: Flags) => write(context, run, flags));
}

async function write(context: CliContext, text: string, flags: Flags): Promise<void> {
  const runId = Number(text.replace(/^#/, ''));
  if (!Number.isSafeInteger(runId) || runId < 1)
    throw new ChoiceUnclear(`"${text}" is no number of a push.`);
  const format = flags.format ?? (flags.out === undefined ? 'csv' : formatOf(flags.out));
  if (flags.out === undefined && format === 'xlsx')
    throw new ChoiceUnclear('Name the file to write with --out.');
  const file = await withDatabase(context, async (db) => {
    const found = await findArtifact(db, { runId, kind: flags.kind, format });
    if (found !== undefined) return found;
    const run = await readRun(db, runId);
    if (run === undefined) throw new ChoiceUnclear(`There is no push #${runId}.`);
    throw new ChoiceUnclear(whyMissing(run, flags.kind));
  });
  if (flags.out === undefined) context.print(file.body.toString('utf8').trimEnd());
  else {
    await writeFile(flags.out, file.body);
    context.note(`Wrote ${flags.out}.`);
  }
}

function whyMissing(run: RunView, kind: ArtifactKind): string {
  const push = `Push #${run.id} (${run.state.replaceAll('_', ' ')})`;
  const names = run.artifacts.map(({ fileName }) => fileName).join(', ') || 'none';
  return kind === 'plan' && run.artifacts.length > 0
    ? `${push} was pushed without showing its plan to anybody, so no file of it was kept. It has: ${names}. The command plan writes one beforehand (plan --help).`
    : `${push} has no such file. It has: ${names}.`;
}
