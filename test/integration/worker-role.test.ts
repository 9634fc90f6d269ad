import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type OpenDatabase, openDatabase } from '../../src/db/database.ts';
import { applyNextBatch } from '../../src/engine/apply-batch.ts';
import { planRun } from '../../src/engine/plan-run.ts';
import { executeRun } from '../../src/runs/execute-run.ts';
import { writeReports } from '../../src/runs/write-reports.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict, SILENT } from '../support/push-district.ts';
import { keepBaseline } from '../support/tables.ts';

let database: TestDatabase;
let district: PushDistrict;
let worker: OpenDatabase;
let reset: () => Promise<void>;

const COURSE = `(select id from setup_scope where course_id = 1)`;

/** Student work on everything that a push could touch at course 1 and its section 1. */
const STUDENT_WORK = [
  `insert into assignment (id, source_id, section_id, name, due_on, category_id)
     select 1, 'a1', 1, 'Essay', '2023-09-01', id from category where source_id = 's1/c1010/HS/1010/Tests'`,
  `insert into assignment_gradable values (1, 'quarter')`,
  `insert into score (source_id, assignment_id, student_id, value) values ('s1', 1, 'st', '9')`,
  `insert into posted_grade (section_id, gradable_id, term_seq, student_id, score, comment)
     values (1, 'quarter', 1, 'st', 'A', 'Good'), (1, 'final', 3, 'st', 'B', null)`,
  `insert into composite (scope_id, parent_gradable_id, parent_term_seq) values (${COURSE}, 'final', 3)`,
  `insert into test_score (test_id, student_id, section_id) values ('eoc', 'st', 1)`,
  `insert into roster (source_id, section_id, person_id, role) values ('r', 1, 'st', 'student')`,
];

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
  const runId = await district.submit();
  await district.run(`update push_run set to_sections = true, confirmed_at = now()`);
  expect(await district.execute(runId)).toBe('ended');
  for (const statement of STUDENT_WORK) await district.run(statement);
  worker = openDatabase({
    url: database.url,
    applicationName: 'test-worker',
    session: { role: 'push_worker' },
  });
  reset = await keepBaseline(database.db);
});

afterAll(async () => {
  await worker.close();
  await database.drop();
});

/** What no worker may do. All of it names something that exists, or would be a valid row. */
const FORBIDDEN: readonly string[] = [
  `insert into assignment (source_id, section_id, name) values ('x', 1, 'X')`,
  `update assignment set name = 'X'`,
  `update assignment set category_id = null`,
  `update assignment set deleted_at = now()`,
  `delete from assignment`,
  `insert into assignment_gradable values (1, 'final')`,
  `update assignment_gradable set gradable_id = 'final'`,
  `delete from assignment_gradable`,
  `insert into score (source_id, assignment_id, student_id) values ('x', 1, 'st2')`,
  `update score set value = '0'`,
  `update score set comment = ''`,
  `delete from score`,
  `insert into posted_grade (section_id, gradable_id, term_seq, student_id) values (1, 'quarter', 2, 'st')`,
  `update posted_grade set score = 'F'`,
  `update posted_grade set comment = null`,
  `delete from posted_grade`,
  `insert into test_score (test_id, student_id, section_id) values ('unit', 'st', 1)`,
  `update test_score set result = '1'`,
  `delete from test_score`,
  `insert into roster (source_id, section_id, person_id, role) values ('r2', 1, 'st', 'student')`,
  `update roster set end_on = '2024-01-01'`,
  `delete from roster`,
  `insert into cross_site_map (serving_section_id, home_course_id, status) values (1, 2, 'mapped')`,
  `update cross_site_map set status = 'closed'`,
  `truncate score`,
  `truncate category cascade`,
  `insert into course (source_id, calendar_id, number, name) values ('x', 1, 'X', 'X')`,
  `update course set calendar_id = 2`,
  `update course set ignore_master_push = false`,
  `delete from course where id = 2`,
  `insert into section (source_id, course_id, number) values ('x', 1, 'X')`,
  `update section set course_id = 2`,
  `delete from section`,
  `insert into course_master (catalog_id, number, name) values (1, 'X', 'X')`,
  `update course_master set name = 'X'`,
  `delete from course_master`,
  `delete from setup_scope where course_id = 2`,
  `update setup_scope set course_id = 2 where course_id = 1`,
  `update catalog_type_lock set mode = 'unlocked'`,
  `insert into catalog_attribute_lock values (1, 'description', 'hard')`,
  `delete from course_catalog`,
  `update school set cross_site_enabled = false`,
  `update calendar set name = 'X'`,
  `update school_year set is_active = false`,
  `update term set end_on = '2024-01-01'`,
  `insert into gradable values ('x', 'task', 'x', 'X', null)`,
  `update task_alignment set gradable_id = 'final'`,
  `update category set scope_id = ${COURSE}`,
  `update composite set parent_term_seq = 2`,
  `update calc_option set term_seq = 3`,
  `insert into push_run (catalog_id) values (1)`,
  `delete from push_run`,
  `delete from push_plan`,
  `delete from push_item`,
  `delete from push_job`,
  `update payload_version set payload = '{}'`,
  `delete from payload_version`,
  `update audit_event set action = 'x'`,
  `delete from audit_event`,
  `truncate audit_event`,
  `update audit_head set hash = ''`,
  `alter table audit_event disable trigger all`,
  `insert into app_user (slack_team_id, slack_user_id, display_name) values ('T', 'U', 'X')`,
  `update tool_right set can_write = true`,
  `insert into calendar_right (group_id, can_modify) values (1, true)`,
  `insert into user_group_member (group_id, user_id) values (1, 1)`,
  `create table x (id int)`,
  `create function x() returns int language sql as 'select 1'`,
  `alter table score add x int`,
  `alter table category disable trigger all`,
  `drop table score`,
  `drop trigger guard_category on category`,
  `drop function guard_composite() cascade`,
  `create index on category (weight)`,
  `set local session_replication_role = replica`,
  `create role x`,
  `copy score to program 'true'`,
  `delete from kysely_migration`,
];

