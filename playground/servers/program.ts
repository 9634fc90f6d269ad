import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** A server program and what it needs in its environment. */
export interface Program {
  file: string;
  env: Record<string, string>;
}

/** The file that `name` means on the PATH of `env`. */
export async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { PATH = '' } = env;
  for (const folder of PATH.split(delimiter).filter((part) => part !== '')) {
    const file = join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}
