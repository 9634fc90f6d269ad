import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { readWorkerConfig } from '../../src/config/env.ts';
import { takeDueRuns } from '../../src/db/queries/claims.ts';
import { noticeBox } from '../../src/db/queries/notices.ts';
import { type QueueServices } from '../../src/domain/queue-list.ts';
import { pushWork } from '../../src/main.ts';
import { startWorker } from '../../src/roles/worker.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { queueServices } from '../../src/runs/queue-services.ts';
import { startTestClock, type TestClock } from '../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict, SILENT } from '../support/push-district.ts';
import { testRedis } from '../support/redis.ts';
import { startBot, startWorkspace } from '../support/slack-bot.ts';
import { clickWhenThere, type Place, results, sendForm } from '../support/slack-push.ts';
import { until } from '../support/until.ts';

/** In Chicago, as the district is. */
const ALICE = 'U1';
/** In Denver, an hour behind. */
const DORA = 'U2';
const CHANNEL = 'C1';
const PATIENCE_MS = 60_000;

let database: TestDatabase;
let clock: TestClock;
let district: PushDistrict;
let queue: QueueServices;
let slack: SlackStandIn;
let bot: { stop(): Promise<void> };

beforeAll(async () => {
  database = await createTestDatabase();
  clock = await startTestClock(database, new Date('2027-03-13T18:00:00Z'));
  slack = await startWorkspace('socket', {
    people: [
      { id: ALICE, name: 'alice', realName: 'Alice', timeZone: 'America/Chicago' },
      { id: DORA, name: 'dora', realName: 'Dora', timeZone: 'America/Denver' },
    ],
    channels: [{ id: CHANNEL, name: 'pushes' }],
  });
  district = await buildPushDistrict(database.db, slack.teamId);
  await addPerson(district.db, {
    ...{ slackTeamId: slack.teamId, slackUserId: DORA, name: 'Dora' },
    groups: ['District SIS Admin'],
  });
  await district.run(`update app_user set slack_state = 'member', slack_checked_at = now()`);
  queue = queueServices(district.db, district.services);
  bot = await startDistrictBot();
});
afterAll(async () => {
  await bot.stop();
  await slack.close();
  await clock.close();
  await database.drop();
});

function startDistrictBot(): Promise<{ stop(): Promise<void> }> {
  return startBot(slack, 'socket', {
    services: district.services,
    queue,
    notices: noticeBox(district.db),
    timeZone: 'America/Chicago',
    now: clock.now,
  });
}

const at = (userId: string): Place => ({ slack, userId, channel: CHANNEL });
const shown = (userId: string): string =>
  JSON.stringify(slack.viewStack(userId).at(-1)?.view.blocks ?? []);
const modal = (userId: string, words: string): Promise<boolean> =>
  until(`“${words}” in a modal`, () => shown(userId).includes(words), PATIENCE_MS);

/** Submits to Batch, as the form and the worker do. @returns the run, whose plan waits for a word */
async function submit(userId: string, due: Date): Promise<number> {
  await sendForm(at(userId), { at: due });
  const runId = district.woken.at(-1) ?? 0;
  await district.execute(runId);
  return runId;
}

/** Says yes to the plan. */
async function confirm(userId: string, runId: number): Promise<void> {
  await clickWhenThere(at(userId), { action: 'plan_push', runId });
  const find = (): boolean =>
    slack
      .messages(CHANNEL)
      .some(({ text }) => text.includes(`The plan is confirmed: push ${runId},`));
  await until('the confirmed plan', find, PATIENCE_MS);
}

/** Waits until the first message of a run's thread says something. */
async function anchorSays(runId: number, words: string): Promise<void> {
  const find = (): boolean =>
    slack
      .messages(CHANNEL)
      .some(
        ({ isReply, text }) =>
          !isReply && text.includes(`: push ${runId}, `) && text.includes(words),
      );
  await until(`“${words}” in the thread of push ${runId}`, find, PATIENCE_MS);
}

