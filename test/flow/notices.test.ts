import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import {
  type Fault,
  type SlackStandIn,
  type StoredMessage,
} from '../../playground/slack-standin/contract.ts';
import { noticeBox } from '../../src/db/queries/notices.ts';
import { applyNextBatch } from '../../src/engine/apply-batch.ts';
import { type NoticeBox } from '../../src/domain/ports.ts';
import { tellWaiting } from '../../src/runs/tell-waiting.ts';
import { writeReports } from '../../src/runs/write-reports.ts';
import { createTestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict } from '../support/push-district.ts';
import { startBot, startWorkspace } from '../support/slack-bot.ts';
import { settleOutbox } from '../support/outbox.ts';
import { until } from '../support/until.ts';

const ALICE = 'U1';
const CHANNEL = 'C1';

/** A district and a workspace; the bot that sends its notices is started when the test says so. */
interface Scene {
  readonly district: PushDistrict;
  readonly slack: SlackStandIn;
  /** Pushes; the anchor, its edit, the result and the files then wait to be sent. */
  readonly push: () => Promise<number>;
  readonly startSender: (notices?: NoticeBox) => Promise<void>;
  /** Waits until every notice is sent or given up; pauses before a next try are cut short. */
  readonly settled: () => Promise<void>;
  readonly states: () => Promise<{ kind: string; state: string }[]>;
}

const AT_ONCE = 6;
const waiting: (() => Promise<void>)[] = [];
const outcomes = new Map<string, PromiseSettledResult<void>>();

/** A test in a scene of its own. All begin before the first one is judged: each mostly waits for Slack. */
function scene(name: string, test: (scene: Scene) => Promise<void>): void {
  waiting.push(async () => {
    const [outcome] = await Promise.allSettled([inScene(test)]);
    outcomes.set(name, outcome);
  });
  it.each([name])('%s', () => {
    const outcome = outcomes.get(name);
    if (outcome?.status === 'rejected') throw outcome.reason;
    expect(outcome?.status).toBe('fulfilled');
  });
}

beforeAll(async () => {
  const next = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) await run();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}, 240_000);

async function inScene(test: (scene: Scene) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  const district = await buildPushDistrict(database.db);
  const slack = await startWorkspace('http', {
    people: [{ id: ALICE, name: 'alice', realName: 'Alice' }],
    channels: [{ id: CHANNEL, name: 'pushes' }],
  });
  let bot: { stop(): Promise<void> } | undefined;
  try {
    await test({
      district,
      slack,
      push: async () => {
        const runId = await district.submit();
        await district.execute(runId, { writeReports });
        return runId;
      },
      startSender: async (notices = noticeBox(district.db)) => {
        bot = await startBot(slack, 'http', { services: district.services, notices });
      },
      settled: () => settleOutbox(district),
      states: () => district.rows(`select kind, state from slack_outbox order by id`),
    });
  } finally {
    await bot?.stop();
    await slack.close();
    await database.drop();
  }
}

/** Anchor, result and files: once each, in one thread. */
function expectWholeThread(messages: readonly StoredMessage[]): void {
  const [anchor, ...replies] = messages;
  expect(anchor).toMatchObject({ isReply: false });
  expect(replies.filter(({ files }) => files.length === 0)).toEqual([
    expect.objectContaining({ threadTs: anchor?.ts, text: expect.stringMatching(/^<@U1> /) }),
  ]);
  expect(replies.filter(({ files }) => files.length > 0)).toEqual([
    expect.objectContaining({ threadTs: anchor?.ts }),
  ]);
}

interface BadDay {
  readonly slack: string;
  readonly method: string;
  readonly fault: Fault;
  readonly times: number;
}

const LIMITED: Fault = { kind: 'rate_limited', retryAfterSeconds: 1 };
const BROKEN: Fault = { kind: 'server_error', status: 503 };
const LOST: Fault = { kind: 'cut_after' };
const REFUSED: Fault = { kind: 'error', error: 'invalid_blocks' };
const POST = 'chat.postMessage';
const SHARE = 'files.completeUploadExternal';

describe('Given a finished push, when Slack has a bad day', () => {
  const badDays: readonly BadDay[] = [
    { slack: 'asks to wait (F28)', method: POST, fault: LIMITED, times: 2 },
    { slack: 'breaks before it posts', method: POST, fault: BROKEN, times: 2 },
    { slack: 'posts, but its answer is lost', method: POST, fault: LOST, times: 2 },
    { slack: 'refuses the blocks', method: POST, fault: REFUSED, times: 2 },
    { slack: 'loses the answer to an edit', method: 'chat.update', fault: LOST, times: 1 },
    {
      slack: 'hands out no address',
      method: 'files.getUploadURLExternal',
      fault: BROKEN,
      times: 2,
    },
    { slack: 'shares the files, but its answer is lost', method: SHARE, fault: LOST, times: 1 },
    { slack: 'breaks before it shares the files', method: SHARE, fault: BROKEN, times: 2 },
  ];
  for (const { slack: what, method, fault, times } of badDays) {
    scene(`${what}: every message arrives, and arrives once`, async (at) => {
      await at.push();
      at.slack.faults.next(method, fault, times);
      await at.startSender();
      await at.settled();
      expectWholeThread(at.slack.messages(CHANNEL));
      expect((await at.states()).every(({ state }) => state === 'sent')).toBe(true);
    });
  }
});

