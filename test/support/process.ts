import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that was started, and what it printed. */
export interface Process {
  readonly child: ChildProcess;
  readonly exit: Promise<{ code: number | null; output: string }>;
  output(): string;
}

/** Starts a program in a folder with exactly this environment and the PATH. */
export function startProcess(
  [file, ...args]: readonly [string, ...string[]],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): Process {
  const child = spawn(file, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      output += text.toString();
    });
  const exit = once(child, 'close').then(([code]: unknown[]) => ({
    code: typeof code === 'number' ? code : null,
    output,
  }));
  return { child, exit, output: () => output };
}
