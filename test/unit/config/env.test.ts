import { describe, expect, it } from '@jest/globals';
import {
  type Environment,
  EnvironmentFaulty,
  readBotConfig,
  readDatabaseConfig,
  readDevConfig,
  readWorkerConfig,
} from '../../../src/config/env.ts';
import { DEFAULT_POLICY } from '../../../src/domain/approval.ts';

const DATABASE = { DATABASE_URL: 'postgres://push:secret@localhost:5432/push' };
const QUEUE = { ...DATABASE, REDIS_URL: 'redis://localhost:6379' };
const BOT = { ...QUEUE, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'secret' };

/** The variables named in the error, in order of their lines. */
function faultsOf(read: (env: Environment) => unknown, env: Environment): string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof EnvironmentFaulty)
      return [...error.message.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name ?? '');
    throw error;
  }
  return [];
}

describe('Given the environment of a process', () => {
  it('needs only the database to migrate', () => {
    expect(readDatabaseConfig(DATABASE)).toEqual({
      databaseUrl: DATABASE.DATABASE_URL,
      logLevel: 'info',
    });
    expect(faultsOf(readDatabaseConfig, {})).toEqual(['DATABASE_URL']);
  });

  it('needs Redis for a worker, and has defaults for the rest', () => {
    expect(readWorkerConfig(QUEUE)).toMatchObject({
      queuePrefix: '{push}',
      concurrency: 2,
      leaseMs: 15_000,
      planLeaseMs: 180_000,
      reconcileMs: 2000,
      policy: DEFAULT_POLICY,
      retentionDays: 90,
      staleShare: 0.05,
      databaseRole: 'push_worker',
    });
    expect(faultsOf(readWorkerConfig, {})).toEqual(['DATABASE_URL', 'REDIS_URL']);
  });

  it('lists every fault of a bot at once', () => {
    const faulty = {
      ...QUEUE,
      REDIS_URL: 'http://x',
      SLACK_APP_TOKEN: 'x',
      PORT: '70000',
      LOG_LEVEL: 'loud',
    };
    expect(faultsOf(readBotConfig, faulty).sort()).toEqual([
      'LOG_LEVEL',
      'PORT',
      'REDIS_URL',
      'SLACK_APP_TOKEN',
      'SLACK_BOT_TOKEN',
    ]);
  });

  it('asks for the signing secret beside the other faults, unless there is an app token', () => {
    expect(faultsOf(readBotConfig, QUEUE)).toEqual(['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET']);
    const socket = { ...QUEUE, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
    expect(readBotConfig(socket)).toMatchObject({ appToken: 'xapp-1', signingSecret: '' });
  });

  it('takes an empty variable for an absent one', () => {
    expect(faultsOf(readBotConfig, { ...BOT, REDIS_URL: '' })).toEqual(['REDIS_URL']);
    expect(readBotConfig({ ...BOT, SLACK_APP_TOKEN: '', PORT: '' })).toMatchObject({
      appToken: undefined,
      port: 3000,
    });
  });

  it('reads the address of a stand-in and the workspaces that may use the app', () => {
    const env = { ...BOT, SLACK_API_URL: 'http://localhost:4000/api', SLACK_TEAM_IDS: 'T1,E2' };
    expect(readBotConfig(env)).toMatchObject({
      slackApiUrl: 'http://localhost:4000/api/',
      credentials: { kind: 'one_workspace', botToken: 'xoxb-1', teamIds: ['T1', 'E2'] },
    });
  });

  it('lists the faults of bot and worker together for both in one process', () => {
    const faulty = { ...DATABASE, PUSH_CONCURRENCY: 'many' };
    expect(faultsOf(readDevConfig, faulty).sort()).toEqual([
      'PUSH_CONCURRENCY',
      'REDIS_URL',
      'SLACK_BOT_TOKEN',
      'SLACK_SIGNING_SECRET',
    ]);
  });

  it('never tells a value, which may be a secret', () => {
    const env = { ...BOT, DATABASE_URL: 'canary-secret', SLACK_BOT_TOKEN: 'canary-secret' };
    expect(() => readBotConfig(env)).toThrow(EnvironmentFaulty);
    expect(() => readBotConfig(env)).not.toThrow(/canary/);
  });

  it('takes the secrets of an app that workspaces install by themselves, all or none', () => {
    const key = Buffer.alloc(32, 1);
    const several = {
      ...QUEUE,
      SLACK_SIGNING_SECRET: 'secret',
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 'secret',
      SLACK_STATE_SECRET: 's'.repeat(32),
      SLACK_INSTALLATION_KEYS: key.toString('base64'),
      SLACK_TEAM_IDS: 'T1,T2',
      SLACK_APPROVERS_CHANNEL: 'T1/C1',
    };
    expect(readBotConfig(several)).toMatchObject({
      credentials: { kind: 'several_workspaces', installationKeys: [key], teamIds: ['T1', 'T2'] },
      approversChannel: { teamId: 'T1', channelId: 'C1' },
    });
    const faults = (change: Environment): string[] =>
      faultsOf(readBotConfig, { ...several, ...change });
    expect(faults({ SLACK_CLIENT_SECRET: '', SLACK_TEAM_IDS: '' })).toEqual([
      'SLACK_CLIENT_SECRET',
      'SLACK_TEAM_IDS',
    ]);
    expect(faults({ SLACK_INSTALLATION_KEYS: 'short' })).toContain('SLACK_INSTALLATION_KEYS');
    expect(faults({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' })).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
    ]);
    expect(faults({ SLACK_APPROVERS_CHANNEL: 'C1' })).toEqual(['SLACK_APPROVERS_CHANNEL']);
  });
});
