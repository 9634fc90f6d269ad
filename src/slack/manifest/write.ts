import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { z } from 'zod';

import { appManifest, MANIFEST_MODES } from './manifest.ts';
import { toYaml } from './yaml.ts';

const FOLDER = fileURLToPath(new URL('../../../manifests/', import.meta.url));

/** The manifest files by name. @param url where the bot is reached, for the HTTP variant */
export function manifestFiles(url?: string): ReadonlyMap<string, string> {
  return new Map(
    MANIFEST_MODES.flatMap((mode) => {
      const manifest = appManifest(mode, url);
      return [
        [`${mode}.json`, `${JSON.stringify(manifest, null, 2)}\n`] as const,
        [`${mode}.yaml`, toYaml(z.json().parse(manifest))] as const,
      ];
    }),
  );
}

/** `npm run manifests [-- --url https://push.example.org]`: writes manifests/. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: { type: 'string' } } });
  await mkdir(FOLDER, { recursive: true });
  for (const [name, text] of manifestFiles(values.url)) {
    await writeFile(join(FOLDER, name), text);
  }
}

const [, script] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) await main();
