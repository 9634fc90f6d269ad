import { type Logger } from 'pino';
import { type BotConfig } from '../config/env.ts';
import { openDatabase } from '../db/database.ts';
import { assertSchemaIsCurrent } from '../db/migrate.ts';
import { readTimeZone } from '../db/queries/district.ts';
import { homeTabs } from '../db/queries/home-tabs.ts';
import { installationBox } from '../db/queries/installations.ts';
import { noticeBox } from '../db/queries/notices.ts';
import { checkRedis, RedisAway } from '../queue/connections.ts';
import { openProducer } from '../queue/push-queue.ts';
import { pushServices } from '../runs/push-services.ts';
import { peopleAdmin } from '../runs/people-admin.ts';
import { queueServices } from '../runs/queue-services.ts';
import { repeat } from '../runs/repeat.ts';
import { setupReports } from '../runs/setup-reports.ts';
import { subscriptions } from '../runs/subscriptions.ts';
import { tellWaiting } from '../runs/tell-waiting.ts';
import { createSlackApp } from '../slack/app.ts';
import { type Running, startedParts, startOrUndo } from './running.ts';

const SUBTEAMS_EVERY_MS = 300_000;
const PEOPLE_EVERY_MS = 15_000;
const HOMES_EVERY_MS = 5000;
const WAITING_EVERY_MS = 10_000;

/**
 * Starts the bot: it answers people in Slack, records their pushes and sends what is to be told.
 * @returns the port of Slack's requests and the health checks
 * @throws SchemaMismatch, RedisUnfit, or an Error when Slack does not accept the token
 */
export async function startBot(settings: {
  config: BotConfig;
  logger: Logger;
}): Promise<Running & { port: number }> {
  const { config, logger } = settings;
  const started = startedParts(logger);
  return startOrUndo(started, async () => {
    const { db, close } = openDatabase({
      url: config.databaseUrl,
      applicationName: 'push-bot',
      session: { statement_timeout: '10s', idle_in_transaction_session_timeout: '10s' },
      onError: (error) => {
        logger.warn({ err: error }, 'a connection to the database was lost');
      },
    });
    started.push('database', close);
    await assertSchemaIsCurrent(db);
    await checkQueue(config, logger);
    const producer = openProducer({ redisUrl: config.redisUrl, prefix: config.queuePrefix });
    started.push('producer', () => producer.close());
    const services = pushServices(db, {
      enqueue: (wakeUp) => producer.enqueue(wakeUp),
      logger,
      policy: config.policy,
    });
    const app = createSlackApp({
      ...config,
      apiUrl: config.slackApiUrl,
      credentials:
        config.credentials.kind === 'one_workspace'
          ? config.credentials
          : { ...config.credentials, installations: installationBox(db) },
      timeZone: await readTimeZone(db),
      services,
      queue: queueServices(db, services, config.retentionDays),
      people: peopleAdmin(db),
      subscriptions: subscriptions(db),
      reports: setupReports(db),
      homeTabs: homeTabs(db),
      notices: noticeBox(db),
      logger,
    });
    started.push('Slack', () => app.stop());
    const { port } = await app.start();
    const every = (name: string, everyMs: number, task: () => Promise<void>): void => {
      started.push(name, repeat({ name, everyMs, logger, task }));
    };
    every('people in Slack', PEOPLE_EVERY_MS, () => app.checkPeople());
    every('groups from Slack', SUBTEAMS_EVERY_MS, () => app.syncSubteams());
    every('waiting pushes', WAITING_EVERY_MS, tellWaiting(db));
    every('Home tabs', HOMES_EVERY_MS, () => app.refreshHomes());
    return { port, stop: () => started.stop() };
  });
}

/** Without Redis pushes are accepted all the same: workers find them by their rows. */
async function checkQueue(config: BotConfig, logger: Logger): Promise<void> {
  try {
    const warning = await checkRedis(config.redisUrl);
    if (warning !== undefined) logger.warn(warning);
  } catch (error) {
    if (!(error instanceof RedisAway)) throw error;
    logger.warn({ err: error }, 'Redis does not answer; pushes start some seconds late');
  }
}
