import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenDatabase, openDatabase } from '../../src/db/database.ts';
import { executeRun } from '../../src/runs/execute-run.ts';
import { undoRun } from '../../src/runs/undo-run.ts';
import { runCommand } from '../support/command-line.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, ENGINE, type PushDistrict, SILENT } from '../support/push-district.ts';

const COURSE = `(select id from setup_scope where course_id = 1)`;

let database: TestDatabase;
let district: PushDistrict;
let worker: OpenDatabase;
let pushed: number;

/** What a worker does, with no more rights than it has. */
const work = (runId: number): Promise<string> => {
  const leases = { workerId: null, leaseMs: 15_000, planLeaseMs: 60_000 };
  const settings = { work: ENGINE, leases, logger: SILENT };
  return executeRun(worker.db, settings)(runId, new AbortController().signal);
};

const undo = (runId: number, key = `undo-${runId}`): Promise<{ runId: number }> =>
  undoRun(district.db, {
    ...{ person: district.admin, runId, comment: 'Wrong year' },
    ...{ idempotencyKey: key, from: 'test', confirmed: true, channelId: null },
  });

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
  worker = openDatabase({
    ...{ url: database.url, applicationName: 'test-worker' },
    session: { role: 'push_worker' },
  });
  pushed = await district.submit({ options: { toSections: true } });
  expect(await work(pushed)).toBe('ended');
});

afterAll(async () => {
  await worker.close();
  await database.drop();
});

describe('Given a push that was carried out, a value edited and a grade posted since', () => {
  it('an undo waits for approval, takes back the rest, and lists the two (G23, P11, P12)', async () => {
    await district.run(
      `update task_alignment set credit = 9 where scope_id = ${COURSE} and gradable_id = 'quarter';
       insert into posted_grade (section_id, gradable_id, term_seq, student_id, score)
         values (1, 'final', 1, 'st', 'A')`,
    );
    const { runId } = await undo(pushed);
    expect(await work(runId)).toBe('waiting');
    expect(await district.view(runId)).toMatchObject({
      state: 'awaiting_approval',
      undoes: pushed,
    });
    await district.run(
      `update push_run r set state = 'queued', approved_plan_hash = q.hash
       from push_plan q where q.id = r.plan_id and r.id = ${runId}`,
    );
    expect(await work(runId)).toBe('ended');
    expect((await district.view(runId)).state).toBe('completed_with_exceptions');
    expect(
      await district.rows(
        `select item_key, outcome, reason, grades from push_item i join push_run r on r.plan_id = i.plan_id
         where r.id = ${runId} and op = 'none' order by 1`,
      ),
    ).toEqual([
      {
        ...{ item_key: 'task:final', outcome: 'RETAINED_PROTECTED', grades: 1 },
        reason: 'student_work_since_push',
      },
      {
        ...{ item_key: 'task:quarter', outcome: 'WITHHELD', grades: 0 },
        reason: 'changed_since_push',
      },
    ]);
    expect(
      await district.rows(`select gradable_id, credit from task_alignment
        where scope_kind = 'course' and scope_id = ${COURSE} order by 1`),
    ).toEqual([
      { gradable_id: 'final', credit: 0.5 },
      { gradable_id: 'quarter', credit: 9 },
    ]);
    expect(await district.rows('select item_key from sync_link order by 1')).toEqual([
      { item_key: 'task:final' },
      { item_key: 'task:quarter' },
    ]);
    expect(
      await district.rows(`select 1 from category c join setup_scope s on s.id = c.scope_id
        where s.kind <> 'master'`),
    ).toEqual([]);
  });

  it('is taken back once, and no undo is undone (G23)', async () => {
    const [earlier] = await district.rows<{ id: number }>(
      `select id from push_run where undoes_run_id = ${pushed}`,
    );
    await expect(undo(pushed, 'again')).rejects.toThrow(/has an undo already/);
    await expect(undo(earlier?.id ?? 0)).rejects.toThrow(/is an undo itself/);
    const command = await runCommand({ DATABASE_URL: database.url }, [
      ...['undo', '4711', '--as', 'Alice', '--here'],
    ]);
    expect(command).toMatchObject({ exitCode: 1 });
    expect(command.complaint).toContain('There is no push 4711.');
  });
});
