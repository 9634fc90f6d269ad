import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readWorkerConfig } from '../../src/config/env.ts';
import { pushWork } from '../../src/main.ts';
import { startWorker } from '../../src/roles/worker.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { Folders } from '../support/bundles.ts';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict, SILENT } from '../support/push-district.ts';
import { testRedis } from '../support/redis.ts';
import { readCsv } from '../support/report-figures.ts';
import { readWorkbook } from '../support/workbook.ts';

let database: TestDatabase;
let district: PushDistrict;
const folders = new Folders();

const command = (...args: string[]): Promise<CommandResult> =>
  runCommand({ DATABASE_URL: database.url }, args);

const ALICE = ['--as', 'Alice', '--catalog', 'High School Catalog'] as const;
const HARRISON = [...ALICE, '--calendar', '23-24 Harrison High'] as const;

const PLAN_ANSWER = z.object({
  run: z.number(),
  counts: z.array(z.object({ dataType: z.string() })),
});

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
  await addPerson(district.db, { slackTeamId: 'T1', slackUserId: 'U2', name: 'Bob', groups: [] });
});

afterAll(async () => {
  await folders.removeAll();
  await database.drop();
});

describe('plan', () => {
  it('says what a push would do and does nothing of it (G22)', async () => {
    const before = await district.rows('select id, name, attrs from course order by id');
    const { lines, exitCode } = await command('plan', ...HARRISON);
    expect(exitCode).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/^Data +Level +Outcome +Items$/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^Grading Tasks\/Standards +course +Added +3$/),
    );
    expect(lines.at(-1)).toMatch(/^\d+ item\(s\) would be written\. Nothing was\.$/);
    expect(await district.rows('select id, name, attrs from course order by id')).toEqual(before);
    expect(await district.rows('select 1 from sync_link')).toEqual([]);
  });

  it('writes the plan file, as CSV or XLSX', async () => {
    const folder = await folders.make();
    const [csv, xlsx] = [path.join(folder, 'plan.csv'), path.join(folder, 'plan.xlsx')];
    await command('plan', ...HARRISON, '--out', csv);
    expect(readCsv(await readFile(csv))).toContainEqual(
      expect.objectContaining({ Item: 'Deletions', Outcome: 'Summary', After: '0' }),
    );
    await command('plan', ...HARRISON, '--out', xlsx);
    expect((await readWorkbook(await readFile(xlsx))).map(({ name }) => name)).toEqual([
      'Summary',
      'Plan',
    ]);
    const refused = await command('plan', ...HARRISON, '--out', path.join(folder, 'plan.txt'));
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.complaint).toContain('must end in .csv or .xlsx');
  });

  it('narrows to kinds of data, sections and one course master, as the form does', async () => {
    const answer = await command(
      ...['plan', ...HARRISON, '--type', 'Categories', '--type', 'course_info', '--sections'],
      ...['--master', '2010', '--json'],
    );
    const { run, counts } = PLAN_ANSWER.parse(answer.json());
    const types = new Set(counts.map(({ dataType }) => dataType));
    expect([...types].filter((type) => !['categories', 'course_info'].includes(type))).toEqual([]);
    expect(
      await district.rows(
        `select course_master_id, to_sections, state from push_run where id = ${run}`,
      ),
    ).toEqual([{ course_master_id: 2, to_sections: true, state: 'canceled' }]);
  });
});

