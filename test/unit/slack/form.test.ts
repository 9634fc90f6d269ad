import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { checkView } from '../../../playground/slack-standin/rules/payloads.ts';
import { NO_CHOICES, type Choices, readChoices } from '../../../src/slack/form/choices.ts';
import { type FormModel, loadForm } from '../../../src/slack/form/model.ts';
import { nextOffHours } from '../../../src/slack/form/off-hours.ts';
import { atBlocks, faultsOf } from '../../../src/slack/form/submit.ts';
import { formView, loadingView, savingView, withAlert } from '../../../src/slack/form/view.ts';
import { distinctLabels, truncate, truncateMiddle } from '../../../src/slack/limits.ts';
import { parseCommand } from '../../../src/slack/listeners/command.ts';
import {
  calendarsOf,
  catalog,
  fullRights,
  memoryDistrict,
  memoryServices,
  personNamed,
} from '../../support/memory-services.ts';
import { HOSTILE_NAMES } from '../../../playground/gallery/runs.ts';

const NOW = new Date('2026-11-23T16:00:00Z');

function model(change: Partial<FormModel> = {}): FormModel {
  const district = memoryDistrict();
  return {
    person: personNamed('U0ALICE', 'T0'),
    metadata: { channelId: 'C0PUSHES', zone: 'America/Chicago' },
    now: NOW,
    grantors: ['Ann Baker'],
    years: district.years,
    catalogs: district.catalogs[24] ?? [],
    calendars: { calendars: calendarsOf('24-25', 8), leftOut: 0 },
    choices: { ...NO_CHOICES, yearId: 24, catalogId: 1, scope: 'all' },
    ...change,
  };
}

function chosen(change: Partial<Choices>): Choices {
  return { ...model().choices, ...change };
}

function findings(view: unknown): unknown[] {
  return checkView(z.json().parse(JSON.parse(JSON.stringify(view))));
}

function blockOf(view: ReturnType<typeof formView>, prefix: string): unknown {
  return view.blocks.find(({ block_id: id }) => id?.startsWith(prefix));
}

describe('The form passes Slack’s rules (V1–V20)', () => {
  const sizes = [0, 1, 100, 101, 5000];

  it.each(sizes)('with %i catalogs and calendars of hostile names, in every state', (size) => {
    const names = Array.from(
      { length: size },
      (_, index) => HOSTILE_NAMES[index % HOSTILE_NAMES.length] ?? '',
    );
    const faults = (['push_locked', 'overwrite'] as const).flatMap((mode) =>
      (['all', 'chosen'] as const).flatMap((scope) =>
        (['now', 'batch'] as const).flatMap((when) => {
          const calendars = names.map((name, index) => ({
            id: index + 1,
            name,
            school: name,
            isSummer: true,
            linkedCourses: 1200,
          }));
          const calendarIds = calendars.map(({ id }) => id);
          return findings(
            formView(
              model({
                years: names.map((label, id) => ({ id, label, isActive: id === 24 })),
                catalogs: names.map((name, index) => catalog(index + 1, name, ['categories'])),
                calendars: { calendars, leftOut: 1200 },
                choices: chosen({ mode, scope, when, calendarIds, reason: 'x'.repeat(500) }),
              }),
            ),
          );
        }),
      ),
    );
    expect(faults).toEqual([]);
  });

  it('without years, without any right to an option, while loading and while saving', () => {
    const noRights = fullRights([
      'course_information.push_to_sections',
      'cross_site_enrollment_setup',
    ]);
    const views = [
      formView(model({ years: [], catalogs: [], calendars: null, choices: NO_CHOICES })),
      formView(model({ person: personNamed('U1', 'T0', noRights) })),
      loadingView(),
      savingView(),
    ];
    expect(views.flatMap(findings)).toEqual([]);
  });
});

