import { execFileSync } from 'node:child_process';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { soon } from './patience.ts';

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function findChromium(): string {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      // Not on the path under this name.
    }
  }
  throw new Error('the browser tests need chromium on the path (Debian: apt-get install chromium)');
}

interface OpenOptions extends BrowserContextOptions {
  /** The end of an address that is not answered when it is asked for the first time. */
  readonly drops?: string;
}

export interface BrowserUse {
  /** Opens a page that fails the test when a script on it throws. */
  readonly open: (url: string, options?: OpenOptions) => Promise<Page>;
}

/** An interface of the machine that comes or goes, as those of containers do, makes Chromium drop what it is loading. */
async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url).catch((error: unknown) => {
    if (!String(error).includes('ERR_NETWORK_CHANGED')) throw error;
    return page.goto(url);
  });
  await page.locator('html[data-ready]').waitFor();
}

/** One browser for the file, a fresh profile for each page. */
export function useBrowser(): BrowserUse {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium(), args: switches });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    open: async (url, { drops, ...options } = {}) => {
      if (browser === undefined) throw new Error('the browser runs only inside a test');
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      context.setDefaultTimeout(soon.timeout);
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      onTestFinished(async () => {
        await context.close();
        if (errors.length > 0) throw new Error(`errors on the page: ${errors.join('; ')}`);
      });
      if (drops !== undefined) await page.route(`**/${drops}`, (route) => route.abort('failed'), { times: 1 });
      await visit(page, url);
      return page;
    },
  };
}
