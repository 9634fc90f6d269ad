import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StoredMessage } from '../../playground/slack-standin/contract.ts';
import { queueServices } from '../../src/runs/queue-services.ts';
import {
  ALICE,
  type ApprovalScene,
  APPROVERS,
  BOB,
  CAROL,
  CHANNEL,
  openApprovalScene,
} from '../support/approval-scene.ts';
import { clickWhenThere, messageWith } from '../support/slack-push.ts';
import { until } from '../support/until.ts';

const COURSE = `(select id from setup_scope where course_id = 1)`;
const WHY = 'It was meant for the next school year';

let scene: ApprovalScene;

beforeAll(async () => {
  scene = await openApprovalScene();
});
afterAll(() => scene.close());

const resultOf = (runId: number): Promise<StoredMessage> =>
  until(`the result of ${runId}`, () =>
    scene.slack
      .messages(CHANNEL)
      .findLast(
        ({ text, isReply }) =>
          isReply && text.startsWith(`<@${ALICE}> Completed`) && text.includes(`push ${runId}`),
      ),
  );
const modal = (userId: string, words: string): Promise<string> => scene.modal(words, userId);
const tasks = (): Promise<unknown[]> =>
  scene.district.rows(`select gradable_id, credit from task_alignment
    where scope_kind = 'course' and scope_id = ${COURSE} order by 1`);
const undosOf = (runId: number): Promise<{ id: number; state: string; comment: string }[]> =>
  scene.district.rows(
    `select id, state, comment from push_run where undoes_run_id = ${runId} order by id`,
  );
const show = async (userId: string, runId: number): Promise<string> => {
  const person = scene.slack.person(userId);
  await person.closeAll().catch(() => undefined);
  await person.slash('/push-course-masters', `show ${runId}`, CHANNEL);
  return modal(userId, 'Scheduled for');
};
const pushed = async (): Promise<number> => {
  const runId = await scene.district.submit({ options: { calendarIds: [1] } });
  await scene.district.execute(runId);
  return runId;
};

