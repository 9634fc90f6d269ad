import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Fault,
  type SlackStandIn,
  type StoredMessage,
} from '../../playground/slack-standin/contract.ts';
import { saveSubscription } from '../../src/db/queries/subscriptions.ts';
import { queueServices } from '../../src/runs/queue-services.ts';
import { writeReports } from '../../src/runs/write-reports.ts';
import { directTo, keyOf, settleOutbox } from '../support/outbox.ts';
import { type PushDistrict } from '../support/push-district.ts';
import { ALICE, CHANNEL, openPushScene, type PushScene } from '../support/push-scene.ts';
import { until } from '../support/until.ts';

let scene: PushScene;
let district: PushDistrict;
let slack: SlackStandIn;
let channels = 0;

beforeAll(async () => {
  scene = await openPushScene();
  ({ district, slack } = scene);
}, 60_000);
afterAll(() => scene.close());
afterEach(() => scene.closeModals());

/** A conversation of its own for a push. */
function newChannel(): string {
  channels += 1;
  const id = `C0ROOM${channels}`;
  slack.addChannel({ id, name: `room-${channels}` });
  return id;
}

async function carriedOut(runId: number): Promise<void> {
  await district.execute(runId, { writeReports });
  const { state } = await district.view(runId);
  if (!state.startsWith('completed')) throw new Error(`push ${runId} is ${state}`);
}

const isResult =
  (runId: number) =>
  (message: StoredMessage): boolean =>
    keyOf(message) === `${runId}:finished`;

/** What the queue says about a run's messages: in its row and in its own view. */
async function queueSays(runId: number): Promise<{ row: string; view: string }> {
  const alice = slack.person(ALICE);
  const top = (): string => JSON.stringify(slack.viewStack(ALICE).at(-1)?.view ?? null);
  await alice.slash('/push-course-masters', 'queue', CHANNEL);
  const list = await until('the queue', () => top().includes(`#${runId},`) && top());
  await alice.closeAll();
  await alice.slash('/push-course-masters', `show ${runId}`, CHANNEL);
  const view = await until('the run', () => top().includes(`Push #${runId}`) && top());
  const row = list.split(`#${runId},`)[1]?.split('"')[0] ?? '';
  return { row, view };
}

/** In words, never in Slack's codes; the Home tab says the same. */
async function expectQueueSays(runId: number, sentence: RegExp): Promise<void> {
  const { row, view } = await queueSays(runId);
  expect(row).toMatch(sentence);
  expect(view).toMatch(sentence);
  expect(view).not.toMatch(/not_in_channel|is_archived|channel_not_found|missing_scope/);
  await slack.person(ALICE).openHome();
  await until('the Home tab', () =>
    new RegExp(`#${runId}: [^"]*${sentence.source}`).test(JSON.stringify(slack.homeView(ALICE))),
  );
}

