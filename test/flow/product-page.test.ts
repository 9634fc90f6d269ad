import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { chromiumPath, startBrowser, type TestBrowser } from '../../playground/browser.ts';
import { PagePerson } from '../../playground/page-person.ts';
import { type Db, openDatabase } from '../../src/db/database.ts';
import { DATA_TYPE_LABELS } from '../../src/domain/push-options.ts';
import { figuresOfCsv, figuresOfDatabase, readCsv } from '../support/report-figures.ts';
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
  let db: Db;
  let closeDatabase: () => Promise<void>;

  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '');
    alice = new PagePerson(await browser.open(playground.url));
    const opened = openDatabase({ url: playground.databaseUrl, applicationName: 'flow-test' });
    ({ db, close: closeDatabase } = opened);
  });
  afterAll(async () => {
    await browser.close();
    await closeDatabase();
  });

  it('takes the High School Catalog of Grand Bend from unpushed to pushed', async () => {
    await alice.push('High School Catalog');
    expect(await alice.thread.textContent()).toContain('28 courses: 27 done, 1 ignored.');
    await alice.thread.getByText('CSV is for machines, XLSX for people').waitFor();
  }, 120_000);

  it('says the second time that nothing needed doing (G17)', async () => {
    await alice.push('High School Catalog');
    expect(await alice.thread.textContent()).toContain('Nothing needed doing');
  }, 120_000);

  it('shows the one locked attribute that a script changed, both values in its file (S05)', async () => {
    await db
      .updateTable('course')
      .set({ name: 'Algebra for All' })
      .where('source_id', '=', '255901001-ALG-1')
      .execute();
    await alice.push('High School Catalog');
    await alice.thread.getByText('CSV is for machines, XLSX for people').waitFor();
    const thread = (await alice.thread.textContent()) ?? '';
    expect(thread).toContain('Completed with 1 exception');
    expect(thread).toContain('1 failed (desynced)');

    const file = await alice.download('push-3-high-school-catalog-21-22.csv');
    expect(readCsv(file).filter((row) => row['Outcome'] === 'Failed: desynced')).toEqual([
      expect.objectContaining({
        'Course Number': 'ALG-1',
        'Course or Section Value': 'Algebra for All',
        'Last Pushed Value': 'Algebra I',
      }),
    ]);
    const figures = await figuresOfDatabase(db, 3, DATA_TYPE_LABELS);
    const lines = Object.values(figures).reduce((sum, items) => sum + items, 0);
    expect(figuresOfCsv(file)).toEqual(figures);
    expect(thread).toContain(`(what could not be pushed) has ${lines} lines`);
    expect(playground.standIn.violations()).toEqual([]);
  }, 120_000);
});