describe('The fields', () => {
  it('stand in the order of the product’s page', () => {
    const labels = formView(model()).blocks.flatMap((block) =>
      'label' in block ? [block.label.text] : [],
    );
    expect(labels).toEqual([
      'Year',
      'Course Catalog',
      'Calendars',
      'Push Mode',
      'Option',
      'Data to be pushed',
      'When',
      'Date and time',
      'Post progress and result in',
    ]);
  });

  it('tick all seven kinds of data and mark those that the catalog does not lock (G06, G10)', () => {
    const types = JSON.stringify(blockOf(formView(model()), 'types~'));
    expect(types.match(/"value"/g)).toHaveLength(14);
    expect(types).toContain('Not locked in this catalog: nothing will be pushed.');
  });

  it('show every calendar with its number of linked courses (G05)', () => {
    const picks = JSON.stringify(
      blockOf(formView(model({ choices: chosen({ scope: 'chosen' }) })), 'picks~24~1'),
    );
    expect(picks).toContain('24-25 School 3');
    expect(picks).toContain('30 linked courses · Harrison High');
  });

  it('say in how many of all calendars the linked courses are', () => {
    const [first, ...others] = calendarsOf('24-25', 14);
    const calendars = [first ?? [], others.map((one) => ({ ...one, linkedCourses: 0 }))].flat();
    const view = formView(model({ calendars: { calendars, leftOut: 0 } }));
    expect(JSON.stringify(blockOf(view, 'scope~'))).toContain('10 linked courses in 1 of them');
  });

  it('search calendars above 100 instead of listing them', () => {
    const calendars = { calendars: calendarsOf('24-25', 101), leftOut: 0 };
    const view = formView(model({ calendars, choices: chosen({ scope: 'chosen' }) }));
    expect(blockOf(view, 'picks~')).toHaveProperty('element.type', 'multi_external_select');
  });

  it('say how many calendars are left out for missing rights', () => {
    const calendars = { calendars: calendarsOf('24-25', 2), leftOut: 3 };
    expect(JSON.stringify(formView(model({ calendars })))).toContain(
      '3 calendars of this year are left out: you may not modify them.',
    );
  });

  it('ask for a reason and warn about the current year once overwrite is chosen', () => {
    const view = JSON.stringify(formView(model({ choices: chosen({ mode: 'overwrite' }) })));
    expect(view).toContain('form_reason');
    expect(view).toContain('Overwriting the current year can mean moving grades by hand.');
  });

  it('name the button after what it does', () => {
    expect(formView(model()).submit?.text).toBe('Submit to Batch');
    expect(formView(model({ choices: chosen({ when: 'now' }) })).submit?.text).toBe('Run Now');
  });

  it('are the same for the same model', () => {
    expect(formView(model())).toEqual(formView(model()));
  });
});

describe('Reading the form', () => {
  const option = (value: string): object => ({ selected_option: { value } });
  const values = (catalogId: string, scopeBlock: string): object => ({
    year: { form_year: option('24') },
    'catalog~24': { form_catalog: option(catalogId) },
    [scopeBlock]: { form_scope: option('all') },
  });

  it('takes the defaults where Slack sends nothing', () => {
    expect(readChoices({})).toEqual({ ...NO_CHOICES, when: 'batch' });
  });

  it('drops the catalog and calendars of another year (F14)', () => {
    expect(
      readChoices({
        year: { form_year: option('25') },
        'catalog~24': { form_catalog: option('1') },
        'scope~24~1': { form_scope: option('chosen') },
        'picks~24~1': { form_calendars: { selected_options: [{ value: '3' }] } },
      }),
    ).toMatchObject({ yearId: 25, catalogId: null, scope: null, calendarIds: [] });
  });

  it('does not take “All Calendars” of the catalog chosen before', () => {
    expect(readChoices(values('1', 'scope~24~1'))).toMatchObject({ scope: 'all' });
    expect(readChoices(values('2', 'scope~24~1'))).toMatchObject({ catalogId: 2, scope: null });
  });

  it('ignores ids that are none', () => {
    expect(readChoices({ year: { form_year: option('24; drop table') } }).yearId).toBeNull();
  });
});

