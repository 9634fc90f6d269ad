import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { peopleAdmin } from '../../src/runs/people-admin.ts';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict } from '../support/push-district.ts';

let database: TestDatabase;
let district: PushDistrict;

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
  await people('add', '--team', 'T1', '--user', 'U2', '--name', 'Bob', '--group', 'Read-only');
});
afterAll(() => database.drop());

const run = (...args: string[]): Promise<CommandResult> =>
  runCommand({ DATABASE_URL: database.url }, args);
const people = (...args: string[]): Promise<CommandResult> => run('people', ...args);
const bob = () => district.services.findPerson({ teamId: 'T1', userId: 'U2' });

describe('Given an administrator at the command line, when people change', () => {
  it('deactivates a person, whom adding again does not bring back, and reactivates them', async () => {
    expect((await people('deactivate', 'Bob')).lines).toEqual([
      'T1/U2  Bob (deactivated)  Read-only',
    ]);
    expect(await bob()).toBeUndefined();
    const again = await people('add', '--team', 'T1', '--user', 'U2', '--name', 'Robert');
    expect(again).toMatchObject({ exitCode: 1 });
    expect(again.complaint).toContain('Robert is deactivated. Nothing was changed');
    expect(await bob()).toBeUndefined();
    expect((await people('reactivate', 'U2')).lines).toEqual(['T1/U2  Bob  Read-only']);
    expect(await bob()).toBeDefined();
  });

  it('puts a person into a group and takes them out again', async () => {
    expect((await people('join', 'Bob', 'School Scheduler')).lines).toEqual([
      'T1/U2  Bob  Read-only, School Scheduler',
    ]);
    expect((await people('leave', 'Bob', 'School Scheduler')).lines).toEqual([
      'T1/U2  Bob  Read-only',
    ]);
  });

  it('names the choices for a person or group that there is not', async () => {
    expect((await people('join', 'Bob', 'Admins')).complaint).toContain(
      'There is no group "Admins"',
    );
    expect((await people('deactivate', 'Zoe')).complaint).toContain('There is no person "Zoe"');
  });
});

describe('Given an administrator at the command line, when groups change', () => {
  it('makes a group and gives it rights on tools and calendars, one by one', async () => {
    await people('new-group', 'Office');
    await people('join', 'Bob', 'Office');
    await people('rights', 'Office', 'push_all_course_masters', 'RW');
    await people('calendars', 'Office', 'modify', '--school', 'Harrison High', '--year', '23-24');
    await people('calendars', 'Office', 'see', '--calendar', '24-25 Harrison High');
    expect((await people('group', 'Office')).lines).toEqual([
      'Office',
      'Members: 1',
      'Rights: push_all_course_masters RW',
      'Calendars: none as a whole',
      '  24-25 Harrison High: see',
      '  Harrison High in 23-24: modify',
      'Slack user group: none',
    ]);
    const rights = (await bob())?.rights;
    expect(rights?.tools.push_all_course_masters?.write).toBe(true);
    expect([...(rights?.modifiableCalendars ?? [])].sort()).toEqual([1, 2, 3, 4]);
    await people('calendars', 'Office', 'none', '--school', 'Harrison High', '--year', '23-24');
    await people('rights', 'Office', 'push_all_course_masters', 'none');
    const after = (await bob())?.rights;
    expect(after?.tools.push_all_course_masters?.write).toBe(false);
    expect(after?.modifiableCalendars.size).toBe(0);
  });

  it('refuses letters and tools that there are not', async () => {
    expect((await people('rights', 'Office', 'batch_queue', 'RX')).complaint).toContain(
      'R, W, A and D',
    );
    expect((await people('rights', 'Office', 'everything', 'R')).complaint).toContain('no tool');
  });

  it('lets those leave who were there by the Slack user group alone, when it fills the group no more', async () => {
    await people('slack-group', 'Office', 'S0OFFICE1');
    const [group] = await peopleAdmin(district.db).subteams();
    await peopleAdmin(district.db).syncSubteam({
      ...{ groupId: group?.groupId ?? 0, slackTeamId: 'T1' },
      members: [{ slackUserId: 'U3', name: 'Carol' }],
    });
    expect((await people('list')).lines).toContain('T1/U3  Carol  Office (from Slack)');
    await people('slack-group', 'Office', 'none');
    expect((await people('list')).lines).toContain('T1/U3  Carol  no group');
  });

  it('keeps places and the Slack user group of a group that is only renamed, however many there are', async () => {
    await district.run(`insert into school (id, source_id, name)
      select 1000 + n, 'x' || n, 'School ' || n from generate_series(1, 150) n`);
    await district.run(
      `insert into user_group (id, name, slack_subteam_id) values (70, 'Many', 'S0MANY001')`,
    );
    await district.run(`insert into calendar_right (group_id, school_id, can_modify)
      select 70, 1000 + n, true from generate_series(1, 150) n`);
    await peopleAdmin(district.db).saveGroup({
      ...{ id: 70, name: 'Very many', by: null, from: 'test' },
      take: [{ schoolId: 1001, schoolYearId: null, calendarId: null }],
    });
    expect(
      await district.rows(`select g.name, g.slack_subteam_id, count(*) as places from user_group g
        join calendar_right c on c.group_id = g.id where g.id = 70 group by g.id`),
    ).toEqual([{ name: 'Very many', slack_subteam_id: 'S0MANY001', places: 149 }]);
  });
});

describe('Given what was done at the command line', () => {
  it('is in the audit log, which is listed by push, person and action, newest first', async () => {
    const runId = await district.submit({ from: 'slack:C1' });
    const ofRun = (await run('audit', 'list', '--run', `#${runId}`, '--json')).json();
    expect(ofRun).toMatchObject([
      { action: 'run.submitted', actor: 'Alice', runId, detail: { from: 'slack:C1' } },
    ]);
    const ofBob = (await run('audit', 'list', '--person', 'Bob', '--action', 'person')).lines;
    expect(ofBob[0]).toContain('Facts');
    expect(ofBob[1]).toMatch(/ - +person\.saved +- +cli +.*name: Bob; joined: \d+/);
    const groups = (await run('audit', 'list', '--action', 'group.saved', '--json')).json();
    expect(groups).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          actor: null,
          detail: expect.objectContaining({ tools: 'push_all_course_masters RW', from: 'cli' }),
        }),
      ]),
    );
  });
});
