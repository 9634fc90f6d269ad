import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { writePlanFile, writeReports } from '../../src/runs/write-reports.ts';
import { keyOf, settleOutbox } from '../support/outbox.ts';
import { type PushDistrict } from '../support/push-district.ts';
import { ALICE, CHANNEL, openPushScene, type PushScene } from '../support/push-scene.ts';
import { clickWhenThere, sendForm } from '../support/slack-push.ts';
import { until } from '../support/until.ts';

let scene: PushScene;
let district: PushDistrict;
let slack: SlackStandIn;

beforeAll(async () => {
  scene = await openPushScene({
    userGroups: [{ id: 'S1', handle: 'staff', users: [ALICE] }],
  });
  ({ district, slack } = scene);
}, 60_000);
afterAll(() => scene.close());

describe('Given the emulator with strict scopes behind the stand-in', () => {
  it('takes the whole road from the command to the files without a refusal', async () => {
    const place = { slack, userId: ALICE, channel: CHANNEL };
    const files = { writePlan: writePlanFile, writeReports };
    await sendForm(place);
    const runId = await until('the run', () => district.woken[0]);
    await district.execute(runId, files);
    await clickWhenThere(place, { action: 'plan_push', runId });
    await until('the word', () => district.woken[1]);
    await district.execute(runId, files);
    await settleOutbox(district);
    const messages = slack.messages(CHANNEL);
    expect(messages.map((one) => keyOf(one)?.split(':')[1] ?? 'files')).toEqual(
      expect.arrayContaining(['anchor', 'plan', 'finished', 'files']),
    );
    const backed = slack.backingCalls();
    expect(backed.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(new Set(backed.map(({ method }) => method))).toEqual(
      new Set([
        ...['auth.test', 'views.generateTriggerId', 'views.open', 'views.update'],
        ...['chat.postMessage', 'chat.update'],
        ...['files.getUploadURLExternal', 'files.completeUploadExternal'],
      ]),
    );
    expect(slack.violations()).toEqual([]);
  }, 90_000);

  it('is asked by these methods that the app calls; the stand-in answers the others itself', async () => {
    const client = new WebClient(slack.botToken, {
      ...{ slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    });
    const [root] = slack.messages(CHANNEL);
    const ts = root?.ts ?? '';
    const last = slack.messages(CHANNEL).at(-1)?.ts ?? '';
    const home = { type: 'home', blocks: [{ type: 'divider' }] };
    const message = { channel: CHANNEL, text: 'x', blocks: [] };
    const calm = { unfurl_links: false, unfurl_media: false };
    const table: readonly (readonly [string, Record<string, unknown>, string])[] = [
      ['auth.test', {}, 'emulator'],
      ['chat.postMessage', { ...message, ...calm }, 'emulator'],
      ['chat.update', { ...message, ts }, 'emulator'],
      ['chat.delete', { channel: CHANNEL, ts: last }, 'emulator'],
      ['chat.getPermalink', { channel: CHANNEL, message_ts: ts }, 'stand-in'],
      ['conversations.history', { channel: CHANNEL }, 'emulator'],
      ['conversations.open', { users: ALICE }, 'emulator'],
      ['conversations.replies', { channel: CHANNEL, ts }, 'emulator'],
      ['files.getUploadURLExternal', { filename: 'x.csv', length: 1 }, 'emulator'],
      ['usergroups.list', {}, 'stand-in'],
      ['usergroups.users.list', { usergroup: 'S1' }, 'stand-in'],
      ['users.info', { user: ALICE }, 'stand-in'],
      ['views.publish', { user_id: ALICE, view: home }, 'emulator'],
    ];
    const reached: [string, string][] = [];
    for (const [method, args] of table) {
      const before = slack.backingCalls().length;
      await client.apiCall(method, args);
      const made = slack.backingCalls().slice(before);
      reached.push([method, made.some((one) => one.method === method) ? 'emulator' : 'stand-in']);
    }
    expect(reached).toEqual(table.map(([method, , by]) => [method, by]));
  });
});
