import { describe, expect, it } from '@jest/globals';
import { PushRefused } from '../../src/domain/errors.ts';
import { applyNextBatch } from '../../src/engine/apply-batch.ts';
import { planRun } from '../../src/engine/plan-run.ts';
import { claimRun } from '../../src/db/queries/claims.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { finishRun } from '../../src/runs/finish-run.ts';
import { type PushDistrict, type RequestChange } from '../support/push-district.ts';
import { usePushDistrict } from '../support/use-push-district.ts';

let district: PushDistrict;

usePushDistrict((opened) => {
  district = opened;
});

const LEASES = { workerId: null, leaseMs: 15_000, planLeaseMs: 60_000 };
const IN_AN_HOUR = { kind: 'batch', at: new Date(Date.now() + 3_600_000) } as const;

async function statusesOf(runId: number): Promise<string[]> {
  return (await district.view(runId)).calendars.map(({ status }) => status);
}

describe('Given a form that was sent, when it is submitted', () => {
  it('records one run however often and however simultaneously it is sent (B08)', async () => {
    const request = district.request();
    const five = await Promise.all([1, 2, 3, 4, 5].map(() => district.services.submit(request)));
    expect(new Set(five.map(({ runId }) => runId)).size).toBe(1);
    expect(five.filter(({ created }) => created)).toHaveLength(1);
    expect(await district.rows('select id from push_run')).toHaveLength(1);
    expect(district.woken).toHaveLength(1);
  });

  it('answers a repeated form with its run even when its time has passed meanwhile (B08)', async () => {
    const request = district.request({ schedule: IN_AN_HOUR });
    const first = await district.services.submit(request);
    const late = { ...request, schedule: { kind: 'batch', at: new Date(0) } } as const;
    expect(await district.services.submit(late)).toEqual({ runId: first.runId, created: false });
  });

  it('writes All Calendars down as those of the year that the person may modify (G04)', async () => {
    const runId = await district.submit({ options: { allCalendars: true, calendarIds: [] } });
    const { calendars } = await district.view(runId);
    expect(calendars.map(({ calendarId }) => calendarId).sort()).toEqual([1, 2, 3, 4]);
  });

  const refused: [string, RequestChange, { field: string; code: string }][] = [
    [
      'no calendar',
      { options: { calendarIds: [] } },
      { field: 'calendars', code: 'invalid_options' },
    ],
    [
      'a calendar of another year',
      { options: { calendarIds: [1, 9] } },
      { field: 'calendars', code: 'invalid_options' },
    ],
    ['no data type', { options: { dataTypes: [] } }, { field: 'types', code: 'invalid_options' }],
    [
      'an unknown year',
      { options: { schoolYearId: 77 } },
      { field: 'year', code: 'invalid_options' },
    ],
    [
      'a catalog that no school uses',
      { options: { catalogId: 2 } },
      { field: 'catalog', code: 'invalid_options' },
    ],
    [
      'a time in the past',
      { schedule: { kind: 'batch', at: new Date(0) } },
      { field: 'at', code: 'invalid_options' },
    ],
  ];
  it.each(refused)('refuses %s at its field (A20)', async (_what, change, expected) => {
    const refusal = await district.services
      .submit(district.request(change))
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PushRefused);
    expect(refusal).toMatchObject(expected);
    expect(await district.rows('select id from push_run')).toEqual([]);
  });

  it('refuses a person without the rights, naming what is missing (T05)', async () => {
    const person = {
      ...district.admin,
      rights: { ...district.admin.rights, tools: {}, modifiableCalendars: new Set([1]) },
    };
    await expect(district.services.submit(district.request({ person }))).rejects.toMatchObject({
      code: 'not_permitted',
      message: expect.stringContaining('Modify on 2 of the 3 calendars'),
    });
  });
});

