import { rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { keepServer, onFreePort, ServerStartError, type RunningServer } from './lifetime.ts';
import { AptError, redisFromApt } from './redis-from-apt.ts';
import { onPath, type Program } from './program.ts';
import { makeServerDir } from './server-user.ts';

export interface RedisOptions {
  /** Keep an append-only file (in the server's temporary folder). Default: no persistence at all. */
  appendonly?: boolean;
  /** Where REDIS_URL and PATH are looked up. Default: the process's environment. */
  env?: NodeJS.ProcessEnv;
  /** Where packages fetched with apt are kept. Default: .cache/redis in the project. */
  cacheDir?: string;
  /** Told what takes long, in a line. */
  print?: (line: string) => void;
}

const NAMES = ['redis-server', 'valkey-server'];
const CACHE = fileURLToPath(new URL('../../.cache/redis', import.meta.url));

/**
 * Redis (or Valkey) on a free loopback port; or the server that REDIS_URL names, which is used as it is and never
 * stopped. The program is the one on the PATH, else that of the Debian or Ubuntu packages, fetched once without root.
 * @throws ServerStartError naming the ways out when there is no program
 */
export async function startRedis(options: RedisOptions = {}): Promise<RunningServer> {
  const { REDIS_URL: given } = options.env ?? process.env;
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() };
  const program = await findRedis(options);
  return onFreePort((port) => startOn(port, program, options));
}

/**
 * The server program that `startRedis` starts, fetched first if need be.
 * @throws ServerStartError naming the ways out when there is none
 */
export async function findRedis({
  env = process.env,
  cacheDir = CACHE,
  print,
}: RedisOptions): Promise<Program> {
  for (const name of NAMES) {
    const file = await onPath(name, env);
    if (file !== undefined) return { file, env: {} };
  }
  try {
    return await redisFromApt({
      packages: NAMES,
      cacheDir,
      env,
      print: print ?? (() => undefined),
    });
  } catch (cause) {
    if (!(cause instanceof AptError)) throw cause;
    throw new ServerStartError(
      'There is no Redis to start. Do one of these:\n' +
        '  1. set REDIS_URL to a Redis server that is running;\n' +
        '  2. install Redis or Valkey, so that redis-server or valkey-server is on the PATH;\n' +
        '  3. on Debian or Ubuntu, let apt-get reach its package archive: the packages are then fetched from there, without root.\n' +
        `The third was tried: ${cause.message}`,
      { cause },
    );
  }
}

async function startOn(
  port: number,
  program: Program,
  { appendonly = false }: RedisOptions,
): Promise<RunningServer> {
  const dir = await makeServerDir('pcm-redis-');
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir,
    daemonize: 'no',
    save: '',
    appendonly: appendonly ? 'yes' : 'no',
    'maxmemory-policy': 'noeviction', // Bull loses jobs under any other
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  try {
    const server = await keepServer({
      name: 'Redis',
      dir,
      before: [],
      server: { file: program.file, args, env: { LC_ALL: 'C', ...program.env } },
      stopSignal: 'SIGTERM',
      isReady: () => answers(port),
    });
    return { url: `redis://127.0.0.1:${port}`, ...server };
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 1000 });
    const settle = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      settle(reply.toString().startsWith('+PONG')); // "-LOADING" while it reads its file
    });
    socket.once('error', () => {
      settle(false);
    });
    socket.once('timeout', () => {
      settle(false);
    });
  });
}
