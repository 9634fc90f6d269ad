import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict } from '../support/push-district.ts';
import { type Process, startProcess } from '../support/process.ts';
import { testRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

const BIN = fileURLToPath(new URL('../../bin/push-course-masters.mjs', import.meta.url));
const START_MS = 60_000;

let migrated: TestDatabase;
let empty: TestDatabase;

beforeAll(async () => {
  [migrated, empty] = await Promise.all([
    createTestDatabase(),
    createTestDatabase({ migrated: false }),
  ]);
});

afterAll(async () => {
  await Promise.all([migrated.drop(), empty.drop()]);
});

/** Starts the program with nothing of this process's environment but the path. */
function start(role: string, env: Record<string, string>): Process {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  return startProcess([process.execPath, BIN, role], { cwd, env });
}

function workerEnvironment(database: TestDatabase): Record<string, string> {
  const { url, prefix } = testRedis();
  return { DATABASE_URL: database.url, REDIS_URL: url, PUSH_QUEUE_PREFIX: `{${prefix}}` };
}

describe('Given the worker as a process', () => {
  it('stops within 10 s on SIGTERM, with exit code 0', async () => {
    const worker = start('work', workerEnvironment(migrated));
    await until('the worker', () => worker.output().includes('worker started'), START_MS);
    const from = Date.now();
    worker.child.kill('SIGTERM');
    expect(await worker.exit).toMatchObject({ code: 0 });
    expect(Date.now() - from).toBeLessThan(10_000);
    expect(worker.output()).toContain('"msg":"stopped"');
    expect(worker.output()).not.toContain('"level":50');
  });

  it('does not start on a server that was never migrated, and names the command', async () => {
    const environment = { ...workerEnvironment(empty), PUSH_DATABASE_ROLE: 'role_nobody_made' };
    const { code, output } = await start('work', environment).exit;
    expect(code).toBe(1);
    expect(output).toContain('npm run migrate');
  });

  it('does not start on a database of a later version, and says what to do', async () => {
    const newer = await createTestDatabase();
    try {
      await sql`insert into kysely_migration values ('29990101T0000-later', '2999')`.execute(
        newer.db,
      );
      const { code, output } = await start('work', workerEnvironment(newer)).exit;
      expect(code).toBe(1);
      expect(output).toContain('29990101T0000-later');
      expect(output).toContain('npm ci && npm run build');
    } finally {
      await newer.drop();
    }
  });

  it('names every variable that is missing', async () => {
    const { code, output } = await start('dev', {}).exit;
    expect(code).toBe(1);
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET'])
      expect(output).toContain(name);
  });
});

describe('Given a LOG_LEVEL that is none, beside another fault', () => {
  it.each([
    ['serve', 'SLACK_BOT_TOKEN'],
    ['work', 'REDIS_URL'],
    ['dev', 'SLACK_BOT_TOKEN'],
    ['migrate', 'DATABASE_URL'],
  ])('lists both and no stack trace: %s', async (role, missing) => {
    const { code, output } = await start(role, { LOG_LEVEL: 'loud' }).exit;
    expect(code).toBe(1);
    expect(output).toContain('LOG_LEVEL must be one of');
    expect(output).toContain(`${missing} is missing`);
    expect(output).not.toMatch(/^ +at /m);
  });
});

describe('Given two workers as processes, when the one at work is killed (F01)', () => {
  it('lets the other finish the push: every batch once, nothing lost', async () => {
    const database = await createTestDatabase();
    const district = await buildPushDistrict(database.db);
    const hold = new pg.Client({ connectionString: database.url });
    await hold.connect();
    const environment = { ...workerEnvironment(database), PUSH_LEASE_SECONDS: '3' };
    const workers = [start('work', environment)];
    try {
      await hold.query('begin');
      await hold.query('select 1 from course where id = 12 for update'); // Stops the third batch.
      const runId = await district.submit();
      await eventually('two batches', async () => (await applied(district)) === 2);
      workers.push(start('work', environment));
      workers[0]?.child.kill('SIGKILL');
      await workers[0]?.exit;
      await hold.query('rollback');
      await eventually('the end', async () => (await district.view(runId)).finishedAt !== null);
      const view = await district.view(runId);
      expect(view.state).toBe('completed');
      expect(view.applied).toBe(view.plan?.writes);
      expect(await applied(district)).toBe(3);
    } finally {
      for (const { child } of workers) child.kill('SIGTERM');
      await Promise.all(workers.map(({ exit }) => exit));
      await hold.end();
      await database.drop();
    }
  });
});

async function applied(district: PushDistrict): Promise<number> {
  return (await district.rows(`select id from push_batch where state = 'applied'`)).length;
}

/** Waits until the database has what is asked for. */
async function eventually(what: string, ask: () => Promise<boolean>): Promise<void> {
  let there = false;
  let asking = false;
  await until(
    what,
    () => {
      if (!asking) {
        asking = true;
        void ask().then((answer) => {
          there = answer;
          asking = false;
        });
      }
      return there;
    },
    START_MS,
  );
}

describe('Given the migrate command', () => {
  it('brings an empty database up to date, and says so the second time', async () => {
    const fresh = await createTestDatabase({ migrated: false });
    try {
      const first = await start('migrate', { DATABASE_URL: fresh.url }).exit;
      expect(first).toMatchObject({ code: 0 });
      expect(first.output).toContain('applied 2026');
      const second = await start('migrate', { DATABASE_URL: fresh.url }).exit;
      expect(second).toEqual({ code: 0, output: 'The database is up to date.\n' });
    } finally {
      await fresh.drop();
    }
  });
});
