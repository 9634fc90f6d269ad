import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { z } from 'zod';
import { installationBox } from '../../src/db/queries/installations.ts';
import { noticeBox } from '../../src/db/queries/notices.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { createSlackApp, type SlackApp } from '../../src/slack/app.ts';
import { OPTIONAL_SCOPES } from '../../src/slack/manifest/scopes.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  memoryHomeTabs,
  memoryPeople,
  memoryQueue,
  memoryReports,
  memorySubscriptions,
} from '../support/memory-services.ts';
import { buildPushDistrict, type PushDistrict } from '../support/push-district.ts';
import { signatureHeaders } from '../../playground/slack-standin/transport/signed-http.ts';
import { startTown, type Town, type TownWorkspace } from '../support/several-workspaces.ts';
import { startWorkspace } from '../support/slack-bot.ts';
import { until } from '../support/until.ts';

const [OFFICE, HIGH] = ['T000000001', 'T000000002'];
const ALICE = 'U1';
const BOB = 'U0BOB';
const KEY = randomBytes(32);

let database: TestDatabase;
let district: PushDistrict;
let office: TownWorkspace;
let high: TownWorkspace;
let town: Town;
let bot: SlackApp & { readonly port: number };
const log: string[] = [];

const logLine = z.object({
  msg: z.string(),
  team: z.string().optional(),
  scope: z.string().optional(),
});

/** Which scopes the log says a workspace did not grant, since it was last asked. */
function missingScopes(): readonly { readonly team: string; readonly scope: string }[] {
  const lines = log.splice(0).map((line) => logLine.parse(JSON.parse(line)));
  return lines
    .filter(({ msg }) => msg === 'an optional scope was not granted')
    .map(({ team = '', scope = '' }) => ({ team, scope }));
}

const withoutOptional = (...teams: readonly string[]): ReturnType<typeof missingScopes> =>
  teams.flatMap((team) => OPTIONAL_SCOPES.map((scope) => ({ team, scope })));

async function startTownsBot(keys: readonly [Buffer, ...Buffer[]]): Promise<typeof bot> {
  const app = createSlackApp({
    credentials: {
      kind: 'several_workspaces',
      clientId: '1.2',
      clientSecret: 'secret',
      stateSecret: 's'.repeat(32),
      installationKeys: keys,
      teamIds: [OFFICE, HIGH],
      installations: installationBox(district.db),
      authorizationUrl: town.authorizationUrl,
    },
    signingSecret: office.slack.signingSecret,
    apiUrl: town.apiUrl,
    port: 0,
    services: district.services,
    queue: memoryQueue(),
    people: memoryPeople(),
    subscriptions: memorySubscriptions(),
    reports: memoryReports(),
    homeTabs: memoryHomeTabs(),
    notices: noticeBox(district.db),
    logger: pino({ level: 'warn' }, { write: (line: string) => log.push(line) }),
  });
  const { port } = await app.start();
  town.connect(office, port);
  town.connect(high, port);
  return { ...app, port };
}

beforeAll(async () => {
  database = await createTestDatabase();
  const slackOf = async (id: string, channel: string): Promise<TownWorkspace['slack']> =>
    startWorkspace('http', {
      people: [{ id, name: id.toLowerCase(), realName: id }],
      channels: [{ id: channel, name: 'pushes' }],
    });
  office = { slack: await slackOf(BOB, 'C0OFFICE'), teamId: OFFICE, token: 'xoxb-office' };
  high = { slack: await slackOf(ALICE, 'C0HIGH'), teamId: HIGH, token: 'xoxb-high' };
  town = await startTown([office, high]);
  district = await buildPushDistrict(database.db, HIGH);
  await addPerson(district.db, {
    slackTeamId: OFFICE,
    slackUserId: BOB,
    name: 'Bob Baker',
    groups: ['District SIS Admin'],
  });
  await district.run('update school_year set is_active = false');
  await district.run(`update app_user set slack_state = 'member', slack_checked_at = now()`);
  bot = await startTownsBot([KEY]);
});
afterAll(async () => {
  await bot.stop();
  await town.close();
  await office.slack.close();
  await high.slack.close();
  await database.drop();
});

const installed = (): Promise<{ team_id: string; sealed: Buffer }[]> =>
  district.rows('select team_id, sealed from slack_installation order by team_id');

