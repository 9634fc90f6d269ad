import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  type OpenView,
  type Person,
  type SlackStandIn,
} from '../../playground/slack-standin/contract.ts';
import { PushRefused } from '../../src/domain/errors.ts';
import {
  calendarsOf,
  catalog,
  fullRights,
  type MemoryDistrict,
  memoryDistrict,
  memoryNotices,
  memoryServices,
  personNamed,
} from '../support/memory-services.ts';
import { startBot, startWorkspace } from '../support/slack-bot.ts';
import { until } from '../support/until.ts';

const COMMAND = '/push-course-masters';
const ALICE = 'U0ALICE';
const NORA = 'U0NORA';
const UMA = 'U0UMA';
const GUS = 'U0GUS';
const PUSHES = 'C0PUSHES';

describe.each(['http', 'socket'] as const)('The form over %s', (mode) => {
  let slack: SlackStandIn;
  let bot: Awaited<ReturnType<typeof startBot>>;
  let alice: Person;
  let complaints = 0;
  const district: MemoryDistrict = memoryDistrict();

  beforeAll(async () => {
    slack = await startWorkspace(mode, {
      people: [
        { id: ALICE, name: 'alice', realName: 'Alice Anderson' },
        { id: NORA, name: 'nora', realName: 'Nora No-Rights' },
        { id: UMA, name: 'uma', realName: 'Uma Unmapped' },
        { id: GUS, name: 'gus', realName: 'Gus Guest', isRestricted: true },
      ],
      channels: [{ id: PUSHES, name: 'pushes' }],
    });
    bot = await startBot(slack, mode, {
      services: memoryServices(district),
      notices: memoryNotices(district).box,
    });
    alice = slack.person(ALICE);
  });
  beforeEach(() => {
    complaints = slack.violations().length;
    Object.assign(district, memoryDistrict(), {
      people: [
        personNamed(ALICE, slack.teamId),
        personNamed(GUS, slack.teamId),
        personNamed(NORA, slack.teamId, fullRights(['push_all_course_masters'])),
      ],
    });
  });
  afterAll(async () => {
    await bot.stop();
    await slack.close();
  });

  const top = (person = ALICE): OpenView | undefined => slack.viewStack(person).at(-1);
  const hasBlock = (prefix: string): boolean =>
    Object.keys(top()?.values ?? {}).some((id) => id.startsWith(prefix));
  const shownIn = (view: OpenView | undefined): string => JSON.stringify(view?.view.blocks ?? []);
  const closeForm = async (): Promise<void> => {
    if (top() !== undefined) await alice.closeAll();
  };
  const openForm = async (words = ''): Promise<void> => {
    await closeForm();
    await alice.slash(COMMAND, `new ${words}`, PUSHES);
    await until('the form', () => hasBlock('year'));
  };
  /** The form with the High School Catalog, to run now. */
  const fillForm = async (): Promise<void> => {
    await openForm('high');
    await alice.choose('form_when', 'now');
    await until('the change of When', () => top()?.view['submit'] !== undefined && !hasBlock('at'));
  };
  /** Nothing that Slack refuses, and no rule of ours broken. */
  const thenSlackHasNoComplaint = (except = ''): void => {
    const since = slack.violations().slice(complaints);
    expect(since.filter(({ message }) => message !== except)).toEqual([]);
  };

  it('opens with the current year, all seven types ticked and the channel of the command (G06)', async () => {
    await openForm();
    const values = top()?.values ?? {};
    expect(values['year']?.['form_year']).toMatchObject({ selected_option: { value: '24' } });
    expect(values['types~0']?.['form_types']?.['selected_options']).toHaveLength(7);
    expect(values['mode']?.['form_mode']).toMatchObject({
      selected_option: { value: 'push_locked' },
    });
    expect(values['notify']?.['form_notify']).toMatchObject({ selected_conversation: PUSHES });
    thenSlackHasNoComplaint();
  });

  it('shows the catalogs and calendars of the year that is chosen, and keeps the rest (F14)', async () => {
    await openForm('high');
    await alice.choose('form_types', ['categories']);
    await alice.choose('form_scope', 'chosen');
    await until('the list of calendars', () => hasBlock('picks~24~1'));
    await alice.choose('form_calendars', ['2', '3']);
    await alice.choose('form_year', '25');
    await until('the other year', () => hasBlock('catalog~25'));
    expect(hasBlock('picks~')).toBe(false);
    expect(top()?.values['types~3']?.['form_types']?.['selected_options']).toMatchObject([
      { value: 'categories' },
    ]);
    thenSlackHasNoComplaint();
  });

  it('keeps the calendars that are chosen when the catalog changes', async () => {
    await openForm('high');
    await alice.choose('form_scope', 'chosen');
    await until('the list of calendars', () => hasBlock('picks~24~1'));
    await alice.choose('form_calendars', ['2', '3']);
    await alice.choose('form_catalog', '2');
    await until('the other catalog', () => hasBlock('picks~24~2'));
    expect(top()?.values['picks~24~2']?.['form_calendars']?.['selected_options']).toMatchObject([
      { value: '2' },
      { value: '3' },
    ]);
    thenSlackHasNoComplaint();
  });

  it('finds a calendar among thousands, with its number of linked courses (F18)', async () => {
    district.calendars[24] = calendarsOf('24-25', 5000);
    await openForm('high');
    await alice.choose('form_scope', 'chosen');
    await until('the search', () => hasBlock('picks~24~1'));
    const first = await alice.suggest('form_calendars', '');
    expect(first.groups[0]?.label).toBe('First 100 of 5,000: type to narrow them down');
    expect(first.groups[0]?.options).toHaveLength(100);
    const found = await alice.suggest('form_calendars', 'fillmore 4998');
    expect(found.options).toEqual([
      {
        text: '24-25 School 4998',
        value: '4998',
        description: '49,980 linked courses · Fillmore Middle',
      },
    ]);
    thenSlackHasNoComplaint();
  });

  it('searches catalogs above 100', async () => {
    district.catalogs[24] = Array.from({ length: 150 }, (_, index) =>
      catalog(index + 1, `Catalog ${index + 1}`),
    );
    await openForm();
    expect((await alice.suggest('form_catalog', 'log 149')).options).toMatchObject([
      { text: 'Catalog 149', value: '149' },
    ]);
    await alice.choose('form_catalog', '149');
    await until('its calendars', () => hasBlock('scope~24~149'));
    thenSlackHasNoComplaint();
  });

  it('makes the run with what was chosen, closes, and posts nothing by itself', async () => {
    await fillForm();
    const result = await alice.submit();
    expect(result).toMatchObject({ ok: true });
    expect(slack.viewStack(ALICE)).toHaveLength(0);
    expect(district.submitted).toHaveLength(1);
    expect(district.submitted[0]).toMatchObject({
      options: {
        schoolYearId: 24,
        catalogId: 1,
        allCalendars: true,
        mode: 'push_locked',
        toSections: false,
        crossSite: false,
      },
      schedule: { kind: 'now' },
      channelId: PUSHES,
    });
    expect(district.submitted[0]?.options.dataTypes).toHaveLength(7);
    expect(district.submitted[0]?.idempotencyKey).toMatch(/^slack:T/);
    thenSlackHasNoComplaint();
  });

  it('takes the suggested time for a batch', async () => {
    await openForm('high');
    expect(await alice.submit()).toMatchObject({ ok: true });
    const schedule = district.submitted[0]?.schedule;
    expect(schedule?.kind).toBe('batch');
    expect(schedule?.kind === 'batch' && schedule.at > new Date()).toBe(true);
    thenSlackHasNoComplaint();
  });

  it('shows at the field what is wrong, and keeps the form', async () => {
    await openForm('high');
    await alice.choose('form_at', Math.floor(Date.now() / 1000) - 3600);
    await alice.choose('form_mode', 'overwrite');
    await until('the warning', () => shownIn(top()).includes('"alert"'));
    await alice.type('form_reason', 'so        ');
    const result = await alice.submit();
    expect(result.fieldErrors).toEqual({
      at: 'This time is in the past. Choose a later one, or Run Now.',
      reason: 'Say why in at least 10 characters: the approver reads it.',
    });
    expect(district.submitted).toHaveLength(0);
    thenSlackHasNoComplaint();
  });

  it('shows a refusal of the service at its field, and one without a field on top', async () => {
    await fillForm();
    district.before = (call) =>
      call === 'submit'
        ? Promise.reject(
            new PushRefused('not_found', 'This catalog was removed.', { field: 'catalog' }),
          )
        : Promise.resolve();
    expect((await alice.submit()).fieldErrors).toEqual({
      'catalog~24': 'This catalog was removed.',
    });
    district.before = (call) =>
      call === 'submit'
        ? Promise.reject(new PushRefused('not_permitted', 'You lack: Write on Course Information.'))
        : Promise.resolve();
    await alice.submit();
    expect(shownIn(top())).toContain('You lack: Write on Course Information.');
    expect(top()?.values['when']?.['form_when']).toMatchObject({
      selected_option: { value: 'now' },
    });
    thenSlackHasNoComplaint();
  });

  it('says that it broke, with a reference, and nothing of the error (V30)', async () => {
    await fillForm();
    district.before = (call) =>
      call === 'submit'
        ? Promise.reject(new Error('connection to 10.0.0.7 refused'))
        : Promise.resolve();
    await alice.submit();
    expect(shownIn(top())).toMatch(
      /Something went wrong on our side\. Nothing was pushed\..*reference [2-9A-Z]{4}\./,
    );
    expect(shownIn(top())).not.toContain('10.0.0.7');
    district.before = () => Promise.resolve();
    expect(await alice.submit()).toMatchObject({ ok: true });
    expect(district.submitted).toHaveLength(1);
    thenSlackHasNoComplaint();
  });

  it('says when a change of a field broke, and keeps what was typed', async () => {
    await openForm('high');
    district.before = (call) =>
      call === 'years' ? Promise.reject(new Error('no')) : Promise.resolve();
    await alice.choose('form_when', 'now');
    await until('the alert', () => shownIn(top()).includes('Something went wrong on our side.'));
    expect(top()?.values['catalog~24']?.['form_catalog']).toMatchObject({
      selected_option: { value: '1' },
    });
    thenSlackHasNoComplaint();
  });

  it('makes one run however often the same form is sent, and another for another choice (B08)', async () => {
    await fillForm();
    await Promise.all([alice.submit(), alice.submit().catch(() => undefined)]);
    expect(new Set(district.submitted.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    await fillForm();
    await alice.submit();
    expect(new Set(district.submitted.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
    thenSlackHasNoComplaint();
  });

  it('answers in time when the district is slow: a skeleton first, then the form (F4)', async () => {
    await closeForm();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    district.before = (call) => (call === 'years' ? held : Promise.resolve());
    expect(await alice.slash(COMMAND, 'new high', PUSHES)).toMatchObject({ ok: true });
    await until('the skeleton', () => shownIn(top()).includes('Loading…'));
    release();
    await until('the form', () => hasBlock('scope~24~1'));
    thenSlackHasNoComplaint();
  });

  it('answers a submission in time when saving is slow, and then says that it is submitted', async () => {
    await fillForm();
    district.before = (call) => (call === 'submit' ? pause(2500) : Promise.resolve());
    expect(await alice.submit()).toMatchObject({ ok: true });
    expect(shownIn(top())).toContain('it is not submitted until this says so');
    await until('the answer', () => shownIn(top()).includes('is submitted.'));
    expect(district.submitted).toHaveLength(1);
    await closeForm();
    // An answer that replaces the view tells no hash, and nothing else updates this view.
    thenSlackHasNoComplaint('views.update without hash.');
  });

  it('shows both of two quick changes, although the second knows an old hash (F13)', async () => {
    await openForm('high');
    await Promise.all([alice.choose('form_mode', 'overwrite'), alice.choose('form_when', 'now')]);
    await until('both changes', () => shownIn(top()).includes('"alert"') && !hasBlock('at'));
    expect(top()?.values['mode']?.['form_mode']).toMatchObject({
      selected_option: { value: 'overwrite' },
    });
  });

  it('opens from the global shortcut; the thread is then a direct message', async () => {
    await closeForm();
    await alice.shortcut('push_course_masters');
    await until('the form', () => hasBlock('year'));
    await alice.choose('form_catalog', '1');
    await until('the calendars', () => hasBlock('scope~24~1'));
    await alice.submit();
    expect(district.submitted[0]?.channelId).toBe(ALICE);
    thenSlackHasNoComplaint();
  });

  it('answers help with the usage, and its button opens the form', async () => {
    await closeForm();
    const { shown } = await alice.slash(COMMAND, 'help', PUSHES);
    expect(shown).toContain('/push-course-masters new');
    const help = slack.ephemeral(ALICE).at(-1);
    await alice.click({ channel: PUSHES, ts: help?.ts ?? '' }, 'open_form');
    await until('the form', () => hasBlock('year'));
    thenSlackHasNoComplaint();
  });

  it('answers an unknown word with what it knows', async () => {
    const { shown } = await alice.slash(COMMAND, 'quue', PUSHES);
    expect(shown).toContain("I don't know `quue`.");
    thenSlackHasNoComplaint();
  });

  it.each([
    ['an unmapped user, with the ids to quote', UMA, `user \`${UMA}\``],
    ['a guest, although mapped (T04)', GUS, 'not guests'],
    ['a person without the right', NORA, 'the right Read on Push All Course Masters'],
  ])('shows nothing but how to ask to %s', async (_, userId, sentence) => {
    await slack.person(userId).slash(COMMAND, '', PUSHES);
    const answer = await until('the answer', () => slack.ephemeral(userId).at(-1));
    expect(answer.text).toContain(sentence);
    expect(slack.viewStack(userId)).toHaveLength(0);
    thenSlackHasNoComplaint();
  });

  it('refuses a form that was open when the right was withdrawn (T05)', async () => {
    await fillForm();
    district.people = [];
    await alice.submit();
    expect(shownIn(top())).toContain('I do not know you yet');
    expect(district.submitted).toHaveLength(0);
    thenSlackHasNoComplaint();
  });

  it('says that it is alive, and whether the database answers', async () => {
    const ask = async (path: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${bot.port}${path}`)).status;
    expect(await ask('/healthz')).toBe(200);
    expect(await ask('/readyz')).toBe(200);
    district.before = () => Promise.reject(new Error('down'));
    expect(await ask('/healthz')).toBe(200);
    expect(await ask('/readyz')).toBe(503);
  });
});