describe('push', () => {
  it('carries the push out in this process, without a queue, with --here', async () => {
    const answer = await command('push', ...HARRISON, '--here', '--keep', '--json');
    expect(answer.complaint).toBe('');
    expect(answer.exitCode).toBe(0);
    expect(answer.json()).toMatchObject({ state: 'completed', requestedBy: { name: 'Alice' } });
    expect(await district.rows('select count(*)::int as links from sync_link')).not.toEqual([
      { links: 0 },
    ]);
    expect(
      await district.rows('select keep_until_deleted from push_run order by id desc limit 1'),
    ).toEqual([{ keep_until_deleted: true }]);
  });

  it('says the second time that nothing needed doing, all courses done (G17)', async () => {
    const again = await command('push', ...HARRISON, '--here');
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.lines).toContain(
      'Completed: nothing needed doing, everything was already up to date',
    );
    expect(
      await district.rows(`select courses_done > 0 as any, courses_done = courses_total as all
        from push_job order by id desc limit 1`),
    ).toEqual([{ any: true, all: true }]);
  });

  it('ends with 2 when there are exceptions, and says them', async () => {
    await district.run(`update course set name = 'Algebra for All' where id = 1`);
    const { exitCode, lines } = await command('push', ...HARRISON, '--here');
    expect(exitCode).toBe(2);
    expect(lines).toContain('Completed with exceptions');
    expect(lines).toContainEqual(
      expect.stringMatching(/^Course Info +course +Failed: desynced +1$/),
    );
  });

  it('waits for the worker and shows a bar on a terminal', async () => {
    const { url, prefix } = testRedis();
    const env = { DATABASE_URL: database.url, REDIS_URL: url, PUSH_QUEUE_PREFIX: `{${prefix}}` };
    const config = readWorkerConfig(env);
    const work = pushWork(config);
    const worker = await startWorker({ config, work, logger: SILENT, onDeaf: () => undefined });
    try {
      const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
      const { exitCode, complaint } = await runCommand(env, ['push', ...HARRISON], terminal);
      expect(complaint).toBe('');
      expect(exitCode).toBe(2);
      expect(String(terminal.read())).toMatch(/Planning \[.*\] \d+\/\d+ courses/);
    } finally {
      await worker.stop();
    }
  });

  it('leaves a push for a time to the queue', async () => {
    const answer = await command(
      ...['push', ...ALICE, '--all-calendars', '--here', '--json', '--high-priority'],
      ...['--at', '2099-01-02T22:00', '--zone', 'America/Chicago'],
    );
    expect(answer.exitCode).toBe(0);
    expect(answer.json()).toMatchObject({
      state: 'queued',
      scheduledFor: '2099-01-03T04:00:00.000Z',
      allCalendars: true,
    });
  });

  it('takes the first of an hour that comes twice, and says so and how to get the second', async () => {
    const answer = await command(
      ...['push', ...HARRISON, '--here', '--json'],
      ...['--at', '2099-11-01T01:30', '--zone', 'America/Chicago'],
    );
    expect(answer.json()).toMatchObject({ scheduledFor: '2099-11-01T06:30:00.000Z' });
    expect(answer.complaint).toBe(
      '2099-11-01T01:30 comes twice in America/Chicago, as the clocks are put back. The push starts at ' +
        'the first, 2099-11-01T01:30-05:00; for the second use --at 2099-11-01T01:30-06:00.',
    );
    const second = await command(
      ...['push', ...HARRISON, '--here', '--json'],
      ...['--at', '2099-11-01T01:30-06:00', '--zone', 'America/Chicago'],
    );
    expect(second.complaint).toBe('');
    expect(second.json()).toMatchObject({ scheduledFor: '2099-11-01T07:30:00.000Z' });
  });

  it.each([
    [
      'an hour that the clocks skip',
      ['--at', '2099-03-08T02:30', '--zone', 'America/Chicago'],
      'Use --at 2099-03-08T01:30 or --at 2099-03-08T03:30.',
    ],
    ['a time that is none', ['--at', 'tonight'], 'write it as 2026-11-24T22:00'],
    ['a zone that is none', ['--at', '2099-01-02T22:00', '--zone', 'Texas'], 'is no time zone'],
    ['a past time', ['--at', '2020-01-02T22:00'], 'Choose a time that is still to come.'],
    ['an unknown year', ['--year', '50-51'], /no school year "50-51"[^]*23-24 \(id 1\)/],
    ['an unknown kind of data', ['--type', 'Marks'], /no kind of data "Marks"[^]*Course Info/],
    ['a part of several names', ['--type', 'Grade'], /fits more than one kind of data/],
    [
      'an unknown course master',
      ['--master', '2011'],
      /with the number "2011"[^]*Biology \(id 2010\)/,
    ],
    ['an unknown person', ['--as', 'Zoe'], /no person "Zoe"[^]*Alice \(id U1\)/],
    ['a person without rights', ['--as', 'Bob'], /calendar to modify|You lack/],
    ['both --now and --at', ['--now', '--at', '2099-01-02T22:00'], 'Use either --now or --at'],
  ])('refuses %s in words', async (_case, flags, words) => {
    const { exitCode, complaint } = await command('push', ...HARRISON, '--here', ...flags);
    expect(exitCode).toBe(1);
    expect(complaint).toMatch(words);
  });

  it('asks for calendars, and lists them', async () => {
    const { exitCode, complaint } = await command('push', ...ALICE, '--here');
    expect(exitCode).toBe(1);
    expect(complaint).toMatch(/--calendar[^]*23-24 Second \(id 2\)/);
  });
});

