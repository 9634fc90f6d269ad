import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { type RuleViolation } from '../../playground/slack-standin/contract.ts';
import { saveSubscription } from '../../src/db/queries/subscriptions.ts';
import { type Notice, type NoticeBox } from '../../src/domain/ports.ts';
import { announceNewTime, announceReminder } from '../../src/runs/notices.ts';
import { writePlanFile, writeReports } from '../../src/runs/write-reports.ts';
import {
  type ApprovalScene,
  APPROVERS,
  BOB,
  CAROL,
  CHANNEL,
  openApprovalScene,
  REASON,
  WENDY,
} from '../support/approval-scene.ts';
import { directTo, everywhere, keyOf, settleOutbox } from '../support/outbox.ts';
import { until } from '../support/until.ts';

const TEAM = 'C3';

/** The steps that the sender's process ends before: each once for every notice. */
type End = 'trying' | 'sent' | undefined;
let end: End;
const ended = new Set<string>();

/** A sender that ends before a step of every notice; the next one finds the claim run out. */
function ending(box: NoticeBox): NoticeBox {
  const endOnce = (step: End, id: number): void => {
    const name = `${step ?? ''} ${id}`;
    if (end !== step || ended.has(name)) return;
    ended.add(name);
    throw new Error(`ended before ${name}`);
  };
  return {
    ...box,
    trying: async (id, place) => {
      endOnce('trying', id);
      await box.trying(id, place);
    },
    sent: async (id, message) => {
      endOnce('sent', id);
      await box.sent(id, message);
    },
  };
}

let scene: ApprovalScene;

beforeAll(async () => {
  scene = await openApprovalScene(ending);
  scene.slack.addChannel({ id: TEAM, name: 'team' });
  for (const channelId of [TEAM, WENDY]) {
    const subject = { kind: 'catalog', id: 1 } as const;
    await saveSubscription(scene.district.db, {
      ...{ userId: scene.district.admin.id, channelId, subject },
    });
  }
}, 60_000);
afterAll(() => scene.close());

/** An overwrite from the form to its files, with every kind of message that a push has. */
async function everyKind(calendarId: number, beforeEach: (posts: number) => void): Promise<number> {
  const { district, bob } = scene;
  const files = { writePlan: writePlanFile, writeReports };
  beforeEach(2);
  const runId = await district.submit({
    ...{ confirmed: false, comment: REASON },
    options: { mode: 'overwrite', calendarIds: [calendarId] },
  });
  await district.execute(runId, files);
  await settleOutbox(district);
  const planHash = await scene.hashOf(runId);
  const planId = (await district.view(runId)).plan?.id ?? 0;
  const act = { runId, planHash, from: 'test' };
  beforeEach(5);
  await district.services.approvals.confirm({ ...act, person: district.admin, now: false });
  const to = [{ id: bob.id, slackUserId: BOB, name: bob.name }];
  await announceReminder(district.db, { runId, planId, reminder: 1, to });
  await announceReminder(district.db, { runId, planId, reminder: 1, to: 'thread' });
  await settleOutbox(district);
  beforeEach(2);
  const decision = { decision: 'approve', reason: null, typedCatalog: null } as const;
  await district.services.approvals.decide({ ...act, ...decision, person: bob });
  await announceNewTime(district.db, { runId, at: new Date(), by: bob.name });
  await settleOutbox(district);
  // The push starts with another plan than the approved one, which its approvers are told of (G20).
  await district.run(`update course_master set name = 'Name ${calendarId}' where id = 1`);
  beforeEach(4);
  await district.execute(runId, files);
  await settleOutbox(district);
  return runId;
}