describe('Given a push whose conversation Slack does not let the bot post in', () => {
  it.each([
    ['the bot is not in it', /\d messages? could not .*: the bot is not in <#/],
    ['it is archived', /\d messages? could not .* is archived/],
    ['Slack knows none such', /\d messages? could not .*: the bot cannot reach <#/],
  ] as const)(
    'tells the person directly and says so in the queue when %s',
    async (why, sentence) => {
      const channelId = why === 'Slack knows none such' ? 'C0NOWHERE' : newChannel();
      if (why === 'the bot is not in it') slack.remove(channelId, slack.botUserId);
      if (why === 'it is archived') slack.setArchived(channelId, true);
      const runId = await district.submit({ channelId });
      await carriedOut(runId);
      await settleOutbox(district);
      const direct = directTo(slack, ALICE);
      expect(direct.filter(isResult(runId))).toHaveLength(1);
      await expectQueueSays(runId, sentence);
    },
    60_000,
  );

  it('tells the person who subscribed a team when the bot was removed from the team’s channel', async () => {
    const team = newChannel();
    const subject = { kind: 'catalog', id: 1 } as const;
    await saveSubscription(district.db, { userId: district.admin.id, channelId: team, subject });
    slack.remove(team, slack.botUserId);
    const runId = await district.submit({ channelId: newChannel() });
    await carriedOut(runId);
    await settleOutbox(district);
    await district.run('delete from subscription');
    const told = directTo(slack, ALICE).filter(
      (one) => keyOf(one) === `${runId}:subscribed:${team}`,
    );
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told[0]?.blocks)).toContain(team);
    await expectQueueSays(runId, /1 message could not .* directly: the bot is not in <#/);
  }, 60_000);

  it('opens the thread anew, with result and files in it, when somebody deleted it', async () => {
    const channelId = newChannel();
    const runId = await district.submit({ channelId });
    await settleOutbox(district);
    const [anchor] = slack.messages(channelId);
    await slack.deleteMessage(channelId, anchor?.ts ?? '');
    await carriedOut(runId);
    await settleOutbox(district);
    const [root, ...replies] = slack.messages(channelId);
    expect(root).toMatchObject({ isReply: false });
    expect(replies.every(({ threadTs }) => threadTs === root?.ts)).toBe(true);
    expect(replies.filter(isResult(runId))).toHaveLength(1);
    expect(replies.filter(({ files }) => files.length > 0)).toHaveLength(1);
    await expectQueueSays(runId, /1 message could not .* new thread: somebody deleted its thread/);
  }, 60_000);
});

describe('Given a push while Slack asks to wait', () => {
  it('makes no call inside Retry-After, and says nothing of it once all arrived (F28)', async () => {
    const rooms = [newChannel(), newChannel()];
    slack.faults.next('chat.postMessage', { kind: 'rate_limited', retryAfterSeconds: 2 });
    const [first = '', second = ''] = rooms;
    const runs = [await district.submit({ channelId: first })];
    const refusal = await until('the refusal', () =>
      slack.calls().find(({ status }) => status === 429),
    );
    runs.push(await district.submit({ channelId: second }));
    for (const runId of runs) await carriedOut(runId);
    await settleOutbox(district);
    const inside = slack
      .calls()
      .slice(slack.calls().indexOf(refusal) + 1)
      .filter(({ at }) => at < refusal.at + 2000);
    expect(inside.map(({ method }) => method)).toEqual([]);
    for (const room of rooms) expect(slack.messages(room).length).toBeGreaterThanOrEqual(2);
    expect((await queueSays(runs[0] ?? 0)).view).not.toContain('could not be delivered');
  }, 60_000);
});

describe('Given a push while Slack does not let the app in', () => {
  const waiting = async (runId: number): Promise<string | undefined> => {
    const look = await queueServices(district.db, district.services).look({
      ...{ person: district.admin, runId },
    });
    return look?.undelivered[0]?.trouble;
  };
  const seen = async (runId: number): Promise<void> => {
    let trouble: string | undefined;
    const watch = setInterval(() => {
      void waiting(runId).then((found) => {
        trouble = found;
      });
    }, 50);
    try {
      await until('the trouble', () => trouble === 'access_lost');
    } finally {
      clearInterval(watch);
    }
  };

  it('keeps trying when a permission is missing, names that in the queue, and arrives once it is back', async () => {
    const channelId = newChannel();
    slack.faults.next('chat.postMessage', { kind: 'error', error: 'missing_scope' }, 10);
    const runId = await district.submit({ channelId });
    await carriedOut(runId);
    await seen(runId);
    await expectQueueSays(runId, /could not be delivered yet: Slack took the bot’s access/);
    await settleOutbox(district);
    expect(slack.messages(channelId).filter(isResult(runId))).toHaveLength(1);
  }, 90_000);

  it('waits without end while the token is revoked, and sends everything once it is restored', async () => {
    const channelId = newChannel();
    slack.setTokenRevoked(true);
    const runId = await district.submit({ channelId });
    await carriedOut(runId);
    for (let tries = 0; tries < 12; tries += 1) {
      await seen(runId);
      await district.run(
        `update slack_outbox set not_before = now(), trouble = null where run_id = ${runId}`,
      );
    }
    await seen(runId);
    expect(slack.messages(channelId)).toEqual([]);
    slack.setTokenRevoked(false);
    await settleOutbox(district);
    expect(slack.messages(channelId).filter(isResult(runId))).toHaveLength(1);
    expect(await waiting(runId)).toBeUndefined();
  }, 90_000);
});

describe('Given report files that Slack refuses', () => {
  const refused: Fault = { kind: 'error', error: 'file_upload_size_restricted' };
  it.each([
    ['before the upload', 'files.getUploadURLExternal'],
    ['at the upload', 'upload'],
    ['after the upload', 'files.completeUploadExternal'],
  ])(
    'says where to get them, once, when Slack refuses %s; the push stands',
    async (_when, method) => {
      const channelId = newChannel();
      slack.faults.next(method, refused, 8);
      const runId = await district.submit({ channelId });
      await carriedOut(runId);
      await settleOutbox(district);
      slack.faults.clear(method);
      const messages = slack.messages(channelId);
      expect(messages.filter(isResult(runId))).toHaveLength(1);
      expect(messages.filter(({ files }) => files.length > 0)).toEqual([]);
      const said = messages.filter(({ text }) => text.includes('could not be attached'));
      expect(said).toHaveLength(1);
      await expectQueueSays(runId, /1 message could not be delivered: Slack/);
    },
    90_000,
  );

  it('attaches them once when Slack takes them at last', async () => {
    const channelId = newChannel();
    slack.faults.next('upload', { kind: 'server_error', status: 503 }, 2);
    const runId = await district.submit({ channelId });
    await carriedOut(runId);
    await settleOutbox(district);
    expect(slack.messages(channelId).filter(({ files }) => files.length > 0)).toHaveLength(1);
  }, 60_000);
});
