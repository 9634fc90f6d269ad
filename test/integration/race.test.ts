import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { type Db, openDatabase, type OpenDatabase } from '../../src/db/database.ts';
import { isConflict } from '../../src/db/errors.ts';
import { DATA_TYPES, type PushMode } from '../../src/domain/push-options.ts';
import { applyNextBatch, type BatchResult } from '../../src/engine/apply-batch.ts';
import { type Arena, makeArena } from '../histories/arena.ts';
import { pushAndJudge } from '../histories/history.ts';
import { type Item, plan, type Planned, type PushWish, readItems } from '../histories/push.ts';
import { restoreRows, SETUP_TABLES, STUDENT_TABLES } from '../histories/rows.ts';
import { anyStep, type Step, stepSql } from '../histories/steps.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

let database: TestDatabase;
let arena: Arena;
/** Pushes and people connect under names of their own, so that the log tells who wrote. */
let pushes: OpenDatabase;
let people: OpenDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  arena = await makeArena(database.db);
  await logWrites(database.db);
  pushes = openDatabase({ url: database.url, applicationName: 'push' });
  people = openDatabase({ url: database.url, applicationName: 'people' });
});

afterAll(async () => {
  await pushes.close();
  await people.close();
  await database.drop();
});

/** Every write to setup and student work leaves a line: who, in which transaction, which row. */
async function logWrites(db: Db): Promise<void> {
  await sql`create table write_log (id bigint generated always as identity, by text, transaction bigint,
    at timestamptz, about text, op text, row_id bigint)`.execute(db);
  await sql`
    create function log_write() returns trigger language plpgsql as $$
    declare r jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
    begin
      insert into write_log (by, transaction, at, about, op, row_id)
      values (current_setting('application_name'), txid_current(), clock_timestamp(), tg_table_name,
        lower(tg_op), coalesce(r ->> 'id', r ->> 'composite_id', r ->> 'assignment_id')::bigint);
      return null;
    end $$`.execute(db);
  for (const table of [...SETUP_TABLES, ...STUDENT_TABLES])
    await sql`create trigger log_write after insert or update or delete on ${sql.table(table)}
      for each row execute function log_write()`.execute(db);
}

function wishFor(calendarId: number, mode: PushMode): PushWish {
  return {
    kind: 'push',
    mode,
    toSections: true,
    crossSite: true,
    dataTypes: DATA_TYPES,
    catalogId: 1,
    courseMasterId: null,
    schoolYearId: 1,
    calendarIds: [calendarId],
  };
}

const PEOPLE =
  /^(course|section) .*(added|changed|damaged|override|lost)$|^(score|test|assignment) |section added/;
/** Tasks are taken away by pushes only, and evidence stays where it is, so that no other hand blurs the picture. */
const NOT_PEOPLE = /task lost|realigned|assignment (gone|deleted)|grade gone/;

function stepsOf(seed: number, wanted: (kind: string) => boolean): Step[] {
  return fc.sample(anyStep, { seed, numRuns: 600 }).filter((step) => wanted(step.kind));
}

/** A writer's day: one thing after the other until told to stop; conflicts are tried no further. */
async function work(seed: number, diary: { writes: number; over: boolean }): Promise<void> {
  const steps = stepsOf(seed, (kind) => PEOPLE.test(kind) && !NOT_PEOPLE.test(kind));
  for (let turn = 0; !diary.over; turn += 1) {
    const step = steps[turn % steps.length];
    try {
      if (turn % 3 === 0) await teach(seed * 10_000 + turn);
      else if (step !== undefined) await sql.raw(stepSql(step)).execute(people.db);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!isConflict(error) && !code.startsWith('23')) throw error;
    }
    diary.writes += 1;
  }
}

/**
 * What a grade book does: it holds the section, looks which tasks its course has, and only then
 * writes an assignment with a score, a grade, and a calculation of its own.
 */
async function teach(n: number): Promise<void> {
  await people.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ section: number; scope: number }>`
      select s.id as section, o.id as scope from section s join setup_scope o on o.section_id = s.id
      order by s.id offset ${n} % (select count(*) from section) limit 1 for key share`.execute(tx);
    const [at] = rows;
    if (at === undefined) return;
    const aligned = sql`(select r.gradable_id from task_alignment r join setup_scope o on o.id = r.scope_id
      join section s on s.course_id = o.course_id where s.id = ${at.section}
      order by r.gradable_id offset ${n} % 3 limit 1)`;
    await sql`
      with work as (
        insert into assignment (source_id, section_id, name, due_on)
        values (${`teach-${n}`}, ${at.section}, 'Essay', '2023-09-15') returning id
      ), scored as (
        insert into score (source_id, assignment_id, student_id, value)
        select ${`teach-${n}`}, id, 's1', '9' from work
      )
      insert into assignment_gradable select id, ${aligned} from work where ${aligned} is not null`.execute(
      tx,
    );
    await sql`
      insert into posted_grade (section_id, gradable_id, term_seq, student_id, percent)
      select ${at.section}, ${aligned}, 1, ${`teach-${n}`}, 88 where ${aligned} is not null`.execute(
      tx,
    );
    await sql`
      insert into calc_option (scope_id, gradable_id, term_seq, calc_type, limit_last_n)
      select ${at.scope}, ${aligned}, ${3 + (n % 2)}, 'in_progress', 99 where ${aligned} is not null
      on conflict do nothing`.execute(tx);
  });
}

