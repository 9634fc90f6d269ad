import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findArtifact } from '../../../src/db/queries/artifacts.ts';
import { findPersonById } from '../../../src/db/queries/people.ts';
import { type Person } from '../../../src/domain/ports.ts';
import { type ArtifactFormat, type ArtifactKind } from '../../../src/domain/push-run.ts';
import { addPerson } from '../../../src/runs/add-person.ts';
import { queueServices } from '../../../src/runs/queue-services.ts';
import { writePlanFile, writeReports } from '../../../src/runs/write-reports.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import {
  buildPushDistrict,
  type PushDistrict,
  type RequestChange,
  SEEN_IN_SLACK,
} from '../../support/push-district.ts';
import { readCsv } from '../../support/report-figures.ts';
import { readWorkbook } from '../../support/workbook.ts';

let database: TestDatabase;
let district: PushDistrict;

async function person(slackUserId: string, name: string, groups: string[]): Promise<Person> {
  const { id } = await addPerson(district.db, { slackTeamId: 'T1', slackUserId, name, groups });
  await district.run(SEEN_IN_SLACK);
  const added = await findPersonById(district.db, id);
  if (added === undefined) throw new Error(`${name} was not saved`);
  return added;
}

/** Pushes with report files. @returns the run's id */
async function pushAndReport(change?: RequestChange): Promise<number> {
  const runId = await district.submit(change);
  expect(await district.execute(runId, { writeReports })).toBe('ended');
  return runId;
}

async function fileOf(runId: number, kind: ArtifactKind, format: ArtifactFormat): Promise<Buffer> {
  const file = await findArtifact(district.db, { runId, kind, format });
  if (file === undefined) throw new Error(`run ${runId} has no ${kind} as ${format}`);
  return file.body;
}

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
});

afterAll(() => database.drop());

describe('Given a catalog without linked courses in a calendar', () => {
  it('completes the job of that calendar with no targets (A20, G05)', async () => {
    const runId = await district.submit({ options: { calendarIds: [4] } });
    expect(await district.execute(runId)).toBe('ended');
    expect(await district.view(runId)).toMatchObject({
      state: 'completed',
      applied: 0,
      courses: { total: 0 },
      calendars: [{ calendarId: 4, status: 'completed' }],
    });
  });
});

describe('Given a worker whose connection breaks in the middle of a batch', () => {
  it('keeps the finished calendars, rolls the interrupted one back, and completes it after a restart with totals that add up (A22)', async () => {
    await district.run(`
      create function break_off() returns trigger language plpgsql as $$
      begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`);
    await district.run(`
      create trigger break_off after update on course for each row
      when (new.calendar_id = 2) execute function break_off()`);
    const runId = await district.submit();
    expect(await district.execute(runId)).toBe('broken');
    const namesNow = (): Promise<unknown[]> =>
      district.rows(`select calendar_id as k, name from course where number = '1010' order by id`);
    expect(await namesNow()).toEqual([
      { k: 1, name: 'Algebra I' },
      { k: 2, name: 'Algebra' },
      { k: 3, name: 'Algebra' },
    ]);
    const halfway = await district.view(runId);
    await district.run('drop trigger break_off on course');
    await district.run('update push_run set enqueued_at = null, scheduled_for = now()');
    await district.loseWorker(runId);
    expect(await district.execute(runId)).toBe('ended');
    expect(await namesNow()).toEqual([1, 2, 3].map((k) => ({ k, name: 'Algebra I' })));
    const view = await district.view(runId);
    expect(view.applied).toBeGreaterThan(halfway.applied);
    expect(view).toMatchObject({ state: 'completed', applied: view.plan?.writes });
  });
});

describe('Given finished runs, with and without items that could not be pushed', () => {
  it('their rows offer the report, which lists every such item with its reason or is a header only, to those alone who may see the run (A09)', async () => {
    const tasks: RequestChange = {
      options: { calendarIds: [1], dataTypes: ['grading_tasks_standards'] },
    };
    await pushAndReport(tasks);
    const nothing = await pushAndReport(tasks);
    await district.run(`update task_alignment set credit = 9 where gradable_id = 'quarter'
      and scope_id = (select id from setup_scope where course_id = 1)`);
    const something = await pushAndReport(tasks);

    const queue = queueServices(district.db, district.services);
    const window = {
      from: new Date(0),
      to: new Date(Date.now() + 60_000),
      size: 50,
      skip: 0,
    } as const;
    const listed = await queue.list({ ...window, person: district.admin, mine: true });
    for (const runId of [nothing, something])
      expect(listed.rows.find((row) => row.runId === runId)?.acts).toContain('report');

    expect(readCsv(await fileOf(nothing, 'push_report', 'csv'))).toEqual([]);
    expect(String(await fileOf(nothing, 'push_report', 'csv'))).toContain('What To Do');
    expect(readCsv(await fileOf(something, 'push_report', 'csv'))).toMatchObject([
      {
        'Course Number': '1010',
        Item: 'Quarter',
        Outcome: 'Failed: desynced',
        Reason: 'The value was changed here since the last push.',
      },
    ]);

    const stranger = await person('U8', 'Sam', []);
    expect(await queue.look({ person: district.admin, runId: something })).toBeDefined();
    expect(await queue.look({ person: stranger, runId: something })).toBeUndefined();
    expect((await queue.list({ ...window, person: stranger, mine: false })).rows).toEqual([]);
  });
});

