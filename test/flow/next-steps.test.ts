import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type SlackStandIn, type StoredMessage } from '../../playground/slack-standin/contract.ts';
import { WebClient } from '@slack/web-api';
import { setupReports } from '../../src/runs/setup-reports.ts';
import { sentenceView } from '../../src/slack/form/view.ts';
import { showView } from '../../src/slack/show-view.ts';
import { type PushDistrict } from '../support/push-district.ts';
import { ALICE, CHANNEL, openPushScene, type PushScene } from '../support/push-scene.ts';
import { silent } from '../support/small-slack-app.ts';
import { messageWith } from '../support/slack-push.ts';
import { until } from '../support/until.ts';

const RITA = 'U2';
const COURSE = `(select id from setup_scope where course_id = 1)`;

let scene: PushScene;
let district: PushDistrict;
let slack: SlackStandIn;

beforeAll(async () => {
  scene = await openPushScene({
    people: [{ id: RITA, name: 'rita', realName: 'Rita Reader', groups: ['Read-only'] }],
    bot: ({ db }) => ({ reports: setupReports(db) }),
  });
  ({ district, slack } = scene);
});
afterAll(() => scene.close());
beforeEach(() => scene.closeModals());

const resultOf = (runId: number): Promise<StoredMessage> =>
  until(`the result of ${runId}`, () =>
    slack
      .messages(CHANNEL)
      .findLast(
        ({ text, blocks }) =>
          text.includes(`push ${runId},`) && JSON.stringify(blocks).includes('next_repeat'),
      ),
  );
const click = (who: string, message: StoredMessage, action: string): Promise<unknown> =>
  slack.person(who).click({ channel: CHANNEL, ts: message.ts }, action);
const told = (who: string, words: string): Promise<boolean> =>
  until(`“${words}” to ${who}`, () =>
    slack.ephemeral(who).some(({ text }) => text.includes(words)),
  );
const filesSentTo = (who: string): string[] =>
  slack
    .channels()
    .filter(({ kind, members }) => kind === 'direct' && members.includes(who))
    .flatMap(({ id }) => slack.messages(id))
    .flatMap(({ files }) => files.map(({ name }) => name));
const pushed = async (change = {}): Promise<number> => {
  const runId = await district.submit({ options: { calendarIds: [1], ...change } });
  await district.execute(runId);
  return runId;
};
const runsLike = (key: string): Promise<{ id: number }[]> =>
  district.rows(`select * from push_run where idempotency_key like '${key}'`);

describe('Given a push that went through', () => {
  it('its result offers to push again, and neither report nor repair', async () => {
    const result = await resultOf(await pushed());
    expect(JSON.stringify(result.blocks)).not.toMatch(/next_residual|next_repair/);
  });

  it('two clicks on “Push again” push once, with what was left out and the kind of run (B04, B08)', async () => {
    const runId = await pushed();
    await district.run(`update push_run set left_out_courses = '{2}' where id = ${runId}`);
    const result = await resultOf(runId);
    await Promise.all([click(ALICE, result, 'next_repeat'), click(ALICE, result, 'next_repeat')]);
    await told(ALICE, `Push #${runId} is pushed again as push #`);
    expect(await runsLike(`repeat:${runId}:%`)).toMatchObject([
      { kind: 'push', left_out_courses: ['2'], course_ids: null },
    ]);
  });

  it('who may not push is refused at the click', async () => {
    const runId = await pushed();
    await click(RITA, await resultOf(runId), 'next_repeat');
    await told(RITA, `There is no push #${runId} in your queue.`);
    expect(await runsLike(`repeat:${runId}:%`)).toEqual([]);
  });
});

