import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { type Page as BrowserPage } from 'playwright-core';
import { type Page, takePagePort } from '../../playground/page/server.ts';
import { type SlackStandIn } from '../../playground/slack-standin/contract.ts';
import { startSlackStandIn } from '../../playground/slack-standin/start.ts';
import { chromiumPath, startBrowser, type TestBrowser } from '../../playground/browser.ts';
import { type KitchenSink, startKitchenSink } from '../support/kitchen-sink-app.ts';
import { KITCHEN_SINK_MANIFEST } from '../support/kitchen-sink-manifest.ts';
import { APPOINTMENT, HOSTILE_NAME } from '../support/kitchen-sink-views.ts';

const chromium = chromiumPath();
let standIn: SlackStandIn;
let app: KitchenSink;
let page: Page;

beforeEach(async () => {
  standIn = await startSlackStandIn({
    manifest: KITCHEN_SINK_MANIFEST,
    people: [
      { id: 'U0ADMIN', name: 'alice', realName: 'Alice Anderson' },
      { id: 'U0APPROVER', name: 'bob', realName: 'Bob Baker' },
      { id: 'U0TEACHER', name: 'tina', realName: 'Tina Torres' },
    ],
    channels: [
      { id: 'C0GENERAL', name: 'course-masters' },
      { id: 'C0SECRET', name: 'approvals', isPrivate: true, members: ['U0ADMIN', 'U0APPROVER'] },
    ],
  });
  app = await startKitchenSink(standIn);
  const port = await takePagePort(0);
  port.serve({
    standIn,
    manifest: KITCHEN_SINK_MANIFEST,
    roles: { U0ADMIN: 'Administrator', U0APPROVER: 'Approver', U0TEACHER: 'Teacher' },
    logger: pino({ level: 'silent' }),
  });
  page = port;
});

afterEach(async () => {
  await page.close();
  await app.close();
  await standIn.close();
});

describe('The playground page over HTTP', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${page.url}/api/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('serves its HTML, and its TypeScript with the types taken off', async () => {
    const html = await fetch(`${page.url}/`);
    const script = await fetch(`${page.url}/main.ts`);

    expect(html.status).toBe(200);
    expect(await html.text()).toContain('<script type="module" src="/main.ts">');
    expect(html.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await script.text()).not.toContain('private readonly');
    if (chromium === undefined) {
      process.stdout.write(
        'No Chromium here: the browser part of the page tests is left out. Install chromium or set CHROMIUM_PATH.\n',
      );
    }
  });

  it('refuses other sites, other hosts, unknown people, bad input and files outside its folder', async () => {
    const act = { as: 'U0ADMIN', act: { kind: 'submit' } };

    expect((await post(act, { origin: 'http://evil.test' })).status).toBe(403);
    expect((await post(act, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post({ ...act, as: 'U0STRANGER' })).status).toBe(404);
    expect((await post({ as: 'U0ADMIN', act: { kind: 'fly' } })).status).toBe(400);
    expect((await fetch(`${page.url}/..%2fserver.ts`)).status).toBe(404);
    expect((await fetch(`${page.url}/files/F0NONE?as=U0ADMIN`)).status).toBe(404);
  });

  it('says what a client has no control for instead of failing', async () => {
    const answer = await post({ as: 'U0ADMIN', act: { kind: 'submit' } });

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      result: { ok: false, error: 'client_refused', shown: 'No modal is open.' },
    });
  });
});

// Without Chromium the test above stands for the page and says what is left out.
const describeInBrowser = chromium === undefined ? undefined : describe;

