import { type Logger } from 'pino';
import { type Environment, readDatabaseConfig, readQueueConfig } from '../config/env.ts';
import { type Db, openDatabase } from '../db/database.ts';
import { assertSchemaIsCurrent } from '../db/migrate.ts';
import { type PushServices } from '../domain/ports.ts';
import { openProducer } from '../queue/push-queue.ts';
import { type RunWork } from '../runs/carry-out.ts';
import { type ExecuteSettings } from '../runs/execute-run.ts';
import { pushServices } from '../runs/push-services.ts';

/** What a command has from outside. */
export interface CliContext {
  readonly env: Environment;
  /** Writes a line of the answer, to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line beside the answer, to standard error. */
  readonly note: (line: string) => void;
  /** Where a progress bar can be drawn; absent for machines. */
  readonly terminal?: NodeJS.WritableStream;
  /** What the process ends with when nothing goes wrong; 0 unless told. */
  readonly setExitCode: (code: number) => void;
  readonly logger: Logger;
  /** What a push consists of, for commands that do one themselves. */
  readonly work: () => RunWork;
  readonly roles: {
    serve(): Promise<void>;
    work(): Promise<void>;
    dev(): Promise<void>;
    migrate(): Promise<string[]>;
  };
}

/**
 * Does something with the database that DATABASE_URL names, and closes it.
 * @throws EnvironmentFaulty, SchemaMismatch
 */
export async function withDatabase<Result>(
  context: CliContext,
  use: (db: Db) => Promise<Result>,
): Promise<Result> {
  const config = readDatabaseConfig(context.env);
  const { db, close } = openDatabase({ url: config.databaseUrl, applicationName: 'push-cli' });
  try {
    await assertSchemaIsCurrent(db);
    return await use(db);
  } finally {
    await close();
  }
}

/**
 * Does something with the services that Slack uses too, on DATABASE_URL and REDIS_URL.
 * @throws EnvironmentFaulty, SchemaMismatch
 */
export async function withServices<Result>(
  context: CliContext,
  use: (services: PushServices, db: Db) => Promise<Result>,
): Promise<Result> {
  const config = readQueueConfig(context.env);
  return withDatabase(context, async (db) => {
    const producer = openProducer({ redisUrl: config.redisUrl, prefix: config.queuePrefix });
    const wakeUps: Promise<void>[] = [];
    try {
      const services = pushServices(db, {
        enqueue: (wakeUp) => {
          const sent = producer.enqueue(wakeUp);
          wakeUps.push(sent);
          return sent;
        },
        logger: context.logger,
        policy: config.policy,
      });
      return await use(services, db);
    } finally {
      // The process ends after this command, and with it a wake-up that is still on its way.
      await Promise.allSettled(wakeUps);
      await producer.close();
    }
  });
}

/** How a command does a push's work itself. */
export type Execution = ExecuteSettings;

/** A lone process has no heartbeat that tells of its death; until then its lease keeps others away. */
const LEASE_MS = 60_000;
const PLAN_LEASE_MS = 180_000;

/**
 * Does something with the services and the engine in this process; needs no queue.
 * @throws EnvironmentFaulty, SchemaMismatch
 */
export async function withServicesHere<Result>(
  context: CliContext,
  use: (here: { db: Db; services: PushServices; execution: Execution }) => Promise<Result>,
): Promise<Result> {
  const { logger } = context;
  const work = context.work();
  const leases = { workerId: null, leaseMs: LEASE_MS, planLeaseMs: PLAN_LEASE_MS };
  return withDatabase(context, (db) => {
    const enqueue = (): Promise<void> => Promise.resolve();
    const services = pushServices(db, { enqueue, logger });
    return use({ db, services, execution: { work, leases, logger } });
  });
}
