import { existsSync } from 'node:fs';
import { createProgram } from './cli/program.ts';
import { readLogLevel, readStaleShare } from './config/env.ts';
import { createLogger } from './logging.ts';
import { pushWork, rolesOf } from './main.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

const { env } = process;
const program = createProgram({
  env,
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  logger: createLogger({ level: readLogLevel(env), name: 'cli' }),
  ...(process.stderr.isTTY ? { terminal: process.stderr } : {}),
  setExitCode: (code) => {
    process.exitCode = code;
  },
  work: () => pushWork({ staleShare: readStaleShare(env) }),
  roles: rolesOf(env),
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  for (const line of explain(error)) process.stderr.write(`${line}\n`);
}

/** The error and what caused it, a line each; the stack only for those who ask for it. */
function explain(error: unknown): string[] {
  const lines: string[] = [];
  for (let at = error; at instanceof Error && lines.length < 5; at = at.cause)
    lines.push(lines.length === 0 ? at.message : `  because: ${at.message}`);
  if (env['LOG_LEVEL'] === 'debug' && error instanceof Error) lines.push(error.stack ?? '');
  return lines.length > 0 ? lines : [String(error)];
}
