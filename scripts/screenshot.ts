import { chromium } from 'playwright-core';

/** Takes the README's picture of a running demo: `npx node scripts/screenshot.ts URL FILE`, with Chromium at /usr/bin/chromium. */
const [url = 'http://127.0.0.1:4321', path = 'docs/images/demo.png'] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(`${url}/?user=U_ANA&channel=C_OPS`);
await page
  .getByRole('button', { name: /^Approve/ })
  .first()
  .waitFor({ timeout: 60_000 });
await page.getByText('Waiting for an approver').first().waitFor();
await page.getByText('AI, high confidence').first().waitFor();
// The log with all its lines, and what was made of it.
await page.locator('.file').first().waitFor();
await page
  .locator('.file')
  .first()
  .evaluate((file) => file.scrollIntoView({ block: 'start' }));
await page.screenshot({ path });
await browser.close();
console.log(`wrote ${path}`);
