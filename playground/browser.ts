import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium with a profile of its own. */
export interface TestBrowser {
  open(url: string): Promise<Page>;
  close(): Promise<void>;
}

/** @returns where Chromium is: CHROMIUM_PATH or a usual place; undefined when there is none */
export function chromiumPath(): string | undefined {
  return [process.env['CHROMIUM_PATH'], ...USUAL_PLACES].find(
    (path) => path !== undefined && existsSync(path),
  );
}

/** Starts a headless Chromium of 1280×800 whose clock is in Chicago. */
export async function startBrowser(executablePath: string): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'pcm-chromium-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: FLAGS,
    headless: true,
    viewport: { width: 1280, height: 800 },
    timezoneId: 'America/Chicago',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(15_000);
  return {
    open: async (url) => {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