/** What every person and conversation shows of a run: each message once. */
async function expectEachOnce(runId: number): Promise<void> {
  const rows = await scene.district.rows<{ key: string; kind: Notice['kind']; state: string }>(
    `select key, kind, state from slack_outbox where run_id = ${runId} order by key`,
  );
  expect(rows.filter(({ state }) => state !== 'sent')).toEqual([]);
  expect(new Set(rows.map(({ kind }) => kind)).size).toBe(12);
  const isMessage = ({ kind }: { kind: string }): boolean =>
    kind !== 'progress' && kind !== 'files' && kind !== 'plan_files';
  const keys = everywhere(scene.slack)
    .map((message) => keyOf(message) ?? '')
    .filter((key) => key.startsWith(`${runId}:`));
  expect(keys.sort()).toEqual(
    rows
      .filter(isMessage)
      .map(({ key }) => key)
      .sort(),
  );
  const [root] = scene.slack.messages(CHANNEL).filter((one) => keyOf(one) === `${runId}:anchor`);
  const shares = scene.slack
    .messages(CHANNEL)
    .filter(({ files, threadTs }) => files.length > 0 && threadTs === root?.ts);
  expect(shares.map(({ text }) => /full plan|Reports/.exec(text)?.[0]).sort()).toEqual([
    'Reports',
    'full plan',
  ]);
  const names = shares.flatMap(({ files }) => files.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
}

describe('Given an overwrite that has every kind of message', () => {
  it.each([
    ['before each call to Slack', 'trying', 1],
    ['after each call, before its answer is kept', 'sent', 2],
  ] as const)(
    'leaves each message exactly once when the sender ends %s',
    async (_name, step, calendarId) => {
      end = step;
      const runId = await everyKind(calendarId, () => undefined).finally(() => {
        end = undefined;
      });
      expect(ended.size).toBeGreaterThanOrEqual(12);
      ended.clear();
      await expectEachOnce(runId);
    },
    120_000,
  );

  it('leaves each message exactly once when the answer to every call is lost', async () => {
    const runId = await everyKind(3, (posts) => {
      scene.slack.faults.next('chat.postMessage', { kind: 'cut_after' }, posts);
      scene.slack.faults.next('files.completeUploadExternal', { kind: 'cut_after' });
    });
    scene.slack.faults.clear('chat.postMessage');
    await expectEachOnce(runId);
    const got = [BOB, CAROL].map(
      (userId) =>
        directTo(scene.slack, userId).filter((one) => keyOf(one)?.startsWith(`${runId}:approval:`))
          .length,
    );
    expect(got).toEqual([1, 1]);
  }, 120_000);

  it('asks in one direct conversation per person, and in the channel of the approvers', () => {
    const directs = scene.slack.channels().filter(({ kind }) => kind === 'direct');
    const people = directs.flatMap(({ members }) => members).filter((id) => id.startsWith('U0'));
    expect(people.filter((id) => id === BOB)).toHaveLength(1);
    const asked = scene.slack.messages(APPROVERS).map((one) => keyOf(one)?.split(':')[1]);
    expect(asked).toEqual(['approval', 'approval', 'approval']);
  });
});

describe('Given a message of which an answer was lost, when it shows up twice later', () => {
  /** The doubles are posted without regard for the bot's pace. */
  const byHand: RuleViolation[] = [];
  const doubts = (): Promise<{ key: string; looks: number; doubt: boolean }[]> =>
    scene.district.rows(`select key, looks, in_doubt_since is not null as doubt from slack_outbox
      where kind = 'finished' and run_id = (select max(run_id) from slack_outbox)`);

  it('keeps the one that is booked and removes the other, 10 s and once more 60 s after', async () => {
    const { district, slack } = scene;
    const [row] = await doubts();
    const key = row?.key ?? '';
    const replies = (): readonly string[] =>
      slack.messages(CHANNEL).flatMap((one) => (keyOf(one) === key ? [one.ts] : []));
    const [booked] = replies();
    const root = slack.messages(CHANNEL).find(({ ts }) => ts === booked)?.threadTs ?? '';
    const client = new WebClient(slack.botToken, {
      ...{ slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    });
    expect(slack.violations()).toEqual([]);
    for (const [seconds, looks] of [
      [11, 1],
      [61, 0],
    ]) {
      const before = slack.violations().length;
      await client.chat.postMessage({
        ...{ channel: CHANNEL, thread_ts: root, text: 'The late double' },
        ...{ unfurl_links: false, unfurl_media: false },
        metadata: { event_type: 'push_notice', event_payload: { key } },
      });
      byHand.push(...slack.violations().slice(before));
      expect(replies()).toHaveLength(2);
      await district.run(
        `update slack_outbox set in_doubt_since = now() - interval '${seconds} seconds',
          looks = ${looks === 1 ? 0 : 1} where key = '${key}'`,
      );
      await until('the double to be gone', () => replies().length === 1);
      expect(replies()).toEqual([booked]);
    }
    await expectNoDoubt(key);
  });

  async function expectNoDoubt(key: string): Promise<void> {
    let left = true;
    const watch = setInterval(() => {
      void doubts().then((rows) => {
        left = rows.some((row) => row.key === key && row.doubt);
      });
    }, 50);
    try {
      await until('the last look to be booked', () => !left);
    } finally {
      clearInterval(watch);
    }
    expect(left).toBe(false);
  }

  it('keeps its pace in the messages that follow, and broke no other rule of Slack (V31)', async () => {
    const { district, slack } = scene;
    const runId = await district.submit({ channelId: TEAM, options: { calendarIds: [4] } });
    await district.execute(runId);
    await settleOutbox(district);
    const posted = slack.messages(TEAM).filter((one) => keyOf(one)?.startsWith(`${runId}:`));
    expect(posted).toHaveLength(2);
    expect(byHand.filter(({ rule }) => rule !== 'V31')).toEqual([]);
    expect(slack.violations().filter((one) => !byHand.includes(one))).toEqual([]);
  });
});
