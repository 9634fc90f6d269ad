import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listRuns } from '../../../src/runs/list-runs.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { buildPushDistrict, type PushDistrict } from '../../support/push-district.ts';

let database: TestDatabase;
let district: PushDistrict;

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
});

afterAll(() => database.drop());

describe('Given a request', () => {
  it('its run has one year, one catalog, its calendars, one mode, both options and its types, and the database takes none without a type (G01)', async () => {
    const runId = await district.submit({
      options: { calendarIds: [2, 1], dataTypes: ['categories', 'course_info'] },
    });
    expect(
      await district.rows(
        `select school_year_id as year, catalog_id as catalog, mode, to_sections, cross_site,
           data_types::text[] as types, (select array_agg(calendar_id order by calendar_id)
             from push_job where run_id = push_run.id) as calendars
         from push_run where id = ${runId}`,
      ),
    ).toEqual([
      {
        year: 1,
        catalog: 1,
        mode: 'push_locked',
        to_sections: false,
        cross_site: false,
        types: ['categories', 'course_info'],
        calendars: [1, 2],
      },
    ]);
    await expect(
      district.run(`update push_run set data_types = '{}' where id = ${runId}`),
    ).rejects.toThrow(/check/);
    await expect(
      district.run(`update push_run set mode = null where id = ${runId}`),
    ).rejects.toThrow(/null/);
  });
});

describe('Given a push to run now and one for the batch queue', () => {
  it('the first is carried out at once, the second at its time; both are listed, and both tell when they end (G19)', async () => {
    const calendars = { options: { calendarIds: [3] } };
    const now = await district.submit(calendars);
    const at = new Date(Date.now() + 3_600_000);
    const batch = await district.submit({ ...calendars, schedule: { kind: 'batch', at } });
    expect(await district.execute(now)).toBe('ended');
    expect(await district.execute(batch)).toBe('waiting');
    const listed = await listRuns(district.db)({ person: district.admin });
    expect(listed.map(({ runId }) => runId)).toEqual(expect.arrayContaining([now, batch]));
    await district.run(`update push_run set scheduled_for = now() where id = ${batch}`);
    expect(await district.execute(batch)).toBe('ended');
    for (const runId of [now, batch])
      expect(
        await district.rows(
          `select 1 as n from slack_outbox where run_id = ${runId} and kind = 'finished'`,
        ),
      ).toEqual([{ n: 1 }]);
  });
});
