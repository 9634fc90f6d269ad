import { beforeEach, describe, expect, it } from '@jest/globals';
import { claimRun } from '../../src/db/queries/claims.ts';
import { beat } from '../../src/db/queries/heartbeats.ts';
import { applyNextBatch } from '../../src/engine/apply-batch.ts';
import { MAX_CRASHES } from '../../src/runs/execute-run.ts';
import { recoverRuns } from '../../src/runs/recover-runs.ts';
import { type PushDistrict, SILENT } from '../support/push-district.ts';
import { usePushDistrict } from '../support/use-push-district.ts';

let district: PushDistrict;
let woken: number[];

usePushDistrict((opened) => {
  district = opened;
});
beforeEach(() => {
  woken = [];
});

const LEASES = { workerId: null, leaseMs: 15_000, planLeaseMs: 60_000 };

function recover(): Promise<number> {
  return recoverRuns(district.db, {
    enqueue: ({ runId }) => {
      woken.push(runId);
      return Promise.resolve();
    },
    logger: SILENT,
  });
}

class Killed extends Error {}

/** A worker that dies after so many batches: it neither ends nor gives back its run. */
async function executeAndDie(runId: number, batches: number): Promise<void> {
  let applied = 0;
  await district.execute(runId, {
    applyNextBatch: async (...arguments_) => {
      if (applied === batches) throw new Killed('killed');
      applied += 1;
      return applyNextBatch(...arguments_);
    },
  });
  await district.run(
    `update push_run set error = null, lease_until = now() + interval '15 seconds'`,
  );
}

describe('Given a worker that died in the middle of a run, when its lease is over', () => {
  it('wakes another, which goes on after the last batch and applies each batch once (A22)', async () => {
    const runId = await district.submit();
    await executeAndDie(runId, 1);
    await district.run(`update push_run set enqueued_at = null`);
    expect(await recover()).toBe(0);
    expect(await district.execute(runId)).toBe('not_due');
    await district.loseWorker(runId);
    expect(await recover()).toBe(1);
    expect(woken).toEqual([runId]);
    expect(await district.execute(runId)).toBe('ended');
    const view = await district.view(runId);
    expect(view.state).toBe('completed');
    expect(view.applied).toBe(view.plan?.writes);
    expect(await district.rows('select epoch from push_batch order by seq')).toEqual([
      { epoch: 1 },
      { epoch: 2 },
      { epoch: 2 },
    ]);
  });

  it('does not wait for the end of a long lease when the worker has fallen silent', async () => {
    const runId = await district.submit();
    await beat(district.db, 'w1');
    await claimRun(district.db, runId, { ...LEASES, workerId: 'w1' });
    await district.run('update push_run set enqueued_at = null');
    expect(await recover()).toBe(0);
    await district.run(`update worker_heartbeat set seen_at = now() - interval '16 seconds'`);
    expect(await recover()).toBe(1);
    expect(await district.execute(runId)).toBe('ended');
  });

  it('plans anew when it died before the plan was made', async () => {
    const runId = await district.submit();
    await claimRun(district.db, runId, LEASES);
    await district.loseWorker(runId);
    expect(await recover()).toBe(1);
    expect(await district.execute(runId)).toBe('ended');
  });
});

describe('Given due runs that the queue lost, when the reconciler looks', () => {
  it('wakes a worker for each, but not again within 3 s', async () => {
    const runs = [await district.submit(), await district.submit()];
    await district.run('update push_run set enqueued_at = null');
    expect(await recover()).toBe(2);
    expect(woken).toEqual(runs);
    expect(await recover()).toBe(0);
    await district.run(`update push_run set enqueued_at = now() - interval '4 seconds'`);
    expect(await recover()).toBe(2);
  });

  it('gives each run to one of several reconcilers that look at once', async () => {
    for (let n = 0; n < 5; n += 1) await district.submit();
    await district.run('update push_run set enqueued_at = null');
    const found = await Promise.all([recover(), recover(), recover()]);
    expect(found.reduce((sum, runs) => sum + runs, 0)).toBe(5);
    expect(new Set(woken).size).toBe(5);
  });

  it('leaves runs alone that are for later, that wait for a calendar, or that have ended', async () => {
    const later = new Date(Date.now() + 3_600_000);
    await district.execute(await district.submit({ schedule: { kind: 'batch', at: later } }));
    await district.execute(await district.submit());
    const holder = await district.submit({ options: { calendarIds: [1] } });
    const waiting = await district.submit({ options: { calendarIds: [1] } });
    await district.execute(holder, {
      applyNextBatch: async (...arguments_) => {
        await district.execute(waiting);
        await district.run('update push_run set enqueued_at = null');
        expect(await recover()).toBe(0);
        return applyNextBatch(...arguments_);
      },
    });
    expect(await recover()).toBe(1);
    expect(woken).toEqual([waiting]);
  });
});

describe('Given a run that breaks every worker, when it was tried five times without progress', () => {
  it('fails it once and for all, with the reason (step 7)', async () => {
    const runId = await district.submit();
    const broken = { planRun: () => Promise.reject(new Error('disk full')) };
    for (let tries = 0; tries < MAX_CRASHES; tries += 1) {
      expect(await district.execute(runId, broken)).toBe('broken');
      expect(await district.execute(runId, broken)).toBe('not_due');
      await district.loseWorker(runId);
    }
    expect(await district.execute(runId, broken)).toBe('ended');
    const view = await district.view(runId);
    expect(view.state).toBe('failed');
    expect(view.error).toBe('Given up after 5 tries without progress: disk full');
    expect(view.calendars.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  });

  it('does not count tries that got on', async () => {
    const runId = await district.submit();
    await executeAndDie(runId, 0);
    for (let tries = 0; tries < 2; tries += 1) {
      await district.loseWorker(runId);
      await executeAndDie(runId, 1);
    }
    const [run] = await district.rows<{ crash_count: number }>('select crash_count from push_run');
    expect(run?.crash_count).toBe(0);
  });
});
