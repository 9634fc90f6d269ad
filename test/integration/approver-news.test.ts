import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { purgeArtifacts } from '../../src/db/queries/queue-changes.ts';
import { findPersonById } from '../../src/db/queries/people.ts';
import { type Person } from '../../src/domain/ports.ts';
import { type QueueServices } from '../../src/domain/queue-list.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { keepAnswerDeadlines } from '../../src/runs/answer-deadlines.ts';
import { queueServices } from '../../src/runs/queue-services.ts';
import { writeReports } from '../../src/runs/write-reports.ts';
import { differenceLines } from '../../src/slack/messages/difference-words.ts';
import { changedPlanMessage, newTimeMessage } from '../../src/slack/messages/news.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict } from '../support/push-district.ts';

const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

let database: TestDatabase;
let district: PushDistrict;
let queue: QueueServices;
let bob: Person;
let carol: Person;
/** An overwrite of the current year, for tomorrow, that both are asked about. */
let runId: number;

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
  queue = queueServices(district.db, district.services, 30);
  [bob, carol] = [await approver('U2', 'Bob Baker'), await approver('U3', 'Carol Cole')];
  await district.run(`update app_user set slack_state = 'member'`);
  runId = await district.submit({
    schedule: { kind: 'batch', at: inDays(1) },
    options: { mode: 'overwrite' },
  });
  await district.execute(runId);
});

afterAll(async () => {
  await database.drop();
});

async function approver(slackUserId: string, name: string): Promise<Person> {
  const groups = ['District SIS Admin'];
  const { id } = await addPerson(district.db, { slackTeamId: 'T1', slackUserId, name, groups });
  const person = await findPersonById(district.db, id);
  if (person === undefined) throw new Error(`${name} was not saved`);
  return person;
}

async function approve(person: Person): Promise<string> {
  const { plan, catalog } = await district.view(runId);
  return district.services.approvals.decide({
    ...{ person, runId, planHash: plan?.hash ?? '', from: 'test' },
    ...{ decision: 'approve', reason: null, typedCatalog: catalog },
  });
}

function notices(kind: string): Promise<{ about: Record<string, unknown> }[]> {
  return district.rows(
    `select payload -> 'about' as about from slack_outbox where run_id = ${runId} and kind = '${kind}'`,
  );
}

describe('Given an overwrite that one of two people approved', () => {
  it('reminds only the other, and names only the other as who can (T05)', async () => {
    expect(await approve(bob)).toBe('more_needed');
    await district.run(`update push_run set asked_for_approval_at = now() - interval '2 hours',
      answer_by = now() + interval '1 hour' where id = ${runId}`);
    await keepAnswerDeadlines(district.db);
    expect((await notices('reminder')).map(({ about }) => about['slackUserId'])).toEqual(['U3']);
    await expect(approve(district.admin)).rejects.toThrow('These people can: Carol Cole.');
  });
});

describe('Given an approved overwrite', () => {
  it('tells its approvers in the thread of another time, and shows it in the request', async () => {
    expect(await approve(carol)).toBe('approved');
    await district.run(`update slack_outbox set state = 'sent', sent_at = now(),
      payload = jsonb_set(payload, '{taken}', payload -> 'asked')`);
    await queue.reschedule({ person: district.admin, runId, from: 'test', at: inDays(2) });
    expect(await notices('new_time')).toEqual([{ about: { by: 'Alice' } }]);
    const again = `select distinct kind from slack_outbox where state = 'pending' order by kind`;
    expect((await district.rows<{ kind: string }>(again)).map(({ kind }) => kind)).toEqual([
      'approval',
      'new_time',
      'plan',
      'progress',
    ]);
    const { text } = newTimeMessage(await district.view(runId), 'America/Chicago', 'Alice');
    expect(text).toMatch(/now starts on .* Alice chose that time.* <@U2> and <@U3>\.$/);
  });

  it('takes no time beyond the 90 days of the form, nor a past one', async () => {
    const reschedule = (at: Date): Promise<void> =>
      queue.reschedule({ person: district.admin, runId, from: 'test', at });
    await expect(reschedule(inDays(91))).rejects.toMatchObject({
      field: 'at',
      message: 'Choose a time within the next 90 days.',
    });
    await expect(reschedule(inDays(-1))).rejects.toMatchObject({ field: 'at' });
  });

  it('says how its plan changed when it starts within what was approved (G20)', async () => {
    await district.run(`update course_master set name = 'Algebra 1A' where id = 1`);
    await district.run(`update push_run set scheduled_for = now() where id = ${runId}`);
    expect(await district.execute(runId, { writeReports })).toBe('ended');
    const view = await district.view(runId);
    expect(await notices('changed_plan')).toEqual([{ about: { planId: view.plan?.id } }]);
    const difference = await district.services.approvals.difference(runId);
    if (difference === undefined) throw new Error('the plans do not differ');
    const { text } = changedPlanMessage(view, differenceLines(difference));
    expect(text).toMatch(/nothing beyond the approved one\. In all .* changed/);
    expect(view.approvedBy.map(({ name }) => name)).toEqual(['Bob Baker', 'Carol Cole']);
  });
});

describe('Given the files of a push', () => {
  it('are kept as long as is set, and anew from when they are no longer kept (B06)', async () => {
    expect(await purgeArtifacts(district.db, 30)).toBe(0);
    await district.run(`update push_artifact set created_at = now() - interval '31 days'`);
    await queue.keep({ person: district.admin, runId, from: 'test', keep: true });
    expect(await purgeArtifacts(district.db, 30)).toBe(0);
    const gone = await queue.keep({ person: district.admin, runId, from: 'test', keep: false });
    expect(Math.round(((gone?.getTime() ?? 0) - Date.now()) / DAY_MS)).toBe(30);
    expect(await purgeArtifacts(district.db, 30)).toBe(0);
    await district.run(`update push_artifact set purge_after = null`);
    expect(await purgeArtifacts(district.db, 365)).toBe(0);
    expect(await purgeArtifacts(district.db, 30)).toBeGreaterThan(0);
  });
});
