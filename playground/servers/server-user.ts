import { chown, mkdtemp, readFile, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The unprivileged user a server runs as when we are root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

export class ServerUserError extends Error {
  override name = 'ServerUserError';
}

const CANDIDATES = ['postgres', 'nobody'];
const OTHERS_MAY_ENTER = 0o001;

/**
 * PostgreSQL refuses to run as root. As root: the first of `postgres` and `nobody` that this system has (no user is
 * added to it). As anybody else: undefined, the server runs as we do.
 * @throws ServerUserError
 */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .map((line) => line.split(':'));
  for (const candidate of CANDIDATES) {
    const [, , uid, gid] = accounts.find(([name]) => name === candidate) ?? [];
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new ServerUserError(
    `PostgreSQL does not run as root, and this system has none of the users ${CANDIDATES.join(', ')} to run it as. ` +
      'Add one (useradd -r postgres), start this as an ordinary user, or set DATABASE_URL.',
  );
}

/** Whether an unprivileged user can get to `path`: every folder above it, and itself, lets others in. */
export async function othersCanReach(path: string): Promise<boolean> {
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * A new folder of a random name, owned by `user`, in the system's temporary folder; or in /tmp if the user cannot get
 * to that (root with TMPDIR in its home).
 */
export async function makeServerDir(prefix: string, user?: ServerUser): Promise<string> {
  const base = user === undefined || (await othersCanReach(tmpdir())) ? tmpdir() : '/tmp';
  const dir = await mkdtemp(join(await realpath(base), prefix));
  if (user) await chown(dir, user.uid, user.gid);
  return dir;
}
