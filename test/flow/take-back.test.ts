import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

const told = (userId: string, words: string | RegExp): Promise<boolean> =>
  until(`“${words.toString()}” to ${userId}`, () =>
    scene.slack.ephemeral(userId).some(({ text }) => new RegExp(words).test(text)),
  );
const button = (action: string, runId: number, channel = CHANNEL): StoredMessage | undefined =>
  messageWith(scene.at(ALICE, channel), { action, runId });
const gone = (action: string, runId: number, channel = CHANNEL): Promise<boolean> =>
  until(`no ${action}`, () => button(action, runId, channel) === undefined);

describe('Given an overwrite that waits for approval', () => {
  it('its requester still changes it: it is planned again, and the old request is over', async () => {
    const runId = await scene.asked();
    await clickWhenThere(scene.at(ALICE), { action: 'plan_change', runId });
    await until('the form', () => scene.shown(ALICE).includes('Change and plan again'));
    await scene.slack.person(ALICE).choose('change_types', ['categories']);
    expect(await scene.slack.person(ALICE).submit()).toMatchObject({ ok: true });
    expect(await scene.stateOf(runId)).toBe('planning');
    await gone('approval_approve', runId, APPROVERS);
  });

  it('its requester withdraws it from the plan in a modal; every button goes', async () => {
    const runId = await scene.asked();
    await until('the request', () => button('approval_approve', runId, APPROVERS));
    await clickWhenThere(scene.at(ALICE), { action: 'plan_show', runId });
    await until('the plan', () => scene.shown(ALICE).includes('plan_withdraw'));
    await scene.slack.person(ALICE).click('modal', 'plan_withdraw');
    await until('the answer', () => scene.shown(ALICE).includes(`Push #${runId} is canceled.`));
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
    await until('the list', () => scene.shown(CAROL).includes(`#${runId} High School Catalog`));
    await carol.click('modal', `plan_show~${runId}`);
    await until('the plan', () => scene.shown(CAROL).includes('"The plan"'));
    await carol.close();
    await carol.click('modal', `approval_approve~${runId}`);
    await until('the decision', () => scene.shown(CAROL).includes('"submit"'));
    expect(await carol.submit()).toMatchObject({ ok: true });
    await until('the approval', () => button('approval_approve', runId, APPROVERS) === undefined);
    expect(await scene.stateOf(runId)).toBe('queued');
    await scene.slack.person(ALICE).slash('/push-course-masters', 'approvals', CHANNEL);
    await until('nothing', () => scene.shown(ALICE).includes('Nothing waits for your approval.'));
  });

  it('broke no rule of Slack', () => {
    expect(scene.slack.violations()).toEqual([]);
  });
});
