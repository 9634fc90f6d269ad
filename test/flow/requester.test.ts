import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type StoredMessage } from '../../playground/slack-standin/contract.ts';
import { findPersonById } from '../../src/db/queries/people.ts';
import {
  ALICE,
  type ApprovalScene,
  APPROVERS,
  BOB,
  CAROL,
  CHANNEL,
  openApprovalScene,
  REASON,
  WENDY,
} from '../support/approval-scene.ts';
import { type RequestChange } from '../support/push-district.ts';
import { clickWhenThere, messageWith } from '../support/slack-push.ts';
import { until } from '../support/until.ts';

const LATER: RequestChange = {
  schedule: { kind: 'batch', at: new Date(Date.now() + 3_600_000) },
  options: { calendarIds: [1] },
};
let scene: ApprovalScene;

beforeAll(async () => {
  scene = await openApprovalScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.closeModals());

const told = (userId: string, words: string | RegExp): Promise<boolean> =>
  until(`“${words.toString()}” to ${userId}`, () =>
    scene.slack.ephemeral(userId).some(({ text }) => new RegExp(words).test(text)),
  );
const button = (action: string, runId: number, channel = CHANNEL): StoredMessage | undefined =>
  messageWith(scene.at(ALICE, channel), { action, runId });
const gone = (action: string, runId: number, channel = CHANNEL): Promise<boolean> =>
  until(`no ${action}`, () => button(action, runId, channel) === undefined);

const inThread = (words: string): Promise<StoredMessage> =>
  until(`“${words}” in the thread`, () =>
    scene.slack.messages(CHANNEL).findLast(({ text }) => text.includes(words)),
  );

describe('Given the plan of an overwrite, when its requester looks at it', () => {
  it('shows in the thread and in a modal what it would do, and asks for approval with a reason', async () => {
    const runId = await scene.planned();
    const preview = await clickWhenThere(scene.at(ALICE), { action: 'plan_ask', runId });
    expect(preview.text).toContain(`<@${ALICE}> The plan is ready: push ${runId}`);
    expect(preview.text).toContain('Ask for approval, change it and plan again, or withdraw it.');
    const shown = await scene.modal('The plan');
    expect(shown).toContain(REASON);
    expect(shown).toContain('"text":"Ask for approval"');
    expect(await scene.slack.person(ALICE).submit()).toMatchObject({ ok: true });
    const asked = await until('the request', () => button('approval_approve', runId, APPROVERS));
    expect(asked.text).toContain('Alice asks for an overwrite of High School Catalog');
    expect(asked.text).toContain(`Reason: “${REASON}”`);
    expect(JSON.stringify(asked.blocks)).toContain((await scene.hashOf(runId)).slice(0, 12));
    await scene.settled();
    const direct = await scene.district.rows<{ to: string | null; channel_id: string }>(
      `select payload -> 'about' ->> 'slackUserId' as to, channel_id from slack_outbox
       where run_id = ${runId} and kind = 'approval' and state = 'sent' order by 1`,
    );
    expect(direct.map(({ to }) => to)).toEqual([BOB, CAROL, null]);
    expect(await scene.stateOf(runId)).toBe('awaiting_approval');
  });

  it('withdraws it at once, and only its requester can', async () => {
    const runId = await scene.planned();
    await clickWhenThere(scene.at(BOB), { action: 'plan_withdraw', runId });
    await told(BOB, `Only Alice, who asked for push #${runId}, can do that.`);
    await clickWhenThere(scene.at(ALICE), { action: 'plan_withdraw', runId });
    await inThread(`Withdrawn: push ${runId}`);
    expect(await scene.stateOf(runId)).toBe('canceled');
    await gone('plan_ask', runId);
  });

  it('does nothing twice when the button is used twice, and says so', async () => {
    const runId = await scene.planned({ options: { mode: 'push_locked' } });
    const message = await until('the plan', () => button('plan_push', runId));
    const place = { channel: CHANNEL, ts: message.ts };
    await Promise.all([
      scene.slack.person(ALICE).click(place, 'plan_push'),
      scene.slack.person(ALICE).click(place, 'plan_push'),
    ]);
    await told(ALICE, `Push #${runId} no longer waits for your word.`);
    expect(
      await scene.district.rows(
        `select action from audit_event where run_id = ${runId} and action = 'plan.confirmed'`,
      ),
    ).toHaveLength(1);
  });

  it('says that nobody else could approve it (domain.md section 6)', async () => {
    const runId = await scene.planned();
    await scene.district.run(`update app_user set active = false where display_name in
      ('Bob Baker', 'Carol Cole')`);
    try {
      await clickWhenThere(scene.at(ALICE), { action: 'plan_ask', runId });
      const shown = await scene.modal('The plan');
      expect(shown).toContain('Nobody else may approve it');
      await scene.slack.person(ALICE).submit();
      await scene.modal('It needs one person beside you');
      expect(await scene.stateOf(runId)).toBe('planned');
    } finally {
      await scene.district.run('update app_user set active = true');
    }
  });
});

describe('Given a plan that its requester changes', () => {
  it('plans again without what was unticked: kinds of data, courses; the old plan says so', async () => {
    const runId = await scene.planned({ options: { mode: 'push_locked' } });
    const before = await scene.district.view(runId);
    await clickWhenThere(scene.at(ALICE), { action: 'plan_change', runId });
    await scene.modal('Change and plan again');
    const alice = scene.slack.person(ALICE);
    await alice.choose('change_types', ['course_info']);
    const found = await alice.suggest('change_courses', 'biology');
    expect(found.options).toMatchObject([{ text: '2010 Biology', value: '2' }]);
    await alice.choose('change_courses', ['2']);
    expect(await alice.submit()).toMatchObject({ ok: true });
    expect(await scene.stateOf(runId)).toBe('planning');
    await scene.district.execute(runId);
    const after = await scene.district.view(runId);
    expect(after).toMatchObject({
      state: 'planned',
      dataTypes: ['course_info'],
      leftOutCourses: 1,
    });
    expect(after.courses?.total).toBe(1);
    expect(after.plan?.writes).toBeLessThan(before.plan?.writes ?? 0);
    await inThread(`This plan of push ${runId} was replaced`);
    await clickWhenThere(scene.at(ALICE), { action: 'plan_push', runId });
    await inThread(`The plan is confirmed: push ${runId},`);
    expect(await scene.stateOf(runId)).toBe('queued');
  });

  it('given a course left out, then it is listed, and unticked it takes part again', async () => {
    const runId = await scene.planned({ options: { mode: 'push_locked' } });
    await scene.district.run(`update push_run set left_out_courses = '{2}' where id = ${runId}`);
    await clickWhenThere(scene.at(ALICE), { action: 'plan_change', runId });
    expect(await scene.modal('Change and plan again')).toContain('2010 Biology');
    const alice = scene.slack.person(ALICE);
    await alice.choose('change_courses', []);
    expect(await alice.submit()).toMatchObject({ ok: true });
    expect((await scene.district.view(runId)).leftOutCourses).toBe(0);
  });

  it('given more courses left out than a list holds, then any of them is searched for and taken back', async () => {
    const runId = await scene.planned({ options: { mode: 'push_locked' } });
    await scene.district.run(
      `update push_run set left_out_courses = '{2}' || array(select generate_series(1000, 1150))
        where id = ${runId}`,
    );
    await clickWhenThere(scene.at(ALICE), { action: 'plan_change', runId });
    expect(await scene.modal('Courses to take back')).toContain('152 courses are left out');
    const alice = scene.slack.person(ALICE);
    expect((await alice.suggest('change_courses_back', 'algebra')).options).toEqual([]);
    const found = await alice.suggest('change_courses_back', 'biology');
    expect(found.options).toMatchObject([{ text: '2010 Biology', value: '2' }]);
    await alice.choose('change_courses_back', ['2']);
    expect(await alice.submit()).toMatchObject({ ok: true });
    expect((await scene.district.view(runId)).leftOutCourses).toBe(151);
  });

  it('given more calendars left out than a list holds, then any of them is searched for and taken back', async () => {
    const runId = await scene.planned({ options: { mode: 'push_locked' } });
    await scene.district.run(
      `insert into calendar (id, source_id, school_id, school_year_id, name)
        select n, 'more/' || n, 1, 1, 'Annex ' || n from generate_series(1001, 1202) n`,
    );
    await scene.district.run(
      `insert into push_job (run_id, calendar_id) select ${runId}, generate_series(1001, 1100)`,
    );
    await clickWhenThere(scene.at(ALICE), { action: 'plan_change', runId });
    expect(await scene.modal('Calendars to take back')).toContain('105 calendars are left out');
    const alice = scene.slack.person(ALICE);
    expect((await alice.suggest('change_calendars_back', 'annex 1100')).options).toEqual([]);
    const found = await alice.suggest('change_calendars_back', 'annex 1202');
    expect(found.options).toMatchObject([{ text: 'Annex 1202', value: '1202' }]);
    await alice.choose('change_calendars_back', ['1202']);
    expect(await alice.submit()).toMatchObject({ ok: true });
    const { calendars } = await scene.district.view(runId);
    expect(calendars.map(({ name }) => name)).toContain('Annex 1202');
    expect(calendars).toHaveLength(102);
    await scene.district.run(`delete from push_job where calendar_id > 1000`);
    await scene.district.run(`delete from calendar where id > 1000`);
  });

  it('refuses a change that leaves nothing to push', async () => {
    const runId = await scene.planned();
    await clickWhenThere(scene.at(ALICE), { action: 'plan_change', runId });
    await scene.modal('Change and plan again');
    const alice = scene.slack.person(ALICE);
    await alice.choose('change_types', []);
    const refused = await alice.submit();
    expect(refused.fieldErrors ?? refused.error).toBeDefined();
    expect(await scene.stateOf(runId)).toBe('planned');
    await alice.closeAll();
  });
});

describe('Given an overwrite that waits for approval', () => {
  it('its requester still changes it: it is planned again, and the old request is over', async () => {
    const runId = await scene.asked();
    await clickWhenThere(scene.at(ALICE), { action: 'plan_change', runId });
    await scene.modal('Change and plan again');
    await scene.slack.person(ALICE).choose('change_types', ['categories']);
    expect(await scene.slack.person(ALICE).submit()).toMatchObject({ ok: true });
    expect(await scene.stateOf(runId)).toBe('planning');
    await gone('approval_approve', runId, APPROVERS);
  });

  it('its requester withdraws it from the plan in a modal; every button goes', async () => {
    const runId = await scene.asked();
    await until('the request', () => button('approval_approve', runId, APPROVERS));
    await clickWhenThere(scene.at(ALICE), { action: 'plan_show', runId });
    await scene.modal('plan_withdraw');
    await scene.slack.person(ALICE).click('modal', 'plan_withdraw');
    await scene.modal(`Push #${runId} is canceled.`);
    await scene.slack.person(ALICE).closeAll();
    expect(await scene.stateOf(runId)).toBe('canceled');
    await gone('plan_withdraw', runId);
    await gone('approval_approve', runId, APPROVERS);
  });

  it('two clicks at once withdraw it once; the later one is told who did it, and when', async () => {
    const runId = await scene.asked();
    const message = await until('the plan', () => button('plan_withdraw', runId));
    const place = { channel: CHANNEL, ts: message.ts };
    await Promise.all([1, 2].map(() => scene.slack.person(ALICE).click(place, 'plan_withdraw')));
    await told(ALICE, `Push #${runId} has already ended: canceled by Alice. That was on`);
    expect(
      await scene.district.rows(
        `select action from audit_event where run_id = ${runId} and action = 'run.withdrawn'`,
      ),
    ).toHaveLength(1);
  });
});

describe('Given a push in the queue, when Cancel is used under its first message', () => {
  it('its requester cancels it without any right on the queue; the button goes', async () => {
    await scene.district.run(`delete from tool_right where tool = 'batch_queue'`);
    const wendy = await scene.district.rows<{ id: number }>(
      `select id from app_user where slack_user_id = '${WENDY}'`,
    );
    const person = await findPersonById(scene.district.db, wendy[0]?.id ?? 0);
    const runId = await scene.district.submit({ ...LATER, ...(person ? { person } : {}) });
    await clickWhenThere(scene.at(WENDY), { action: 'plan_cancel', runId });
    await told(WENDY, `Push #${runId} is canceled.`);
    expect(await scene.stateOf(runId)).toBe('canceled');
    await gone('plan_cancel', runId);
  });

  it('another person needs the right Write on Batch Queue Admin', async () => {
    const runId = await scene.district.submit(LATER);
    await clickWhenThere(scene.at(WENDY), { action: 'plan_cancel', runId });
    await told(WENDY, 'needs Write on Batch Queue Admin');
    expect(await scene.stateOf(runId)).not.toBe('canceled');
    await clickWhenThere(scene.at(BOB), { action: 'plan_cancel', runId });
    await told(BOB, `Push #${runId} is canceled.`);
  });
});

describe('Given overwrites that wait for approval, when an approver asks for them', () => {
  it('lists those, opens the plan and the decision, and the requester’s own are not among them', async () => {
    const runId = await scene.asked();
    const carol = scene.slack.person(CAROL);
    await carol.slash('/push-course-masters', 'Approvals', CHANNEL);
    await scene.modal(`#${runId} High School Catalog`, CAROL);
    await carol.click('modal', `plan_show~${runId}`);
    await scene.modal('"The plan"', CAROL);
    await carol.close();
    await carol.click('modal', `approval_approve~${runId}`);
    await scene.modal('"submit"', CAROL);
    expect(await carol.submit()).toMatchObject({ ok: true });
    await until('the approval', () => button('approval_approve', runId, APPROVERS) === undefined);
    expect(await scene.stateOf(runId)).toBe('queued');
    await scene.slack.person(ALICE).slash('/push-course-masters', 'approvals', CHANNEL);
    await scene.modal('Nothing waits for your approval.');
  });

  it('broke no rule of Slack', () => {
    expect(scene.slack.violations()).toEqual([]);
  });
});
