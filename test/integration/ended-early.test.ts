import { describe, expect, it } from '@jest/globals';
import { findArtifact } from '../../src/db/queries/artifacts.ts';
import { applyNextBatch } from '../../src/engine/apply-batch.ts';
import { type RunView } from '../../src/domain/push-run.ts';
import { keepAnswerDeadlines } from '../../src/runs/answer-deadlines.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { MAX_CRASHES } from '../../src/runs/execute-run.ts';
import { planOnly } from '../../src/runs/plan-only.ts';
import { writeReports } from '../../src/runs/write-reports.ts';
import { finishedMessage } from '../../src/slack/messages/finished.ts';
import { subscribedMessage } from '../../src/slack/messages/subscribed.ts';
import { ENGINE, type PushDistrict, SILENT } from '../support/push-district.ts';
import { readCsv } from '../support/report-figures.ts';
import { usePushDistrict } from '../support/use-push-district.ts';

let district: PushDistrict;

const around = { now: new Date(), zone: 'America/Chicago', planBlock: true };
const LATER = { kind: 'batch', at: new Date(Date.now() + 3_600_000) } as const;

async function subscribed(opened: PushDistrict): Promise<void> {
  district = opened;
  await district.run(`insert into subscription (channel_id, created_by, catalog_id)
    values ('C9', ${district.admin.id}, 1)`);
}

const cancel = (runId: number): Promise<string> =>
  cancelRun(district.db)({ person: district.admin, runId, from: 'test' });

/** Pushes to three calendars and does something after the first of their batches. */
async function pushUntil(afterFirst: (runId: number) => Promise<unknown>): Promise<RunView> {
  const runId = await district.submit();
  let batches = 0;
  await district.execute(runId, {
    writeReports,
    applyNextBatch: async (...arguments_) => {
      if (batches === 1) await afterFirst(runId);
      batches += 1;
      return applyNextBatch(...arguments_);
    },
  });
  return district.view(runId);
}

/** The calendars that each subscriber is told of. */
function told(runId: number): Promise<{ calendars: number[] }[]> {
  return district.rows(`select payload -> 'about' -> 'calendarIds' as calendars from slack_outbox
    where run_id = ${runId} and kind = 'subscribed'`);
}

async function reportOf(runId: number): Promise<Record<string, string>[]> {
  const file = await findArtifact(district.db, { runId, kind: 'push_report', format: 'csv' });
  return file === undefined ? [] : readCsv(file.body);
}

/** Items of courses; what no calendar gets is a line of the whole run. */
function sumOf(view: RunView): number {
  return view.counts
    .filter(({ level }) => level !== 'run')
    .reduce((sum, { items }) => sum + items, 0);
}

function expectFirstCalendarOnly(view: RunView): void {
  expect(view.applied).toBeGreaterThan(0);
  expect(sumOf(view)).toBe(view.applied);
  expect(view.applied).toBeLessThan(view.plan?.writes ?? 0);
  expect(
    view.calendars.map(({ applied, coursesDone, coursesLeft }) => [
      applied,
      coursesDone,
      coursesLeft,
    ]),
  ).toEqual([
    [view.applied, 2, 0],
    [0, 0, 1],
    [0, 0, 1],
  ]);
}

describe('Given a push that is canceled after its first calendar', () => {
  let view: RunView;

  usePushDistrict(async (opened) => {
    await subscribed(opened);
    view = await pushUntil(cancel);
  });

  it('counts only what was applied, and says what was not reached (B04)', () => {
    expect(view).toMatchObject({ state: 'canceled', endedBy: { name: 'Alice' } });
    expectFirstCalendarOnly(view);
    const { text, blocks } = finishedMessage(view, around);
    expect(text).toContain(
      `By Alice. 2 of 4 courses were done and stay pushed: ${view.applied} items were written. ` +
        '2 courses were not reached',
    );
    expect(JSON.stringify(blocks)).toContain('23-24 Second: nothing was pushed, 1 not reached');
  });

  it('has the report files: what was done, and a line for each course not reached', async () => {
    const lines = (await reportOf(view.id)).filter((line) => line['Course Number'] !== '');
    expect(lines.map((line) => [line['Calendar'], line['Course Number'], line['Outcome']])).toEqual(
      [
        ['23-24 Second', '1010', 'Not reached'],
        ['23-24 Third', '1010', 'Not reached'],
      ],
    );
    expect(view.artifacts.map(({ kind }) => kind)).toContain('change_log');
    expect(
      await district.rows(
        `select kind from slack_outbox where run_id = ${view.id} and kind = 'files'`,
      ),
    ).toHaveLength(1);
  });

  it('tells subscribers of the calendar that was written to, with its own figures', async () => {
    expect(await told(view.id)).toEqual([{ calendars: [1] }]);
    const { text } = subscribedMessage(view, [1], around);
    expect(text).toContain(`2 of 2 courses were done and stay pushed: ${view.applied} items`);
    expect(subscribedMessage(view, [2], around).text).toContain('Nothing was pushed.');
  });
});

