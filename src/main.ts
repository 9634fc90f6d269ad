import { type Logger } from 'pino';
import {
  type Environment,
  readBotConfig,
  readDatabaseConfig,
  readDevConfig,
  readWorkerConfig,
  type WorkerConfig,
} from './config/env.ts';
import { migrateToLatest } from './db/migrate.ts';
import { applyNextBatch } from './engine/apply-batch.ts';
import { planRun } from './engine/plan-run.ts';
import { createLogger } from './logging.ts';
import { startBot } from './roles/bot.ts';
import { type Running, startedParts, startOrUndo } from './roles/running.ts';
import { untilSignal } from './roles/until-signal.ts';
import { startWorker } from './roles/worker.ts';
import { type RunWork } from './runs/carry-out.ts';
import { writePlanFile, writeReports } from './runs/write-reports.ts';

/** What a push consists of. */
export function pushWork({ staleShare }: Pick<WorkerConfig, 'staleShare'>): RunWork {
  return {
    planRun,
    applyNextBatch: (db, claim) => applyNextBatch(db, { ...claim, staleShare }),
    writePlan: writePlanFile,
    writeReports,
  };
}

/** The processes of the product, each until a signal comes; `migrate` ends by itself. */
export interface Roles {
  serve(): Promise<void>;
  work(): Promise<void>;
  dev(): Promise<void>;
  /** @returns the migrations applied now */
  migrate(): Promise<string[]>;
}

/** @throws EnvironmentFaulty on the first use of a role whose variables are not fit */
export function rolesOf(env: Environment): Roles {
  return {
    serve: async () => {
      const config = readBotConfig(env);
      const logger = createLogger({ level: config.logLevel, name: 'bot' });
      await untilSignal(logger, () => startBot({ config, logger }));
    },
    work: async () => {
      const config = readWorkerConfig(env);
      const logger = createLogger({ level: config.logLevel, name: 'worker' });
      await untilSignal(logger, () => work(config, logger));
    },
    dev: async () => {
      const { bot, worker } = readDevConfig(env);
      const logger = createLogger({ level: bot.logLevel, name: 'dev' });
      await untilSignal(logger, () => both({ bot, worker, logger }));
    },
    migrate: () => migrateToLatest(readDatabaseConfig(env).databaseUrl),
  };
}

function work(config: WorkerConfig, logger: Logger): Promise<Running> {
  const onDeaf = (): never => process.exit(1);
  return startWorker({ config, work: pushWork(config), logger, onDeaf });
}

async function both(
  settings: ReturnType<typeof readDevConfig> & { logger: Logger },
): Promise<Running> {
  const { bot, worker, logger } = settings;
  const started = startedParts(logger);
  return startOrUndo(started, async () => {
    const running = await work(worker, logger.child({ role: 'worker' }));
    started.push('worker', () => running.stop());
    const serving = await startBot({ config: bot, logger: logger.child({ role: 'bot' }) });
    started.push('bot', () => serving.stop());
    return started;
  });
}
