import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Person, type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { type PushDistrict } from '../support/push-district.ts';
import { ALICE, CHANNEL, openPushScene, type PushScene } from '../support/push-scene.ts';
import { until } from '../support/until.ts';

const RITA = 'U2';
const SUMMER_CATALOG = `
  insert into course_catalog (id, name) values (7, 'Summer Catalog');
  insert into catalog_school_year select 7, school_id, school_year_id
    from catalog_school_year where catalog_id = 1;
  insert into course_master (id, catalog_id, number, name)
    values (71, 7, '1010', 'Algebra, short'), (72, 7, '9001', 'Camp <!channel>')`;

describe('Push to Courses: one course master', () => {
  let scene: PushScene;
  let district: PushDistrict;
  let slack: SlackStandIn;
  let alice: Person;

  beforeAll(async () => {
    scene = await openPushScene({
      people: [{ id: RITA, name: 'rita', realName: 'Rita Reader', groups: ['Read-only'] }],
      prepare: (opened) => opened.run(SUMMER_CATALOG),
    });
    ({ district, slack } = scene);
    alice = slack.person(ALICE);
  });
  afterAll(() => scene.close());
  beforeEach(() => scene.closeModals());

  const shown = (): string => scene.shown();
  const ask = async (words: string, who = ALICE): Promise<void> => {
    await slack.person(who).slash('/push-course-masters', words, CHANNEL);
  };
  const told = (words: string, who = ALICE): Promise<boolean> =>
    until(`“${words}”`, () => slack.ephemeral(who).at(-1)?.text.includes(words) === true);
  const sendNow = async (): Promise<void> => {
    await alice.choose('form_when', 'now');
    await until('Run Now', () => !shown().includes('form_at'));
    expect(await alice.submit()).toMatchObject({ ok: true });
  };
  interface Run {
    readonly id: number;
    readonly catalog: number;
    readonly master: number;
  }
  const newestRun = async (): Promise<Run | undefined> =>
    (
      await district.rows<Run>(
        `select id, catalog_id as catalog, course_master_id as master from push_run
         order by id desc limit 1`,
      )
    )[0];

  it('Given a number that one catalog has, when it is asked for, then the form is of that master, and so are run and messages (G03)', async () => {
    await ask('Master 2010');
    await until('the form', () => shown().includes('Biology'));
    expect(shown()).toContain('the course master 2010 Biology of High School Catalog');
    expect(shown()).toContain('"title":{"type":"plain_text","text":"Push to Courses"');
    expect(shown()).not.toContain('Summer Catalog');
    // A change of the year and back keeps the master.
    await alice.choose('form_year', '2');
    await until('the other year', () =>
      shown().includes('No school uses High School Catalog in 24-25'),
    );
    await alice.choose('form_year', '1');
    await until('the first year', () => shown().includes('All Calendars'));
    expect(shown()).toContain('the course master 2010 Biology');
    expect(shown()).toMatch(
      /All Calendars \(\d+\)"[^}]*\},"value":"all","description":\{[^}]*"text":"1 linked course in 1 of them"/,
    );
    await sendNow();
    const run = await until('the thread', () =>
      slack.messages(CHANNEL).find(({ text }) => text.includes('course master 2010')),
    );
    expect(run.text).toContain('course master 2010 of High School Catalog');
    const kept = await newestRun();
    expect(kept).toMatchObject({ catalog: 1, master: 2 });
    await ask('queue');
    await until('the list', () => shown().includes('course master 2010 of High School Catalog'));
  });

  it('Given a number that two catalogs have, then it asks which, and the catalog follows (G03)', async () => {
    await ask('master 1010');
    await until('the question', () =>
      shown().includes('2 course catalogs have a course master 1010'),
    );
    const value = /"text":"Summer Catalog"\},"value":"(\d+)"/.exec(shown())?.[1] ?? '';
    await alice.choose('which_master_catalog', value);
    expect(await alice.submit()).toMatchObject({ ok: true });
    await until('the form', () => shown().includes('1010 Algebra, short of Summer Catalog'));
    await sendNow();
    await until('the thread', () =>
      slack.messages(CHANNEL).some(({ text }) => text.includes('1010 of Summer Catalog')),
    );
    expect(await newestRun()).toMatchObject({ catalog: 7, master: Number(value) });
  });

  it('Given an unknown number, then a sentence names the nearest, neutralised', async () => {
    await ask('master 9002');
    await told(
      'There is no course master with the number `9002`. Did you mean `9001` Camp ‹!channel',
    );
    await ask('master biology');
    await told('Did you mean `2010` Biology (High School Catalog)?');
    await ask('master');
    expect(await told('Say which course master, by its number.')).toBe(true);
  });

  it('Given a person without Write on Course Master Information, then it is refused (G03)', async () => {
    await ask('master 2010', RITA);
    await told('Write on Course Master Information', RITA);
    expect(slack.viewStack(RITA)).toHaveLength(0);
  });

  it('“Show this push” on a message of its thread opens the push; on another message it says so (F7)', async () => {
    const anchor = slack.messages(CHANNEL).find(({ text }) => text.includes('course master 2010'));
    const reply = await alice.say(CHANNEL, 'How far is it?', anchor?.ts);
    await alice.shortcut('show_this_push', { channel: CHANNEL, ts: reply });
    await until('the push', () => shown().includes('course master 2010 of High School Catalog'));
    await alice.closeAll();
    const other = await alice.say(CHANNEL, 'Lunch?');
    await alice.shortcut('show_this_push', { channel: CHANNEL, ts: other });
    expect(await told('This message is about no push that I know')).toBe(true);
  });

  it('broke no rule of Slack', () => {
    expect(slack.violations()).toEqual([]);
  });
});
