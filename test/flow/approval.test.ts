import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type StoredMessage } from '../../playground/slack-standin/contract.ts';
import { keepAnswerDeadlines } from '../../src/runs/answer-deadlines.ts';
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
import { everywhere, keyOf } from '../support/outbox.ts';
import { clickWhenThere, messageWith } from '../support/slack-push.ts';
import { until } from '../support/until.ts';

let scene: ApprovalScene;

beforeAll(async () => {
  scene = await openApprovalScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  await scene.closeModals();
  await scene.district.run(`update push_job set status = 'canceled' where run_id in
    (select id from push_run where finished_at is null)`);
  await scene.district.run(`update push_run set state = 'canceled', finished_at = now()
    where finished_at is null`);
  await scene.district.run(`update slack_outbox set state = 'dropped' where state <> 'sent'`);
});

/** Every request for approval of a run, in the approvers' channel and to each approver. */
const requestsOf = (runId: number): StoredMessage[] =>
  everywhere(scene.slack).filter((one) => keyOf(one)?.startsWith(`${runId}:approval:`) === true);
/** Waits until the three requests of a plan say so; they have no buttons any more. */
async function toldOver(runId: number, words: readonly string[]): Promise<void> {
  const over = await until(`three requests that say “${words[0] ?? ''}”`, () => {
    const found = requestsOf(runId).filter(({ text }) => words.every((one) => text.includes(one)));
    return found.length === 3 && found;
  });
  for (const { blocks } of over) {
    const shown = JSON.stringify(blocks);
    for (const one of words) expect(shown).toContain(one);
    expect(shown).not.toContain('"type":"button"');
  }
}
const inThread = (words: string): StoredMessage | undefined =>
  scene.slack.messages(CHANNEL).findLast(({ text }) => text.includes(words));
const modal = (userId: string, words: string): Promise<string> => scene.modal(words, userId);
const told = (userId: string, words: string): Promise<boolean> =>
  until(`“${words}” to ${userId}`, () => scene.told(userId).includes(words));
/** The request for approval of a run in the approvers' channel. */
const request = (runId: number): Promise<StoredMessage> =>
  until('the request for approval', () =>
    messageWith(scene.at(ALICE, APPROVERS), { action: 'approval_approve', runId }),
  );
/** Opens the decision of an approver on the newest request. */
async function openDecision(userId: string, runId: number, action: string): Promise<void> {
  await request(runId);
  await clickWhenThere(scene.at(userId, APPROVERS), { action, runId });
  await modal(userId, 'overwrite');
}
async function approve(userId: string, runId: number): Promise<unknown> {
  await openDecision(userId, runId, 'approval_approve');
  return scene.slack.person(userId).submit();
}