describe('runs and report', () => {
  it('lists a row per push and calendar, to a person only what they may see', async () => {
    const { lines } = await command('runs');
    expect(lines[0]).toMatch(/^Run +Scheduled \(UTC\) +Catalog/);
    expect(lines).toContainEqual(
      expect.stringMatching(/Harrison High +completed \(1 exceptions\)/),
    );
    expect((await command('runs', '--as', 'Bob', '--json')).json()).toEqual([]);
  });

  it('gets each report as CSV or XLSX', async () => {
    const [run] = await district.rows<{ id: number }>(
      `select id from push_run where state = 'completed_with_exceptions'`,
    );
    const id = String(run?.id);
    const printed = await command('report', id);
    expect(readCsv(Buffer.from(printed.lines.join('\n')))).toContainEqual(
      expect.objectContaining({ 'Course Name': 'Algebra for All', Outcome: 'Failed: desynced' }),
    );
    const file = path.join(await folders.make(), 'log.xlsx');
    expect(await command('report', id, '--kind', 'change_log', '--out', file)).toMatchObject({
      exitCode: 0,
    });
    expect(await readWorkbook(await readFile(file))).toHaveLength(2);
  });

  it('says why a push from the command line has no plan file', async () => {
    const [run] = await district.rows<{ id: number }>(
      `select id from push_run where state = 'completed' order by id limit 1`,
    );
    const { exitCode, complaint } = await command('report', String(run?.id), '--kind', 'plan');
    expect(exitCode).toBe(1);
    expect(complaint).toContain('was pushed without showing its plan');
    expect(complaint).toContain(`It has: push-${run?.id}-`);
  });

  it('makes the Residual Data Report with the rights of whoever asks (R09, A08)', async () => {
    await district.run(`
      insert into task_alignment (scope_id, scope_kind, gradable_id)
        values ((select id from setup_scope where course_id = 2), 'course', 'lab');
      insert into assignment (id, source_id, section_id, name) values (900, 'lab-1', 3, 'Lab 1');
      insert into assignment_gradable values (900, 'lab')`);
    const printed = await command('report', 'residual', ...ALICE, '--type', 'Grading Tasks');
    expect(readCsv(Buffer.from(printed.lines.join('\n')))).toEqual([
      expect.objectContaining({ Item: 'Lab', 'Sections With Data': 'section 1: 1 assignment' }),
    ]);
    const file = path.join(await folders.make(), 'residual.xlsx');
    expect(await command('report', 'residual', ...ALICE, '--out', file)).toMatchObject({
      exitCode: 0,
    });
    expect((await readWorkbook(await readFile(file))).map(({ name }) => name)).toEqual([
      'Summary',
      'Residual Data Report',
    ]);
    expect((await command('report', 'residual', '--as', 'Bob')).complaint).toContain(
      'You lack: Read on Residual Data Report.',
    );
  });

  it('says which files there are when there is none of the kind', async () => {
    const { exitCode, complaint } = await command('report', '1', '--kind', 'change_log');
    expect(exitCode).toBe(1);
    expect(complaint).toContain('Push #1 (canceled) has no such file. It has: push-1-');
    expect((await command('report', '4711')).complaint).toContain('There is no push #4711.');
  });
});
