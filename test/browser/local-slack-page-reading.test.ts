import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startLocalSlack } from '../../demo/slack/local-slack.ts';
import { openClient, startBolt } from '../support/bolt-app.ts';
import { useBrowser } from '../support/browser.ts';
import { useLocalSlack } from '../support/local-slack.ts';

const metadata = { event_type: 'incident', event_payload: { id: 'inc-7' } };

describe('reading and writing on the page of the local Slack', () => {
  const browser = useBrowser();
  const slack = useLocalSlack();

  it('suggests commands and people, and sends people as ids', async () => {
    await startBolt(slack.current, (app) => {
      app.command('/kube', ({ ack, command }) => ack(`you asked for ${command.text}`));
    });
    const page = await browser.open(slack.current.url);
    await page.getByRole('button', { name: 'ops-alerts' }).click();
    const field = page.getByRole('combobox', { name: 'Message #ops-alerts' });
    await field.pressSequentially('/kube st');
    await page.getByRole('option', { name: '/kube status' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const answer = page.locator('.message', { hasText: 'you asked for status' });
    await answer.getByText('Only visible to you').waitFor();

    await field.pressSequentially('@lif');
    await page.getByRole('option', { name: /Lifeguard/ }).waitFor();
    await page.keyboard.press('Enter');
    await field.pressSequentially('is 1 < 2 & all well?');
    await page.keyboard.press('Enter');
    await slack.current.waitForMessage({ channel: 'C_OPS', textIncludes: '<@U_BOT> is 1 &lt; 2 &amp; all well?' });
    const said = page.locator('.message', { hasText: 'all well?' });
    await said.waitFor();
    expect(await said.textContent()).toContain('@Lifeguard is 1 < 2 & all well?');
  });

  it('shows a file with its title and its first lines, and opens it', async () => {
    const lines = Array.from({ length: 40 }, (_, line) => `line ${line}`);
    const file = { filename: 'checkout-app.log', title: 'log of shop/checkout', content: lines.join('\n') };
    await openClient(slack.current).files.uploadV2({ channel_id: 'C_OPS', ...file });
    const page = await browser.open(slack.current.url);
    await page.getByRole('button', { name: 'ops-alerts' }).click();
    const card = page.locator('.file');
    await card.getByText('log of shop/checkout').waitFor();
    await card.getByText('checkout-app.log · 40 lines').waitFor();
    const folded = (await card.boundingBox())?.height ?? 0;
    await card.getByRole('button', { name: 'Expand' }).click();
    await card.getByRole('button', { name: 'Collapse' }).waitFor();
    expect((await card.boundingBox())?.height).toBeGreaterThan(folded + 100);
    expect(await card.locator('pre').textContent()).toContain('line 39');
  });

  it('follows a thread live, closes it with Escape and does not open it again by itself', async () => {
    const client = openClient(slack.current);
    const root = await client.chat.postMessage({ channel: 'C_OPS', text: 'the root' });
    const reply = (text: string) =>
      client.chat.postMessage({ channel: 'C_OPS', text, ...(root.ts === undefined ? {} : { thread_ts: root.ts }) });
    const page = await browser.open(slack.current.url);
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await page.locator('.message', { hasText: 'the root' }).waitFor();
    expect(await thread.isVisible()).toBe(false);

    await reply('first evidence');
    await thread.getByText('first evidence').waitFor();
    await thread.getByRole('combobox').fill('thanks');
    await page.keyboard.press('Enter');
    await slack.current.waitForMessage({ channel: 'C_OPS', textIncludes: 'thanks', threadTs: root.ts ?? '' });
    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'hidden' });
    await reply('second evidence');
    const link = page.getByRole('button', { name: /3 replies/ });
    await link.waitFor();
    expect(await thread.isVisible()).toBe(false);
    await link.click();
    await thread.getByText('second evidence').waitFor();
  });

  it('shows each person only what they may see', async () => {
    const client = openClient(slack.current);
    await client.chat.postEphemeral({ channel: 'C_OPS', user: 'U_BEN', text: 'you need the role approver' });
    await client.chat.postMessage({ channel: 'C_OPS', text: 'hello all' });
    const page = await browser.open(slack.current.url);
    await page.locator('.message', { hasText: 'hello all' }).waitFor();
    expect(await page.getByText('you need the role approver').count()).toBe(0);

    await page.getByTitle('Act as another person').click();
    await page.getByRole('menuitemradio', { name: /Ben Okafor/ }).click();
    const refusal = page.locator('.message', { hasText: 'you need the role approver' });
    await refusal.waitFor();
    expect(await refusal.textContent()).toContain('Only visible to you');
  });

  it('keeps the place of a reader who scrolled up', async () => {
    const client = openClient(slack.current);
    for (const number of Array.from({ length: 40 }, (_, index) => index)) {
      await slack.current.say({ user: 'U_BEN', channel: 'C_GENERAL', text: `line ${number}\nmore\nand more` });
    }
    const page = await browser.open(`${slack.current.url}/?channel=C_GENERAL`);
    const line = page.locator('.message', { hasText: /line 5\b/ });
    await line.scrollIntoViewIfNeeded();
    const before = await line.boundingBox();
    await client.chat.postMessage({ channel: 'C_GENERAL', text: 'the newest' });
    await page.getByRole('button', { name: 'New messages' }).waitFor();
    expect((await line.boundingBox())?.y).toBe(before?.y);
    await page.getByRole('button', { name: 'New messages' }).click();
    await expect.poll(() => isOnScreen(page, 'the newest')).toBe(true);
  });

  it('shows the JSON of a message and the calls of the bot', async () => {
    await openClient(slack.current).chat.postMessage({ channel: 'C_OPS', text: 'a crash loop', metadata });
    const page = await browser.open(slack.current.url);
    await page.locator('.message', { hasText: 'crash loop' }).hover();
    await page.getByRole('button', { name: 'View message JSON' }).click();
    const drawer = page.getByRole('complementary', { name: 'Message JSON' });
    await drawer.getByText('"inc-7"').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'API calls', exact: true }).click();
    const calls = page.getByRole('region', { name: 'Slack API calls' });
    await expect.poll(() => calls.getByRole('cell').allTextContents()).toContain('chat.postMessage');
  });

  it('says when it lost the local Slack and finds it again', async () => {
    const first = await startLocalSlack();
    await first.say({ user: 'U_BEN', channel: 'C_OPS', text: 'before' });
    const { port } = new URL(first.url);
    const page = await browser.open(first.url);
    await page.locator('.message', { hasText: 'before' }).waitFor();
    await first.stop();
    await page.getByText('Reconnecting…').waitFor();
    await using second = await startLocalSlack({ port: Number(port) });
    await second.say({ user: 'U_BEN', channel: 'C_OPS', text: 'after' });
    await page.locator('.message', { hasText: 'after' }).waitFor();
    expect(await page.getByText('Reconnecting…').count()).toBe(0);
  });
});

async function isOnScreen(page: Page, text: string): Promise<boolean> {
  const box = await page.locator('.message', { hasText: text }).boundingBox();
  return box !== null && box.y > 0 && box.y < 900;
}