describe('Given a run that is due, when a worker is woken for it', () => {
  it('plans it, applies it and ends it with the figures of the plan', async () => {
    const runId = await district.submit();
    expect(await district.execute(runId)).toBe('ended');
    const view = await district.view(runId);
    expect(view).toMatchObject({ state: 'completed', courses: { total: 4, ignored: 0 }, held: 0 });
    expect(view.applied).toBe(view.plan?.writes);
    expect(view.applied).toBeGreaterThan(0);
    expect(view.calendars.map((job) => [job.status, job.coursesDone])).toEqual([
      ['completed', 2],
      ['completed', 1],
      ['completed', 1],
    ]);
    expect(await district.rows(`select action from audit_event where run_id = ${runId}`)).toEqual([
      { action: 'run.submitted' },
      { action: 'run.started' },
      { action: 'run.completed' },
    ]);
  });

  it('does nothing twice when the job is delivered again, also at the same time (F26)', async () => {
    const runId = await district.submit();
    const both = await Promise.all([district.execute(runId), district.execute(runId)]);
    expect(both.sort()).toEqual(['ended', 'not_due']);
    expect(await district.execute(runId)).toBe('not_due');
    expect(await district.execute(4711)).toBe('not_due');
    expect(await district.rows(`select epoch from push_run`)).toEqual([{ epoch: 1 }]);
    expect(await district.rows(`select count(*) as n from push_plan`)).toEqual([{ n: 1 }]);
  });

  it('writes no row when nothing changed since the last push (G17)', async () => {
    await district.execute(await district.submit());
    const again = await district.submit();
    await district.execute(again);
    expect(await district.view(again)).toMatchObject({ state: 'completed', applied: 0 });
  });

  it('counts what could not be pushed as exceptions of its calendar (B01)', async () => {
    await district.execute(await district.submit());
    await district.run(`update course set attrs = attrs || '{"state_code": "X"}' where id = 11`);
    const runId = await district.submit();
    await district.execute(runId);
    const view = await district.view(runId);
    expect(view.state).toBe('completed_with_exceptions');
    const second = view.calendars.find(({ calendarId }) => calendarId === 2);
    expect(second).toMatchObject({ status: 'completed_with_exceptions', exceptions: 1 });
    expect(view.counts).toContainEqual({
      calendarId: 2,
      level: 'course',
      dataType: 'course_info',
      outcome: 'FAILED_DESYNCED',
      reason: 'changed_below',
      items: 1,
    });
  });

  it('fails it when the requester lost the rights since (domain.md section 6)', async () => {
    const runId = await district.submit();
    await district.run('delete from user_group_member');
    await district.execute(runId);
    expect(await district.view(runId)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('Rights withdrawn: Alice, who asked for the push, lacks'),
    });
    expect(await district.rows('select id from push_plan')).toEqual([]);
  });

  it('plans again when a master changes between plan and first batch (G13)', async () => {
    const runId = await district.submit();
    let plans = 0;
    await district.execute(runId, {
      planRun: async (...arguments_) => {
        const planned = await planRun(...arguments_);
        plans += 1;
        if (plans === 1)
          await district.run(`update course_master set name = 'Algebra 1A' where id = 1`);
        return planned;
      },
    });
    expect(plans).toBe(2);
    expect((await district.view(runId)).state).toBe('completed');
    expect(
      await district.rows('select distinct name from course where course_master_id = 1'),
    ).toEqual([{ name: 'Algebra 1A' }]);
  });
});

describe('Given a run for later, when its plan is made', () => {
  it('waits in the queue, and is planned anew when its time comes (G13)', async () => {
    const runId = await district.submit({ schedule: IN_AN_HOUR });
    expect(await district.execute(runId)).toBe('waiting');
    const waiting = await district.view(runId);
    expect(waiting).toMatchObject({ state: 'queued', startedAt: null });
    expect(await district.execute(runId)).toBe('not_due');
    await district.run(`update push_run set scheduled_for = now()`);
    expect(await district.execute(runId)).toBe('ended');
    const ended = await district.view(runId);
    expect(ended.state).toBe('completed');
    expect(ended.plan?.id).not.toBe(waiting.plan?.id);
  });
});

describe('Given a worker that lost its claim, when it goes on', () => {
  it('writes nothing and ends nothing: the epoch fences it off (reliability.md 3.1)', async () => {
    const runId = await district.submit();
    const zombie = await claimRun(district.db, runId, LEASES);
    if (zombie === undefined) throw new Error('the run was not due');
    const { planId } = await planRun(district.db, runId, zombie.epoch);
    await district.loseWorker(runId);
    expect(await district.execute(runId)).toBe('ended');
    const before = await district.rows(
      'select id, name, attrs, xmin::text from course order by id',
    );
    const late = { runId, planId, epoch: zombie.epoch, leaseMs: 15_000 };
    expect(await applyNextBatch(district.db, late)).toEqual({ kind: 'fenced' });
    expect(await finishRun(district.db, { ...late, planId }, { as: 'failed' })).toBeUndefined();
    expect(
      await district.rows('select id, name, attrs, xmin::text from course order by id'),
    ).toEqual(before);
    expect((await district.view(runId)).state).toBe('completed');
  });
});

