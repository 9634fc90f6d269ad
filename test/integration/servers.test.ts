import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { onFreePort, ServerStartError } from '../../playground/servers/lifetime.ts';
import { postgresPrograms } from '../../playground/servers/postgres-programs.ts';
import { startPostgres } from '../../playground/servers/postgres.ts';
import { findRedis, startRedis } from '../../playground/servers/redis.ts';

const { PATH } = process.env;
const ownEnvironment = { PATH }; // without DATABASE_URL and REDIS_URL
const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servers-test-'));
  await chmod(folder, 0o755); // a server may run as another user
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('PostgreSQL for the playground and the tests', () => {
  it('starts an empty UTF-8 server on loopback and leaves no process after stop', async () => {
    const server = await startPostgres({ env: ownEnvironment, durable: false });
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query<Record<string, string>>(
      `select current_setting('server_encoding') encoding, current_setting('listen_addresses') address,
              current_setting('fsync') fsync, upper('é') upper`,
    );
    await client.end();
    await server.stop();

    expect(rows).toEqual([{ encoding: 'UTF8', address: '127.0.0.1', fsync: 'off', upper: 'É' }]);
    expect(isAlive(server.pid)).toBe(false);
    expect(await isListening(server.url)).toBe(false);
  });

  it('uses the server of DATABASE_URL and never stops it', async () => {
    const server = await startPostgres({ env: { DATABASE_URL: 'postgres://db.example/course' } });
    await server.stop();

    expect(server).toMatchObject({ url: 'postgres://db.example/course' });
    expect(server.pid).toBeUndefined();
  });

  it('says in the error what the server said', async () => {
    const start = startPostgres({ env: ownEnvironment, settings: { shared_buffers: 'plenty' } });

    await expect(start).rejects.toThrow(/PostgreSQL did not start[^]*shared_buffers.*plenty/);
  });

  it('makes the links and file modes that npm left out, also when two processes do so at once', async () => {
    const installed = join(folder, 'package/native');
    await mkdir(join(installed, 'bin'), { recursive: true });
    await mkdir(join(installed, 'lib'));
    for (const program of ['initdb', 'pg_ctl', 'postgres']) {
      await writeFile(join(installed, 'bin', program), '', { mode: 0o644 });
    }
    await writeFile(join(installed, 'lib/libpq.so.5.18'), '');
    await writeFile(
      join(installed, 'pg-symlinks.json'),
      '[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]',
    );

    const prepare = () => postgresPrograms({ dir: folder, user: undefined, installed });
    const [first] = await Promise.all([prepare(), prepare()]);
    await prepare();

    expect(await readlink(join(installed, 'lib/libpq.so.5'))).toBe('libpq.so.5.18');
    expect(first).toEqual({
      initdb: join(installed, 'bin/initdb'),
      postgres: join(installed, 'bin/postgres'),
    });
    expect((await stat(first.postgres)).mode & 0o777).toBe(0o755);
  });
});

describe('Redis for the playground and the tests', () => {
  it.each([
    { appendonly: false, kept: 'nothing' },
    { appendonly: true, kept: 'an append-only file' },
  ])('starts on loopback, keeps $kept, leaves no process after stop', async ({ appendonly }) => {
    const server = await startRedis({ env: ownEnvironment, appendonly });
    const redis = new Redis(server.url);
    const settings = await redis.config('GET', 'save', 'appendonly', 'maxmemory-policy', 'bind');
    redis.disconnect();
    await server.stop();

    expect(pairs(settings)).toEqual({
      save: '',
      appendonly: appendonly ? 'yes' : 'no',
      'maxmemory-policy': 'noeviction',
      bind: '127.0.0.1',
    });
    expect(isAlive(server.pid)).toBe(false);
    expect(await isListening(server.url)).toBe(false);
  });

  it('uses the server of REDIS_URL and never stops it', async () => {
    const server = await startRedis({ env: { REDIS_URL: 'redis://cache.example' } });
    await server.stop();

    expect(server).toMatchObject({ url: 'redis://cache.example' });
    expect(server.pid).toBeUndefined();
  });

  it('names the three ways out when there is no Redis and no apt', async () => {
    const start = startRedis({ env: { PATH: folder }, cacheDir: join(folder, 'cache') });

    await expect(start).rejects.toThrow(ServerStartError);
    await expect(start).rejects.toThrow(
      /REDIS_URL[^]*redis-server or valkey-server[^]*Debian or Ubuntu[^]*apt-get is not on the PATH/,
    );
  });

  it('prefers redis-server, then valkey-server, of the PATH to fetching one', async () => {
    await program('valkey-server', 'exit 0');
    expect((await findRedis({ env: { PATH: folder } })).file).toBe(join(folder, 'valkey-server'));
    await program('redis-server', 'exit 0');
    expect((await findRedis({ env: { PATH: folder } })).file).toBe(join(folder, 'redis-server'));
  });

  it('fetches packages once for two starts at a time, with the libraries they lack, and needs no apt later', async () => {
    const cacheDir = join(folder, 'cache');
    await distributionWith({ redis: 'test -e "$(dirname "$0")/../lib/libjemalloc2"' });
    const env = { PATH: `${folder}:${PATH ?? ''}` };

    const [first, second] = await Promise.all([
      findRedis({ env, cacheDir }),
      findRedis({ env, cacheDir }),
    ]);
    const later = await findRedis({ env: { PATH: '/nowhere' }, cacheDir });

    expect(first.file).toMatch(/cache\/[^/]+\/usr\/bin\/redis-server$/);
    expect([second, later]).toEqual([first, first]);
    expect(await readdir(cacheDir)).toHaveLength(1);
  });

  it('takes valkey when the package of redis does not run, and says what apt said when neither does', async () => {
    const env = { PATH: `${folder}:${PATH ?? ''}` };
    await distributionWith({ redis: 'exit 1', valkey: 'exit 0' });
    const found = await findRedis({ env, cacheDir: join(folder, 'cache-1') });
    await distributionWith({});
    const missing = findRedis({ env, cacheDir: join(folder, 'cache-2') });

    expect(found.file).toMatch(/valkey-server$/);
    await expect(missing).rejects.toThrow(/Unable to locate package redis-server/);
    expect(await readdir(join(folder, 'cache-2'))).toEqual([]);
  });
});

