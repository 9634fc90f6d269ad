import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A server in use: one we started, or one that a variable of the environment names. */
export interface RunningServer {
  url: string;
  /** The server's process; absent for a server that is not ours. */
  pid?: number;
  /** Stops a server we started and removes its folder; does nothing to one that is not ours. */
  stop: () => Promise<void>;
}

/** One program to run, as which user (default: ours), with exactly this environment. */
export interface Command {
  file: string;
  args: string[];
  env: Record<string, string>;
  uid?: number | undefined;
  gid?: number | undefined;
}

export interface ServerPlan {
  name: string;
  /** The server's own folder. Whoever calls makes it; it is removed when the server ends. */
  dir: string;
  /** Run one after another before the server. */
  before: Command[];
  server: Command;
  stopSignal: NodeJS.Signals;
  isReady: () => Promise<boolean>;
}

export class ServerStartError extends Error {
  override name = 'ServerStartError';
}

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
const PORT_ATTEMPTS = 5;
const PORT_TAKEN = /address already in use|could not bind/i;

const keeperMessage = z.union([
  z.object({ pid: z.number() }),
  z.object({ failure: z.string(), log: z.string() }),
]);

/**
 * Starts a server that lives as long as this process, however this process ends (see keeper.mjs), and resolves when it
 * answers. Nothing here keeps this process from ending.
 * @throws ServerStartError with the end of the server's log
 */
export async function keepServer(
  plan: ServerPlan,
): Promise<{ pid: number; stop: () => Promise<void> }> {
  const { dir, before, server, stopSignal } = plan;
  const keeper = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./keeper.mjs', import.meta.url)),
      JSON.stringify({ dir, before, server, stopSignal }),
    ],
    // Detached: Ctrl-C in the terminal reaches us, and we choose what to stop first.
    { cwd: dir, detached: true, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(keeper, 'exit');
  const stop = async (): Promise<void> => {
    keeper.stdin.end();
    keeper.ref();
    await ended;
  };
  try {
    const pid = await untilReady(plan, keeper);
    letUsExit(keeper);
    return { pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(plan: ServerPlan, keeper: ChildProcess): Promise<number> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  const state: { pid?: number; failure?: string } = {};
  if (keeper.stdout) {
    createInterface(keeper.stdout).on('line', (line) => {
      const message = keeperMessage.parse(JSON.parse(line));
      if ('pid' in message) state.pid = message.pid;
      else state.failure = `${message.failure}\n${message.log}`;
    });
  }
  keeper.once('exit', (code) => (state.failure ??= `its keeper ended with ${code ?? 'a signal'}`));
  while (Date.now() < deadline) {
    if (state.failure !== undefined) {
      throw new ServerStartError(`${plan.name} did not start: ${state.failure}`);
    }
    if (state.pid !== undefined && (await plan.isReady())) return state.pid;
    await delay(POLL_MS);
  }
  throw new ServerStartError(`${plan.name} did not answer within ${START_TIMEOUT_MS / 1000} s.`);
}

function letUsExit(keeper: ChildProcess): void {
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stdout]) {
    if (stream instanceof Socket) stream.unref();
  }
}

/** Calls `start` with a free loopback port, and again with another if somebody was quicker to take it. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      const taken = error instanceof ServerStartError && PORT_TAKEN.test(error.message);
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') {
    throw new ServerStartError('The system gave no free port on 127.0.0.1.');
  }
  return address.port;
}
