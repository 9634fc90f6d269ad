// npm run bench: how fast plan, apply and undo are on the demo district, on a server of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { writeDemoDistrict } from '../../playground/demo-district/generate.ts';
import { startPostgres } from '../../playground/servers/postgres.ts';
import { importBundle } from '../../src/bundle/import-bundle.ts';
import { type Db, openDatabase } from '../../src/db/database.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { apply, plan, type Planned } from '../histories/push.ts';
import { overwriteOfEverything } from '../support/demo-push.ts';
import { planUndo } from '../histories/undo.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Does a step and prints how many items it handled in a second. */
async function timed(name: string, step: () => Promise<Planned>): Promise<Planned> {
  const start = performance.now();
  const planned = await step();
  const seconds = (performance.now() - start) / 1000;
  const rate = Math.round(planned.items / seconds);
  print(`${name.padEnd(14)} ${planned.items} items  ${seconds.toFixed(2)} s  ${rate} items/s`);
  return planned;
}

async function bench(db: Db): Promise<void> {
  const applied = async (name: string, planned: Planned): Promise<Planned> =>
    timed(name, async () => {
      await apply(db, planned);
      return planned;
    });
  const wish = await overwriteOfEverything(db);
  const push = await applied('apply', await timed('plan', () => plan(db, wish)));
  await applied('undo: apply', await timed('undo: plan', () => planUndo(db, push.runId)));
  const { rows } = await sql<{ kept: number; size: string }>`
    select count(row_before)::int as kept, pg_size_pretty(coalesce(sum(pg_column_size(row_before)), 0)) as size
    from push_item where plan_id = ${push.planId}`.execute(db);
  print(`kept rows      ${rows[0]?.kept ?? 0}  ${rows[0]?.size ?? ''}`);
}

const server = await startPostgres({ durable: true });
const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
try {
  await migrateToLatest(server.url);
  const { db, close } = openDatabase({ url: server.url, applicationName: 'bench' });
  await writeDemoDistrict(folder, { schools: 6 });
  await importBundle(db, folder, { today: '2026-11-23' });
  await addPerson(db, { slackTeamId: 'T1', slackUserId: 'U1', name: 'Alice', groups: [] });
  await sql`vacuum analyze`.execute(db);
  await bench(db);
  await close();
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}