/** The row of a run in the Batch Queue List of the person. */
async function rowOf(userId: string, runId: number): Promise<string> {
  await slack.person(userId).slash('/push-course-masters', 'queue mine', CHANNEL);
  await modal(userId, `#${runId},`);
  const blocks = slack.viewStack(userId).at(-1)?.view.blocks ?? [];
  await slack.person(userId).closeAll();
  const rows = blocks.map((block) => JSON.stringify(block));
  return rows.find((row) => row.includes(`#${runId},`)) ?? '';
}

/** Moves a run to another time in its modal. */
async function reschedule(userId: string, runId: number, due: Date): Promise<void> {
  const person = slack.person(userId);
  await person.slash('/push-course-masters', `show ${runId}`, CHANNEL);
  await modal(userId, 'queue_do_reschedule');
  await person.click('modal', 'queue_do_reschedule');
  await modal(userId, 'Choose when');
  await person.choose('queue_time_at', due.getTime() / 1000);
  expect(await person.submit()).toMatchObject({ ok: true });
}

async function dueRuns(): Promise<number[]> {
  return (await takeDueRuns(district.db, 100)).map(({ runId }) => runId);
}

const dateOf = (due: Date): string => `<!date^${due.getTime() / 1000}^`;

interface Wish {
  readonly who: string;
  readonly wish: string;
  readonly due: string;
  /** In the thread: the district's time, with its zone. */
  readonly thread: string;
  /** In the person's queue list, for a client that cannot show their own time by itself. */
  readonly list: string;
}

/** Asked for on the day before the change, by the time they are due. */
interface Season {
  readonly change: string;
  readonly asked: string;
  readonly wishes: readonly [Wish, ...Wish[]];
  /** Where the last of them is moved to. */
  readonly moved: { readonly due: string; readonly said: string; readonly thread: string };
}

const SEASONS: readonly Season[] = [
  {
    change: 'are put forward',
    asked: '2027-03-13T18:00:00Z',
    wishes: [
      {
        who: ALICE,
        wish: '2:30 AM, which the night skips',
        due: '2027-03-14T08:30:00Z',
        thread: 'Mar 14, 2027, 3:30 AM CDT',
        list: 'Mar 14, 2027, 3:30 AM CDT',
      },
      {
        who: ALICE,
        wish: '11:00 PM of the day of the change',
        due: '2027-03-15T04:00:00Z',
        thread: 'Mar 14, 2027, 11:00 PM CDT',
        list: 'Mar 14, 2027, 11:00 PM CDT',
      },
      {
        who: DORA,
        wish: '11:00 PM in another zone',
        due: '2027-03-15T05:00:00Z',
        thread: 'Mar 15, 2027, 12:00 AM CDT',
        list: 'Mar 14, 2027, 11:00 PM MDT',
      },
    ],
    moved: {
      due: '2027-03-14T08:45:00Z',
      said: 'Mar 14, 2027, 1:45 AM MST',
      thread: 'Mar 14, 2027, 3:45 AM CDT',
    },
  },
  {
    change: 'are put back',
    asked: '2027-11-06T18:00:00Z',
    wishes: [
      {
        who: ALICE,
        wish: '1:30 AM, the first of two',
        due: '2027-11-07T06:30:00Z',
        thread: 'Nov 7, 2027, 1:30 AM CDT',
        list: 'Nov 7, 2027, 1:30 AM CDT',
      },
      {
        who: ALICE,
        wish: '1:30 AM, the second of two',
        due: '2027-11-07T07:30:00Z',
        thread: 'Nov 7, 2027, 1:30 AM CST',
        list: 'Nov 7, 2027, 1:30 AM CST',
      },
      {
        who: ALICE,
        wish: '11:00 PM of the day of the change',
        due: '2027-11-08T05:00:00Z',
        thread: 'Nov 7, 2027, 11:00 PM CST',
        list: 'Nov 7, 2027, 11:00 PM CST',
      },
      {
        who: DORA,
        wish: '11:00 PM in another zone',
        due: '2027-11-08T06:00:00Z',
        thread: 'Nov 8, 2027, 12:00 AM CST',
        list: 'Nov 7, 2027, 11:00 PM MST',
      },
    ],
    moved: {
      due: '2027-11-07T08:30:00Z',
      said: 'Nov 7, 2027, 1:30 AM MST',
      thread: 'Nov 7, 2027, 2:30 AM CST',
    },
  },
];

