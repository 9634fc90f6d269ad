/** The browser's own files: HTML and CSS as they are, TypeScript with its types taken off. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { transform } from '@swc/core';

const ROOT = new URL('./client/', import.meta.url);
const SAFE_PATH = /^(?:controls\/)?[a-z0-9-]+\.(?:html|css|ts|svg)$/;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface StaticFile {
  readonly type: string;
  readonly body: string;
}

/**
 * @param path relative to the client folder, for example `controls/choices.ts`
 * @returns undefined when there is no such file
 */
export async function readStaticFile(path: string): Promise<StaticFile | undefined> {
  if (!SAFE_PATH.test(path)) return undefined;
  const source = await readIfThere(path);
  const type = TYPES[extname(path)];
  if (source === undefined || type === undefined) return undefined;
  return { type, body: path.endsWith('.ts') ? await withoutTypes(source, path) : source };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(new URL(path, ROOT), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function withoutTypes(source: string, path: string): Promise<string> {
  const { code } = await transform(source, {
    filename: path,
    swcrc: false,
    configFile: false,
    sourceMaps: 'inline',
    module: { type: 'es6' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  return code;
}
