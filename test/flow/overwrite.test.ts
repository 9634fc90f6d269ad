import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { APPROVERS_CHANNEL } from '../../playground/people.ts';
import { type Playground, startPlayground } from '../../playground/start.ts';
import { clickWhenThere, pushLocked, results, sendForm } from '../support/slack-push.ts';
import { until } from '../support/until.ts';

const ALICE = 'U0ALICE001';
const BOB = 'U0BOB00001';
const CAROL = 'U0CAROL001';
const CHANNEL = 'C0MASTERS1';
const CATALOG = 'High School Catalog';

let playground: Playground;

beforeAll(async () => {
  playground = await startPlayground({
    today: '2026-11-23',
    demoDistrict: false,
    logger: pino({ level: 'silent' }),
    print: () => undefined,
  });
});
afterAll(() => playground.stop());

/** Approves the newest request as this person, who types the catalog's name (G21). */
async function approve(userId: string): Promise<void> {
  const slack = playground.standIn;
  await clickWhenThere(
    { slack, userId, channel: APPROVERS_CHANNEL },
    { action: 'approval_approve' },
  );
  await until('the question', () => slack.viewStack(userId).length > 0);
  await slack.person(userId).type('approval_typed_text', CATALOG);
  const done = await slack.person(userId).submit();
  if (!done.ok || done.fieldErrors !== undefined) throw new Error(JSON.stringify(done));
}

describe('Given Grand Bend in the playground, when an overwrite of the current year is asked for', () => {
  it('shows the plan, takes two approvals and pushes courses and sections', async () => {
    const slack = playground.standIn;
    const place = { slack, userId: ALICE, channel: CHANNEL };
    expect(await pushLocked(place, { catalog: CATALOG })).toContain('Completed');
    const before = results(place).length;
    await sendForm(place, { catalog: CATALOG, reason: 'We start over', sections: true });
    await clickWhenThere(place, { action: 'plan_ask' });
    await until('the plan', () => slack.viewStack(ALICE).length > 0);
    expect(await slack.person(ALICE).submit()).toMatchObject({ ok: true });
    await approve(BOB);
    await until('the first approval', () =>
      slack.messages(CHANNEL).find(({ text }) => text.includes('1 more approval is needed.')),
    );
    await approve(CAROL);
    const reply = await until('the result', () => results(place)[before], 30_000);
    expect(reply.text).toMatch(/Completed/);
    await until('what became of the plan', () =>
      slack.messages(CHANNEL).find(({ text }) => text.endsWith('The result follows here.')),
    );
    const plans = await until('the files of the plan', () =>
      slack.messages(CHANNEL).find(({ text }) => text.startsWith('The full plan of push 2')),
    );
    expect(plans.files.map(({ name }) => name.split('.').at(-1))).toEqual(['csv', 'xlsx']);
    expect(slack.violations()).toEqual([]);
  });
});