describe('Faults stand at their field', () => {
  const faults = (change: Partial<Choices>): unknown =>
    faultsOf({
      person: model().person,
      choices: chosen({ when: 'now', ...change }),
      metadata: model().metadata,
      viewId: 'V1',
      now: NOW,
    });

  it.each([
    ['no year', { yearId: null }, { year: 'Choose a year.' }],
    ['no catalog', { catalogId: null }, { catalog: 'Choose a course catalog of this year.' }],
    ['no calendar', { scope: 'chosen' }, { calendars: 'Choose at least one calendar.' }],
    ['no data type', { dataTypes: [] }, { types: 'Choose at least one kind of data.' }],
    ['no time', { when: 'batch' }, { at: 'Choose a date and time.' }],
    [
      'a time in the past',
      { when: 'batch', at: NOW },
      { at: 'This time is in the past. Choose a later one, or Run Now.' },
    ],
    [
      'a time 91 days ahead',
      { when: 'batch', at: new Date(NOW.getTime() + 91 * 86_400_000) },
      { at: 'Choose a time within the next 90 days.' },
    ],
  ] satisfies [string, Partial<Choices>, object][])('%s', (_, change, expected) => {
    expect(faults(change)).toEqual(expected);
  });

  it('asks for a reason for an overwrite', () => {
    expect(faults({ mode: 'overwrite', reason: 'short' })).toHaveProperty('reason');
    expect(faults({ mode: 'overwrite', reason: 'long enough' })).toEqual({});
  });

  it('moves to the nearest field the view has, and gives up where there is none (F16)', () => {
    const view = {
      callback_id: 'push_form',
      private_metadata: '',
      title: { text: 'x' },
      submit: null,
      close: null,
    };
    const inputs = (...ids: string[]): { type: string; block_id: string }[] =>
      ids.map((id) => ({ type: 'input', block_id: id }));
    const errors = { calendars: 'Choose.' };
    expect(
      atBlocks(errors, { ...view, blocks: inputs('year', 'picks~24~1', 'scope~24~1') }),
    ).toEqual({
      'picks~24~1': 'Choose.',
    });
    expect(atBlocks(errors, { ...view, blocks: inputs('year', 'scope~24~1') })).toEqual({
      'scope~24~1': 'Choose.',
    });
    expect(atBlocks({ reason: 'Why?' }, { ...view, blocks: inputs('year') })).toBeUndefined();
    expect(findings(withAlert({ ...view, blocks: [] }, 'Something to say.'))).toEqual([]);
  });
});

describe('Loading the form', () => {
  const load = (choices: Choices, words = ''): Promise<FormModel> =>
    loadForm(memoryServices(memoryDistrict()), { ...model(), choices }, words);

  it('takes the current year and leaves the catalog to the person', async () => {
    expect((await load(NO_CHOICES)).choices).toMatchObject({ yearId: 24, catalogId: null });
  });

  it('takes the only catalog of a year', async () => {
    expect((await load(chosen({ yearId: 25, catalogId: null }))).choices.catalogId).toBe(3);
  });

  it('takes the catalog that the words after the command name', async () => {
    expect((await load(NO_CHOICES, 'high school')).choices.catalogId).toBe(1);
    expect((await load(NO_CHOICES, 'catalog')).choices.catalogId).toBeNull();
  });
});

describe('Words after the command', () => {
  it.each([
    ['', { kind: 'form', words: '' }],
    ['  NEW  High School ', { kind: 'form', words: 'High School' }],
    ['Help', { kind: 'help' }],
    ['--help', { kind: 'help' }],
    ['Master AB-12', { kind: 'master', number: 'AB-12' }],
    ['APPROVALS', { kind: 'approvals' }],
    ['report Awaiting—Push', { kind: 'report', word: 'Awaiting—Push' }],
    ['show #1042', { kind: 'show', runId: 1042 }],
    ['cancel 1042', { kind: 'cancel', runId: 1042 }],
    ['queue Mine', { kind: 'queue', mine: true }],
    ['?', { kind: 'help' }],
    ['quue', { kind: 'unknown', word: 'quue' }],
  ])('“%s”', (text, expected) => {
    expect(parseCommand(text)).toEqual(expected);
  });
});

describe('The suggested time', () => {
  it('is 8 PM in the person’s zone', () => {
    expect(nextOffHours(NOW, 'America/Chicago')).toEqual(new Date('2026-11-24T02:00:00Z'));
  });

  it('is tomorrow when 8 PM is less than half an hour ahead', () => {
    const late = new Date('2026-11-24T01:31:00Z');
    expect(nextOffHours(late, 'America/Chicago')).toEqual(new Date('2026-11-25T02:00:00Z'));
  });

  it('stays at 8 PM across the change to summer time', () => {
    const before = new Date('2027-03-14T03:00:00Z');
    expect(nextOffHours(before, 'America/Chicago')).toEqual(new Date('2027-03-15T01:00:00Z'));
  });
});

describe('Cutting names', () => {
  it('never splits a grapheme', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(truncate(family.repeat(3), family.length * 2 + 1)).toBe(`${family.repeat(2)}…`);
    expect(truncateMiddle(family.repeat(9), 40).length).toBeLessThanOrEqual(40);
    expect(truncate('e\u0301'.repeat(3), 4)).toBe('e\u0301…');
    expect(truncate('Égalité — “Lycée”…', 9)).toBe('Égalité…');
  });

  it('keeps the year in front and the school at the end, and labels distinguishable (V9)', () => {
    const name = `24-25 ${'very '.repeat(30)}long High`;
    const labels = distinctLabels([name, name, name], 75);
    expect(labels[0]).toMatch(/^24-25 .*…very.*long High$/);
    expect(new Set(labels).size).toBe(3);
    expect(labels.every((label) => label.length <= 75)).toBe(true);
  });
});
