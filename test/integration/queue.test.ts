import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Bull from 'bull';
import { Redis } from 'ioredis';
import { startRedis } from '../../playground/servers/redis.ts';
import { type WorkerConfig } from '../../src/config/env.ts';
import { DEFAULT_POLICY } from '../../src/domain/approval.ts';
import { checkRedis, RedisAway, RedisUnfit } from '../../src/queue/connections.ts';
import {
  openConsumer,
  openProducer,
  type PushHandlers,
  type QueueAddress,
} from '../../src/queue/push-queue.ts';
import { applyNextBatch } from '../../src/engine/apply-batch.ts';
import { startWorker } from '../../src/roles/worker.ts';
import { type RunWork } from '../../src/runs/carry-out.ts';
import { pushServices } from '../../src/runs/push-services.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, ENGINE, type PushDistrict, SILENT } from '../support/push-district.ts';
import { testRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

const NOWHERE = 'redis://127.0.0.1:1';
const databases: TestDatabase[] = [];
let address: QueueAddress;
let closing: (() => Promise<unknown>)[];

beforeEach(() => {
  const { url, prefix } = testRedis();
  address = { redisUrl: url, prefix: `{${prefix}}` };
  closing = [];
});

afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

afterAll(async () => {
  for (const database of databases) await database.drop();
});

function produce(at: QueueAddress = address): ReturnType<typeof openProducer> {
  const producer = openProducer(at);
  closing.push(() => producer.close());
  return producer;
}

function consume(handlers: Partial<PushHandlers>): ReturnType<typeof openConsumer> {
  const consumer = openConsumer(address, {
    concurrency: 2,
    logger: SILENT,
    handlers: { run: () => Promise.resolve(), tick: () => Promise.resolve(), ...handlers },
  });
  closing.push(() => consumer.close(1000));
  return consumer;
}

describe('Given the queue', () => {
  it('brings a wake-up to a worker, and the same wake-up once', async () => {
    const woken: number[] = [];
    const producer = produce();
    const wakeUp = { runId: 7, epoch: 0, generation: 0 };
    await producer.enqueue(wakeUp);
    await producer.enqueue(wakeUp);
    await producer.enqueue({ ...wakeUp, generation: 1 });
    consume({
      run: (runId) => {
        woken.push(runId);
        return Promise.resolve();
      },
    });
    await producer.enqueue({ runId: 8, epoch: 0, generation: 0 });
    await until('run 8 and the second 7', () => woken.length === 3);
    expect(woken.toSorted()).toEqual([7, 7, 8]);
  });

  it('brings a tick', async () => {
    let ticks = 0;
    consume({
      tick: () => {
        ticks += 1;
        return Promise.resolve();
      },
    });
    await produce().tick();
    await until('the tick', () => ticks > 0);
    expect(ticks).toBe(1);
  });

  it('ignores jobs of an unknown form (F26)', async () => {
    const woken: number[] = [];
    const foreign = new Bull('push', address.redisUrl, { prefix: address.prefix });
    closing.push(() => foreign.close());
    for (const data of [
      {},
      { kind: 'run' },
      { kind: 'run', runId: -1 },
      { kind: 'run', runId: 5, more: 1 },
    ])
      await foreign.add(data);
    await foreign.add({ kind: 'run', runId: 6 });
    consume({
      run: (runId) => {
        woken.push(runId);
        return Promise.resolve();
      },
    });
    await until('the good job', () => woken.length > 0);
    expect(woken).toEqual([6]);
  });

  it('aborts the jobs in hand when it closes, and waits for them a bounded time', async () => {
    let aborted = false;
    const consumer = consume({
      run: (_runId, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
    });
    await produce().enqueue({ runId: 1, epoch: 0, generation: 0 });
    await until('the job', () => consumer.busy() === 1);
    const from = Date.now();
    await consumer.close(200);
    expect(aborted).toBe(true);
    expect(Date.now() - from).toBeLessThan(5000);
  });

  it('answers within 2 s that Redis is away', async () => {
    const producer = produce({ ...address, redisUrl: NOWHERE });
    const from = Date.now();
    await expect(
      atMost(3000, producer.enqueue({ runId: 1, epoch: 0, generation: 0 })),
    ).rejects.toThrow();
    expect(Date.now() - from).toBeLessThan(2500);
  });
});

/** Rejects with a plain text when the work takes longer. */
function atMost<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  return Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => {
        reject(new Error('took too long'));
      }, ms).unref();
    }),
  ]);
}

describe('Given a Redis, when it is checked at start', () => {
  it('refuses one that evicts keys, and warns of one that forgets on restart', async () => {
    const server = await startRedis({ env: { PATH: process.env['PATH'] } });
    closing.push(() => server.stop());
    expect(await checkRedis(server.url)).toContain('append-only');
    const admin = new Redis(server.url);
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    admin.disconnect();
    await expect(checkRedis(server.url)).rejects.toThrow(RedisUnfit);
  });

  it('says when it does not answer', async () => {
    await expect(checkRedis(NOWHERE)).rejects.toThrow(RedisAway);
  });
});