/** What the guards refuse to whoever asks, here the owner of all tables. */
const GUARDED: readonly [what: string, statement: string][] = [
  [
    'a task with assignments or grades',
    `delete from task_alignment where scope_id = ${COURSE} and gradable_id = 'quarter'`,
  ],
  [
    'a category with assignments',
    `delete from category where source_id = 's1/c1010/HS/1010/Tests'`,
  ],
  [
    "a course's category whose copy in a section has assignments",
    `delete from category where source_id = 'c1010/HS/1010/Tests'`,
  ],
  [
    'a composite of the school with posted grades',
    `delete from composite where scope_id = ${COURSE} and parent_term_seq = 3`,
  ],
  ['an assessment with test scores', `delete from assessment_alignment where scope_id = ${COURSE}`],
  ['the owner of setup', `delete from setup_scope where course_id = 1`],
  ['a course with its setup', `delete from course where id = 1`],
  ['a section with assignments', `delete from section where id = 1`],
  [
    'a task made into another one',
    `update task_alignment set gradable_id = 'lab' where gradable_id = 'quarter' and scope_id = ${COURSE}`,
  ],
  [
    'a category moved away',
    `update category set scope_id = ${COURSE} where source_id = 's1/c1010/HS/1010/Tests'`,
  ],
  ['an assessment made into another one', `update assessment_alignment set test_id = 'unit'`],
  ['a line of the audit log', `update audit_event set action = 'x'`],
];

const INSUFFICIENT_PRIVILEGE = '42501';

/** The statement's error code, in a transaction that is rolled back; `ok` when it went through. */
async function outcome(db: OpenDatabase['db'], statement: string): Promise<string> {
  class Undo extends Error {}
  try {
    await db.transaction().execute(async (tx) => {
      await sql.raw(statement).execute(tx);
      throw new Undo();
    });
  } catch (error) {
    if (error instanceof Undo) return 'ok';
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  return 'ok';
}

describe("Given a worker's rights in the database", () => {
  it.each(FORBIDDEN)('refuses: %s (P11, G23)', async (statement) => {
    expect(await outcome(worker.db, statement)).toBe(INSUFFICIENT_PRIVILEGE);
  });

  it('lets it add to the audit log, as the next link of the chain', async () => {
    await worker.db.insertInto('audit_event').values({ action: 'test', detail: '{}' }).execute();
    expect(
      await district.rows(
        `select e.hash = h.hash as last, e.previous_hash <> '' as chained
         from audit_event e, audit_head h order by e.id desc limit 1`,
      ),
    ).toEqual([{ last: true, chained: true }]);
  });

  it.each(['push_locked', 'overwrite'] as const)(
    'are enough for a whole push in %s, sections, cross-site data and reports included (G23)',
    async (mode) => {
      await reset();
      await district.run(
        `update course_master set name = name || '!', cross_site_enabled = true;
         delete from category where source_id = 'HS/1010/Homework';
         delete from calc_option where term_seq = 4 and scope_id in (select id from setup_scope where course_master_id = 1);
         update composite_child set weight = 30;
         insert into category (source_id, scope_id, name) select 'own', id, 'Own' from setup_scope where section_id = 2;
         insert into task_alignment (scope_id, scope_kind, gradable_id) values (${COURSE}, 'course', 'lab');
         insert into assessment_alignment (scope_id, scope_kind, test_id)
           select id, 'master', 'unit' from setup_scope where course_master_id = 1`,
      );
      const runId = await district.submit();
      await district.run(
        `update push_run set mode = '${mode}', to_sections = true, cross_site = true, confirmed_at = now()
         where id = ${runId}`,
      );
      const work = { planRun, applyNextBatch, writeReports };
      const leases = { workerId: null, leaseMs: 15_000, planLeaseMs: 60_000 };
      const execute = executeRun(worker.db, { work, leases, logger: SILENT });
      await execute(runId, new AbortController().signal);
      // An overwrite waits for approval after the plan; a locked push is over.
      await district.run(
        `update push_run r set state = 'queued', scheduled_for = now(),
           approved_plan_hash = (select hash from push_plan q where q.id = r.plan_id)
         where id = ${runId} and state = 'awaiting_approval'`,
      );
      await execute(runId, new AbortController().signal);
      const view = await district.view(runId);
      expect(view).toMatchObject({ error: null, finishedAt: expect.any(Date) as unknown });
      expect(view.applied).toBe(view.plan?.writes);
      expect(view.applied).toBeGreaterThan(20);
      expect(view.artifacts.length).toBeGreaterThan(0);
    },
  );
});

describe('Given setup with student work, when anybody tries to lose it', () => {
  beforeAll(() => reset());

  it.each(GUARDED)('the database refuses %s (P07, P08, P11)', async (_what, statement) => {
    expect(await outcome(database.db, statement)).toMatch(/^(23001|23503|P0001)$/);
  });
});
