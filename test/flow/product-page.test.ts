import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { chromiumPath, startBrowser, type TestBrowser } from '../../playground/browser.ts';
import { PagePerson } from '../../playground/page-person.ts';
import { type Playground, startPlayground } from '../../playground/start.ts';

const chromium = chromiumPath();
let playground: Playground;

beforeAll(async () => {
  playground = await startPlayground({
    today: '2026-11-24',
    demoDistrict: false,
    logger: pino({ level: 'silent' }),
    print: () => undefined,
  });
}, 120_000);
afterAll(() => playground.stop());

describe('Given the playground with the product behind it', () => {
  it('serves its page, and says when the browser part is left out', async () => {
    expect((await fetch(playground.url)).status).toBe(200);
    if (chromium === undefined) {
      process.stdout.write('No Chromium here: the product was not tried in a browser.\n');
    }
  });
});

// Without Chromium the test above stands for the page and says what is left out.
const describeInBrowser = chromium === undefined ? undefined : describe;

describeInBrowser?.('Given its page in a browser, used with mouse and keyboard', () => {
  let browser: TestBrowser;
  let alice: PagePerson;

  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '');
    alice = new PagePerson(await browser.open(playground.url));
  });
  afterAll(() => browser.close());

  it('takes the High School Catalog of Grand Bend from unpushed to pushed', async () => {
    await alice.push('High School Catalog');
    expect(await alice.thread.textContent()).toContain('28 courses: 27 done, 1 ignored.');
    await alice.thread.getByText('CSV is for machines, XLSX for people').waitFor();
  }, 120_000);

  it('says the second time that nothing needed doing (G17)', async () => {
    await alice.push('High School Catalog');
    expect(await alice.thread.textContent()).toContain('Nothing needed doing');
    expect(playground.standIn.violations()).toEqual([]);
  }, 120_000);
});
