import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { tsImport } from 'tsx/esm/api';

/** Loads TypeScript of the project: jest runs this file outside its own transform. */
const load = (path) => tsImport(path, import.meta.url);

/**
 * Starts PostgreSQL and Redis once for the run and migrates one template database, which test files copy
 * (see database.ts). A run of unit tests alone starts nothing.
 */
export default async function globalSetup({ testPathPatterns }) {
  const patterns = testPathPatterns?.patterns ?? [];
  if (patterns.length > 0 && patterns.every((pattern) => pattern.includes('test/unit'))) return;

  const [{ startPostgres }, { startRedis }] = await Promise.all([
    load('../../playground/servers/postgres.ts'),
    load('../../playground/servers/redis.ts'),
  ]);
  const print = (line) => process.stderr.write(`${line}\n`);
  const [postgres, redis] = await Promise.all([
    startPostgres({ durable: false }),
    startRedis({ print }),
  ]);
  const run = `pcm_test_${randomBytes(4).toString('hex')}`;
  globalThis.testServers = { postgres, redis, run };
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_REDIS_URL = redis.url;
  process.env.TEST_DATABASE_PREFIX = run;
  await makeTemplate(postgres.url, `${run}_template`);
}

async function makeTemplate(serverUrl, name) {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name} template template0 encoding 'UTF8'`);
  await client.end();
  if (!existsSync(fileURLToPath(new URL('../../src/db/migrate.ts', import.meta.url)))) return;
  const { migrateToLatest } = await load('../../src/db/migrate.ts');
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrateToLatest(url.href);
}