describe.each(SEASONS)('Given pushes for the night in which the clocks $change', (season) => {
  const runs = new Map<Wish, number>();
  const runOf = (wish: Wish): number => runs.get(wish) ?? 0;
  const last = season.wishes.at(-1) ?? season.wishes[0];

  beforeAll(async () => {
    await clock.set(new Date(season.asked));
    for (const wish of season.wishes) runs.set(wish, await submit(wish.who, new Date(wish.due)));
    for (const [wish, runId] of runs) await confirm(wish.who, runId);
  }, 120_000);

  it.each(season.wishes)(
    'keeps the moment of $wish, and names the zone in thread and list (G19)',
    async (wish) => {
      const due = new Date(wish.due);
      const runId = runOf(wish);
      const run = await district.view(runId);
      expect(run).toMatchObject({ state: 'queued', runNow: false, scheduledFor: due });
      await anchorSays(runId, `It starts on ${wish.thread}.`);
      expect(await rowOf(wish.who, runId)).toContain(
        `${dateOf(due)}{date_num} {time_secs}|${wish.list}>`,
      );
    },
  );

  it('moves one across the change: said in the time of who asks, in the thread in the district’s (G19)', async () => {
    const due = new Date(season.moved.due);
    await reschedule(last.who, runOf(last), due);
    await modal(last.who, `now starts on ${season.moved.said}.`);
    await slack.person(last.who).closeAll();
    expect((await district.view(runOf(last))).scheduledFor).toEqual(due);
    await anchorSays(runOf(last), `It starts on ${season.moved.thread}.`);
  });

  it('starts each at its moment and not a second before (G19)', async () => {
    const dues = season.wishes
      .map((wish) => ({
        runId: runOf(wish),
        due: new Date(wish === last ? season.moved.due : wish.due),
      }))
      .toSorted((one, other) => one.due.getTime() - other.due.getTime());
    for (const { runId, due } of dues) {
      await clock.hold(new Date(due.getTime() - 1000));
      expect(await dueRuns()).toEqual([]);
      expect(await district.execute(runId)).toBe('not_due');
      await clock.hold(due);
      expect(await dueRuns()).toEqual([runId]);
      await queue.cancel({ person: district.admin, runId, from: 'test' });
    }
    await clock.set(clock.now());
  });
});

describe('Given a push that waits for its time, when bot, worker, queue and connections end before it', () => {
  it('starts it at its time all the same (G19)', async () => {
    await clock.set(new Date('2027-11-09T18:00:00Z'));
    const due = new Date('2027-11-10T05:00:00Z');
    const runId = await submit(ALICE, due);
    await confirm(ALICE, runId);
    await bot.stop();
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(district.db);
    bot = await startDistrictBot();
    await clock.hold(new Date(due.getTime() - 1000));
    const { url, prefix } = testRedis();
    const env = { DATABASE_URL: database.url, REDIS_URL: url, PUSH_QUEUE_PREFIX: `{${prefix}}` };
    const config = readWorkerConfig({ ...env, PUSH_RECONCILE_SECONDS: '1' });
    const work = pushWork(config);
    const worker = await startWorker({ config, work, logger: SILENT, onDeaf: () => undefined });
    try {
      expect(await district.view(runId)).toMatchObject({ state: 'queued', startedAt: null });
      await clock.set(due);
      const find = (): boolean =>
        results(at(ALICE)).some(({ text }) => text.includes(`push ${runId},`));
      await until('the result', find, PATIENCE_MS);
      const { startedAt } = await district.view(runId);
      expect(startedAt?.getTime()).toBeGreaterThanOrEqual(due.getTime());
    } finally {
      await worker.stop();
    }
  }, 120_000);

  it('broke no rule of Slack', () => {
    const known = ['views.update without hash.', 'The view is not open any more, or never was.'];
    expect(slack.violations().filter(({ message }) => !known.includes(message))).toEqual([]);
  });
});
