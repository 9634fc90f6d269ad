/** What a person does on the playground's page, with mouse and keyboard, named as they would name it. */
import { readFile } from 'node:fs/promises';
import { type Locator, type Page } from 'playwright-core';

const RESULT_WAIT_MS = 60_000;

/** Someone at the page in a browser tab. Every step waits for what it needs to see. */
export class PagePerson {
  readonly tab: Page;

  constructor(tab: Page) {
    this.tab = tab;
  }

  get dialog(): Locator {
    return this.tab.getByRole('dialog');
  }

  get thread(): Locator {
    return this.tab.getByRole('complementary', { name: 'Thread' });
  }

  /** Types a command into the channel's box and sends it. */
  async command(text: string): Promise<void> {
    const box = this.tab.locator('#composer');
    await box.click();
    // The blank ends the completion, so that Enter sends.
    await this.tab.keyboard.type(`${text} `);
    await this.tab.keyboard.press('Enter');
  }

  /** Opens the form of the push and waits until it can be filled in. */
  async openForm(): Promise<void> {
    await this.command('/push-course-masters');
    await this.dialog.getByLabel('Course Catalog').waitFor();
  }

  /** Chooses the catalog and waits for its calendars. */
  async chooseCatalog(name: string): Promise<void> {
    await this.dialog.getByLabel('Course Catalog').selectOption({ label: name });
    await this.dialog.getByText('All Calendars').first().waitFor();
  }

  /** Chooses Run Now and waits until the form offers it. */
  async chooseRunNow(): Promise<void> {
    await this.dialog.getByRole('radio', { name: 'Run Now' }).check();
    await this.dialog.getByRole('button', { name: 'Run Now' }).waitFor();
  }

  /** Sends the filled form, and opens the thread in which its plan is shown. */
  async sendForm(): Promise<void> {
    const messages = this.tab.locator('#messages article');
    const before = await messages.count();
    await this.dialog.getByRole('button', { name: 'Run Now' }).click();
    await this.dialog.waitFor({ state: 'hidden' });
    await messages
      .nth(before)
      .getByRole('button', { name: /repl(?:y|ies)/ })
      .click({ timeout: RESULT_WAIT_MS });
  }

  /** Downloads a file that stands in the thread. */
  async download(name: string): Promise<Buffer> {
    const link = this.thread.getByRole('link', { name });
    const [download] = await Promise.all([this.tab.waitForEvent('download'), link.click()]);
    return readFile(await download.path());
  }

  /** From the filled form to the result: a plan that changes something waits for a word. */
  async letItPush(): Promise<void> {
    await this.sendForm();
    const push = this.thread.getByRole('button', { name: 'Push now' });
    await push.or(this.end).first().waitFor({ timeout: RESULT_WAIT_MS });
    if (await push.isVisible()) await push.click();
    await this.end.first().waitFor({ timeout: RESULT_WAIT_MS });
  }

  /** The last sentence of a result. */
  private get end(): Locator {
    return this.thread.getByText(/change log follow in this thread|There are no report files/);
  }

  /** Pushes a catalog at once and waits for its result in the thread. */
  async push(catalog: string): Promise<void> {
    await this.openForm();
    await this.chooseCatalog(catalog);
    await this.chooseRunNow();
    await this.letItPush();
  }
}
