import { randomBytes } from 'node:crypto';
import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { keepServer, onFreePort, type Command, type RunningServer } from './lifetime.ts';
import { postgresPrograms } from './postgres-programs.ts';
import { makeServerDir, serverUser, type ServerUser } from './server-user.ts';

export interface PostgresOptions {
  /** false: commits need not survive a crash of the machine; several times faster, for tests. Default true. */
  durable?: boolean;
  /** Further settings of postgresql.conf, by name. */
  settings?: Record<string, string>;
  /** Where DATABASE_URL is looked up. Default: the process's environment. */
  env?: NodeJS.ProcessEnv;
}

const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const USER = 'postgres';

/**
 * PostgreSQL on a free loopback port with an empty UTF-8 cluster in a temporary folder; or the server that DATABASE_URL
 * names, which is used as it is and never stopped. Works as root (the server then runs as an unprivileged user) and as
 * anybody else.
 * @throws ServerStartError, PostgresProgramsError, ServerUserError
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningServer> {
  const { DATABASE_URL: given } = options.env ?? process.env;
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() };
  return onFreePort((port) => startOn(port, options));
}

async function startOn(port: number, options: PostgresOptions): Promise<RunningServer> {
  const user = await serverUser();
  const dir = await makeServerDir('pcm-postgres-', user);
  try {
    const password = randomBytes(16).toString('hex');
    const passwordFile = await writePassword(dir, password, user);
    const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
    const server = await keepServer({
      name: 'PostgreSQL',
      dir,
      ...(await commands({ dir, port, passwordFile, user, options })),
      // Immediate shutdown: the data goes with the server, only shared memory is to be given back.
      stopSignal: 'SIGQUIT',
      isReady: () => answers(url),
    });
    await rm(passwordFile, { force: true });
    return { url, ...server };
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

async function writePassword(
  dir: string,
  password: string,
  user: ServerUser | undefined,
): Promise<string> {
  const file = join(dir, 'password');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  if (user) await chown(file, user.uid, user.gid);
  return file;
}

interface Layout {
  dir: string;
  port: number;
  passwordFile: string;
  user: ServerUser | undefined;
  options: PostgresOptions;
}

async function commands(layout: Layout): Promise<{ before: Command[]; server: Command }> {
  const { dir, port, passwordFile, user, options } = layout;
  const programs = await postgresPrograms({ dir, user });
  // Its own small environment: PGPORT and the like of whoever calls must not reach the server.
  const common = { env: { LC_ALL: 'C', TZ: 'UTC' }, ...user };
  const data = join(dir, 'data');
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    ...(options.durable === false ? NOT_DURABLE : {}),
    ...options.settings,
  };
  const initdb = [
    `--pgdata=${data}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of text on every machine, whichever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(options.durable === false ? ['--no-sync'] : []),
  ];
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    before: [{ file: programs.initdb, args: initdb, ...common }],
    server: { file: programs.postgres, args: ['-D', data, ...flags], ...common },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false; // not yet: refused, or "the database system is starting up"
  } finally {
    await client.end().catch(() => undefined);
  }
}
