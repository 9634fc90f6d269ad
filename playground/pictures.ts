/**
 * npm run pictures: takes the pictures of README and docs from the running product. Chromium needs a
 * font with emoji, such as Debian's fonts-noto-color-emoji.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { chromiumPath, startBrowser } from './browser.ts';
import { PagePerson } from './page-person.ts';
import { startPlayground } from './start.ts';

const FOLDER = fileURLToPath(new URL('../docs/images', import.meta.url));
/** The machine of whoever takes them may be slow. */
const WAIT_MS = 90_000;
const CATALOG = 'High School Catalog';
/** The usual window, and one in which a whole thread can be read. */
const WINDOW = { width: 1280, height: 800 };
const TALL = { width: 1280, height: 1500 };

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
  const tab = await browser.open(playground.url);
  const person = new PagePerson(tab);
  await takeForm(person);
  await takePush(person);
  await takeOverwrite(person);
  await takeViews(person);
} finally {
  await browser.close();
  await playground.stop();
}

async function take({ tab }: PagePerson, name: string, size = WINDOW): Promise<void> {
  await tab.setViewportSize(size);
  await tab.mouse.move(0, 0);
  await tab.screenshot({ path: `${FOLDER}/${name}.png` });
  await tab.setViewportSize(WINDOW);
}

/** Alice fills in the form, for the next evening. */
async function takeForm(alice: PagePerson): Promise<void> {
  await alice.openForm();
  await alice.chooseCatalog(CATALOG);
  await take(alice, 'modal');
  await alice.sendScheduled();
}

/** Alice pushes locked data at once: plan, result. */
async function takePush(alice: PagePerson): Promise<void> {
  await alice.openForm();
  await alice.chooseCatalog(CATALOG);
  await alice.chooseRunNow();
  await alice.sendForm();
  const push = alice.thread.getByRole('button', { name: 'Push now' });
  await push.waitFor({ timeout: WAIT_MS });
  await alice.thread.getByText('The full plan of push').waitFor({ timeout: WAIT_MS });
  await push.scrollIntoViewIfNeeded();
  await take(alice, 'plan');
  await push.click();
  await alice.waitForEnd();
  await alice.thread.getByText('Reports of push').waitFor({ timeout: WAIT_MS });
  await alice.anchor.scrollIntoViewIfNeeded();
  await take(alice, 'thread', TALL);
  await alice.thread.getByRole('button', { name: 'Push again…' }).scrollIntoViewIfNeeded();
  await take(alice, 'completed');
}

/** Alice asks for an overwrite, Bob and Carol approve it. */
async function takeOverwrite(person: PagePerson): Promise<void> {
  await person.planOverwrite(CATALOG, 'We start over for the new year');
  await person.askForApproval();
  await person.actAs('Bob Baker');
  await person.openHome();
  await person.home.getByText('Waiting for your approval').waitFor();
  await take(person, 'home-approver');
  await person.goToChannel('approvers');
  await person.channel
    .getByRole('button', { name: 'Approve…' })
    .last()
    .waitFor({ timeout: WAIT_MS });
  await take(person, 'approval');
  await person.approve(CATALOG);
  await person.actAs('Carol Cole');
  await person.goToChannel('approvers');
  await person.approve(CATALOG);
  await person.actAs('Alice Anderson');
  await person.goToChannel('course-masters');
  await person.openNewestThread();
  await person.waitForEnd();
  await person.anchor.scrollIntoViewIfNeeded();
  await take(person, 'approved', TALL);
}

/** What stands beside the threads: the queue, Home, people and rights. */
async function takeViews(person: PagePerson): Promise<void> {
  await person.openQueue();
  await take(person, 'queue');
  await person.closeDialog();
  await person.openHome();
  await take(person, 'home');
  await person.actAs('Bob Baker');
  await person.home.getByRole('button', { name: 'People and rights' }).click();
  await person.dialog.getByText('@Alice Anderson').first().waitFor();
  await take(person, 'people');
}
