import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { goesBeyondApproval } from '../../src/domain/plan-difference.ts';
import { comparePlans } from '../../src/engine/compare-plans.ts';
import { planRun } from '../../src/engine/plan-run.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildHighSchool, type HighSchool, type Pushed } from '../support/high-school.ts';
import { keepBaseline } from '../support/tables.ts';

let database: TestDatabase;
let reset: () => Promise<void>;
let school: HighSchool;
let approved: Pushed;

beforeAll(async () => {
  database = await createTestDatabase();
  school = await buildHighSchool(database.db);
  await school.push({ toSections: true });
  await school.run(
    `insert into task_alignment (scope_id, scope_kind, gradable_id) values (${COURSE}, 'course', 'notes')`,
  );
  approved = await school.plan({ mode: 'overwrite', toSections: true });
  reset = await keepBaseline(database.db);
});
beforeEach(() => reset());

afterAll(() => database.drop());

const COURSE = `(select id from setup_scope where course_id = 1)`;
const MASTER = `(select id from setup_scope where course_master_id = 1)`;

const planAgain = async (): Promise<Awaited<ReturnType<typeof comparePlans>>> => {
  const { planId } = await planRun(school.db, approved.runId);
  return comparePlans(school.db, { approvedPlanId: approved.planId, planId });
};

describe('Given an approved plan, when the run is planned again', () => {
  it('keeps the approved plan with its items, and finds no difference when nothing changed (G20)', async () => {
    const difference = await planAgain();
    expect(difference).toMatchObject({ sameHash: true, destructive: [], groups: [] });
    expect(difference.planId).not.toBe(approved.planId);
    expect(
      await school.rows(
        `select state, (select count(*)::int from push_item where plan_id = p.id) as items
         from push_plan p where id = ${approved.planId}`,
      ),
    ).toEqual([{ state: 'superseded', items: approved.items.length }]);
  });

  it('names a deletion that the approver has not seen, and nothing else as destructive (G20)', async () => {
    await school.run(
      `insert into task_alignment (scope_id, scope_kind, gradable_id) values (${COURSE}, 'course', 'lab')`,
    );
    const difference = await planAgain();
    expect(goesBeyondApproval(difference)).toBe(true);
    expect(difference.destructive).toEqual([
      {
        act: 'delete',
        level: 'course',
        dataType: 'grading_tasks_standards',
        items: 1,
        samples: [
          { calendar: '23-24 Harrison High', course: '1010 Algebra I', section: null, item: 'Lab' },
        ],
      },
    ]);
    expect(difference).toMatchObject({ added: 1, removed: 0, changed: 0, sameHash: false });
  });

  it('sees new values and vanished work, none of it destructive (G20)', async () => {
    await school.run(
      `update category set weight = 30 where source_id = 'HS/1010/Tests';
       delete from task_alignment where scope_id = ${COURSE} and gradable_id = 'notes'`,
    );
    const difference = await planAgain();
    expect(goesBeyondApproval(difference)).toBe(false);
    expect(difference).toMatchObject({ added: 3, removed: 1, changed: 0 });
    expect(difference.groups).toContainEqual(
      expect.objectContaining({
        kind: 'removed',
        dataType: 'grading_tasks_standards',
        before: 'DELETED',
        after: null,
      }),
    );
  });

  it('counts a deletion that becomes a kept residual as changed, not as destructive (G20, O7)', async () => {
    await school.run(
      `insert into posted_grade (section_id, gradable_id, term_seq, student_id, score) values (1, 'notes', 1, 'st', 'A')`,
    );
    const difference = await planAgain();
    expect(goesBeyondApproval(difference)).toBe(false);
    expect(difference.groups).toMatchObject([
      { kind: 'changed', before: 'DELETED', after: 'RETAINED_PROTECTED', items: 1 },
    ]);
  });

  it('counts unlinking and No Calculation, at the sections too (G20, N02, N03)', async () => {
    await school.run(
      `insert into posted_grade (section_id, gradable_id, term_seq, student_id, score) values (1, 'quarter', 1, 'st', 'A');
       delete from composite where scope_id = ${MASTER};
       delete from calc_option where scope_id = ${MASTER};
       delete from task_alignment where scope_id = ${MASTER} and gradable_id = 'quarter'`,
    );
    const difference = await planAgain();
    const found = difference.destructive.map(
      ({ act, level, dataType, items }) => `${act} ${level} ${dataType} ${items}`,
    );
    expect(found.sort()).toEqual([
      'delete course composite_grades 1',
      'delete section composite_grades 2',
      'no_calculation course grade_calc_options 4',
      'no_calculation section grade_calc_options 8',
      'unlink course grading_tasks_standards 1',
    ]);
  });
});
