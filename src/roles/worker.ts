import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { type Logger } from 'pino';
import { type WorkerConfig } from '../config/env.ts';
import { type Db, openDatabase } from '../db/database.ts';
import { assertSchemaIsCurrent } from '../db/migrate.ts';
import { beat, recordTick } from '../db/queries/heartbeats.ts';
import { purgeArtifacts } from '../db/queries/queue-changes.ts';
import { checkRedis } from '../queue/connections.ts';
import {
  openConsumer,
  openProducer,
  type PushConsumer,
  type PushProducer,
} from '../queue/push-queue.ts';
import { keepAnswerDeadlines } from '../runs/answer-deadlines.ts';
import { type RunWork } from '../runs/carry-out.ts';
import { type Enqueue } from '../runs/enqueue.ts';
import { executeRun } from '../runs/execute-run.ts';
import { hurriedFirst } from '../runs/hurried-first.ts';
import { recoverRuns } from '../runs/recover-runs.ts';
import { repeat } from '../runs/repeat.ts';
import { directRuns } from './direct-runs.ts';
import { type Running, type Started, startedParts, startOrUndo } from './running.ts';
import { watchdog } from './watchdog.ts';

export interface WorkerSettings {
  readonly config: WorkerConfig;
  readonly work: RunWork;
  readonly logger: Logger;
  /** Called when the worker is deaf and only a new process helps. */
  readonly onDeaf: () => void;
}

const HEARTBEAT_MS = 5000;
const TICK_MS = 10_000;
const ANSWERS_MS = 15_000;
const PURGE_MS = 3_600_000;

/** Longer than a batch takes to commit, short enough to be gone within 10 s. */
const STOP_GRACE_MS = 6000;

/**
 * Starts a worker: it takes runs from the queue, looks for due and orphaned ones itself, and tells
 * that it lives.
 * @throws SchemaMismatch, RedisUnfit, RedisAway
 */
export async function startWorker(settings: WorkerSettings): Promise<Running> {
  const workerId = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const logger = settings.logger.child({ workerId });
  const started = startedParts(logger);
  return startOrUndo(started, async () => {
    await assertMigrated(settings.config.databaseUrl);
    const db = openWorkerDatabase(settings.config, { workerId, logger, started });
    await warnOfForgetfulRedis(settings.config, logger);
    await beat(db, workerId);
    startWork({ ...settings, logger, workerId, db, started });
    logger.info({ concurrency: settings.config.concurrency }, 'worker started');
    return started;
  });
}

/** Without the worker's role, which a server that was never migrated does not have. */
async function assertMigrated(url: string): Promise<void> {
  const { db, close } = openDatabase({ url, applicationName: 'push-worker', maxConnections: 1 });
  try {
    await assertSchemaIsCurrent(db);
  } finally {
    await close();
  }
}

function openWorkerDatabase(
  config: WorkerConfig,
  { workerId, logger, started }: { workerId: string; logger: Logger; started: Started },
): Db {
  const { db, close } = openDatabase({
    url: config.databaseUrl,
    applicationName: `push-worker:${workerId}`.slice(0, 63),
    session: {
      role: config.databaseRole,
      // A worker frozen inside a transaction must not hold its successor up, nor commit later.
      idle_in_transaction_session_timeout: '10s',
      statement_timeout: '120s',
      lock_timeout: '5s',
      tcp_keepalives_idle: '10',
      tcp_keepalives_interval: '5',
      tcp_keepalives_count: '3',
    },
    onError: (error) => {
      logger.warn({ err: error }, 'a connection to the database was lost');
    },
  });
  started.push('database', close);
  return db;
}

async function warnOfForgetfulRedis(config: WorkerConfig, logger: Logger): Promise<void> {
  const warning = await checkRedis(config.redisUrl);
  if (warning !== undefined) logger.warn(warning);
}

interface Work extends WorkerSettings {
  readonly workerId: string;
  readonly db: Db;
  readonly started: Started;
}

function startWork(settings: Work): void {
  const { config, work, logger, db, started, workerId } = settings;
  const address = { redisUrl: config.redisUrl, prefix: config.queuePrefix };
  const producer = openProducer(address);
  started.push('producer', () => producer.close());
  const leases = { ...config, workerId };
  const run = hurriedFirst(db, executeRun(db, { work, leases, policy: config.policy, logger }));
  const dog = watchdog(() => performance.now());
  const consumer = openConsumer(address, {
    concurrency: config.concurrency,
    logger,
    handlers: {
      run,
      tick: async () => {
        dog.heard();
        await recordTick(db, workerId);
      },
    },
  });
  started.push('consumer', () => consumer.close(STOP_GRACE_MS));
  const direct = directRuns({ run, limit: config.concurrency, logger });
  started.push('direct runs', () => direct.stop());
  const enqueue = enqueueOrDo(producer, { startHere: direct.start, logger });
  const every = (name: string, everyMs: number, task: () => Promise<unknown>): void => {
    started.push(name, repeat({ name, everyMs, logger, task }));
  };
  every('heartbeat', HEARTBEAT_MS, () => beat(db, workerId));
  every('tick', TICK_MS, () => tick(settings, { producer, consumer, dog }));
  every('answers in time', ANSWERS_MS, async () => {
    const { expired, reminded } = await keepAnswerDeadlines(db);
    if (expired + reminded > 0) logger.info({ expired, reminded }, 'waiting plans looked at');
  });
  every('purge of old files', PURGE_MS, async () => {
    const files = await purgeArtifacts(db, config.retentionDays);
    if (files > 0) logger.info({ files }, 'report files whose time was over were removed');
  });
  every('reconciler', config.reconcileMs, async () => {
    // With no hand free a wake-up would only wait in the queue; the next round comes soon.
    if (consumer.busy() < config.concurrency) await recoverRuns(db, { enqueue, logger });
  });
}

/** With Redis away the worker does due runs straight from the database. */
function enqueueOrDo(
  producer: PushProducer,
  { startHere, logger }: { startHere: (runId: number) => boolean; logger: Logger },
): Enqueue {
  return async (wakeUp) => {
    try {
      await producer.enqueue(wakeUp);
    } catch (error) {
      const taken = startHere(wakeUp.runId);
      logger.warn({ err: error, runId: wakeUp.runId, taken }, 'the queue did not take a run');
    }
  };
}

async function tick(
  { config, logger, onDeaf }: Work,
  parts: { producer: PushProducer; consumer: PushConsumer; dog: ReturnType<typeof watchdog> },
): Promise<void> {
  if (parts.dog.isDeaf(parts.consumer.busy() < config.concurrency)) {
    await checkRedis(config.redisUrl); // Throws while Redis is away: then a new process helps nothing.
    logger.fatal('nothing came through the queue for 45 s although Redis answers');
    onDeaf();
    return;
  }
  await parts.producer.tick();
}