describe('The life of the servers', () => {
  it.each([
    { ending: 'SIGKILL', servers: ['postgres', 'redis'] },
    { ending: 'SIGINT', servers: ['redis'] },
    { ending: 'SIGTERM', servers: ['redis'] },
    { ending: 'throw', servers: ['redis'] },
    { ending: 'return', servers: ['redis'] },
  ])('$servers are gone with their folders when their owner ends by $ending', async (scenario) => {
    const owner = spawn(
      process.execPath,
      ['--import', 'tsx', 'test/support/server-owner.ts', scenario.ending, ...scenario.servers],
      { cwd: root, env: { ...process.env, TMPDIR: folder }, stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const ended = once(owner, 'exit');
    const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
    const pids = JSON.parse(line) as number[];
    if (scenario.ending.startsWith('SIG')) owner.kill(scenario.ending as NodeJS.Signals);
    await ended;

    // The keeper is the last to go, just after the folder.
    await until(async () => (await folders()).length + (await processesIn(folder)).length === 0);
    expect(pids).toHaveLength(scenario.servers.length);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('takes another port when somebody was quicker to take the first', async () => {
    const tried: number[] = [];
    const port = await onFreePort((free) => {
      tried.push(free);
      if (tried.length === 1) throw new ServerStartError('bind: Address already in use');
      return Promise.resolve(free);
    });

    expect(tried).toHaveLength(2);
    expect(port).toBe(tried[1]);
  });
});

const folders = async () => (await readdir(folder)).filter((name) => name.startsWith('pcm-'));

/** A stand-in for Debian's tools whose archive holds these servers (each: the script it runs) and one library. */
async function distributionWith(servers: { redis?: string; valkey?: string }): Promise<void> {
  const scripts = Object.entries(servers).map(([name, script]) => [`${name}-server`, script]);
  const archive = join(folder, 'archive');
  await rm(archive, { recursive: true, force: true });
  await mkdir(archive);
  for (const [name = '', script = ''] of scripts) {
    await writeFile(join(archive, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  await writeFile(join(archive, 'libjemalloc2'), '');
  await program('apt-config', 'exit 0');
  await program('dpkg-query', 'echo "ii  libc6"');
  await program(
    'apt-get',
    `[ "$1" = update ] && { echo "E: a source is down" >&2; exit 100; }
     shift
     for package in "$@"; do
       [ -e ${archive}/$package ] || { echo "E: Unable to locate package $package" >&2; exit 100; }
       echo $package > $package.deb
     done`,
  );
  await program(
    'apt-cache',
    'printf "x\\n  Depends: libc6\\n |Depends: libjemalloc2\\n  Depends: other\\n"',
  );
  await program(
    'dpkg',
    `package=$(cat "$2"); case $package in lib*) to=$3/usr/lib;; *) to=$3/usr/bin;; esac
     mkdir -p $to && cp ${archive}/$package $to/`,
  );
}

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function pairs(reply: unknown): Record<string, unknown> {
  const flat = reply as string[];
  return Object.fromEntries(
    flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]]] : [])),
  );
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processes whose working folder lies in `path`: servers, their workers and keepers (Linux only; elsewhere none). */
async function processesIn(path: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const places = await Promise.all(
    pids.map(async (pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')),
  );
  return pids.filter((_, at) => places[at]?.startsWith(path));
}

function isListening(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('The condition did not come true within 20 s.');
    await delay(25);
  }
}
