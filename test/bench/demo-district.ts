// npm run bench -- [--schools 6]: how fast plan, apply and undo are on the demo district, on a server of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { z } from 'zod';
import { writeDemoDistrict } from '../../playground/demo-district/generate.ts';
import { startPostgres } from '../../playground/servers/postgres.ts';
import { importBundle } from '../../src/bundle/import-bundle.ts';
import { type Db, openDatabase } from '../../src/db/database.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { apply, plan, type Planned } from '../histories/push.ts';
import { planUndo } from '../histories/undo.ts';
import { type Reach, pushesOfEverything } from '../support/demo-push.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

interface Timed<Result> {
  readonly result: Result;
  readonly seconds: number;
}

async function timed<Result>(step: () => Promise<Result>): Promise<Timed<Result>> {
  const start = performance.now();
  const result = await step();
  return { result, seconds: (performance.now() - start) / 1000 };
}

/** Rows of courses and sections set beside those above: what is written, refused, and found as it should be. */
async function comparedBy(db: Db, { planId }: Planned): Promise<number> {
  const { rows } = await sql<{ compared: number }>`
    select coalesce(sum(items), 0)::int as compared from push_plan_count where plan_id = ${planId}`.execute(
    db,
  );
  return rows[0]?.compared ?? 0;
}

function line(name: string, figures: { rows: number; seconds: number; written: number }): void {
  const { rows, seconds, written } = figures;
  print(
    [
      name.padEnd(28),
      String(rows).padStart(8),
      String(written).padStart(8),
      `${seconds.toFixed(2)} s`.padStart(9),
      `${Math.round(rows / seconds)}`.padStart(8),
    ].join(' '),
  );
}

async function planned(db: Db, name: string, step: () => Promise<Planned>): Promise<Planned> {
  const { result, seconds } = await timed(step);
  line(`${name}: plan`, { rows: await comparedBy(db, result), seconds, written: 0 });
  return result;
}

async function applied(db: Db, name: string, push: Planned): Promise<void> {
  const { seconds } = await timed(() => apply(db, push));
  const { writes } = push;
  line(`${name}: apply`, { rows: writes, seconds, written: writes });
}

async function pushed(db: Db, name: string, { wish }: Reach): Promise<Planned> {
  const push = await planned(db, name, () => plan(db, wish));
  await applied(db, name, push);
  return push;
}

/** Changes a value of nearly every row of every master, as after a new handbook. */
async function changeEveryMaster(db: Db): Promise<void> {
  for (const statement of [
    `update task_alignment t set credit = coalesce(credit, 0) + 1`,
    `update calc_option t set limit_last_n = coalesce(limit_last_n, 0) + 1`,
    `update category t set seq = seq + 1`,
    `update assessment_alignment t set copies_forward = not copies_forward`,
  ])
    await sql
      .raw(
        `${statement} from setup_scope o where o.id = t.scope_id and o.course_master_id is not null`,
      )
      .execute(db);
  await sql`vacuum analyze`.execute(db);
}

async function bench(db: Db): Promise<void> {
  print(`${'step'.padEnd(28)} ${'rows'.padStart(8)}  written      time   rows/s`);
  const [largest] = await pushesOfEverything(db, 'overwrite');
  if (largest === undefined) throw new Error('the demo district has no linked course');
  print(`${largest.catalog}, ${largest.year}, ${largest.courses} courses, with sections`);
  await pushed(db, 'overwrite', largest);
  await pushed(db, 'overwrite again', largest);
  await changeEveryMaster(db);
  const [locked = largest] = await pushesOfEverything(db, 'push_locked');
  const push = await pushed(db, 'every master changed', locked);
  const undo = await planned(db, 'undo of that', () => planUndo(db, push.runId));
  await applied(db, 'undo of that', undo);
}

const { values } = parseArgs({ options: { schools: { type: 'string', default: '12' } } });
const schools = z.coerce.number().int().min(6).max(200).parse(values.schools);
const server = await startPostgres({ durable: true });
const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
try {
  await migrateToLatest(server.url);
  const { db, close } = openDatabase({ url: server.url, applicationName: 'bench' });
  await writeDemoDistrict(folder, { schools });
  const { seconds } = await timed(() => importBundle(db, folder, { today: '2026-11-23' }));
  await addPerson(db, { slackTeamId: 'T1', slackUserId: 'U1', name: 'Alice', groups: [] });
  const { rows } = await sql<{ courses: number; sections: number; setup: number }>`
    select (select count(*)::int from course) as courses, (select count(*)::int from section) as sections,
      (select count(*)::int from sync_link) as setup`.execute(db);
  const [size] = rows;
  print(
    `${schools} schools: ${size?.courses ?? 0} courses, ${size?.sections ?? 0} sections, ${size?.setup ?? 0} links; imported in ${seconds.toFixed(1)} s`,
  );
  await sql`vacuum analyze`.execute(db);
  await bench(db);
  await close();
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}
