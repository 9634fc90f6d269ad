import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type OpenView, type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { noticeBox } from '../../src/db/queries/notices.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { peopleAdmin } from '../../src/runs/people-admin.ts';
import { queueServices } from '../../src/runs/queue-services.ts';
import { subscriptions } from '../../src/runs/subscriptions.ts';
import { type SlackApp } from '../../src/slack/app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict } from '../support/push-district.ts';
import { startBot, startWorkspace } from '../support/slack-bot.ts';
import { until } from '../support/until.ts';

const ALICE = 'U1';
const TERESA = 'U2';
const NORA = 'U3';
const CHANNEL = 'C1';
const TEAM = 'C2';

describe('The Home tab and who hears of pushes', () => {
  let database: TestDatabase;
  let district: PushDistrict;
  let slack: SlackStandIn;
  let app: SlackApp;

  beforeAll(async () => {
    database = await createTestDatabase();
    slack = await startWorkspace('http', {
      people: [
        { id: ALICE, name: 'alice', realName: 'Alice' },
        { id: TERESA, name: 'teresa', realName: 'Teresa' },
        { id: NORA, name: 'nora', realName: 'Nora' },
      ],
      channels: [
        { id: CHANNEL, name: 'pushes' },
        { id: TEAM, name: 'harrison' },
      ],
    });
    district = await buildPushDistrict(database.db, slack.teamId);
    await addPerson(district.db, {
      slackTeamId: slack.teamId,
      slackUserId: TERESA,
      name: 'Teresa',
      groups: ['Read-only'],
    });
    app = await startBot(slack, 'http', {
      services: district.services,
      queue: queueServices(district.db, district.services),
      people: peopleAdmin(district.db),
      subscriptions: subscriptions(district.db),
      notices: noticeBox(district.db),
    });
  });
  afterAll(async () => {
    await app.stop();
    await slack.close();
    await database.drop();
  });
  beforeEach(async () => {
    for (const who of [ALICE, TERESA])
      await slack
        .person(who)
        .closeAll()
        .catch(() => undefined);
  });

  const home = (who: string): string => JSON.stringify(slack.homeView(who)?.view.blocks ?? null);
  const top = (who: string): OpenView | undefined => slack.viewStack(who).at(-1);
  const shown = (who: string): string => JSON.stringify(top(who)?.view.blocks ?? null);
  const openHome = async (who: string): Promise<void> => {
    await slack.person(who).openHome();
    await until('the Home tab', () => slack.homeView(who));
  };

  it('shows one’s own pushes by state, the health of the worker and one’s rights', async () => {
    const waiting = await district.submit({
      schedule: { kind: 'batch', at: new Date(Date.now() + 3_600_000) },
    });
    await openHome(ALICE);
    expect(home(ALICE)).toContain('Your pushes that wait');
    expect(home(ALICE)).toContain(`*#${waiting}*`);
    expect(home(ALICE)).toContain('Batch processing is not running');
    expect(home(ALICE)).toContain('You may push, ask to overwrite, approve overwrites');
    expect(home(ALICE)).toContain('People and rights');
  });

  it('follows what changes while it is open', async () => {
    await openHome(ALICE);
    await sql`insert into worker_heartbeat (worker_id) values ('w')`.execute(district.db);
    await app.refreshHomes();
    await until('the change', () => home(ALICE).includes('Batch processing runs (1 worker)'));
    const published = (): number =>
      slack.calls().filter(({ method }) => method === 'views.publish').length;
    await app.refreshHomes();
    const before = published();
    await app.refreshHomes();
    expect(published()).toBe(before);
  });

  it('opens the form, the queue and a push from its buttons', async () => {
    await openHome(ALICE);
    for (const [button, words] of [
      ['home_push', 'Course Catalog'],
      ['home_queue', 'Show top 50'],
      ['home_people', 'Add or change a person'],
    ] as const) {
      await slack.person(ALICE).click('home', button);
      await until(words, () => shown(ALICE).includes(words));
      await slack.person(ALICE).closeAll();
    }
    expect(slack.viewStack(ALICE)).toEqual([]);
  });

  it('leaves out what one may not do, and tells a stranger how to ask', async () => {
    await openHome(TERESA);
    expect(home(TERESA)).toContain('You may look at pushes');
    expect(home(TERESA)).not.toContain('People and rights');
    await openHome(NORA);
    expect(home(NORA)).toContain('Ask a district administrator to link your Slack account');
    expect(home(NORA)).not.toContain('New push');
  });

  it('lets a team hear of the pushes on its own calendar, and of nothing else of them', async () => {
    await slack
      .person(TERESA)
      .slash('/push-course-masters', 'notify calendar 23-24 Second', CHANNEL);
    await until(
      'the modal',
      () => shown(TERESA).includes('Who hears') || shown(TERESA).includes('Every push on a'),
    );
    await slack.person(TERESA).choose('subscription_where', TEAM);
    expect(await slack.person(TERESA).submit()).toMatchObject({ ok: true });
    await until('the answer', () => shown(TERESA).includes('will be told'));

    const runId = await district.submit();
    await district.execute(runId);
    const told = await until('the message', () => slack.messages(TEAM)[0], 20_000);
    expect(told.text).toContain(`push ${runId}`);
    expect(JSON.stringify(told)).toContain('23-24 Second');
    expect(JSON.stringify(told)).not.toContain('23-24 Third');
    expect(slack.messages(TEAM)).toHaveLength(1);
  });

  it('forgets a subscription that is removed', async () => {
    await slack.person(TERESA).slash('/push-course-masters', 'notify', TEAM);
    await until('the modal', () => shown(TERESA).includes('Remove'));
    const [row] = await district.rows<{ id: number }>('select id from subscription');
    await slack.person(TERESA).click('modal', `subscription_remove~${row?.id ?? 0}`);
    await until('the answer', () => shown(TERESA).includes('Removed.'));
    expect(await district.rows('select id from subscription')).toEqual([]);
  });

  it('broke no rule of Slack', () => {
    expect(slack.violations()).toEqual([]);
  });
});