describe('Given an overwrite that would delete Notes and keep Lab, on which an assignment hangs', () => {
  it('needs another than its requester to approve it, and stops before any write when scores that are entered since change what it would delete (A21, G20)', async () => {
    await district.run('update school_year set is_active = false');
    const course = `(select id from setup_scope where course_id = 1)`;
    await district.run(`insert into task_alignment (scope_id, scope_kind, gradable_id)
      select ${course}, 'course', g from unnest(array['lab', 'notes']) g`);
    await district.run(`with a as (insert into assignment (source_id, section_id, name, due_on)
      values ('a21', 1, 'Essay', '2023-09-01') returning id) insert into assignment_gradable select id, 'lab' from a`);
    const bob = await person('U9', 'Bob Baker', ['District SIS Admin']);
    const { admin, services } = district;
    const runId = await district.submit({
      confirmed: false,
      comment: 'A clean slate',
      options: { mode: 'overwrite', calendarIds: [1] },
    });
    await district.execute(runId);
    const planHash = (await district.view(runId)).plan?.hash ?? '';
    await services.approvals.confirm({ person: admin, runId, planHash, now: true, from: 'test' });
    const decide = (who: Person): Promise<string> =>
      services.approvals.decide({
        ...{ person: who, runId, planHash, from: 'test' },
        ...{ decision: 'approve', reason: null, typedCatalog: null },
      });
    await expect(decide(admin)).rejects.toThrow('someone else must decide');
    expect(await decide(bob)).toBe('approved');

    // The teacher realigns the assignment to Quarter and scores it, so that nothing keeps Lab any more.
    await district.run(`update assignment_gradable set gradable_id = 'quarter'
        where assignment_id = (select id from assignment where source_id = 'a21');
      insert into score (source_id, assignment_id, student_id, value)
        select 'sc21', id, 'st', '9' from assignment where source_id = 'a21'`);
    expect(await district.execute(runId)).toBe('waiting');
    expect((await district.view(runId)).state).toBe('awaiting_approval');
    expect(
      await district.rows(`select gradable_id from task_alignment where scope_id = ${course}
        and gradable_id in ('lab', 'notes') order by 1`),
    ).toEqual([{ gradable_id: 'lab' }, { gradable_id: 'notes' }]);
  });
});

describe('Given names that a spreadsheet would evaluate, and students with scores and comments', () => {
  it('neutralises the cells of every file, and holds no student, score or comment in any of them or in what is told of the run (A30)', async () => {
    const names = ['=cmd()', '+cmd()', '-cmd()', '@cmd()'];
    const lab = `insert into category (source_id, scope_id, name)
      select 'a30-' || n, (select id from setup_scope where course_id = 11), name
      from unnest(array['${names.join("', '")}']) with ordinality c (name, n)`;
    await district.run(lab);
    await district.run(`
      insert into section (id, source_id, course_id, number) values (711, 's711', 11, '1');
      with a as (insert into assignment (source_id, section_id, name, due_on)
        values ('a30', 711, 'Secret essay', '2023-09-01') returning id)
      insert into assignment_gradable select id, 'quarter' from a;
      insert into score (source_id, assignment_id, student_id, value, comment)
        select 'sc30', id, 'student-4711', '77.25', 'Cried in class' from assignment where source_id = 'a30'`);
    const runId = await district.submit({ options: { mode: 'overwrite', calendarIds: [2] } });
    await district.run(`update push_run set confirmed_at = now() where id = ${runId}`);
    await district.execute(runId);
    await writePlanFile(district.db, runId);
    await district.run(`update push_run set state = 'queued',
      approved_plan_hash = (select hash from push_plan q where q.id = plan_id) where id = ${runId}`);
    expect(await district.execute(runId, { writeReports })).toBe('ended');

    const cells: string[] = [];
    for (const kind of ['plan', 'push_report', 'change_log'] as const) {
      const rows = readCsv(await fileOf(runId, kind, 'csv'));
      cells.push(...rows.flatMap((row) => Object.values(row)));
      for (const sheet of await readWorkbook(await fileOf(runId, kind, 'xlsx')))
        cells.push(...sheet.rows.flat().map((cell) => String(cell?.value ?? '')));
    }
    for (const name of names) {
      expect(cells).toContain(`'${name}`);
      expect(cells).not.toContain(name);
    }
    const told = JSON.stringify(await district.view(runId));
    for (const secret of ['student-4711', '77.25', 'Cried in class', 'Secret essay'])
      expect([...cells, told].filter((text) => text.includes(secret))).toEqual([]);
  });
});

describe('Given a calendar without linked courses beside another', () => {
  it('warns of no school and tells no subscriber on account of that calendar (G21)', async () => {
    await district.run(`update course_master set name = 'Algebra One' where id = 1`);
    await district.run(`update calendar set is_summer = true where id = 4`);
    await district.run(`insert into subscription (channel_id, created_by, calendar_id)
      values ('C8', ${district.admin.id}, 3), ('C9', ${district.admin.id}, 4)`);
    const asked = await district.submit({ confirmed: false, options: { calendarIds: [3, 4] } });
    await district.execute(asked);
    expect((await district.view(asked)).plan?.summary).toMatchObject({
      schools: { total: 1, largest: [{ courses: 1 }] },
      summerCalendars: { total: 0, names: [] },
    });
    const runId = await district.submit({ options: { calendarIds: [3, 4] } });
    expect(await district.execute(runId)).toBe('ended');
    expect(
      await district.rows(`select payload -> 'about' ->> 'channelId' as channel
        from slack_outbox where run_id = ${runId} and kind = 'subscribed'`),
    ).toEqual([{ channel: 'C8' }]);
  });
});
