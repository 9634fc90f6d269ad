import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { signatureHeaders } from '../../playground/slack-standin/transport/signed-http.ts';
import {
  type MemoryDistrict,
  memoryDistrict,
  memoryNotices,
  memoryServices,
  personNamed,
} from '../support/memory-services.ts';
import { startBot, startWorkspace } from '../support/slack-bot.ts';

const ALICE = 'U0ALICE';
const NOW_SECONDS = Math.floor(Date.now() / 1000);

describe('Given the bot over HTTP, when a request comes that Slack did not send for us', () => {
  let slack: SlackStandIn;
  let bot: { port: number; stop(): Promise<void> };
  const district: MemoryDistrict = memoryDistrict();

  beforeAll(async () => {
    slack = await startWorkspace('http', {
      people: [{ id: ALICE, name: 'alice', realName: 'Alice' }],
      channels: [{ id: 'C0PUSHES', name: 'pushes' }],
    });
    bot = await startBot(slack, 'http', {
      services: memoryServices(district),
      notices: memoryNotices(district).box,
    });
    district.people.push(personNamed(ALICE, slack.teamId));
  });
  beforeEach(() => {
    expect(slack.viewStack(ALICE)).toEqual([]);
  });
  afterAll(async () => {
    await bot.stop();
    await slack.close();
  });

  interface Sent {
    readonly secret?: string;
    readonly at?: number;
    readonly payload?: Readonly<Record<string, string>>;
  }
  const send = async ({ secret = slack.signingSecret, at = NOW_SECONDS, payload }: Sent) => {
    const fields = {
      command: '/push-course-masters',
      text: '',
      team_id: slack.teamId,
      user_id: ALICE,
      channel_id: 'C0PUSHES',
      trigger_id: '1.2.3',
      response_url: `${slack.apiUrl}nowhere`,
      ...payload,
    };
    const body = new URLSearchParams(fields).toString();
    const answer = await fetch(`http://127.0.0.1:${bot.port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...signatureHeaders(secret, body, at),
      },
      body,
    });
    return { status: answer.status, text: await answer.text() };
  };
  const calls = (): number =>
    slack.calls().filter(({ method }) => method.startsWith('views')).length;

  it.each([
    ['signed with another secret', { secret: 'somebody-elses' }],
    ['signed over five minutes ago', { at: NOW_SECONDS - 400 }],
  ])('refuses one %s (T01, T02)', async (_, sent) => {
    expect((await send(sent)).status).toBe(401);
    expect(calls()).toBe(0);
  });

  it('does nothing for one signed in the future (T02)', async () => {
    await send({ at: NOW_SECONDS + 3600 });
    expect(calls()).toBe(0);
  });

  it('tells a person of another workspace that the command is not for them (T03)', async () => {
    const answer = await send({ payload: { team_id: 'T0FOREIGN' } });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('only for members of the workspace');
    expect(calls()).toBe(0);
  });

  it('opens nothing for our own id under a foreign user’s team (T03)', async () => {
    const view = {
      type: 'view_submission',
      team: { id: slack.teamId },
      user: { id: ALICE, team_id: 'T0FOREIGN' },
      view: { id: 'V1', callback_id: 'push_form', state: { values: {} }, private_metadata: '{}' },
    };
    const answer = await send({ payload: { payload: JSON.stringify(view) } });
    expect(answer.status).toBe(200);
    expect(district.submitted).toEqual([]);
  });

  it.each(['', '{', '[]', '{"type":5}'])(
    'outlives a payload that is none: %s (T29)',
    async (payload) => {
      expect((await send({ payload: { payload } })).status).toBeGreaterThanOrEqual(400);
      expect((await fetch(`http://127.0.0.1:${bot.port}/healthz`)).status).toBe(200);
      expect(district.submitted).toEqual([]);
    },
  );

  it('refuses a body above one megabyte (F11)', async () => {
    const { status } = await send({ payload: { text: 'x'.repeat(1_100_000) } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(calls()).toBe(0);
  });
});