describe('Given a bot that workspaces install by themselves', () => {
  it('refuses an installation from another browser, of another workspace and of an organisation', async () => {
    const forged = { teamId: OFFICE, token: office.token, otherBrowser: true };
    expect(await town.install(bot.port, forged)).toMatchObject({ status: 400 });
    const foreign = await town.install(bot.port, { teamId: 'T9', token: 'xoxb-foreign' });
    expect(foreign.status).toBe(403);
    expect(foreign.text).toContain('It does not serve the workspace Workspace T9');
    const whole = { teamId: OFFICE, token: 'xoxb-whole', wholeOrganisation: true };
    expect(await town.install(bot.port, whole)).toMatchObject({ status: 403 });
    expect(town.revoked).toEqual(['xoxb-foreign', 'xoxb-whole']);
    expect(await installed()).toEqual([]);
  });

  it('answers nobody of a workspace that has not installed it', async () => {
    await high.slack.person(ALICE).slash('/push-course-masters', '', 'C0HIGH');
    expect(high.slack.viewStack(ALICE)).toEqual([]);
    expect(high.slack.calls()).toEqual([]);
  });

  it('keeps two workspaces’ tokens sealed, logs what each did not grant, and opens its form in both', async () => {
    for (const { teamId, token } of [office, high]) {
      const page = await town.install(bot.port, { teamId, token });
      expect(page.status).toBe(200);
      expect(page.text).toContain('Push Course Masters is installed');
    }
    expect(missingScopes()).toEqual(withoutOptional(OFFICE, HIGH));
    const rows = await installed();
    expect(rows.map((row) => row.team_id)).toEqual([OFFICE, HIGH]);
    for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toContain('xoxb-');
    await high.slack.person(ALICE).slash('/push-course-masters', '', 'C0HIGH');
    await until('the form', () => high.slack.viewStack(ALICE).length > 0);
    await office.slack.person(BOB).slash('/push-course-masters', '', 'C0OFFICE');
    await until('the form', () => office.slack.viewStack(BOB).length > 0);
  });

  it('asks an approver of the one workspace about an overwrite of the other', async () => {
    const runId = await district.submit({
      confirmed: false,
      comment: 'We start over for the new year',
      channelId: 'C0HIGH',
      options: { mode: 'overwrite', calendarIds: [1] },
    });
    await district.execute(runId);
    const { plan } = await district.view(runId);
    const asked = { person: district.admin, runId, planHash: plan?.hash ?? '' };
    await district.services.approvals.confirm({ ...asked, now: false, from: 'test' });
    await until('the thread', () => high.slack.messages('C0HIGH').length > 0);
    const request = await until('the request for approval', () =>
      office.slack
        .calls()
        .find(
          ({ method, args }) =>
            method === 'chat.postMessage' && JSON.stringify(args).includes('approval_approve'),
        ),
    );
    expect(request.response).toMatchObject({ ok: true });
    expect(office.slack.messages('C0OFFICE')).toEqual([]);
    expect(JSON.stringify(high.slack.calls())).not.toContain('approval_approve');
  });

  it('starts with a new key, seals with it, needs the old one no longer, and logs missing scopes again', async () => {
    const before = await installed();
    await bot.stop();
    const newKey = randomBytes(32);
    missingScopes();
    bot = await startTownsBot([newKey, KEY]);
    expect(missingScopes()).toEqual(withoutOptional(OFFICE, HIGH));
    const after = await installed();
    expect(after.map((row) => row.sealed)).not.toEqual(before.map((row) => row.sealed));
    await bot.stop();
    bot = await startTownsBot([newKey]);
    await office.slack.person(BOB).close();
    await office.slack.person(BOB).slash('/push-course-masters', '', 'C0OFFICE');
    await until('the form', () => office.slack.viewStack(BOB).length > 0);
  });

  it('forgets a workspace that removes it, and serves the other on', async () => {
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: HIGH,
      api_app_id: 'A1',
      event_id: 'Ev1',
      event_time: 1,
      event: { type: 'app_uninstalled' },
    });
    const answer = await fetch(`http://127.0.0.1:${bot.port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signatureHeaders(office.slack.signingSecret, body),
      },
      body,
    });
    expect(answer.status).toBe(200);
    let left: string[] = [];
    await until('the workspace to be forgotten', () => {
      void installed().then((rows) => {
        left = rows.map((row) => row.team_id);
      });
      return left.length === 1;
    });
    expect(left).toEqual([OFFICE]);
    await office.slack.person(BOB).close();
    await office.slack.person(BOB).slash('/push-course-masters', '', 'C0OFFICE');
    await until('the form', () => office.slack.viewStack(BOB).length > 0);
  });
});