describe('Given a request for approval, when somebody decides', () => {
  it('refuses the requester, although an approver otherwise, and names who can (T06)', async () => {
    const runId = await scene.asked();
    await request(runId);
    await clickWhenThere(scene.at(ALICE, APPROVERS), { action: 'approval_approve', runId });
    await told(ALICE, 'someone else must decide on it. These people can: Bob Baker, Carol Cole.');
    expect(await scene.stateOf(runId)).toBe('awaiting_approval');
    await expect(
      scene.district.run(
        `insert into push_approval (run_id, requested_by, plan_id, plan_hash, approver_id, decision)
         select id, requested_by, plan_id, 'x', requested_by, 'approve' from push_run where id = ${runId}`,
      ),
    ).rejects.toThrow('push_approval_check');
  });

  it('refuses somebody without the right to approve, and names who can (T05)', async () => {
    const runId = await scene.asked();
    await request(runId);
    await clickWhenThere(scene.at(WENDY, APPROVERS), { action: 'approval_reject', runId });
    await told(WENDY, 'you lack Write on Push All Course Masters: Approve');
    expect(await scene.stateOf(runId)).toBe('awaiting_approval');
  });

  it('takes one approval, tells the requester, and has no button left', async () => {
    const runId = await scene.asked();
    expect(await approve(BOB, runId)).toMatchObject({ ok: true });
    await until('the reply', () => inThread(`Bob Baker approved push ${runId}. It starts now.`));
    await until(
      'the buttons gone',
      () =>
        messageWith(scene.at(ALICE, APPROVERS), { action: 'approval_approve', runId }) ===
        undefined,
    );
    expect(await scene.stateOf(runId)).toBe('queued');
  });

  it('tells a late click who decided and when, and does nothing (A2)', async () => {
    const runId = await scene.asked();
    const message = await request(runId);
    await approve(BOB, runId);
    const place = { channel: APPROVERS, ts: message.ts };
    await scene.slack
      .person(CAROL)
      .click(place, 'approval_approve')
      .catch(() => undefined);
    const { approvals } = scene.district.services;
    const late = approvals.decide({
      ...{ person: scene.carol, runId, planHash: await scene.hashOf(runId), from: 'test' },
      ...{ decision: 'reject', reason: 'Too late', typedCatalog: null },
    });
    await expect(late).rejects.toMatchObject({
      code: 'already_decided',
      message: `Bob Baker has already approved push #${runId}.`,
      at: expect.any(Date),
    });
    expect(await scene.stateOf(runId)).toBe('queued');
  });

  it('lets one of many simultaneous decisions count (A2)', async () => {
    const runId = await scene.asked();
    const planHash = await scene.hashOf(runId);
    const { approvals } = scene.district.services;
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        approvals.decide({
          ...{ runId, planHash, from: 'test', typedCatalog: null },
          person: index % 2 === 0 ? scene.bob : scene.carol,
          decision: index % 3 === 0 ? 'reject' : 'approve',
          reason: 'Because',
        }),
      ),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      await scene.district.rows(`select id from push_approval where run_id = ${runId}`),
    ).toHaveLength(1);
  });

  it('needs a reason to reject, and tells it to the requester', async () => {
    const runId = await scene.asked();
    await openDecision(BOB, runId, 'approval_reject');
    const empty = await scene.slack.person(BOB).submit();
    expect(empty.fieldErrors ?? empty.error).toBeDefined();
    await scene.slack.person(BOB).type('approval_words_text', 'Not in the middle of the term');
    expect(await scene.slack.person(BOB).submit()).toMatchObject({ ok: true });
    const words = 'Bob Baker said no: “Not in the middle of the term”';
    const reply = await until('the result', () => inThread(words));
    expect(reply.text).toContain(`Rejected: push ${runId}`);
    expect(await scene.stateOf(runId)).toBe('rejected');
  });

  it('needs two in the active year, who type the name of the catalog (G21, T32)', async () => {
    await scene.district.run('update school_year set is_active = id = 1');
    try {
      const runId = await scene.asked();
      await openDecision(BOB, runId, 'approval_approve');
      const bob = scene.slack.person(BOB);
      await bob.type('approval_typed_text', 'high school');
      expect((await bob.submit()).fieldErrors).toEqual({
        approval_typed: "Type the catalog's name exactly: High School Catalog",
      });
      await bob.type('approval_typed_text', 'High School Catalog');
      expect(await bob.submit()).toMatchObject({ ok: true });
      await until('the reply', () => inThread('1 more approval is needed.'));
      await until('the progress', () =>
        JSON.stringify(
          messageWith(scene.at(ALICE, APPROVERS), { action: 'approval_approve', runId })?.blocks,
        ).includes('1 of 2 approvals, by Bob Baker'),
      );
      await clickWhenThere(scene.at(BOB, APPROVERS), { action: 'approval_approve', runId });
      await told(BOB, 'You have already approved this plan.');
      expect(await scene.stateOf(runId)).toBe('awaiting_approval');
      await openDecision(CAROL, runId, 'approval_approve');
      await scene.slack.person(CAROL).type('approval_typed_text', 'High School Catalog');
      await scene.slack.person(CAROL).submit();
      expect(await scene.stateOf(runId)).toBe('queued');
    } finally {
      await scene.district.run('update school_year set is_active = false');
    }
  });

  it('refuses the decision on a plan that was replaced (T07)', async () => {
    const runId = await scene.asked();
    await openDecision(BOB, runId, 'approval_approve');
    const change = await scene.district.services.approvals.planChange(runId);
    if (change === undefined) throw new Error('the run is not there');
    await scene.district.services.approvals.planAgain({
      ...{ person: scene.district.admin, runId, from: 'test' },
      change: { ...change, leftOutCourses: [2] },
    });
    await scene.district.execute(runId);
    await scene.district.services.approvals.confirm({
      ...{ person: scene.district.admin, runId, planHash: await scene.hashOf(runId) },
      ...{ now: false, from: 'test' },
    });
    await scene.slack.person(BOB).submit();
    await modal(BOB, 'The plan has changed since you saw it.');
    expect(await scene.stateOf(runId)).toBe('awaiting_approval');
  });

  it('refuses an approver who lost the right while the question was open (T05)', async () => {
    const runId = await scene.asked();
    await openDecision(BOB, runId, 'approval_approve');
    await scene.district.run(`delete from user_group_member where user_id = ${scene.bob.id}`);
    try {
      await scene.slack.person(BOB).submit();
      await modal(BOB, 'You may not ');
      expect(await scene.stateOf(runId)).toBe('awaiting_approval');
    } finally {
      await scene.district.run(`insert into user_group_member (group_id, user_id)
        select id, ${scene.bob.id} from user_group where name = 'District SIS Admin'`);
    }
  });

  it('refuses a deactivated user (T10)', async () => {
    const runId = await scene.asked();
    await request(runId);
    await scene.district.run(`update app_user set active = false where id = ${scene.carol.id}`);
    try {
      await clickWhenThere(scene.at(CAROL, APPROVERS), { action: 'approval_approve', runId });
      await told(CAROL, 'I do not know you yet');
      expect(await scene.stateOf(runId)).toBe('awaiting_approval');
    } finally {
      await scene.district.run('update app_user set active = true');
    }
  });
});