describe('Given a desynced course, when “Plan a repair” is used', () => {
  it('a relink of just that course and kind of data is planned and shown, once; carried out, the course is linked (S12, A06)', async () => {
    await pushed();
    await district.run(
      `update task_alignment set credit = 9 where scope_id = ${COURSE} and gradable_id = 'quarter'`,
    );
    const runId = await pushed();
    const result = await resultOf(runId);
    await Promise.all([click(ALICE, result, 'next_repair'), click(ALICE, result, 'next_repair')]);
    await told(ALICE, `repairs what was desynced in push #${runId}`);
    const [repair, ...others] = await runsLike(`repair:${runId}:%`);
    expect(others).toEqual([]);
    expect(repair).toMatchObject({
      ...{ kind: 'relink', mode: 'overwrite', course_ids: ['1'] },
      data_types: '{grading_tasks_standards}',
    });
    const repairId = repair?.id ?? 0;
    await district.execute(repairId);
    expect((await district.view(repairId)).state).toBe('planned');
    const plan = await until('its plan', () =>
      messageWith({ slack, channel: CHANNEL }, { action: 'plan_ask', runId: repairId }),
    );
    expect(plan.text).toContain('The plan is ready');
    expect(JSON.stringify(plan.blocks)).toContain('Relink the chosen courses');
  });

  it('who has no right Write on Course Status is refused at the click', async () => {
    await district.run(
      `update task_alignment set credit = 8 where scope_id = ${COURSE} and gradable_id = 'final'`,
    );
    const runId = await pushed();
    await district.run(`delete from tool_right where tool = 'course_status'`);
    await click(ALICE, await resultOf(runId), 'next_repair');
    await told(ALICE, 'Write on Course Status');
    expect(await runsLike(`repair:${runId}:%`)).toEqual([]);
  });
});

describe('Given setup that student work kept, when its report is asked for', () => {
  beforeAll(async () => {
    await district.run(`
      insert into task_alignment (scope_id, scope_kind, gradable_id)
        values ((select id from setup_scope where course_id = 2), 'course', 'lab');
      insert into assignment (id, source_id, section_id, name, due_on)
        values (900, 'lab-1', 3, 'Lab 1', '2023-09-01');
      insert into assignment_gradable values (900, 'lab')`);
  });

  it('the button under the result sends it to whoever clicks, as CSV and XLSX (A08)', async () => {
    const runId = await district.submit({
      comment: 'We start over for this year',
      options: { mode: 'overwrite', calendarIds: [1] },
    });
    await district.run(`update school_year set is_active = false`);
    await district.execute(runId);
    await district.run(`update push_run set state = 'running', epoch = epoch + 1,
      approved_plan_hash = (select hash from push_plan where id = plan_id), started_at = now()
      where id = ${runId}`);
    await district.run(
      `update push_run set state = 'completed_with_exceptions', finished_at = now() where id = ${runId}`,
    );
    await district.run(`insert into slack_outbox (key, run_id, kind, payload)
      values ('${runId}:finished', ${runId}, 'finished', '{"asked": 1, "taken": 0, "about": {}}')`);
    await click(RITA, await resultOf(runId), 'next_residual');
    await told(RITA, 'Residual Data Report of High School Catalog, 23-24: 1 row.');
    expect(filesSentTo(RITA)).toEqual([
      'residual-high-school-catalog-23-24.csv',
      'residual-high-school-catalog-23-24.xlsx',
    ]);
  });

  it('the command asks what it is about, and sends it (R09)', async () => {
    const alice = slack.person(ALICE);
    await alice.slash('/push-course-masters', 'report Residual', CHANNEL);
    await scene.modal('Residual Data Report');
    await alice.choose('report_year', '1');
    await scene.modal('report_calendars~1');
    const found = await alice.suggest('report_calendars', 'harrison');
    await alice.choose('report_calendars', [found.options[0]?.value ?? '']);
    expect(await alice.submit()).toMatchObject({ ok: true });
    await scene.modal('1 row. The files are in a direct message');
    expect(filesSentTo(ALICE)).toHaveLength(2);
    await alice.closeAll();
    await alice.slash('/push-course-masters', 'report gossip', CHANNEL);
    await told(
      ALICE,
      "I don't know `gossip`. Say which report: `report residual`, `report awaiting-push`, `report course-awaiting-push` or `report audit`.",
    );
  });

  it('broke no rule of Slack', () => {
    expect(slack.violations()).toEqual([]);
  });

  it('the answer to a modal that was closed meanwhile is let go, any other fault is not', async () => {
    await slack.person(ALICE).slash('/push-course-masters', 'report audit', CHANNEL);
    await scene.modal('Course Audit Report');
    const id = slack.viewStack(ALICE).at(-1)?.id ?? '';
    await slack.person(ALICE).closeAll();
    const show = (token: string): Promise<void> => {
      const client = new WebClient(token, { slackApiUrl: slack.apiUrl, logger: silent() });
      return showView(client, { id }, sentenceView('2 rows.'));
    };
    await expect(show(slack.botToken)).resolves.toBeUndefined();
    await expect(show('xoxb-revoked')).rejects.toThrow('invalid_auth');
  });
});
