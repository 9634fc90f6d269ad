import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Logger } from 'pino';
import { importBundle } from '../src/bundle/import-bundle.ts';
import { readDevConfig } from '../src/config/env.ts';
import { type Db, openDatabase } from '../src/db/database.ts';
import { migrateToLatest } from '../src/db/migrate.ts';
import { pushWork } from '../src/main.ts';
import { startBot } from '../src/roles/bot.ts';
import { type Running, type Started, startedParts, startOrUndo } from '../src/roles/running.ts';
import { startWorker } from '../src/roles/worker.ts';
import { addPerson } from '../src/runs/add-person.ts';
import { appManifest } from '../src/slack/manifest/manifest.ts';
import { writeDemoDistrict } from './demo-district/generate.ts';
import { APPROVERS_CHANNEL, CHANNELS, PEOPLE } from './people.ts';
import { startPage } from './page/server.ts';
import { startPostgres } from './servers/postgres.ts';
import { startRedis } from './servers/redis.ts';
import { type SlackStandIn } from './slack-standin/contract.ts';
import { startSlackStandIn } from './slack-standin/start.ts';

const GRAND_BEND = fileURLToPath(new URL('../data/grand-bend', import.meta.url));

export interface PlaygroundOptions {
  /** `YYYY-MM-DD`: the active school year is the latest that has begun. */
  readonly today: string;
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
 */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { logger, print } = options;
  const started = startedParts(logger);
  return startOrUndo(started, async () => {
    print('Starting PostgreSQL and Redis …');
    const postgres = await startPostgres();
    started.push('PostgreSQL', () => postgres.stop());
    const redis = await startRedis({ print });
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
    const page = await startPage({
      standIn,
      manifest,
      roles,
      logger,
      ...(options.port === undefined ? {} : { port: options.port }),
    });
    started.push('page', () => page.close());
    return { url: page.url, standIn, databaseUrl: postgres.url, stop: () => started.stop() };
  });
}

async function fillDatabase(
  databaseUrl: string,
  teamId: string,
  { today, demoDistrict, print }: PlaygroundOptions,
): Promise<void> {
  await migrateToLatest(databaseUrl);
  const { db, close } = openDatabase({ url: databaseUrl, applicationName: 'playground' });
  try {
    print('Importing Grand Bend …');
    await importBundle(db, GRAND_BEND, { today });
    if (demoDistrict) await importDemo(db, { today, print });
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

async function importDemo(
  db: Db,
  { today, print }: Pick<PlaygroundOptions, 'today' | 'print'>,
): Promise<void> {
  print('Making and importing the demo district, Lakeshore Unified …');
  const folder = await mkdtemp(path.join(tmpdir(), 'pcm-demo-'));
  try {
    await writeDemoDistrict(folder);
    await importBundle(db, folder, { today });
  } finally {
    await rm(folder, { recursive: true, force: true });
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
