import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { comparePlans } from '../../src/engine/compare-plans.ts';
import { planHash } from '../../src/engine/plan/record.ts';
import { readReportItems } from '../../src/db/queries/report-items.ts';
import { planRows } from '../../src/report/rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildHighSchool, type HighSchool } from '../support/high-school.ts';
import { keepBaseline } from '../support/tables.ts';

let database: TestDatabase;
let school: HighSchool;
let reset: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  school = await buildHighSchool(database.db);
  reset = await keepBaseline(database.db);
});
beforeEach(() => reset());
afterAll(() => database.drop());

/** The hash of a plan as it would be after a statement, which is not kept. */
async function hashAfter(planId: number, change: string): Promise<string> {
  const tx = await database.db.startTransaction().execute();
  try {
    await sql.raw(change).execute(tx);
    return await planHash(tx, planId);
  } finally {
    await tx.rollback().execute();
  }
}

describe('Given a plan, when its hash is taken', () => {
  it('every field of an item changes it, and a blank is not a null (G20)', async () => {
    const { planId, hash } = await school.plan({ toSections: true });
    const changes = [
      ...['rule', 'outcome', 'reason', 'item_key'].map((field) => `${field} = ${field} || 'x'`),
      `op = 'none'`,
      `reason = ''`,
      `reason = null`,
      ...['before', 'after', 'base', 'master', 'detail'].map((field) => `${field} = '{"x": 1}'`),
      `base = after, after = base`,
      `link_after = 'residual'`,
      `level = 'run'`,
      `data_type = 'cross_site'`,
      `course_id = 2`,
      `section_id = 3`,
      `calendar_id = null`,
    ];
    const item = `(select min(id) from push_item where plan_id = ${planId} and course_id = 1)`;
    const hashes = [hash];
    for (const change of changes)
      hashes.push(await hashAfter(planId, `update push_item set ${change} where id = ${item}`));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('neither the time nor the ids and the order of rows change it (G22)', async () => {
    const first = await school.plan({ toSections: true });
    for (const [table, columns] of [
      ['task_alignment', 'scope_id, scope_kind, gradable_id, score_group_id, credit, terms'],
      ['calc_option', 'scope_id, gradable_id, term_seq, calc_type, grading_scale_id'],
      ['category', 'source_id, scope_id, name, weight, gradable_ids'],
      ['assessment_alignment', 'scope_id, scope_kind, test_id'],
    ])
      await school.run(
        `create temp table old on commit drop as select * from ${table}; delete from ${table};
         insert into ${table} (${columns}) select ${columns} from old order by id desc; drop table old`,
      );
    const second = await school.plan({ toSections: true });
    expect(second.planId).not.toBe(first.planId);
    expect(second.hash).toBe(first.hash);
  });
});

describe('Given a new composite, when only its weights differ between two plans', () => {
  it('the hash differs, the comparison shows it, and the plan file tells the weights (M10, G20)', async () => {
    const first = await school.plan();
    await school.run('update composite_child set weight = 77');
    await school.run(`update push_plan set state = 'superseded' where id = ${first.planId}`);
    const second = await school.plan();
    expect(second.hash).not.toBe(first.hash);
    expect(
      await comparePlans(database.db, { approvedPlanId: first.planId, planId: second.planId }),
    ).toMatchObject({ sameHash: false, changed: 1 });
    const lines: unknown[] = [];
    await readReportItems(database.db, second.runId, (items) => {
      lines.push(...items.flatMap(planRows));
    });
    expect(lines).toContainEqual(
      expect.arrayContaining([
        'Weights',
        'quarter (term 1): 77, quarter (term 2): 77, quarter (term 3): 77, quarter (term 4): 77',
      ]),
    );
  });
});
