#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A build where there is one; on a fresh clone the sources, translated as they load.
const built = new URL('../dist/src/cli.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('../src/cli.ts');
}
