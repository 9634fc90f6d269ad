import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { buildPushDistrict, type PushDistrict } from '../../support/push-district.ts';

let database: TestDatabase;
let district: PushDistrict;

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