describe('Given a request that nobody answers, when time passes', () => {
  it('reminds each approver once at half of the time and once near its end', async () => {
    const runId = await scene.asked();
    await request(runId);
    const age = (hours: number): Promise<void> =>
      scene.district
        .run(`update push_run set asked_for_approval_at = now() - interval '${hours} hours',
        answer_by = now() + interval '${48 - hours} hours' where id = ${runId}`);
    expect(await keepAnswerDeadlines(scene.district.db)).toEqual({ expired: 0, reminded: 0 });
    await age(25);
    expect(await keepAnswerDeadlines(scene.district.db)).toEqual({ expired: 0, reminded: 1 });
    expect(await keepAnswerDeadlines(scene.district.db)).toEqual({ expired: 0, reminded: 0 });
    await age(47);
    expect(await keepAnswerDeadlines(scene.district.db)).toEqual({ expired: 0, reminded: 1 });
    await scene.settled();
    expect(
      await scene.district.rows(
        `select count(*) as n from slack_outbox where run_id = ${runId} and kind = 'reminder'
         and state = 'sent'`,
      ),
    ).toEqual([{ n: 4 }]);
  });

  it('expires, tells the thread, and takes no late approval (T09)', async () => {
    const runId = await scene.asked();
    await openDecision(BOB, runId, 'approval_approve');
    await scene.district.run(`update push_run set answer_by = now() where id = ${runId}`);
    await scene.slack.person(BOB).submit();
    await modal(BOB, `The time to approve push #${runId} is over.`);
    expect(await keepAnswerDeadlines(scene.district.db)).toMatchObject({ expired: 1 });
    await until('the result', () => inThread(`Expired: push ${runId}`));
    expect(await scene.stateOf(runId)).toBe('expired');
  });

  it('expires at its scheduled time, so that nothing starts in school hours (T09)', async () => {
    const at = new Date(Date.now() + 3_600_000);
    const runId = await scene.asked({ schedule: { kind: 'batch', at } });
    expect((await scene.district.view(runId)).answerBy).toEqual(at);
    await scene.district.run(`update push_run set scheduled_for = now() where id = ${runId}`);
    expect(await keepAnswerDeadlines(scene.district.db)).toMatchObject({ expired: 1 });
    expect(await scene.stateOf(runId)).toBe('expired');
  });

  it('expires a plan that its requester never confirmed', async () => {
    const runId = await scene.planned();
    await scene.district.run(`update push_run set answer_by = now() where id = ${runId}`);
    expect(await keepAnswerDeadlines(scene.district.db)).toMatchObject({ expired: 1 });
    await until('the result', () => inThread('Alice did not confirm the plan in time'));
    expect(await scene.stateOf(runId)).toBe('expired');
  });
});

