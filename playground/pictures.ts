/** npm run pictures: takes the pictures of README and docs from the running product. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { type Page } from 'playwright-core';
import { chromiumPath, startBrowser } from './browser.ts';
import { PagePerson } from './page-person.ts';
import { startPlayground } from './start.ts';

const FOLDER = fileURLToPath(new URL('../docs/images', import.meta.url));

const chromium = chromiumPath();
if (chromium === undefined)
  throw new Error('There is no Chromium here; install one, or name it in CHROMIUM_PATH.');
await mkdir(FOLDER, { recursive: true });
const playground = await startPlayground({
  today: new Date().toISOString().slice(0, 10),
  demoDistrict: false,
  logger: pino({ level: 'warn' }, pino.destination(2)),
  print: (line) => {
    process.stdout.write(`${line}\n`);
  },
});
const browser = await startBrowser(chromium);
try {
  await takeAll(await browser.open(playground.url));
} finally {
  await browser.close();
  await playground.stop();
}

async function takeAll(tab: Page): Promise<void> {
  const alice = new PagePerson(tab);
  const take = async (name: string): Promise<void> => {
    await tab.screenshot({ path: `${FOLDER}/${name}.png` });
  };
  await alice.openForm();
  await alice.chooseCatalog('High School Catalog');
  await tab.mouse.move(0, 0);
  await take('modal');
  await alice.chooseRunNow();
  await alice.sendForm();
  const push = alice.thread.getByRole('button', { name: 'Push now' });
  await push.waitFor({ timeout: 60_000 });
  await alice.thread.getByText('The full plan of push').waitFor({ timeout: 60_000 });
  await push.scrollIntoViewIfNeeded();
  await take('plan');
  await push.click();
  await alice.thread.getByText('Reports of push').waitFor({ timeout: 60_000 });
  await take('thread');
  await alice.command('/push-course-masters queue');
  await alice.dialog.getByText('Refresh').waitFor();
  await take('queue');
}
