import { fileURLToPath } from 'node:url';
import { type Logger } from 'pino';
import { importBundle } from '../src/bundle/import-bundle.ts';
import { readDevConfig } from '../src/config/env.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrateToLatest } from '../src/db/migrate.ts';
import { pushWork } from '../src/main.ts';
import { startBot } from '../src/roles/bot.ts';
import { type Running, type Started, startedParts, startOrUndo } from '../src/roles/running.ts';
import { startWorker } from '../src/roles/worker.ts';
import { addPerson } from '../src/runs/add-person.ts';
import { appManifest } from '../src/slack/manifest/manifest.ts';
import { importDemoBeside } from './demo-district/import-beside.ts';
import { APPROVERS_CHANNEL, CHANNELS, PEOPLE } from './people.ts';
import { takePagePort } from './page/server.ts';
import { startPostgres } from './servers/postgres.ts';
import { startRedis } from './servers/redis.ts';
import { type SlackStandIn } from './slack-standin/contract.ts';
import { startSlackStandIn } from './slack-standin/start.ts';

const GRAND_BEND = fileURLToPath(new URL('../data/grand-bend', import.meta.url));

export interface PlaygroundOptions {
  /** `YYYY-MM-DD`: the active school year is the latest that has begun. */
  readonly today: string;
  /** Imported once the page can be used. */
  readonly demoDistrict: boolean;
  /** How Slack reaches the bot; default: `http`. */
  readonly transport?: 'http' | 'socket';
  readonly logger: Logger;
  readonly print: (line: string) => void;
  /** Of the page; default: a free one. */
  readonly port?: number;
}

export interface Playground extends Running {
  /** The page to open. */
  readonly url: string;
  readonly standIn: SlackStandIn;
  readonly databaseUrl: string;
}

/**
 * Starts everything on loopback: PostgreSQL, Redis, the districts, the Slack stand-in with its page,
 * bot and worker. Everything but Slack is the real thing.
 * @throws PortUnavailable before anything is started
 */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { logger, print } = options;
  const started = startedParts(logger);
  return startOrUndo(started, async () => {
    const page = await takePagePort(options.port ?? 0);
    started.push('page', () => page.close());
    print('Starting PostgreSQL and Redis …');
    const postgres = await startPostgres();
    started.push('PostgreSQL', () => postgres.stop());
    const redis = await startRedis({ print, appendonly: true });
    started.push('Redis', () => redis.stop());
    const transport = options.transport ?? 'http';
    const manifest = appManifest(transport === 'http' ? 'http' : 'socket-mode');
    const standIn = await startSlackStandIn({ manifest, people: PEOPLE, channels: CHANNELS });
    started.push('Slack stand-in', () => standIn.close());
    await fillDatabase(postgres.url, standIn.teamId, options);
    await startProduct({
      standIn,
      transport,
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      logger,
      started,
    });
    const roles = Object.fromEntries(PEOPLE.map((person) => [person.id, person.role]));
    page.serve({ standIn, manifest, roles, logger });
    if (options.demoDistrict) {
      print('The demo district, Lakeshore Unified, is imported meanwhile …');
      const demo = await importDemoBeside(postgres.url, { today: options.today, print });
      started.push('demo district', () => demo.stop());
    }
    return { url: page.url, standIn, databaseUrl: postgres.url, stop: () => started.stop() };
  });
}

async function fillDatabase(
  databaseUrl: string,
  teamId: string,
  { today, print }: PlaygroundOptions,
): Promise<void> {
  await migrateToLatest(databaseUrl);
  const { db, close } = openDatabase({ url: databaseUrl, applicationName: 'playground' });
  try {
    print('Importing Grand Bend …');
    await importBundle(db, GRAND_BEND, { today });
    for (const person of PEOPLE) {
      if (person.groups.length === 0) continue;
      await addPerson(db, {
        slackTeamId: teamId,
        slackUserId: person.id,
        name: person.realName,
        groups: person.groups,
      });
    }
  } finally {
    await close();
  }
}

async function startProduct(settings: {
  readonly standIn: SlackStandIn;
  readonly transport: 'http' | 'socket';
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly logger: Logger;
  readonly started: Started;
}): Promise<void> {
  const { standIn, started, logger } = settings;
  const config = readDevConfig({
    DATABASE_URL: settings.databaseUrl,
    REDIS_URL: settings.redisUrl,
    SLACK_BOT_TOKEN: standIn.botToken,
    SLACK_SIGNING_SECRET: standIn.signingSecret,
    SLACK_API_URL: standIn.apiUrl,
    PORT: '0',
    HOST: '127.0.0.1',
    SLACK_APPROVERS_CHANNEL: APPROVERS_CHANNEL,
    ...(settings.transport === 'socket' ? { SLACK_APP_TOKEN: standIn.appToken } : {}),
  });
  const onDeaf = (): void => {
    logger.error('the worker no longer hears from Redis; restart the playground');
  };
  const worker = await startWorker({
    config: config.worker,
    work: pushWork(config.worker),
    logger,
    onDeaf,
  });
  started.push('worker', () => worker.stop());
  const bot = await startBot({ config: config.bot, logger });
  started.push('bot', () => bot.stop());
  if (settings.transport === 'socket') await standIn.socketConnected();
  else standIn.connectHttp(`http://127.0.0.1:${bot.port}/slack/events`);
}