describe('Given a push that lost its worker after its first calendar', () => {
  usePushDistrict(subscribed);

  it('is ended by the next worker when it was canceled meanwhile, and reported as well', async () => {
    const { id: runId } = await pushUntil(() => Promise.reject(new Error('the worker is gone')));
    await district.loseWorker(runId);
    expect(await cancel(runId)).toBe('stopping');
    expect(await district.view(runId)).toMatchObject({ state: 'running', isStopping: true });
    await district.execute(runId, { writeReports });
    expect(await district.view(runId)).toMatchObject({ state: 'canceled' });
    expectFirstCalendarOnly(await district.view(runId));
    expect(await reportOf(runId)).toHaveLength(4);
  });

  it('is reported when it fails, because its requester lost the rights', async () => {
    const view = await pushUntil(() => Promise.reject(new Error('the worker is gone')));
    await district.loseWorker(view.id);
    await district.run('delete from user_group_member');
    await district.execute(view.id, { writeReports });
    expect(await district.view(view.id)).toMatchObject({ state: 'failed' });
    expectFirstCalendarOnly(await district.view(view.id));
    expect(await reportOf(view.id)).toHaveLength(4);
  });

  it('ends although its reports cannot be made', async () => {
    const view = await pushUntil(() => Promise.reject(new Error('the worker is gone')));
    await district.loseWorker(view.id);
    await district.run('delete from user_group_member');
    const refuse = (): Promise<void> => Promise.reject(new Error('the disk is full'));
    expect(await district.execute(view.id, { writeReports: refuse })).toBe('ended');
    expect(await district.view(view.id)).toMatchObject({ state: 'failed', artifacts: [] });
  });
});

describe('Given a push that wrote nothing, when it ends', () => {
  usePushDistrict(subscribed);

  it('gives no figures of its plan, and subscribers hear nothing when it is withdrawn', async () => {
    const runId = await district.submit({ confirmed: false, schedule: LATER });
    await district.execute(runId);
    await cancel(runId);
    expect(await district.view(runId)).toMatchObject({ state: 'canceled', counts: [] });
    expect(await told(runId)).toEqual([]);
  });

  it('subscribers hear nothing of a plan that was only looked at, whose counts are shown (G22)', async () => {
    const leases = { workerId: null, leaseMs: 15_000, planLeaseMs: 60_000 };
    const settings = { work: ENGINE, leases, logger: SILENT, services: district.services };
    const run = await planOnly(district.db, settings, district.request({ channelId: null }));
    expect(sumOf(run)).toBeGreaterThan(0);
    expect(await told(run.id)).toEqual([]);
  });

  it('gives no figures when it had begun, was asked about again and expired', async () => {
    const runId = await district.submit({ options: { mode: 'overwrite' } });
    await district.execute(runId);
    await district.run(
      `update push_run set started_at = now(), answer_by = now() where id = ${runId}`,
    );
    await keepAnswerDeadlines(district.db);
    const view = await district.view(runId);
    expect(view).toMatchObject({ state: 'expired', applied: 0, counts: [] });
    expect(JSON.stringify(finishedMessage(view, around))).not.toMatch(/By kind|no exceptions/);
    expect(await told(runId)).toEqual([]);
  });

  it('subscribers hear of it when it failed', async () => {
    const runId = await district.submit();
    await district.run(`update push_run set crash_count = ${MAX_CRASHES} where id = ${runId}`);
    await district.execute(runId);
    expect((await district.view(runId)).state).toBe('failed');
    expect(await told(runId)).toEqual([{ calendars: [1, 2, 3] }]);
  });
});