describe('Given a run, when it is canceled', () => {
  it('ends at once while nobody works on it (B04)', async () => {
    const runId = await district.submit({ schedule: IN_AN_HOUR });
    await district.execute(runId);
    const cancel = cancelRun(district.db);
    expect(await cancel({ person: district.admin, runId, from: 'test' })).toBe('canceled');
    expect(await statusesOf(runId)).toEqual(['canceled', 'canceled', 'canceled']);
    await expect(cancel({ person: district.admin, runId, from: 'test' })).rejects.toMatchObject({
      code: 'already_decided',
    });
    expect(await district.execute(runId)).toBe('not_due');
  });

  it('makes no files of a plan that it works out for nobody, and says meanwhile that it stops', async () => {
    const runId = await district.submit({ confirmed: false });
    let seen: Awaited<ReturnType<PushDistrict['view']>> | undefined;
    let files = 0;
    await district.execute(runId, {
      planRun: async (...arguments_) => {
        const person = district.admin;
        expect(await cancelRun(district.db)({ person, runId, from: 'test' })).toBe('stopping');
        seen = await district.view(runId);
        return planRun(...arguments_);
      },
      writePlan: () => {
        files += 1;
        return Promise.resolve();
      },
    });
    expect(seen).toMatchObject({ state: 'planning', isStopping: true });
    expect(files).toBe(0);
    const view = await district.view(runId);
    expect(view).toMatchObject({ state: 'canceled', applied: 0 });
  });

  it('stops after the current batch while a worker is at it, and keeps what was done (B04)', async () => {
    const runId = await district.submit();
    let batches = 0;
    let found: string | undefined;
    await district.execute(runId, {
      applyNextBatch: async (...arguments_) => {
        const result = await applyNextBatch(...arguments_);
        if (result.kind === 'applied') batches += 1;
        if (batches === 1)
          found = await cancelRun(district.db)({ person: district.admin, runId, from: 'test' });
        return result;
      },
    });
    expect(batches).toBe(1);
    expect(found).toBe('stopping');
    const view = await district.view(runId);
    expect(view.state).toBe('canceled');
    expect(view.applied).toBeGreaterThan(0);
    expect(view.calendars.map(({ status }) => status).sort()).toEqual([
      'canceled',
      'canceled',
      'completed',
    ]);
  });

  it('is refused to a person who neither asked for it nor administers the queue (T24)', async () => {
    const runId = await district.submit({ schedule: IN_AN_HOUR });
    const person = { ...district.admin, id: 99, rights: { ...district.admin.rights, tools: {} } };
    await expect(cancelRun(district.db)({ person, runId, from: 'test' })).rejects.toMatchObject({
      code: 'not_permitted',
    });
  });
});

describe('Given two runs on one calendar, when both are due', () => {
  it('lets the second wait for the first and then go (A23)', async () => {
    const first = await district.submit({ options: { calendarIds: [1, 2] } });
    const second = await district.submit({ options: { calendarIds: [2, 3] } });
    let meanwhile: string | undefined;
    await district.execute(first, {
      applyNextBatch: async (...arguments_) => {
        meanwhile ??= await district.execute(second);
        return applyNextBatch(...arguments_);
      },
    });
    expect(meanwhile).toBe('waiting');
    expect((await district.view(first)).state).toBe('completed');
    expect((await district.view(second)).state).toBe('queued');
    expect(await district.execute(second)).toBe('ended');
    expect((await district.view(second)).state).toBe('completed');
  });

  it('lets a run on other calendars pass (A23)', async () => {
    const first = await district.submit({ options: { calendarIds: [1] } });
    const other = await district.submit({ options: { calendarIds: [3] } });
    let meanwhile: string | undefined;
    await district.execute(first, {
      applyNextBatch: async (...arguments_) => {
        meanwhile ??= await district.execute(other);
        return applyNextBatch(...arguments_);
      },
    });
    expect(meanwhile).toBe('ended');
  });
});