describe('Given an approved overwrite, when it starts', () => {
  /** With `seen` once the request stands in the channel and with both approvers. */
  async function approved({ seen = false, calendar = 2 } = {}): Promise<number> {
    const runId = await scene.asked({ options: { calendarIds: [calendar] } });
    if (seen) await until('every request', () => requestsOf(runId).length === 3);
    await scene.district.services.approvals.decide({
      ...{ person: scene.bob, runId, planHash: await scene.hashOf(runId), from: 'test' },
      ...{ decision: 'approve', reason: null, typedCatalog: null },
    });
    return runId;
  }

  it.each([
    ['the approver', 'Bob Baker, who approved it, lacks'],
    ['the requester', 'Alice, who asked for the push, lacks'],
  ])('does not run when %s lost the rights meanwhile, and says so', async (who, sentence) => {
    const runId = await approved();
    const userId = who === 'the approver' ? scene.bob.id : scene.district.admin.id;
    await scene.district.run(`delete from user_group_member where user_id = ${userId}`);
    try {
      expect(await scene.district.execute(runId)).toBe('ended');
      const reply = await until('the result', () => inThread(`Failed: push ${runId}`));
      expect(reply.text).toContain(`Rights withdrawn: ${sentence}`);
      expect(reply.text).toContain('Nothing was pushed.');
    } finally {
      await scene.district.run(`insert into user_group_member (group_id, user_id)
        select id, ${userId} from user_group where name = 'District SIS Admin'`);
    }
  });

  it('asks again, with the difference, when it would delete more than was approved (G20)', async () => {
    const runId = await approved({ seen: true });
    await scene.district.run(`insert into task_alignment (scope_id, scope_kind, gradable_id)
      select id, 'course', 'lab' from setup_scope where course_id = 11`);
    expect(await scene.district.execute(runId)).toBe('waiting');
    const more = '1 more item is now deleted in Grading Tasks/Standards';
    await toldOver(runId, ['Approval is needed again', more]);
    const again = await request(runId);
    const changed = 'The plan changed since it was approved, so it needs a new approval.';
    for (const shown of [again.text, JSON.stringify(again.blocks)]) {
      expect(shown).toContain(changed);
      expect(shown).toContain(more);
    }
    await until('the first message', () => inThread('Approval needed again'));
    await until('every newer request', () => requestsOf(runId).length === 6);
    expect(await scene.stateOf(runId)).toBe('awaiting_approval');
    await approve(CAROL, runId);
    expect(await scene.district.execute(runId)).toBe('ended');
    expect((await scene.district.view(runId)).state).toMatch(/^completed/);
    await toldOver(runId, ['was replaced by a newer one']);
    await toldOver(runId, ['Completed', 'High School Catalog', ' Approved by ']);
  });

  it('ends without a question when there is nothing left to write', async () => {
    const runId = await scene.planned({ options: { calendarIds: [2] } });
    expect(await scene.stateOf(runId)).toMatch(/^completed/);
    await until('the result', () => inThread(`push ${runId}, High School Catalog`));
    expect(messageWith(scene.at(ALICE, CHANNEL), { action: 'plan_ask', runId })).toBeUndefined();
  });

  it('starts when data changed within what was approved, and every request says how (G20)', async () => {
    const runId = await approved({ seen: true, calendar: 3 });
    await scene.district.run(`update course_master set name = 'Algebra 1A' where id = 1`);
    expect(await scene.district.execute(runId)).toBe('ended');
    await toldOver(runId, [
      'Completed',
      'deletes, unlinks and stops calculating nothing beyond the approved one',
      'In all',
    ]);
    await until('the news', () => inThread('was made anew for its start'));
  });
});

describe('Given all of this', () => {
  it('has every step in the audit log, with who, from where and the plan', async () => {
    const runId = await scene.planned();
    await clickWhenThere(scene.at(ALICE), { action: 'plan_ask', runId });
    await modal(ALICE, 'The plan');
    await scene.slack.person(ALICE).submit();
    await approve(BOB, runId);
    const steps = await scene.district.rows<Record<string, unknown>>(
      `select a.action, u.display_name as who, a.plan_hash is not null as plan, a.detail ->> 'from' as source
       from audit_event a left join app_user u on u.id = a.actor_id
       where a.run_id = ${runId} order by a.id`,
    );
    expect(steps).toEqual([
      { action: 'run.submitted', who: 'Alice', plan: false, source: 'test' },
      { action: 'plan.shown', who: null, plan: true, source: null },
      { action: 'approval.asked', who: 'Alice', plan: true, source: 'slack:modal' },
      { action: 'approval.given', who: 'Bob Baker', plan: true, source: 'slack:modal' },
    ]);
  });

  it('broke no rule of Slack', () => {
    expect(scene.slack.violations()).toEqual([]);
  });
});