describe('Given a finished push, when its conversation cannot be used', () => {
  const directMessages = (slack: SlackStandIn): readonly StoredMessage[] =>
    slack.messages(slack.channels().find(({ kind }) => kind === 'direct')?.id ?? '');

  scene(
    'tells the person directly, with the files, where the bot was removed',
    async ({ push, slack, startSender, settled }) => {
      await push();
      slack.remove(CHANNEL, slack.botUserId);
      await startSender();
      await settled();
      expectWholeThread(directMessages(slack));
      expect(JSON.stringify(directMessages(slack)[0])).toContain('I could not post in ');
      expect(slack.messages(CHANNEL)).toEqual([]);
    },
  );

  scene(
    'goes on in a direct message when it is lost in the middle of the push',
    async ({ district, slack, startSender, settled }) => {
      const runId = await district.submit();
      await startSender();
      await until('the anchor', () => slack.messages(CHANNEL)[0]);
      slack.remove(CHANNEL, slack.botUserId);
      await district.execute(runId, { writeReports });
      await settled();
      const messages = directMessages(slack);
      expect(messages.filter(({ text }) => text.startsWith('<@U1> '))).toHaveLength(1);
      expect(messages.flatMap(({ files }) => files).length).toBeGreaterThan(0);
      // The first message says where it was meant to stand, also once it was edited.
      expect(JSON.stringify(messages[0])).toMatch(/Completed.*I could not post in .*invite/);
    },
  );
});

describe('Given a push that ends right after an edit of its first message', () => {
  scene(
    'shows the end there before the reply that tells it (5.5)',
    async ({ district, slack, startSender, settled }) => {
      const runId = await district.submit();
      await startSender();
      const anchor = (): string => slack.messages(CHANNEL)[0]?.text ?? '';
      await until('the anchor', anchor);
      await district.execute(runId, {
        applyNextBatch: async (...arguments_) => {
          await until('the progress', () => anchor().startsWith('Running'));
          return applyNextBatch(...arguments_);
        },
      });
      await settled();
      const told = slack
        .calls()
        .filter(({ args }) => /"(<@U1> )?Completed: /.test(JSON.stringify(args)))
        .map(({ method }) => method);
      expect(told.slice(0, 2)).toEqual(['chat.update', POST]);
    },
  );
});

describe('Given a push that waits, when the last worker goes silent', () => {
  scene(
    'says so in its thread, and takes it back when one returns (B03)',
    async ({ district, slack, startSender }) => {
      const beat = sql`insert into worker_heartbeat (worker_id) values ('w')
        on conflict (worker_id) do update set seen_at = now()`;
      await beat.execute(district.db);
      await district.submit();
      await startSender();
      const anchor = (): string => JSON.stringify(slack.messages(CHANNEL)[0] ?? '');
      await until('the anchor', () => anchor().includes('Working out the plan'));
      const round = tellWaiting(district.db);
      await sql`update worker_heartbeat set seen_at = now() - interval '1 minute'`.execute(
        district.db,
      );
      await round();
      await until('the warning', () => anchor().includes('No worker has been running since'));
      await beat.execute(district.db);
      await round();
      await until('the all-clear', () => anchor().includes('Working out the plan'));
    },
  );
});

describe('Given a sender that ends between two steps', () => {
  const ends = [
    { end: 'claiming', step: 'claim', at: 1 },
    { end: 'keeping where the thread is', step: 'saveAnchor', at: 1 },
    { end: 'keeping the id of the first upload', step: 'saveProgress', at: 1 },
    { end: 'keeping that the first upload arrived', step: 'saveProgress', at: 2 },
    { end: 'keeping the id of the second upload', step: 'saveProgress', at: 3 },
    { end: 'keeping that the second upload arrived', step: 'saveProgress', at: 4 },
  ] as const;
  for (const { end, step, at } of ends) {
    scene(`before ${end}: the next one leaves one message of each kind`, async (scene) => {
      await scene.push();
      await scene.startSender(endingBefore(noticeBox(scene.district.db), step, at));
      await scene.settled();
      expectWholeThread(scene.slack.messages(CHANNEL));
    });
  }
});

/** A box whose `at`-th call of one step is never made: the process ended right before it. */
function endingBefore(box: NoticeBox, step: keyof NoticeBox, at: number): NoticeBox {
  let calls = 0;
  return new Proxy(box, {
    get: (target, name: keyof NoticeBox) => {
      if (name !== step) return Reflect.get(target, name) as unknown;
      return (...args: readonly unknown[]): unknown => {
        calls += 1;
        if (calls === at) return Promise.reject(new Error(`ended before ${name} ${at}`));
        const real: unknown = Reflect.get(target, name);
        return typeof real === 'function' ? Reflect.apply(real, target, args) : undefined;
      };
    },
  });
}
