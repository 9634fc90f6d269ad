import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { planRun } from '../../src/engine/plan-run.ts';
import { assignment, CHANGES, COURSE, grade, task } from '../support/changes-after-plan.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { apply, buildHighSchool, type HighSchool, type Pushed } from '../support/high-school.ts';
import { keepBaseline } from '../support/tables.ts';

let database: TestDatabase;
let school: HighSchool;
let reset: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  school = await buildHighSchool(database.db);
  await school.push({ toSections: true });
  reset = await keepBaseline(database.db);
});

beforeEach(() => reset());

afterAll(() => database.drop());

const held = (pushed: Pushed): string[] =>
  pushed.items
    .filter((item) => item.result === 'held')
    .map((item) => (item.section === null ? item.key : `${item.key} at ${item.section}`));

describe('Given a plan, when something changes before it is applied', () => {
  it.each(CHANGES)(
    'holds exactly %s, and pushes the rest (P12)',
    async (_what, { given, then, keys }) => {
      await school.run(`${given}; update course_master set name = 'Algebra 1A' where id = 1`);
      const planned = await school.plan({ mode: 'overwrite', toSections: true, crossSite: true });
      await school.run(then);
      const pushed = await apply(school.db, planned);
      expect(held(pushed)).toEqual(keys);
      expect(
        pushed.items.filter((item) => item.op !== 'none' && item.result === 'planned'),
      ).toEqual([]);
      expect(pushed.item('1010', 'attr:name')?.result).toBe('applied');
    },
  );

  it('says of a held item what the plan saw and what is there now (P12)', async () => {
    await school.run(
      `update course set attrs = attrs || '{"state_code": "X"}' where id = 1; ${task('lab')}`,
    );
    const planned = await school.plan({ mode: 'overwrite' });
    await school.run(
      `update course set attrs = attrs || '{"state_code": "Y"}' where id = 1; ${grade('lab')}`,
    );
    await apply(school.db, planned);
    expect(
      await school.rows(
        `select item_key, before, held_reason, found from push_item where result = 'held' order by 1`,
      ),
    ).toMatchObject([
      {
        item_key: 'attr:state_code',
        before: { value: 'X' },
        held_reason: 'changed_since_plan',
        found: { value: 'Y' },
      },
      {
        item_key: 'task:lab',
        found: { studentWork: { assignments: 0, scores: 0, grades: 1, comments: 0 } },
      },
    ]);
  });

  it('holds a course that was unlinked after the push had begun, and nothing else (P12)', async () => {
    await school.run(`update course set attrs = attrs || '{"state_code": "X"}'`);
    const planned = await school.plan({ mode: 'overwrite' });
    await school.run(
      `insert into push_batch (plan_id, job_id, seq, courses, items, state)
         select plan_id, job_id, 0, '{}', 0, 'applied' from push_batch where plan_id = ${planned.planId};
       update course set course_master_id = null where id = 1`,
    );
    const pushed = await apply(school.db, planned);
    expect(held(pushed)).toEqual(['attr:state_code']);
    expect(pushed.item('2010', 'attr:state_code')?.result).toBe('applied');
  });

  it('waits for a grade that is being posted, and then keeps its task (P12)', async () => {
    await school.run(task('lab'));
    const planned = await school.plan({ mode: 'overwrite' });
    const teacher = new pg.Client({ connectionString: database.url });
    await teacher.connect();
    try {
      await teacher.query(`begin; ${grade('lab')}`);
      const pushing = apply(school.db, planned);
      await untilBlocked();
      await teacher.query('commit');
      expect(held(await pushing)).toEqual(['task:lab']);
    } finally {
      await teacher.end();
    }
  });

  it('waits for an assignment that is being aligned, and then keeps its task (P12)', async () => {
    await school.run(`${task('lab')}; ${assignment('c1010/HS/1010/Tests')}`);
    const planned = await school.plan({ mode: 'overwrite' });
    const teacher = new pg.Client({ connectionString: database.url });
    await teacher.connect();
    try {
      await teacher.query(
        `begin; insert into assignment_gradable select id, 'lab' from assignment`,
      );
      const pushing = apply(school.db, planned);
      await untilBlocked();
      await teacher.query('commit');
      expect(held(await pushing)).toEqual(['task:lab']);
    } finally {
      await teacher.end();
    }
  });
});

describe('Given a plan, when too much of it no longer holds', () => {
  beforeEach(async () => {
    await school.run(
      `insert into category (source_id, scope_id, name)
         select 'own-' || n, ${COURSE}, 'Own ' || n from generate_series(1, 100) n`,
    );
  });

  const rename = (upTo: number): string =>
    `update category set name = name || '!' where source_id in (select 'own-' || n from generate_series(1, ${upTo}) n)`;

  const keep = (count: number): string =>
    `delete from category where source_id in (select 'own-' || n from generate_series(${count + 1}, 100) n)`;

  it('writes nothing, says how much, and the next plan tells the difference (P12)', async () => {
    const planned = await school.plan({ mode: 'overwrite' });
    await school.run(rename(10));
    const pushed = await apply(school.db, planned);
    expect(pushed.batches).toEqual([
      { kind: 'plan_stale', reason: 'items_changed', staleItems: 10, writes: 100 },
    ]);
    expect(pushed.items.every((item) => item.result === 'planned')).toBe(true);
    await planRun(school.db, planned.runId);
    expect(
      await school.rows(
        `select p.stale_because, p.stale_items, q.replaces_plan_id = p.id as replaced
         from push_plan p join push_plan q on q.run_id = p.run_id and q.state = 'ready'
         where p.id = ${planned.planId}`,
      ),
    ).toEqual([{ stale_because: 'items_changed', stale_items: 10, replaced: true }]);
  });

  it.each([
    { writes: 10, stale: 5 },
    { writes: 3, stale: 2 },
  ])('goes on when $stale of $writes items of a small push changed (P12)', async (plan) => {
    await school.run(keep(plan.writes));
    const planned = await school.plan({ mode: 'overwrite' });
    await school.run(rename(plan.stale));
    const pushed = await apply(school.db, planned);
    expect(held(pushed)).toHaveLength(plan.stale);
    expect(pushed.item('1010', `local:own-${plan.writes}`)?.result).toBe('applied');
  });

  it.each([
    { writes: 10, stale: 6 },
    { writes: 4, stale: 3 },
  ])('gives up a small push when most of it changed: $stale of $writes (P12)', async (plan) => {
    await school.run(keep(plan.writes));
    const planned = await school.plan({ mode: 'overwrite' });
    await school.run(rename(plan.stale));
    expect((await apply(school.db, planned)).batches).toEqual([
      { kind: 'plan_stale', reason: 'items_changed', staleItems: plan.stale, writes: plan.writes },
    ]);
  });

  it('writes nothing when a lock or the linked courses changed (P12, G13)', async () => {
    const planned = await school.plan({ mode: 'overwrite' });
    for (const change of [
      `update catalog_type_lock set mode = 'unlocked' where data_type = 'assessments'`,
      `update catalog_type_lock set mode = 'hard'; update course set course_master_id = 1 where id = 2`,
      `update course set course_master_id = 2 where id = 2; update school set cross_site_enabled = false`,
    ]) {
      await school.run(change);
      expect((await apply(school.db, planned)).batches).toMatchObject([
        { kind: 'plan_stale', reason: 'sources_changed' },
      ]);
    }
  });
});

/** Until some statement of this database waits for a lock. */
async function untilBlocked(): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const waiting = await school.rows(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
    if (Date.now() > deadline) throw new Error('nobody waited for a lock');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
