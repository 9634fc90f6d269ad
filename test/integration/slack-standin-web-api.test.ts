import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { silent } from '../support/small-slack-app.ts';
import {
  ALICE,
  ARCHIVED,
  BOB,
  clientOf,
  ELSEWHERE,
  GENERAL,
  SECRET,
  startSmallWorkspace,
} from '../support/small-workspace.ts';

describe('The stand-in’s Web API', () => {
  let slack: SlackStandIn;
  let client: WebClient;

  beforeAll(async () => {
    slack = await startSmallWorkspace();
    client = clientOf(slack);
  });
  afterAll(() => slack.close());

  it.each([
    ['not_in_channel', ELSEWHERE],
    ['is_archived', ARCHIVED],
    ['channel_not_found', SECRET],
    ['channel_not_found', 'C0NOWHERE'],
  ])('answers %s for a post to %s', async (error, channel) => {
    await expect(client.chat.postMessage({ channel, text: 'Hello' })).rejects.toMatchObject({
      data: { ok: false, error },
    });
  });

  it('posts where it was invited, and no longer where it was removed', async () => {
    slack.invite(SECRET, slack.botUserId);
    expect(await client.chat.postMessage({ channel: SECRET, text: 'Hello' })).toMatchObject({
      ok: true,
      channel: SECRET,
    });
    slack.remove(SECRET, slack.botUserId);
    await expect(client.chat.postMessage({ channel: SECRET, text: 'Hello' })).rejects.toThrow(
      'channel_not_found',
    );
  });

  it('opens a direct conversation by posting to a person, and answers with its id (F25)', async () => {
    const { channel = '', ts = '' } = await client.chat.postMessage({
      channel: BOB,
      text: 'Hello',
    });
    expect(channel).toMatch(/^D/);
    expect(slack.messages(channel)).toHaveLength(1);
    expect(await client.chat.update({ channel, ts, text: 'Changed' })).toMatchObject({ ok: true });
    expect(slack.messages(channel)[0]).toMatchObject({ text: 'Changed', isEdited: true });
    await expect(client.chat.update({ channel: BOB, ts, text: 'x' })).rejects.toThrow(
      'channel_not_found',
    );
  });

  it('answers missing_scope with what is needed and what was provided (V29)', async () => {
    const poor = await startSmallWorkspace({ scopes: ['commands', 'chat:write'] });
    await expect(clientOf(poor).users.info({ user: ALICE })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'users:read', provided: 'commands,chat:write' },
    });
    await expect(
      clientOf(poor).files.getUploadURLExternal({ filename: 'a.csv', length: 1 }),
    ).rejects.toThrow('missing_scope');
    await expect(clientOf(poor).conversations.info({ channel: GENERAL })).rejects.toThrow(
      'missing_scope',
    );
    await poor.close();
  });

  it.each([
    ['invalid_auth', 'xoxb-wrong'],
    ['not_allowed_token_type', 'xapp-1-A0PUSHMASTER-stand-in'],
  ])('answers %s to the token %s', async (error, token) => {
    await expect(
      clientOf(slack, token).chat.postMessage({ channel: GENERAL, text: 'x' }),
    ).rejects.toThrow(error);
  });

  it('answers message_not_found, cant_update_message and msg_too_long to updates', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: GENERAL, text: 'Mine' });
    const said = await slack.person(ALICE).say(GENERAL, 'Hers', ts);
    const update = (to: string, text: string): Promise<unknown> =>
      client.chat.update({ channel: GENERAL, ts: to, text });
    await expect(update('1700000000.000001', 'x')).rejects.toThrow('message_not_found');
    await expect(update(said, 'x')).rejects.toThrow('cant_update_message');
    await expect(update(ts, 'x'.repeat(4001))).rejects.toThrow('msg_too_long');
    await expect(update(ts, 'x'.repeat(4000))).resolves.toMatchObject({ ok: true });
    expect(slack.messages(GENERAL).find((one) => one.ts === said)).toMatchObject({
      user: ALICE,
      isReply: true,
    });
  });

  it('answers invalid_blocks with a JSON pointer, and no_text', async () => {
    const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }];
    await expect(
      client.chat.postMessage({ channel: GENERAL, text: 'x', blocks }),
    ).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        response_metadata: { messages: [expect.stringContaining('/blocks/0/text/text')] },
      },
    });
    await expect(client.chat.postMessage({ channel: GENERAL, text: '' })).rejects.toThrow(
      'no_text',
    );
  });

  it('refuses uploads whose bytes are not as many as announced (V28), and shares of what was not uploaded', async () => {
    const { upload_url: url = '', file_id: id = '' } = await client.files.getUploadURLExternal({
      filename: 'a.csv',
      length: 3,
    });
    expect((await fetch(url, { method: 'POST', body: 'four' })).status).toBe(400);
    await expect(
      client.files.completeUploadExternal({ files: [{ id }], channel_id: GENERAL }),
    ).rejects.toThrow('file_not_found');
    expect((await fetch(url, { method: 'POST', body: 'abc' })).status).toBe(200);
    const done = await client.files.completeUploadExternal({
      files: [{ id }],
      channel_id: GENERAL,
    });
    expect(done.files?.[0]?.id).toBe(id);
    const { file } = await client.files.info({ file: id });
    expect(file?.shares?.public?.[GENERAL]?.[0]?.ts).toBe(slack.messages(GENERAL).at(-1)?.ts);
    await client.files.delete({ file: id });
    expect(slack.messages(GENERAL).at(-1)?.files).toEqual([]);
  });

  it('tells the zone, locale and standing of people (F54)', async () => {
    const { user } = await client.users.info({ user: BOB, include_locale: true });
    expect(user).toMatchObject({
      tz: 'America/New_York',
      locale: 'en-US',
      is_restricted: true,
      deleted: false,
    });
  });

  it('validates blocks without a token (F43)', async () => {
    const answer = await fetch(`${slack.apiUrl}blocks.validate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ blocks: [{ type: 'divider', colour: 'red' }] }),
    });
    expect(await answer.json()).toMatchObject({ ok: false, errors: [{ pointer: '/blocks/0' }] });
  });

  it('brings about the faults that were ordered, and refuses calls inside Retry-After (V31)', async () => {
    const post = (text: string): Promise<unknown> =>
      client.chat.postMessage({ channel: GENERAL, text });
    slack.faults.next('chat.postMessage', { kind: 'error', error: 'fatal_error' });
    await expect(post('refused')).rejects.toThrow('fatal_error');
    slack.faults.next('chat.postMessage', { kind: 'server_error' });
    await expect(post('broken')).rejects.toMatchObject({ statusCode: 500 });
    slack.faults.next('chat.postMessage', { kind: 'cut_after' });
    await expect(post('performed')).rejects.toThrow();
    expect(slack.messages(GENERAL).at(-1)?.text).toBe('performed');
    const strict = new WebClient(slack.botToken, {
      slackApiUrl: slack.apiUrl,
      rejectRateLimitedCalls: true,
      logger: silent(),
    });
    slack.faults.next('chat.delete', { kind: 'rate_limited', retryAfterSeconds: 30 });
    const once = (): Promise<unknown> =>
      strict.chat.delete({ channel: GENERAL, ts: '1700000000.000001' });
    await expect(once()).rejects.toMatchObject({ retryAfter: 30 });
    await expect(once()).rejects.toMatchObject({ retryAfter: 30 });
    expect(slack.violations().at(-1)).toMatchObject({ rule: 'V31', error: 'ratelimited' });
  });
});