async function again<Result>(what: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await what();
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

/** Starts the run and applies batch by batch as the holder of its claim. */
async function carryOut(planned: Planned): Promise<BatchResult['kind']> {
  const { runId, planId } = planned;
  await sql`update push_run set state = 'running', epoch = 1 where id = ${runId}`.execute(
    pushes.db,
  );
  for (;;) {
    const { kind } = await again(() =>
      applyNextBatch(pushes.db, { runId, planId, epoch: 1, leaseMs: 15_000 }),
    );
    if (kind !== 'applied') return kind;
  }
}

/** A push of a calendar that people go on changing between its plan and its writes. */
async function pushAmidst(wish: PushWish, diary: { writes: number }): Promise<Item[]> {
  const planned = await again(() => plan(pushes.db, wish));
  const before = diary.writes;
  await sql`
    update calc_option set limit_last_n = coalesce(limit_last_n, 0) + 1 where id = (
      select row_id from push_item where plan_id = ${planned.planId} and op in ('update', 'delete')
        and data_type = 'grade_calc_options' order by id limit 1)`.execute(people.db);
  await until('people to do something', () => diary.writes >= before + 10, 60_000);
  const end = await carryOut(planned);
  expect(['done', 'plan_stale']).toContain(end);
  return readItems(pushes.db, planned.planId);
}

/**
 * Every invariant is checked, plan = effect and a silent repeat included. The model is not asked: who
 * writes first differs from run to run, so no seed would bring back a state in which the two differ.
 * Whatever it would find here belongs to the histories, which play the same steps in a known order.
 */
describe('Given people who add scores, delete rows and edit setup while calendars are pushed', () => {
  it('keeps every invariant, and every held item has its reason and what is there now (P11, P12, G20, A14)', async () => {
    const items: Item[] = [];
    for (const round of [1, 2]) {
      await restoreRows(database.db, arena.pushed);
      await sql`truncate write_log`.execute(database.db);
      for (const step of stepsOf(round, (kind) => kind.startsWith('master')).slice(0, 25))
        await sql.raw(stepSql(step)).execute(database.db).catch(refusedByDatabase);
      const diary = { writes: 0, over: false };
      const writers = [1, 2, 3].map((writer) => work(round * 100 + writer, diary));
      const mode = round % 2 === 0 ? 'overwrite' : 'push_locked';
      const workers = [1, 2].map(async (calendar) => {
        for (let push = 0; push < 3; push += 1)
          items.push(...(await pushAmidst(wishFor(calendar, mode), diary)));
      });
      await Promise.all(workers).finally(() => {
        diary.over = true;
      });
      await Promise.all(writers);
      await expectNoHarm();
      for (const again of ['push_locked', 'overwrite'] as const)
        expect(
          await pushAndJudge(
            arena,
            { steps: [], push: { ...wishFor(1, again), calendarIds: [1, 2] }, proof: 'repeat' },
            { withModel: false },
          ),
        ).toEqual([]);
    }
    expectEveryItemToHaveItsEnd(items);
  });
});

describe('Given a calendar whose courses somebody else holds locked', () => {
  const startOf = async (calendarId: number): Promise<Planned> => {
    const planned = await plan(pushes.db, wishFor(calendarId, 'push_locked'));
    await sql`update push_run set state = 'running', epoch = 1 where id = ${planned.runId}`.execute(
      pushes.db,
    );
    return planned;
  };
  const next = (planned: Planned): Promise<BatchResult> =>
    applyNextBatch(pushes.db, { ...planned, epoch: 1, leaseMs: 15_000 });
  /** Backends that wait for an advisory lock, which is how pushes wait for a calendar, or for a row. */
  const waiting = async (kind: 'advisory' | 'row'): Promise<number> => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from pg_stat_activity where application_name = 'push'
        and wait_event_type = 'Lock' and (wait_event = 'advisory') = ${kind === 'advisory'}`.execute(
      database.db,
    );
    return rows[0]?.n ?? 0;
  };

  it('lets a push of another calendar pass and a second of the same one wait, so that one writes at a time (A23)', async () => {
    await restoreRows(database.db, arena.pushed);
    await sql`update task_alignment set credit = 3 where scope_kind = 'master'`.execute(
      database.db,
    );
    const [first, second, other] = [await startOf(1), await startOf(1), await startOf(2)];
    const ended: string[] = [];
    const hold = people.db.transaction().execute(async (tx) => {
      await sql`select id from course where calendar_id = 1 for update`.execute(tx);
      const firstEnds = next(first).then(() => ended.push('first'));
      await untilAsync(async () => (await waiting('row')) === 1);
      const secondEnds = next(second).then(() => ended.push('second'));
      await untilAsync(async () => (await waiting('advisory')) === 1);
      expect(await next(other)).toMatchObject({ kind: 'applied', calendarId: 2 });
      expect(ended).toEqual([]);
      return { firstEnds, secondEnds };
    });
    const { firstEnds, secondEnds } = await hold;
    await Promise.all([firstEnds, secondEnds]);
    expect(ended).toEqual(['first', 'second']);
    const items = await readItems(pushes.db, second.planId);
    expect(items.filter((item) => item.op !== 'none').map((item) => item.result)).not.toContain(
      'applied',
    );
  });
});

async function untilAsync(ask: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await ask())) if (Date.now() > deadline) throw new Error('Waited 30 s in vain.');
}

function refusedByDatabase(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('23')) throw error;
}

/** What the database shows when the dust has settled. */
async function expectNoHarm(): Promise<void> {
  const none = async (query: ReturnType<typeof sql>): Promise<void> => {
    expect((await query.execute(database.db)).rows).toEqual([]);
  };
  // P11: pushes never wrote student work.
  await none(
    sql`select * from write_log where by = 'push' and about = any(${[...STUDENT_TABLES]})`,
  );
  // Plan = effect: what pushes wrote is an applied item; composites bring and take their children.
  await none(sql`
    select w.* from write_log w where w.by = 'push' and not exists (
      select 1 from push_item i where i.row_id = w.row_id and i.result = 'applied' and i.op <> 'none'
        and case w.about when 'task_alignment' then i.data_type = 'grading_tasks_standards'
          when 'calc_option' then i.data_type = 'grade_calc_options'
          when 'category' then i.data_type = 'categories'
          when 'assessment_alignment' then i.data_type = 'assessments'
          else i.data_type in ('composite_grades', 'composite_weights') end)`);
  const courseTasks = sql`select s.id as section_id, r.gradable_id from task_alignment r
    join setup_scope o on o.id = r.scope_id join section s on s.course_id = o.course_id`;
  // P08: no assignment or posted grade lost its task.
  await none(sql`
    select a.source_id from assignment a join assignment_gradable g on g.assignment_id = a.id
    where a.source_id like 'teach-%' and (a.section_id, g.gradable_id) not in (${courseTasks})
    union all
    select g.student_id from posted_grade g
    where g.student_id like 'teach-%' and (g.section_id, g.gradable_id) not in (${courseTasks})`);
  // N10: no calculation points to a task that is gone.
  await none(sql`
    select r.* from calc_option r join setup_scope o on o.id = r.scope_id
    where r.limit_last_n = 99 and o.section_id is not null
      and (o.section_id, r.gradable_id) not in (${courseTasks})`);
}

function expectEveryItemToHaveItsEnd(items: readonly Item[]): void {
  const writes = items.filter((item) => item.op !== 'none' && item.result !== 'planned');
  expect(writes.filter((item) => item.result === 'applied').length).toBeGreaterThan(20);
  const held = writes.filter((item) => item.result === 'held');
  expect(held.length).toBeGreaterThan(0);
  for (const item of held) {
    expect(item.held_reason).toBe('changed_since_plan');
    // A row that is gone is what was found, too; one that hangs on another that is held is as it was.
    if (!hangsOnAnother(item, items)) expect(item.found).not.toEqual(item.before);
  }
  expect(writes.filter(({ result }) => result === 'rolled_back')).toEqual([]);
}

/**
 * A section's item whose course's is held or has no item of its own, so that it is judged with the
 * section's (E02), or a rename for a category that does not come.
 */
function hangsOnAnother(item: Item, items: readonly Item[]): boolean {
  if (item.rule.startsWith('C01')) return true;
  if (item.section_id === null) return false;
  const above = items.filter(
    (other) =>
      other.plan_id === item.plan_id &&
      other.section_id === null &&
      other.op !== 'none' &&
      other.data_type === item.data_type &&
      other.scope_id === item.upstream_scope_id &&
      (other.data_type === 'categories' || other.item_key === item.item_key),
  );
  return above.length === 0 || above.some(({ result }) => result === 'held');
}
