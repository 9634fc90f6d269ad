import { type Command, CommanderError } from 'commander';
import { createProgram } from '../../src/cli/program.ts';
import { pushWork } from '../../src/main.ts';
import { SILENT } from './push-district.ts';

export interface CommandResult {
  readonly exitCode: number;
  /** Standard output, by line. */
  readonly lines: readonly string[];
  /** Standard output as one JSON value. */
  json(): unknown;
  /** Standard error, and the error that ended the command. */
  readonly complaint: string;
}

/** Runs a command of the product in this process, as `bin/` does. `terminal` gets the progress bar. */
export async function runCommand(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  terminal?: NodeJS.WritableStream,
): Promise<CommandResult> {
  const lines: string[] = [];
  const notes: string[] = [];
  let exitCode = 0;
  const notHere = (): never => {
    throw new Error('this test runs no processes');
  };
  const program = createProgram({
    env,
    print: (line) => lines.push(...line.split('\n')),
    note: (line) => notes.push(line),
    setExitCode: (code) => {
      exitCode = code;
    },
    ...(terminal === undefined ? {} : { terminal }),
    logger: SILENT,
    work: () => pushWork({ staleShare: 0.05 }),
    roles: { serve: notHere, work: notHere, dev: notHere, migrate: notHere },
  });
  const silent = {
    writeErr: (text: string) => notes.push(text),
    writeOut: (text: string) => lines.push(text),
  };
  for (const command of withSubcommands(program)) command.exitOverride().configureOutput(silent);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    exitCode = error instanceof CommanderError ? error.exitCode : 1;
    notes.push(error.message);
  }
  return {
    exitCode,
    lines,
    json: () => JSON.parse(lines.join('\n')) as unknown,
    complaint: notes.join('\n'),
  };
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