describe('Given a push that was carried out, and a value edited and a grade posted since', () => {
  let before: unknown[];
  let runId: number;
  let undoId: number;

  beforeAll(async () => {
    before = await tasks();
    runId = await pushed();
    await scene.district.run(
      `update task_alignment set credit = 9 where scope_id = ${COURSE} and gradable_id = 'quarter';
       insert into posted_grade (section_id, gradable_id, term_seq, student_id, score)
         values (1, 'final', 1, 'st', 'A')`,
    );
  });

  it('“Undo…” says what would be put back and what stays, and wants a reason (G23, P12)', async () => {
    expect(await show(ALICE, runId)).toContain('queue_do_undo');
    await scene.slack.person(ALICE).click('modal', 'queue_do_undo');
    const form = await modal(ALICE, `Undo push #${runId}?`);
    expect(form).toMatch(/It wrote \d+ items\. \d+ would be put back as they were before\./);
    expect(form).toContain('1 was changed since and stays as now.');
    expect(form).toContain('1 has student work since and stays as now.');
    expect(await undosOf(runId)).toEqual([]);
    const queue = queueServices(scene.district.db, scene.district.services);
    const wish = { person: scene.district.admin, runId, from: 'test', channelId: ALICE };
    await expect(queue.undo({ ...wish, key: 'V0', reason: ' short ' })).rejects.toMatchObject({
      field: 'reason',
    });
  });

  it('sent, it becomes one run, however many forms were open and sent (B08)', async () => {
    const result = await resultOf(runId);
    await scene.slack.person(CAROL).click({ channel: CHANNEL, ts: result.ts }, 'next_undo');
    await modal(CAROL, `Undo push #${runId}?`);
    for (const who of [ALICE, CAROL]) await scene.slack.person(who).type('undo_reason_text', WHY);
    expect(await scene.slack.person(ALICE).submit()).toMatchObject({ ok: true });
    expect(await modal(ALICE, `The undo of push #${runId} is push #`)).not.toContain(
      'queue_do_undo',
    );
    await scene.slack.person(CAROL).submit();
    await modal(CAROL, `Push ${runId} has an undo already`);
    const undos = await undosOf(runId);
    expect(undos).toMatchObject([{ comment: WHY }]);
    undoId = undos[0]?.id ?? 0;
    expect(scene.shown(ALICE)).toContain(`Push #${undoId}`);
  });

  it('its plan is shown to whoever asked, and changes nothing before others approve it (G22, G23)', async () => {
    await scene.district.execute(undoId);
    expect(await scene.stateOf(undoId)).toBe('planned');
    const plan = await clickWhenThere(scene.at(ALICE), { action: 'plan_ask', runId: undoId });
    expect(plan.text).toContain(`The plan is ready: push ${undoId} (undo of push ${runId})`);
    expect(plan.text).toContain('Ask for approval, or withdraw it.');
    expect(JSON.stringify(plan.blocks)).not.toContain('plan_change');
    expect(JSON.stringify(plan.blocks)).toContain('1 item was changed since and stays as now.');
    expect(JSON.stringify(plan.blocks)).toContain(
      '1 item has student work since and stays as now.',
    );
    expect(await modal(ALICE, 'Ask for approval')).toContain(WHY);
    await scene.slack.person(ALICE).submit();
    const request = await until('the request', () =>
      messageWith(scene.at(BOB, APPROVERS), { action: 'approval_approve', runId: undoId }),
    );
    expect(request.text).toContain(`asks for the undo of push ${runId}, High School Catalog`);
    await expect(
      scene.district.services.approvals.planAgain({
        ...{ person: scene.district.admin, runId: undoId, from: 'test' },
        change: {
          ...{ dataTypes: ['categories'], toSections: false, crossSite: false },
          ...{ calendarIds: [1], leftOutCourses: [] },
        },
      }),
    ).rejects.toThrow('An undo takes back all that its push wrote.');
  });

  it('approved, it puts back the rest, and its thread says so (G23, P11, P12)', async () => {
    await clickWhenThere(scene.at(BOB, APPROVERS), { action: 'approval_approve', runId: undoId });
    await modal(BOB, 'Approve undo');
    await scene.slack.person(BOB).submit();
    await until('the approval', () => scene.shown(BOB) === 'null');
    expect(await scene.stateOf(undoId)).toBe('queued');
    await scene.district.execute(undoId);
    const result = await resultOf(undoId);
    expect(result.text).toContain(`push ${undoId} (undo of push ${runId})`);
    expect(result.text).toContain('put back.');
    expect(JSON.stringify(result.blocks)).not.toMatch(/next_undo|next_repeat|next_residual/);
    expect(await tasks()).toEqual([
      { gradable_id: 'final', credit: 0.5 },
      { gradable_id: 'quarter', credit: 9 },
    ]);
    expect(before).toEqual([]);
  });

  it('neither it nor its undo offers to be undone, and the queue says what it is', async () => {
    expect(await show(ALICE, runId)).not.toContain('queue_do_undo');
    const undo = await show(ALICE, undoId);
    expect(undo).toContain(`Undo of push ${runId}`);
    expect(undo).not.toMatch(/queue_do_undo|queue_do_repeat/);
    await scene.slack.person(ALICE).closeAll();
    await scene.slack.person(ALICE).slash('/push-course-masters', 'queue', CHANNEL);
    expect(await modal(ALICE, 'Show top 50')).toContain(`Undo of #${runId}`);
  });
});

describe('Given somebody who may not ask for an overwrite', () => {
  it('is offered no undo, and is refused at the button and at the form (T05)', async () => {
    await scene.district.run(`delete from posted_grade`);
    const runId = await pushed();
    expect(await show(ALICE, runId)).toContain('queue_do_undo');
    await scene.slack.person(ALICE).click('modal', 'queue_do_undo');
    await modal(ALICE, `Undo push #${runId}?`);
    await scene.slack.person(ALICE).type('undo_reason_text', WHY);
    await scene.district.run(
      `delete from tool_right where tool = 'push_all_course_masters.overwrite'`,
    );
    await scene.slack.person(ALICE).submit();
    const lacks = 'You lack: Write on Push All Course Masters: Overwrite.';
    await modal(ALICE, lacks);
    expect(await show(ALICE, runId)).not.toContain('queue_do_undo');
    const result = await resultOf(runId);
    await scene.slack.person(CAROL).closeAll();
    await scene.slack.person(CAROL).click({ channel: CHANNEL, ts: result.ts }, 'next_undo');
    await modal(CAROL, lacks);
    expect(await undosOf(runId)).toEqual([]);
  });

  it('broke no rule of Slack', () => {
    // The modals under a closed question have no hash that we could know (V22).
    const known = ['views.update without hash.', 'The view is not open any more, or never was.'];
    expect(scene.slack.violations().filter(({ message }) => !known.includes(message))).toEqual([]);
  });
});
