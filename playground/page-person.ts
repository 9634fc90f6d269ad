/** What people do on the playground's page, with mouse and keyboard, named as they would name it. */
import { readFile } from 'node:fs/promises';
import { type Locator, type Page } from 'playwright-core';

const RESULT_WAIT_MS = 90_000;

/** Whoever sits at the page in a browser tab. Every step waits for what it needs to see. */
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

  /** The first message of the open thread: what was asked for, and how it stands. */
  get anchor(): Locator {
    return this.thread.getByRole('article').first();
  }

  /** The messages of the channel. */
  get channel(): Locator {
    return this.tab.locator('#messages');
  }

  /** What the Home tab shows. */
  get home(): Locator {
    return this.tab.locator('#home');
  }

  /** Becomes another person of the workspace. */
  async actAs(name: string): Promise<void> {
    await this.goTo('Act as', name);
  }

  /** Opens a channel. */
  async goToChannel(name: string): Promise<void> {
    await this.goTo('Channels', name);
  }

  /** Opens what the app wrote to this person alone. */
  async goToDirectMessages(): Promise<void> {
    await this.goTo('App', 'Messages from');
  }

  /** Opens the Home tab of the app. */
  async openHome(): Promise<void> {
    await this.goTo('App', 'Home');
    await this.home.getByRole('heading', { name: 'Push All Course Masters' }).waitFor();
  }

  private async goTo(section: string, words: string): Promise<void> {
    const row = this.tab
      .getByRole('region', { name: section })
      .getByRole('button', { name: words });
    await row.click();
    await row.and(this.tab.locator('[aria-current="true"]')).waitFor();
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
    await this.dialog.getByLabel('Course Catalog').waitFor({ timeout: RESULT_WAIT_MS });
  }

  /** Opens the Batch Queue List. */
  async openQueue(): Promise<void> {
    await this.command('/push-course-masters queue');
    await this.dialog.getByRole('button', { name: 'Refresh' }).waitFor();
  }

  /** Closes what is open. */
  async closeDialog(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Close' }).first().click();
    await this.dialog.waitFor({ state: 'hidden' });
  }

  /** Chooses the catalog and waits for its calendars. */
  async chooseCatalog(name: string): Promise<void> {
    await this.dialog.getByLabel('Course Catalog').selectOption({ label: name });
    await this.dialog.getByText('All Calendars').first().waitFor();
  }

  /** Chooses Overwrite and says why. */
  async chooseOverwrite(reason: string): Promise<void> {
    await this.dialog.getByRole('radio', { name: 'Overwrite' }).check();
    await this.dialog.getByLabel('Reason').click();
    await this.tab.keyboard.type(reason);
  }

  /** Chooses Run Now and waits until the form offers it. */
  async chooseRunNow(): Promise<void> {
    await this.dialog.getByRole('radio', { name: 'Run Now' }).check();
    await this.dialog.getByRole('button', { name: 'Run Now' }).waitFor();
  }

  /** Sends the filled form, and opens the thread in which its plan is shown. */
  async sendForm(): Promise<void> {
    const messages = this.channel.getByRole('article');
    const before = await messages.count();
    await this.dialog.getByRole('button', { name: /^(?:Run Now|Submit to Batch)$/ }).click();
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

  /** Opens the thread of the newest message of the channel. */
  async openNewestThread(): Promise<void> {
    await this.channel
      .getByRole('button', { name: /repl(?:y|ies)/ })
      .last()
      .click({ timeout: RESULT_WAIT_MS });
  }

  /** From the filled form to the result: a plan that changes something waits for a word. */
  async letItPush(): Promise<void> {
    await this.sendForm();
    const push = this.thread.getByRole('button', { name: 'Push now' });
    await push.or(this.end).first().waitFor({ timeout: RESULT_WAIT_MS });
    if (await push.isVisible()) await push.click();
    await this.waitForEnd();
  }

  /** Waits for the result of the push whose thread is open, in the thread and in its first message. */
  async waitForEnd(): Promise<void> {
    await this.end.first().waitFor({ timeout: RESULT_WAIT_MS });
    await this.anchor
      .getByText(/Completed|Nothing needed doing|Rejected|Canceled|Withdrawn/)
      .first()
      .waitFor({ timeout: RESULT_WAIT_MS });
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

  /** Submits a push of a catalog to batch, at the time that the form proposes, and says yes to its plan. */
  async schedule(catalog: string): Promise<void> {
    await this.openForm();
    await this.chooseCatalog(catalog);
    await this.sendScheduled();
  }

  /** From the form, filled in for a later time, to the push that waits for it. */
  async sendScheduled(): Promise<void> {
    await this.sendForm();
    await this.useInThread('Schedule it');
    await this.thread.getByText('The plan is confirmed').waitFor({ timeout: RESULT_WAIT_MS });
  }

  /** Cancels the push whose thread is open. */
  async cancel(): Promise<void> {
    await this.anchor.getByRole('button', { name: 'Cancel…' }).click();
    await this.dialog.getByRole('button', { name: 'Cancel the push' }).click();
  }

  /** Asks for an overwrite of a catalog's courses and sections at once, up to its plan in the thread. */
  async planOverwrite(catalog: string, reason: string): Promise<void> {
    await this.openForm();
    await this.chooseCatalog(catalog);
    await this.chooseRunNow();
    await this.chooseOverwrite(reason);
    await this.dialog.getByRole('checkbox', { name: 'Push locked data to sections' }).check();
    await this.sendForm();
    await this.thread
      .getByRole('button', { name: 'Ask for approval…' })
      .waitFor({ timeout: RESULT_WAIT_MS });
  }

  /** Looks at the plan in the thread and asks others to approve it. */
  async askForApproval(): Promise<void> {
    await this.useInThread('Ask for approval…');
    await this.dialog.getByRole('button', { name: 'Ask for approval' }).click();
    await this.dialog.waitFor({ state: 'hidden' });
    await this.thread.getByText('Approval is asked for').waitFor({ timeout: RESULT_WAIT_MS });
  }

  /** Approves the newest request in the open channel; the catalog's name is typed. */
  async approve(catalog: string): Promise<void> {
    await this.openDecision('Approve…');
    await this.dialog.getByLabel('Type the name of the course catalog').click();
    await this.tab.keyboard.type(catalog);
    await this.dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }

  /** Rejects the newest request in the open channel, and says why. */
  async reject(reason: string): Promise<void> {
    await this.openDecision('Reject…');
    await this.dialog.getByLabel('Why not').click();
    await this.tab.keyboard.type(reason);
    await this.dialog.getByRole('button', { name: 'Reject', exact: true }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }

  private async openDecision(words: string): Promise<void> {
    const button = this.channel.getByRole('button', { name: words }).last();
    await button.click({ timeout: RESULT_WAIT_MS });
    await this.dialog.getByText('asks for it').waitFor();
  }

  private async useInThread(words: string): Promise<void> {
    await this.thread.getByRole('button', { name: words }).click({ timeout: RESULT_WAIT_MS });
  }
}