describeInBrowser?.('The playground page in a browser', () => {
  let browser: TestBrowser;
  let tab: BrowserPage;

  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '');
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    tab = await browser.open(page.url);
  });
  afterEach(async () => {
    await tab.close();
  });

  const composer = () => tab.getByRole('combobox', { name: 'Message #course-masters' });
  const modal = () => tab.getByRole('dialog');
  const field = (name: string) => modal().getByLabel(name);
  const command = async (text: string): Promise<void> => {
    await composer().fill(text);
    await composer().press('Enter');
  };
  const openForm = async (): Promise<void> => {
    await command('/kitchen-sink form');
    await modal().getByRole('heading', { name: 'Every element' }).waitFor();
  };
  const pick = async (label: string, option: string): Promise<void> => {
    await modal().getByRole('combobox', { name: label }).click();
    await modal().getByRole('option', { name: option }).locator('visible=true').click();
    // Leaves the field, which closes its list and sends what was chosen.
    await tab.keyboard.press('Tab');
  };
  const submit = () => modal().getByRole('button', { name: 'Check the plan' }).click();

  it('completes a slash command and opens its form with the keyboard alone', async () => {
    await composer().focus();
    await tab.keyboard.type('/kitchen-s');
    await tab.getByRole('option', { name: '/kitchen-sink' }).waitFor();
    await tab.keyboard.press('Tab');
    expect(await composer().inputValue()).toBe('/kitchen-sink ');
    await tab.keyboard.press('Enter');
    await modal().waitFor();

    expect(await field('Year').inputValue()).toBe('2024-25');
    expect(await tab.evaluate('document.activeElement.closest("dialog") !== null')).toBe(true);
    await tab.keyboard.press('Escape');
    await modal().waitFor({ state: 'hidden' });
    expect(standIn.viewStack('U0ADMIN')).toEqual([]);
  });

  it('shows initial values, times in the person’s zone, groups, hints and optional marks', async () => {
    await openForm();

    expect(await field('When').inputValue()).toBe('2030-01-15T09:30');
    expect(await field('Time').inputValue()).toBe('18:00');
    expect(await modal().locator('optgroup').first().getAttribute('label')).toBe('Now');
    expect(await field('Where to report').inputValue()).toBe('C0GENERAL');
    expect(await modal().getByRole('checkbox', { checked: true }).count()).toBe(2);
    await modal().getByText('School kinds (optional)').waitFor();
    await modal().getByText('Type to search.').waitFor();
  });

  it('sends what was filled in, once, and keeps what was typed while dependent fields are renewed', async () => {
    await openForm();
    await field('Name of the run').fill('Winter');
    await field('Year').selectOption('2025-26');
    await modal().locator('[data-block="catalog~2025-26"]').waitFor();
    expect(await field('Name of the run').inputValue()).toBe('Winter');
    await pick('Course Catalog', 'Middle School 2025-26');
    await pick('Calendars', 'Lincoln High');
    await pick('Calendars', 'Adams Middle');
    await pick('School kinds', 'Elementary schools');
    await pick('Watchers', 'Bob Baker');
    await field('Approver').selectOption({ label: 'Bob Baker' });
    await modal().getByRole('checkbox', { name: 'Grading tasks' }).check();
    await field('When').fill('2030-01-15T18:00');
    await field('Day').fill('2030-02-01');
    await field('How many').fill('12');
    await submit();
    await modal().waitFor({ state: 'hidden' });

    await tab.getByText('Planned "Winter".').waitFor();
    const text = JSON.stringify(app.submitted());
    for (const sent of [
      '2025-26-1',
      'Lincoln High',
      'Adams Middle',
      'elementary',
      'U0APPROVER',
      'Grading tasks',
    ]) {
      expect(text).toContain(`"${sent}"`);
    }
    expect(text).toContain(String(APPOINTMENT + 8.5 * 3600));
    expect(text).toContain('"2030-02-01"');
    expect(standIn.violations()).toEqual([]);
  });

  it('searches an external select as the person types, with arrows and Enter', async () => {
    await openForm();
    await field('Course Catalog').click();
    await tab.keyboard.type('element');
    await modal().getByRole('option', { name: 'Elementary School' }).waitFor();
    await modal()
      .getByRole('option', { name: 'High School' })
      .locator('visible=true')
      .waitFor({ state: 'detached' });
    await tab.keyboard.press('Enter');

    expect(await field('Course Catalog').inputValue()).toBe('Elementary School 2024-25');
    await modal().waitFor();
  });

  it('puts errors at their fields and the focus into the first', async () => {
    await openForm();
    await submit();
    await modal().getByText('Please complete this required field.').first().waitFor();
    expect(await tab.evaluate('document.activeElement.dataset.action')).toBe('catalog');
    expect(await field('Course Catalog').getAttribute('aria-invalid')).toBe('true');

    await pick('Course Catalog', 'High School');
    await pick('Calendars', 'Lincoln High');
    await field('Name of the run').fill('taken');
    await submit();
    await modal().getByText('This name is taken.').waitFor();
    expect(await tab.evaluate('document.activeElement.dataset.action')).toBe('name');
    expect(await field('Name of the run').inputValue()).toBe('taken');
  });

  it('says what Slack says when the app does not answer, and keeps the form', async () => {
    await openForm();
    await pick('Course Catalog', 'High School');
    await pick('Calendars', 'Lincoln High');
    await field('Name of the run').fill('hang');
    await submit();
    await modal().getByText('We had some trouble connecting. Try again?').waitFor();
    expect(await field('Name of the run').inputValue()).toBe('hang');

    await tab.keyboard.press('Escape');
    await command('/kitchen-timer');
    await tab.getByText('/kitchen-timer failed').waitFor();
  });

  it('renews the form when a choice asks for it: a warning, a new field', async () => {
    await openForm();
    await modal().getByRole('radio', { name: 'Overwrite' }).check();

    await modal().getByRole('alert').filter({ hasText: 'moving grades' }).waitFor();
    await field('Reason').fill('A new year begins.');
    await modal().getByRole('radio', { name: 'Push locked data' }).check();
    await field('Reason').waitFor({ state: 'detached' });
    expect(await modal().getByRole('alert').filter({ hasText: 'moving grades' }).count()).toBe(0);
  });

  it('stacks modals: back goes one down, the cross closes all', async () => {
    await openForm();
    await field('Name of the run').fill('Winter');
    await modal().getByRole('button', { name: 'More…' }).click();
    await modal().getByRole('heading', { name: 'A pushed view' }).waitFor();
    await modal().getByRole('button', { name: 'Back' }).click();
    await field('Name of the run').waitFor();
    expect(await field('Name of the run').inputValue()).toBe('Winter');

    await modal().getByRole('button', { name: 'More…' }).click();
    await modal().getByRole('heading', { name: 'A pushed view' }).waitFor();
    await modal().getByRole('button', { name: 'Close' }).click();
    await modal().waitFor({ state: 'hidden' });
    expect(standIn.viewStack('U0ADMIN')).toEqual([]);
  });

  it('draws every block; hostile names stay text (V19)', async () => {
    await command('/kitchen-sink post');
    const message = tab.getByRole('article').first();
    await message.getByRole('heading', { name: 'Overwrite needs approval' }).waitFor();

    expect(await message.getByRole('cell', { name: HOSTILE_NAME }).count()).toBe(1);
    expect(await tab.locator('#messages script').count()).toBe(0);
    expect(await message.locator('.mention').allInnerTexts()).toEqual(['@Bob Baker']);
    await message.getByText('Jan 15, 2030 9:30 AM').waitFor();
    await message.getByText('Assessments 40 of 412 · in progress').waitFor();
    await message.getByRole('img', { name: 'In progress' }).waitFor();
  });

  it('sorts and pages a data table', async () => {
    await command('/kitchen-sink post');
    const table = tab.getByRole('group', { name: 'Courses by pushed items' });
    await table.getByRole('button', { name: 'Course' }).click();
    expect(await table.getByRole('cell').first().innerText()).toBe('Course A');
    await table.getByRole('button', { name: 'Pushed' }).click();
    await table.getByRole('button', { name: 'Pushed' }).click();
    expect(await table.getByRole('cell').nth(1).innerText()).toBe('70');
    await table.getByRole('button', { name: 'Next' }).click();
    await table.getByText('6–8 of 8').waitFor();
  });

  it('asks before a button with a confirm dialog, then shows the update and the thread', async () => {
    await command('/kitchen-sink post');
    await tab.getByRole('button', { name: 'Reject…' }).click();
    await modal().getByRole('button', { name: 'Keep' }).click();
    await tab.getByText('waiting').first().waitFor();

    await tab.getByRole('button', { name: 'Reject…' }).click();
    await modal().getByRole('button', { name: 'Reject', exact: true }).click();
    await tab.locator('#messages').getByText('rejected').waitFor();
    expect(await tab.getByText('(edited)').count()).toBe(0);
    await tab.getByRole('button', { name: '1 reply' }).click();
    const thread = tab.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('@Alice Anderson rejected this push.').waitFor();
    const reply = thread.getByRole('combobox', { name: 'Reply…' });
    await reply.fill('/kitchen-sink');
    await reply.press('Enter');
    await thread.getByText('not supported in threads').waitFor();
  });

  it('answers an overflow menu with a message only the person sees', async () => {
    await command('/kitchen-sink post');
    await tab.getByRole('button', { name: /^More actions: Requested/ }).click();
    await tab.getByRole('menuitem', { name: 'Remind again' }).click();
    await tab.getByText('You chose remind.').waitFor();
    await tab.getByText('Only visible to you').waitFor();

    await tab.getByRole('button', { name: 'Bob Baker Approver' }).click();
    await tab.locator('.row.current', { hasText: 'Bob Baker' }).waitFor();
    expect(await tab.getByText('You chose remind.').count()).toBe(0);
  });

  it('offers a thread’s file to download with its name, size and bytes', async () => {
    await command('/kitchen-sink files');
    await tab.getByRole('button', { name: '1 reply' }).click();
    const link = tab.getByRole('link', { name: 'Push report' });
    expect(await link.innerText()).toContain('24 bytes · push-1042-report.csv');
    const [download] = await Promise.all([tab.waitForEvent('download'), link.click()]);

    expect(download.suggestedFilename()).toBe('push-1042-report.csv');
    expect(await readFile(await download.path(), 'utf8')).toBe('outcome,count\npushed,28\n');
  });

  it('opens App Home and takes clicks there', async () => {
    await tab.getByRole('button', { name: 'Kitchen Sink Home' }).click();
    await tab.getByText('0 clicks so far').waitFor();
    await tab.getByRole('button', { name: 'Count' }).click();
    await tab.getByText('1 clicks so far').waitFor();
    expect(standIn.homeView('U0ADMIN')).toBeDefined();
  });

  it('shows each person their own channels, and news as they happen in every open tab', async () => {
    const other = await browser.open(`${page.url}/?as=U0TEACHER&in=C0GENERAL`);
    expect(await other.getByRole('button', { name: 'approvals' }).count()).toBe(0);
    expect(await tab.getByRole('button', { name: 'approvals' }).count()).toBe(1);

    await command('Good morning, everyone.');
    await other.getByRole('article', { name: 'Alice Anderson: Good morning' }).waitFor();
    await other.close();
  });

  it('runs global and message shortcuts', async () => {
    await tab.getByRole('button', { name: 'Shortcuts' }).click();
    await tab.getByRole('menuitem', { name: 'Open the form' }).click();
    await modal().getByRole('heading', { name: 'Every element' }).waitFor();
    await tab.keyboard.press('Escape');
    await modal().waitFor({ state: 'hidden' });

    await command('Look at this.');
    const message = tab.getByRole('article').filter({ hasText: 'Look at this.' });
    await message.hover();
    await message.getByRole('button', { name: 'More actions' }).click();
    await tab.getByRole('menuitem', { name: 'Show this message' }).click();
    await modal().getByRole('heading', { name: 'A pushed view' }).waitFor();
    expect(standIn.viewStack('U0ADMIN')).toHaveLength(1);
  });

  it('lists the calls the app made in the payload log', async () => {
    await openForm();
    await tab.keyboard.press('Escape');
    await tab.getByRole('button', { name: /Payload log/ }).click();
    const log = tab.getByRole('region', { name: 'Payload log' });
    await log.getByText('views.open').click();

    expect(await log.locator('details[open] pre').innerText()).toContain('"callback_id": "form"');
  });
});
