import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Running } from '../../src/roles/running.ts';

const IMPORT = fileURLToPath(new URL('./import.ts', import.meta.url));

/** Imports the demo district in a process of its own, so that the bot answers people meanwhile. */
export async function importDemoBeside(
  databaseUrl: string,
  { today, print }: { today: string; print: (line: string) => void },
): Promise<Running> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pcm-demo-'));
  const child = spawn(process.execPath, ['--import', 'tsx', IMPORT, folder, today], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'close').then(async ([code]: unknown[]) => {
    await rm(folder, { recursive: true, force: true });
    if (code === 0) print('The demo district, Lakeshore Unified, is there as well.');
    // Without a code it was stopped, with the playground.
    else if (code !== null) print('The demo district could not be imported; Grand Bend is there.');
  });
  return {
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
