import { createServer } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Process, startProcess } from '../support/process.ts';
import { testRedis } from '../support/redis.ts';
import { startWorkspace } from '../support/slack-bot.ts';
import { until } from '../support/until.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 80_000;

let database: TestDatabase;
let slack: SlackStandIn;

beforeAll(async () => {
  database = await createTestDatabase();
  slack = await startWorkspace('http', { people: [], channels: [] });
});
afterAll(async () => {
  await slack.close();
  await database.drop();
});

function npmRun(script: string, env: Readonly<Record<string, string>> = {}): Process {
  const npm = startProcess(['npm', 'run', script], {
    cwd: PROJECT,
    env: { HOME: homedir(), npm_config_update_notifier: 'false', ...env },
  });
  running.push(npm);
  return npm;
}

/** What bot and worker are told; the port is printed by the one that takes it. */
function environment(): Record<string, string> {
  const { url, prefix } = testRedis();
  return {
    DATABASE_URL: database.url,
    REDIS_URL: url,
    PUSH_QUEUE_PREFIX: `{${prefix}}`,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    PORT: '0',
    HOST: '127.0.0.1',
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH
  }
}

function isOpen(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host });
    const settle = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', settle(true)).once('error', settle(false));
  });
}

/** A number that stands in what was printed. */
function printed(from: Process, pattern: RegExp): Promise<number> {
  const found = (): number => Number(pattern.exec(from.output())?.[1] ?? 0);
  return until(String(pattern), () => found() || undefined, START_MS);
}

const running: Process[] = [];
afterEach(async () => {
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.splice(0).map(({ exit }) => exit));
});

describe('Given a script of the package, when npm gets SIGTERM', () => {
  it('worker: it stops in order, and npm waits for it', async () => {
    const npm = npmRun('worker', environment());
    await until('the worker', () => npm.output().includes('worker started'), START_MS);
    const pid = await printed(npm, /"pid":(\d+)/);
    npm.child.kill('SIGTERM');
    const { output } = await npm.exit;
    expect(isAlive(pid)).toBe(false);
    expect(output).toContain('"msg":"stopped"');
  }, 90_000);

  it('start: the bot listened on the address of HOST alone, and its port is free', async () => {
    const npm = npmRun('start', environment());
    const port = await printed(npm, /"port":(\d+)/);
    expect([await isOpen(port), await isOpen(port, '127.0.0.2')]).toEqual([true, false]);
    npm.child.kill('SIGTERM');
    const { output } = await npm.exit;
    expect(await isOpen(port)).toBe(false);
    expect(output).toContain('"msg":"stopped"');
  }, 90_000);

  it('playground: the page and the servers are gone; it had nothing to warn of', async () => {
    const npm = npmRun('playground', { PLAYGROUND_DEMO: 'off' });
    const port = await printed(npm, /Open http:\/\/127\.0\.0\.1:(\d+)/);
    expect(await isOpen(port)).toBe(true);
    npm.child.kill('SIGTERM');
    const { output } = await npm.exit;
    expect(await isOpen(port)).toBe(false);
    expect(output).not.toContain('{"level"');
  }, 180_000);
});

describe('Given a bot token that Slack does not accept', () => {
  it('start: says so and nothing else', async () => {
    const npm = npmRun('start', { ...environment(), SLACK_BOT_TOKEN: 'xoxb-of-nobody' });
    const { code, output } = await npm.exit;
    expect(code).toBe(1);
    expect(output).toContain('signing in to Slack with SLACK_BOT_TOKEN');
    expect(output).not.toContain('stopping went wrong');
  }, 90_000);
});

describe('Given a port of the playground that another program has', () => {
  it('says so in one sentence before it starts a server', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const started = startProcess([process.execPath, '--import', 'tsx', 'playground/main.ts'], {
      cwd: PROJECT,
      env: { PLAYGROUND_PORT: String(port) },
    });
    const { code, output } = await started.exit;
    other.close();
    expect(code).toBe(1);
    expect(output.trim()).toMatch(new RegExp(`^Port ${port} cannot be taken .*PLAYGROUND_PORT.*$`));
  }, 90_000);
});
