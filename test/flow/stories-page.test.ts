import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type Locator } from 'playwright-core';
import { chromiumPath, startBrowser, type TestBrowser } from '../../playground/browser.ts';
import { PagePerson } from '../../playground/page-person.ts';
import { type Playground, startPlayground } from '../../playground/start.ts';

const CATALOG = 'High School Catalog';
const PATIENCE_MS = 60_000;
const STORY_MS = 240_000;

const chromium = chromiumPath();
let playground: Playground;

beforeAll(async () => {
  playground = await startPlayground({
    today: '2026-11-24',
    demoDistrict: false,
    logger: pino({ level: 'silent' }),
    print: () => undefined,
  });
}, STORY_MS);
afterAll(() => playground.stop());

describe('Given the playground', () => {
  it('serves its page, and says when the stories in the browser are left out', async () => {
    expect((await fetch(playground.url)).status).toBe(200);
    if (chromium === undefined)
      process.stdout.write('No Chromium here: the stories were not tried in a browser.\n');
  });
});

// Without Chromium the test above stands for the page and says what is left out.
const describeInBrowser = chromium === undefined ? undefined : describe;

describeInBrowser?.(
  'Given the playground’s page, used by newcomers with mouse and keyboard',
  () => {
    let browser: TestBrowser;
    let page: PagePerson;

    beforeAll(async () => {
      browser = await startBrowser(chromium ?? '');
      page = new PagePerson(await browser.open(playground.url));
    }, STORY_MS);
    afterAll(() => browser.close());

    /** Waits until the words are shown. */
    const sees = async (where: Locator, words: string | RegExp): Promise<boolean> => {
      const shown = where.getByText(words).first();
      await shown.waitFor({ timeout: PATIENCE_MS });
      return shown.isVisible();
    };

    it(
      'tells Alice why Carol rejected her overwrite (T05)',
      async () => {
        await page.planOverwrite(CATALOG, 'New weights for everybody');
        expect(await sees(page.thread, 'What to know before you say yes')).toBe(true);
        await page.askForApproval();
        await page.actAs('Carol Cole');
        await page.goToChannel('approvers');
        expect(await sees(page.channel, '“New weights for everybody”')).toBe(true);
        await page.reject('Not in the middle of the term');
        await page.actAs('Alice Anderson');
        await page.goToChannel('course-masters');
        await page.openNewestThread();
        await page.waitForEnd();
        expect(await sees(page.anchor, 'Carol Cole said no: “Not in the middle of the term”')).toBe(
          true,
        );
      },
      STORY_MS,
    );

    it(
      'schedules a push for the evening, which Alice cancels in its thread (B04, G19)',
      async () => {
        await page.schedule(CATALOG);
        expect(await sees(page.anchor, /It starts on .* 8:00 PM C[SD]T\./)).toBe(true);
        await page.cancel();
        expect(await sees(page.anchor, 'By Alice Anderson. Nothing was pushed.')).toBe(true);
        await page.openQueue();
        expect(await sees(page.dialog, 'Canceled')).toBe(true);
        await page.closeDialog();
      },
      STORY_MS,
    );

    it(
      'takes an overwrite through two approvals to its result in the thread (G21)',
      async () => {
        await page.planOverwrite(CATALOG, 'We start over for the new year');
        await page.askForApproval();
        await page.actAs('Bob Baker');
        await page.openHome();
        expect(await sees(page.home, 'Waiting for your approval')).toBe(true);
        await page.goToChannel('approvers');
        await page.approve(CATALOG);
        expect(await sees(page.channel, '1 of 2 approvals, by Bob Baker')).toBe(true);
        await page.actAs('Carol Cole');
        await page.goToDirectMessages();
        await page.approve(CATALOG);
        await page.actAs('Alice Anderson');
        await page.goToChannel('course-masters');
        await page.openNewestThread();
        await page.waitForEnd();
        expect(await sees(page.thread, 'Carol Cole')).toBe(true);
        expect(await sees(page.anchor, /^Completed/)).toBe(true);
      },
      STORY_MS,
    );

    it('shows Alice on her Home tab what became of her pushes, and what she may do', async () => {
      await page.openHome();
      expect(
        await sees(page.home, /You may push and ask to overwrite; you may modify \d+ calendars?\./),
      ).toBe(true);
      const lately = (await page.home.textContent())?.split('Finished lately')[1];
      expect(lately).toMatch(/#1 [^#]*Rejected/);
      expect(lately).toMatch(/#2 [^#]*Canceled/);
      expect(lately).toMatch(/#3 [^#]*Completed/);
    });

    it('tells a teacher and somebody without rights what they may do (T05)', async () => {
      await page.actAs('Teresa Torres');
      await page.openHome();
      expect(await sees(page.home, 'You may look at pushes; you may modify no calendar.')).toBe(
        true,
      );
      await page.goToChannel('course-masters');
      await page.command('/push-course-masters');
      expect(await sees(page.dialog, /You may look at pushes, not start one\. You lack: /)).toBe(
        true,
      );
      await page.closeDialog();
      await page.actAs('Nora Novak');
      await page.goToChannel('course-masters');
      await page.command('/push-course-masters');
      expect(await sees(page.channel, 'I do not know you yet')).toBe(true);
      await page.openHome();
      expect(await sees(page.home, 'I do not know you yet')).toBe(true);
    });

    it('broke no rule of Slack, as the page’s log says too', async () => {
      expect(await sees(page.tab.locator('#log-button'), '0 rules broken')).toBe(true);
      expect(playground.standIn.violations()).toEqual([]);
    });
  },
);
