import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listApprovers } from '../../src/db/queries/approvals.ts';
import { findPersonById } from '../../src/db/queries/people.ts';
import { type Person } from '../../src/domain/ports.ts';
import { type SlackState } from '../../src/domain/standing.ts';
import { addPerson } from '../../src/runs/add-person.ts';
import { missingRights } from '../../src/runs/missing-rights.ts';
import { peopleAdmin } from '../../src/runs/people-admin.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPushDistrict, type PushDistrict, SEEN_IN_SLACK } from '../support/push-district.ts';

let database: TestDatabase;
let district: PushDistrict;
let bob: Person;
let runId: number;

beforeAll(async () => {
  database = await createTestDatabase();
  district = await buildPushDistrict(database.db);
  const { id } = await addPerson(district.db, {
    ...{ slackTeamId: 'T1', slackUserId: 'U2', name: 'Bob', groups: ['District SIS Admin'] },
  });
  await district.run(SEEN_IN_SLACK);
  const found = await findPersonById(district.db, id);
  if (found === undefined) throw new Error('Bob was not saved');
  bob = found;
});
afterAll(() => database.drop());

/** An overwrite that Alice asked for and that waits for Bob. */
beforeEach(async () => {
  await district.run(SEEN_IN_SLACK);
  const reason = 'We start over for the new year';
  runId = await district.submit({
    ...{ confirmed: false, comment: reason },
    options: { mode: 'overwrite', calendarIds: [1] },
  });
  await district.execute(runId);
  await district.run('update school_year set is_active = false');
  const planHash = (await district.view(runId)).plan?.hash ?? '';
  const act = { person: district.admin, runId, planHash, now: false, from: 'test' };
  await district.services.approvals.confirm(act);
});

const say = (slackUserId: string, state: SlackState): Promise<void> =>
  peopleAdmin(district.db).noteSlackStates({ slackTeamId: 'T1', states: [{ slackUserId, state }] });
const forget = (slackUserId: string): Promise<void> =>
  district.run(`update app_user set slack_state = 'unknown', slack_checked_at = null
    where slack_user_id = '${slackUserId}'`);
const decide = async (): Promise<string> =>
  district.services.approvals.decide({
    ...{ person: bob, runId, planHash: (await district.view(runId)).plan?.hash ?? '' },
    ...{ decision: 'approve', reason: null, typedCatalog: null, from: 'test' },
  });
const approvers = async (): Promise<string[]> =>
  (await listApprovers(district.db, runId)).map(({ name }) => name);
const missing = (): Promise<string | null> =>
  missingRights(district.db, { runId, requestedBy: district.admin.id });

const REFUSED = [
  ['deactivated', 'is deactivated in Slack'],
  ['guest', 'is only a guest in Slack'],
] as const;

describe('Given somebody who is no full member of the workspace any more (T04, T09)', () => {
  it.each(REFUSED)('%s: they approve nothing, and are not counted', async (state, words) => {
    expect(await approvers()).toEqual(['Bob']);
    await say('U2', state);
    expect(await approvers()).toEqual([]);
    await expect(decide()).rejects.toThrow(`You may not decide on this push: Bob ${words}.`);
    expect((await district.view(runId)).state).toBe('awaiting_approval');
  });

  it.each(REFUSED)('%s: the approval that they gave counts no more', async (state, words) => {
    await decide();
    expect(await missing()).toBeNull();
    await say('U2', state);
    expect(await missing()).toBe(`Bob, who approved it, ${words}.`);
    await district.execute(runId);
    const { state: ended, error } = await district.view(runId);
    expect(ended).toBe('failed');
    expect(error).toContain(`Bob, who approved it, ${words}.`);
  });

  it.each(REFUSED)('%s: what they asked for is not started', async (state, words) => {
    await decide();
    await say('U1', state);
    await district.execute(runId);
    const { state: ended, error } = await district.view(runId);
    expect(ended).toBe('failed');
    expect(error).toContain(`Alice, who asked for the push, ${words}.`);
  });

  it('counts again as soon as Slack says that they are a member', async () => {
    await say('U2', 'guest');
    await say('U2', 'member');
    expect(await decide()).toBe('approved');
    expect(await missing()).toBeNull();
  });
});

describe('Given somebody of whom Slack never said what they are', () => {
  it('refuses what was asked for and approved in Slack, not what is done at the command line', async () => {
    await decide();
    await forget('U2');
    expect(await approvers()).toEqual([]);
    expect(await missing()).toBe(
      'Bob, who approved it, is not known to be a full member in Slack.',
    );
    await say('U2', 'member');
    await forget('U1');
    expect(await missing()).toContain('Alice, who asked for the push, is not known');
    const ofCommandLine = await district.submit({ channelId: null });
    expect(
      await missingRights(district.db, { runId: ofCommandLine, requestedBy: district.admin.id }),
    ).toBeNull();
  });
});

describe('Given what Slack says of people', () => {
  it('is noted with its time and, where it changed, in the audit log', async () => {
    await say('U2', 'guest');
    await say('U2', 'guest');
    const lines = await district.rows(
      `select detail from audit_event where action = 'person.seen_in_slack' order by id desc limit 1`,
    );
    expect(lines).toEqual([
      { detail: { person: bob.id, before: 'member', after: 'guest', from: 'slack' } },
    ]);
    await district.run(`update app_user set slack_checked_at = now() - interval '10 minutes'
      where slack_user_id = 'U2'`);
    expect(await peopleAdmin(district.db).unchecked('T1')).toEqual(['U2']);
    await say('U2', 'member');
    expect(await peopleAdmin(district.db).unchecked('T1')).toEqual([]);
  });
});
