import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type OpenView, type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { homeTabs } from '../../src/db/queries/home-tabs.ts';
import { type RunView } from '../../src/domain/push-run.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { peopleAdmin } from '../../src/runs/people-admin.ts';
import { subscriptions } from '../../src/runs/subscriptions.ts';
import { ENGINE, type PushDistrict } from '../support/push-district.ts';
import { ALICE, CHANNEL, openPushScene, type PushScene } from '../support/push-scene.ts';
import { until } from '../support/until.ts';

const TERESA = 'U2';
const NORA = 'U3';
const TEAM = 'C2';
/** A channel that the bot is not in. */
const STAFF = 'C3';
const BOB = 'U4';

describe('The Home tab and who hears of pushes', () => {
  let scene: PushScene;
  let district: PushDistrict;
  let slack: SlackStandIn;

  beforeAll(async () => {
    scene = await openPushScene({
      people: [
        { id: TERESA, name: 'teresa', realName: 'Teresa', groups: ['Read-only'] },
        { id: NORA, name: 'nora', realName: 'Nora' },
        { id: BOB, name: 'bob', realName: 'Bob' },
      ],
      channels: [
        { id: TEAM, name: 'harrison' },
        { id: STAFF, name: 'staff' },
      ],
      bot: ({ db }) => ({
        people: peopleAdmin(db),
        subscriptions: subscriptions(db),
        homeTabs: homeTabs(db),
      }),
    });
    ({ district, slack } = scene);
    slack.remove(STAFF, slack.botUserId);
  });
  afterAll(() => scene.close());
  beforeEach(() => scene.closeModals());

  const home = (who: string): string => JSON.stringify(slack.homeView(who)?.view.blocks ?? null);
  const top = (who: string): OpenView | undefined => slack.viewStack(who).at(-1);
  const shown = (who: string): string => JSON.stringify(top(who)?.view.blocks ?? null);
  const published = (): number =>
    slack.calls().filter(({ method }) => method === 'views.publish').length;
  const openHome = async (who: string): Promise<void> => {
    const before = published();
    await slack.person(who).openHome();
    await until('the Home tab', () => published() > before);
  };

  it('follows over a restart of the bot, without a word about tabs that look the same', async () => {
    await openHome(TERESA);
    await openHome(ALICE);
    await scene.bot.refreshHomes();
    await scene.bot.stop();
    const at = new Date(Date.now() + 3_600_000);
    const runId = await district.submit({ schedule: { kind: 'batch', at }, channelId: null });
    await scene.startBot();
    const before = published();
    await scene.bot.refreshHomes();
    expect(home(ALICE)).toContain(`*#${runId}*`);
    expect(published()).toBe(before + 1);
    await district.run(`update slack_home_tab set opened_at = now() - interval '8 days'`);
    await scene.bot.stop();
    await scene.startBot();
    await district.submit({ schedule: { kind: 'batch', at }, channelId: null });
    await scene.bot.refreshHomes();
    expect(published()).toBe(before + 1);
    expect(await district.rows(`select * from slack_home_tab`)).toEqual([]);
  });

  it('shows one’s own pushes by state, the health of the worker and one’s rights', async () => {
    const waiting = await district.submit({
      schedule: { kind: 'batch', at: new Date(Date.now() + 3_600_000) },
    });
    await openHome(ALICE);
    expect(home(ALICE)).toContain('Your pushes that wait');
    expect(home(ALICE)).toContain(`*#${waiting}*`);
    expect(home(ALICE)).toContain('Batch processing is not running');
    expect(home(ALICE)).toContain('You may push, ask to overwrite and approve overwrites');
    expect(home(ALICE)).toContain('People and rights');
  });

  it('follows what changes while it is open', async () => {
    await openHome(ALICE);
    await sql`insert into worker_heartbeat (worker_id) values ('w')`.execute(district.db);
    await scene.bot.refreshHomes();
    await until('the change', () => home(ALICE).includes('Batch processing is running (1 worker)'));
    await scene.bot.refreshHomes();
    const before = published();
    await scene.bot.refreshHomes();
    expect(published()).toBe(before);
  });

  it('publishes a tab once for many changes between two rounds, and nothing when nothing changed', async () => {
    await openHome(ALICE);
    await scene.bot.refreshHomes();
    const before = published();
    const at = new Date(Date.now() + 3_600_000);
    const first = await district.submit({ schedule: { kind: 'batch', at } });
    const second = await district.submit({ schedule: { kind: 'batch', at } });
    await scene.bot.refreshHomes();
    expect(published()).toBe(before + 1);
    expect(home(ALICE)).toContain(`*#${first}*`);
    expect(home(ALICE)).toContain(`*#${second}*`);
    await scene.bot.refreshHomes();
    expect(published()).toBe(before + 1);
  });

  it('shows a push on several calendars as one row with the sum of its courses, as the queue and its thread say it', async () => {
    // Calendar 2 is ignored, calendar 3 has nothing left to do, so neither has a batch.
    await sql`update course set ignore_master_push = true where id = 11`.execute(district.db);
    await district.execute(await district.submit({ options: { calendarIds: [3] } }));
    const runId = await district.submit();
    let seen: { home: string; queue: string; thread: RunView } | undefined;
    await district.execute(runId, {
      applyNextBatch: async (...batch) => {
        const left = await ENGINE.applyNextBatch(...batch);
        if (seen !== undefined) return left;
        const thread = await district.view(runId);
        await openHome(ALICE);
        const onHome = home(ALICE);
        await slack.person(ALICE).click('home', 'home_queue');
        await until('the queue', () => shown(ALICE).includes(`queue_row~${runId}~3`));
        seen = { home: onHome, queue: shown(ALICE), thread };
        return left;
      },
    });
    await sql`update course set ignore_master_push = false where id = 11`.execute(district.db);
    const calendars = seen?.thread.calendars ?? [];
    const sum = (figure: 'coursesDone' | 'coursesTotal'): number =>
      calendars.reduce((total, calendar) => total + calendar[figure], 0);
    expect(calendars).toMatchObject([
      { calendarId: 1 },
      { calendarId: 2, coursesIgnored: 1, coursesDone: 0 },
      { calendarId: 3, coursesDone: 1 },
    ]);
    expect(seen?.home.split(`*#${runId}*`)).toHaveLength(2);
    expect(seen?.home).toContain('3 calendars');
    expect(seen?.home).toContain(
      `Processing (${sum('coursesDone')} of ${sum('coursesTotal')} courses)`,
    );
    for (const { coursesDone, coursesTotal } of calendars)
      expect(seen?.queue).toContain(
        `Processing (${coursesDone} of ${coursesTotal} course${coursesTotal === 1 ? '' : 's'})`,
      );
  });

  it('tells when a push ended, not when it was to start', async () => {
    const at = new Date(Date.now() + 7_200_000);
    const runId = await district.submit({ schedule: { kind: 'batch', at } });
    await cancelRun(district.db)({ person: district.admin, runId, from: 'test' });
    await openHome(ALICE);
    const row = home(ALICE).split(`*#${runId}*`)[1]?.split('Show')[0] ?? '';
    const told = Number(/<!date\^(\d+)/.exec(row)?.[1]);
    expect(row).toContain('Canceled');
    expect(told).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it('shows an approver without any other right what waits for them', async () => {
    await peopleAdmin(district.db).saveGroup({
      ...{ by: district.admin, from: 'cli', id: null, name: 'Approvers', slackSubteamId: null },
      tools: {
        'push_all_course_masters.approve': { read: true, write: true, add: false, delete: false },
      },
      ...{ allCalendars: 'modify', schools: [] },
    });
    await addPerson(district.db, {
      ...{ slackTeamId: slack.teamId, slackUserId: BOB, name: 'Bob', groups: ['Approvers'] },
    });
    await openHome(BOB);
    expect(home(BOB)).toContain('You may approve overwrites');
    expect(home(BOB)).toContain('No push waits for your approval.');
    expect(home(BOB)).not.toContain('New push');
  });

  it('opens the form, the queue and a push from its buttons', async () => {
    await openHome(ALICE);
    for (const [button, words] of [
      ['home_push', 'Course Catalog'],
      ['home_queue', 'Show top 50'],
      ['home_people', 'Add or change a person'],
      ['home_subscriptions', 'Every push on a'],
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
    expect(home(TERESA)).not.toMatch(/People and rights|New push/);
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

  it('refuses a channel that the bot is not in, with the words that invite it', async () => {
    await slack
      .person(TERESA)
      .slash('/push-course-masters', 'notify calendar 23-24 Second', CHANNEL);
    await until('the modal', () => shown(TERESA).includes('Every push on a'));
    await slack.person(TERESA).choose('subscription_where', STAFF);
    await slack.person(TERESA).submit();
    await until('the refusal', () => shown(TERESA).includes('/invite'));
    expect(await district.rows('select id from subscription')).toEqual([]);
  });

  it('adds, lists and removes in words', async () => {
    const says = async (words: string): Promise<string> => {
      const before = slack.ephemeral(TERESA).length;
      await slack.person(TERESA).slash('/push-course-masters', `notify ${words}`, TEAM);
      return until('the answer', () => slack.ephemeral(TERESA)[before]?.text);
    };
    expect(await says('add calendar “23-24 Second”')).toContain(
      'Every push on calendar 23-24 Second will be told here.',
    );
    expect(await says('list')).toContain(
      '1 subscription of yours or of this channel: calendar 23-24 Second.',
    );
    expect(await says('remove calendar Nowhere')).toContain('is subscribed to here.');
    expect(await says('remove calendar second')).toContain('are no longer told here.');
    expect(await says('list')).toContain('Nobody subscribed to anything here yet.');
    expect(await says('add school')).toContain('notify add school "Harrison High"');
  });

  it('broke no rule of Slack', () => {
    expect(slack.violations()).toEqual([]);
  });
});
