import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onPath, type Program } from './program.ts';
import { isSystemError } from './system-error.ts';

/** The distribution's package could not be fetched or does not run. */
export class AptError extends Error {
  override name = 'AptError';
}

export interface AptFetch {
  /** Packages to try in turn; each holds a program of its own name. */
  packages: string[];
  cacheDir: string;
  env: NodeJS.ProcessEnv;
  print: (line: string) => void;
}

const run = promisify(execFile);
const TIMEOUT_MS = 300_000;
const DEEPEST_DEPENDENCY = 5;
const OURS_OR_A_LIBRARY = /^(redis|valkey|lib|lua)/;

/**
 * A Redis server from the distribution's own packages, signed as always, unpacked into `cacheDir` without root and
 * without touching the system's packages or lists. Later calls find it there and need no network. Two at once each
 * build their own; the first to finish is kept.
 * @throws AptError
 */
export async function redisFromApt(fetch: AptFetch): Promise<Program> {
  const home = join(fetch.cacheDir, await distribution());
  const cached = await programIn(home, fetch.packages);
  if (cached) return cached;
  for (const tool of ['apt-get', 'apt-cache', 'apt-config', 'dpkg', 'dpkg-query']) {
    if ((await onPath(tool, fetch.env)) === undefined) {
      throw new AptError(`${tool} is not on the PATH (is this Debian or Ubuntu?).`);
    }
  }
  fetch.print('Fetching Redis from the distribution, once …');
  await mkdir(fetch.cacheDir, { recursive: true });
  const building = await mkdtemp(join(fetch.cacheDir, 'building-'));
  try {
    await build(fetch, building);
    await rename(join(building, 'root'), home).catch((error: unknown) => {
      // Somebody was quicker: theirs is as good.
      if (!isSystemError(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  const program = await programIn(home, fetch.packages);
  if (!program)
    throw new AptError(
      `What was unpacked into ${home} does not run; remove that folder and try again.`,
    );
  return program;
}

/** Packages fit one release of one distribution on one architecture. */
async function distribution(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const read = (name: string): string =>
    new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? '';
  return `${read('ID') || process.platform}-${read('VERSION_ID') || 'x'}-${process.arch}`;
}

async function build(fetch: AptFetch, building: string): Promise<void> {
  const apt = await privateApt(fetch.env, building);
  const failures: string[] = [];
  // A source of the machine's own that is down makes `update` fail although ours was read: the download decides.
  await apt('apt-get', ['update']).catch((error: unknown) => failures.push(lastLines(error)));
  const installed = await installedPackages(fetch.env);
  for (const name of fetch.packages) {
    try {
      await unpackWithLibraries({ apt, installed, building, env: fetch.env }, name);
      return;
    } catch (error) {
      failures.push(lastLines(error));
    }
  }
  throw new AptError(failures.join('\n'));
}

type Apt = (tool: string, args: string[]) => Promise<string>;

/** apt with lists and caches of its own under `building`, and otherwise the machine's settings (proxies, sources). */
async function privateApt(env: NodeJS.ProcessEnv, building: string): Promise<Apt> {
  const plain = { ...env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  const settings = await run('apt-config', ['dump'], { env: plain });
  // Hooks of the machine that run after an update are made for root.
  const kept = settings.stdout.split('\n').filter((line) => !/^(APT::Update|DPkg)::/i.test(line));
  const own = {
    'Dir::Etc::Parts': '/dev/null',
    'Dir::Etc::Main': '/dev/null',
    'Dir::State::Lists': join(building, 'lists'),
    'Dir::Cache': join(building, 'cache'),
    'APT::Sandbox::User': '',
    'APT::Update::Error-Mode': 'any', // a source that is down is to be heard of
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Acquire::http::Timeout': '20',
  };
  for (const folder of ['lists/partial', 'cache/archives/partial', 'debs']) {
    await mkdir(join(building, folder), { recursive: true });
  }
  const file = join(building, 'apt.conf');
  const lines = Object.entries(own).map(([name, value]) => `${name} "${value}";`);
  await writeFile(file, [...kept, ...lines, ''].join('\n'));
  return async (tool, args) => {
    const options = {
      cwd: join(building, 'debs'),
      env: { ...plain, APT_CONFIG: file },
      timeout: TIMEOUT_MS,
    };
    return (await run(tool, args, options)).stdout;
  };
}

async function installedPackages(env: NodeJS.ProcessEnv): Promise<Set<string>> {
  const args = ['-W', '-f', '${db:Status-Abbrev} ${Package}\n'];
  const { stdout } = await run('dpkg-query', args, { env, maxBuffer: 64 * 1024 * 1024 });
  return new Set(stdout.split('\n').flatMap((line) => /^ii\s+(\S+)/.exec(line)?.[1] ?? []));
}

interface Unpacking {
  apt: Apt;
  installed: Set<string>;
  building: string;
  env: NodeJS.ProcessEnv;
}

/** Unpacks the package, then what it needs and the system lacks, level by level until its program runs. */
async function unpackWithLibraries(work: Unpacking, name: string): Promise<void> {
  const root = join(work.building, 'root');
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  const seen = new Set([name]);
  let level = [name];
  for (let depth = 0; depth < DEEPEST_DEPENDENCY && level.length > 0; depth += 1) {
    await work.apt('apt-get', ['download', ...level]);
    for (const deb of await readdir(join(work.building, 'debs'))) {
      const file = join(work.building, 'debs', deb);
      await run('dpkg', ['-x', file, root], { env: work.env });
      await rm(file);
    }
    if (await programIn(root, [name])) return;
    const needed = await dependencies(work, level);
    level = needed.filter((dependency) => !seen.has(dependency));
    for (const dependency of level) seen.add(dependency);
  }
  throw new AptError(`${name} was unpacked but does not run on this machine.`);
}

async function dependencies({ apt, installed }: Unpacking, packages: string[]): Promise<string[]> {
  const text = await apt('apt-cache', ['depends', '--important', ...packages]);
  const needed: string[] = [];
  let alternatives: string[] = [];
  // "|Depends: a" and then "Depends: b" say: a or b.
  for (const [, or, dependency] of text.matchAll(/^\s*(\|?)(?:Pre)?Depends: (\S+)/gm)) {
    alternatives.push(dependency ?? '');
    if (or === '|') continue;
    const first = alternatives.find((each) => OURS_OR_A_LIBRARY.test(each));
    const met = alternatives.some((each) => installed.has(each) && !/^(redis|valkey)/.test(each));
    if (first !== undefined && !met) needed.push(first);
    alternatives = [];
  }
  return [...new Set(needed)];
}

/** The server unpacked in `root`, if it is there and runs. */
async function programIn(root: string, names: string[]): Promise<Program | undefined> {
  const folders = ['usr/lib', 'lib'].map((folder) => join(root, folder));
  const triplets = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder).catch(() => []))
        .filter((entry) => entry.includes('-linux-'))
        .map((entry) => join(folder, entry)),
    ),
  );
  const env = { LD_LIBRARY_PATH: [...triplets.flat(), ...folders].join(':') };
  for (const name of names) {
    const file = join(root, 'usr/bin', name);
    const runs = await run(file, ['--version'], { env }).then(
      () => true,
      () => false,
    );
    if (runs) return { file, env };
  }
  return undefined;
}

function lastLines(error: unknown): string {
  const told = typeof error === 'object' && error !== null && 'stderr' in error ? error.stderr : '';
  const text = typeof told === 'string' && told !== '' ? told : String(error);
  return text.trim().split('\n').slice(-5).join('\n');
}