describe('Given workers on a real queue and database', () => {
  let database: TestDatabase;
  let district: PushDistrict;

  beforeEach(async () => {
    database = await createTestDatabase();
    databases.push(database);
    district = await buildPushDistrict(database.db);
  });

  function submitVia(
    producerAt: QueueAddress,
  ): (wish?: { calendarIds: number[] }) => Promise<number> {
    const producer = produce(producerAt);
    const services = pushServices(database.db, {
      enqueue: (wakeUp) => producer.enqueue(wakeUp),
      logger: SILENT,
    });
    return async (wish) =>
      (await services.submit(district.request(wish && { options: wish }))).runId;
  }

  async function work(
    change: Partial<RunWork> = {},
    concurrency = 2,
  ): Promise<{ stop(): Promise<void> }> {
    const config: WorkerConfig = {
      databaseUrl: database.url,
      redisUrl: address.redisUrl,
      queuePrefix: address.prefix,
      logLevel: 'silent',
      concurrency,
      leaseMs: 15_000,
      planLeaseMs: 60_000,
      reconcileMs: 200,
      policy: DEFAULT_POLICY,
      retentionDays: 90,
      staleShare: 0.05,
      databaseRole: 'push_worker',
    };
    const worker = await startWorker({
      config,
      work: { ...ENGINE, ...change },
      logger: SILENT,
      onDeaf: () => undefined,
    });
    closing.push(() => worker.stop());
    return worker;
  }

  async function ended(runId: number): Promise<string> {
    let state = '';
    const watch = setInterval(() => {
      void district.view(runId).then((view) => {
        if (view.finishedAt !== null) ({ state } = view);
      });
    }, 50);
    try {
      return await until(`the end of run ${runId}`, () => state !== '' && state, 30_000);
    } finally {
      clearInterval(watch);
    }
  }

  it('runs what is submitted, and tells that a worker is alive', async () => {
    await work();
    expect(await ended(await submitVia(address)())).toBe('completed');
    expect((await district.services.workers()).alive).toBe(1);
  });

  it('accepts a push while Redis is away, at once, and runs it later (F13)', async () => {
    const from = Date.now();
    const runId = await submitVia({ ...address, redisUrl: NOWHERE })();
    expect(Date.now() - from).toBeLessThan(1000);
    await work();
    expect(await ended(runId)).toBe('completed');
  });

  it('runs what waited while there was no worker, once, with two workers', async () => {
    const submit = submitVia(address);
    const runs = [
      await submit({ calendarIds: [1] }),
      await submit({ calendarIds: [2] }),
      await submit(),
    ];
    await Promise.all([work(), work()]);
    for (const runId of runs) expect(await ended(runId)).toBe('completed');
    const epochs = await district.rows<{ once: boolean }>(
      `select count(*) = count(distinct plan_id) as once from (select plan_id, count(*) from push_batch group by plan_id) b`,
    );
    expect(epochs).toEqual([{ once: true }]);
  });

  it('does a run that was hurried while it waited before those that came earlier (B06)', async () => {
    const submit = submitVia(address);
    const [first, second] = [
      await submit({ calendarIds: [1] }),
      await submit({ calendarIds: [2] }),
    ];
    const hurried = await submit({ calendarIds: [3] });
    const order: number[] = [];
    const planInOrder: RunWork['planRun'] = async (db, runId, epoch) => {
      order.push(runId);
      if (runId === first)
        await district.run(`update push_run set high_priority = true where id = ${hurried}`);
      return ENGINE.planRun(db, runId, epoch);
    };
    await work({ planRun: planInOrder }, 1);
    for (const runId of [first, second, hurried]) await ended(runId);
    expect(order).toEqual([first, hurried, second]);
  });

  it('stops between two batches, and a peer goes on at once (F08)', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let batches = 0;
    const first = await work({
      applyNextBatch: async (...arguments_) => {
        const result = await applyNextBatch(...arguments_);
        batches += 1;
        await held;
        return result;
      },
    });
    const runId = await submitVia(address)();
    await until('the first batch', () => batches === 1);
    const stopped = first.stop();
    release();
    await stopped;
    expect((await district.view(runId)).state).toBe('running');
    expect(await district.rows('select lease_until from push_run')).toEqual([
      { lease_until: null },
    ]);
    await work();
    expect(await ended(runId)).toBe('completed');
    expect(await district.rows('select epoch, state from push_batch order by seq')).toEqual([
      { epoch: 1, state: 'applied' },
      { epoch: 2, state: 'applied' },
      { epoch: 2, state: 'applied' },
    ]);
  });

  it('does not start on a database of another version, and names the command', async () => {
    await district.run(
      `delete from kysely_migration where name = (select max(name) from kysely_migration)`,
    );
    await expect(work()).rejects.toThrow('npm run migrate');
  });
});
