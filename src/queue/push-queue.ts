import Bull from 'bull';
import { type Logger } from 'pino';
import { z } from 'zod';
import { connectionsTo } from './connections.ts';

const QUEUE = 'push';

export interface QueueAddress {
  readonly redisUrl: string;
  /** In braces, so that a Redis Cluster keeps all keys of the queue together. */
  readonly prefix: string;
}

/** The side that wakes workers. It answers within 1.5 s, also when Redis is away. */
export interface PushProducer {
  /** A job of the same run, epoch and generation is added once. */
  enqueue(wakeUp: { runId: number; epoch: number; generation: number }): Promise<void>;
  /** Sends a sign of life through the queue to whichever worker takes it. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

/** What a job may carry: an id, or nothing. What is to be done stands in the database. */
const jobSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), runId: z.int().positive() }),
  z.strictObject({ kind: z.literal('tick') }),
]);
type Job = z.infer<typeof jobSchema>;

const DAY_S = 86_400;

/** No attempts, no delay, no time-out: the database decides what is done again, and when. */
const JOB_OPTIONS: Bull.JobOptions = {
  attempts: 1,
  removeOnComplete: { age: DAY_S, count: 500 },
  removeOnFail: { age: 7 * DAY_S, count: 500 },
};

/** Fail-fast connections: a person waits for the answer, and the row is found without the queue. */
export function openProducer({ redisUrl, prefix }: QueueAddress): PushProducer {
  const connections = connectionsTo(redisUrl);
  const queue = new Bull<Job>(QUEUE, {
    prefix,
    // A connection that is not yet made when the first job comes is waited for, at most 1.5 s.
    createClient: () => connections.open({ maxRetriesPerRequest: 1, commandTimeout: 1500 }),
  });
  return {
    enqueue: async ({ runId, epoch, generation }) => {
      const jobId = `${runId}.${epoch}.${generation}`;
      await queue.add({ kind: 'run', runId }, { ...JOB_OPTIONS, jobId });
    },
    tick: async () => {
      await queue.add({ kind: 'tick' }, { ...JOB_OPTIONS, removeOnComplete: true });
    },
    close: async () => {
      await atMost(1000, queue.close(true));
      connections.disconnect();
    },
  };
}

export interface PushHandlers {
  /** Aborted when the worker stops, and when Bull may have given the job to another. */
  readonly run: (runId: number, signal: AbortSignal) => Promise<unknown>;
  readonly tick: () => Promise<void>;
}

export interface PushConsumer {
  /** How many jobs are in hand. */
  busy(): number;
  /** Takes no more jobs, aborts those in hand and waits for them, at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * Takes jobs, `concurrency` at a time. Connections are patient: a worker that gives up on Redis loses
 * the lock of the job it works on (reliability.md section 2).
 */
export function openConsumer(
  address: QueueAddress,
  settings: { concurrency: number; logger: Logger; handlers: PushHandlers },
): PushConsumer {
  const { logger, handlers } = settings;
  const connections = connectionsTo(address.redisUrl);
  const queue = new Bull<unknown>(QUEUE, {
    prefix: address.prefix,
    settings: {
      lockDuration: 15_000,
      lockRenewTime: 5000,
      stalledInterval: 5000,
      maxStalledCount: 1000,
      guardInterval: 5000,
      retryProcessDelay: 1000,
      drainDelay: 5,
    },
    createClient: (type) =>
      connections.open(
        type === 'client'
          ? { maxRetriesPerRequest: null, socketTimeout: 30_000 }
          : { maxRetriesPerRequest: null, enableReadyCheck: false },
      ),
  });
  const inHand = new Map<Bull.JobId, { stop: AbortController; done: Promise<unknown> }>();
  let closing = false;
  queue.on('error', (error) => {
    logger.warn({ err: error }, 'the queue has trouble with Redis');
  });
  queue.on('lock-extension-failed', (job: Bull.Job<unknown>) => {
    logger.warn({ jobId: job.id }, 'Bull may give this job to another worker; stopping it here');
    inHand.get(job.id)?.stop.abort();
  });
  const started = queue.process(settings.concurrency, async (job) => {
    if (closing) return; // The row stays due, and a peer is woken for it.
    const stop = new AbortController();
    const done = handle(job, { handlers, logger, signal: stop.signal });
    inHand.set(job.id, { stop, done });
    await done.finally(() => inHand.delete(job.id));
  });
  started.catch((error: unknown) => {
    if (!closing) logger.error({ err: error }, 'the queue stopped giving jobs');
  });
  return {
    busy: () => inHand.size,
    close: async (graceMs) => {
      closing = true;
      for (const { stop } of inHand.values()) stop.abort();
      await atMost(graceMs, Promise.allSettled([...inHand.values()].map(({ done }) => done)));
      await atMost(3000, queue.close(true)); // Bull itself waits without bound.
      connections.disconnect();
    },
  };
}

async function handle(
  job: Bull.Job<unknown>,
  { handlers, logger, signal }: { handlers: PushHandlers; logger: Logger; signal: AbortSignal },
): Promise<void> {
  const parsed = jobSchema.safeParse(job.data);
  if (!parsed.success) {
    logger.warn({ jobId: job.id, err: parsed.error }, 'a job of unknown form was ignored');
    return;
  }
  if (parsed.data.kind === 'tick') await handlers.tick();
  else await handlers.run(parsed.data.runId, signal);
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
