import type { Page, Request } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openClient, startBolt } from '../support/bolt-app.ts';
import { useBrowser } from '../support/browser.ts';
import { useLocalSlack } from '../support/local-slack.ts';
import { incidentBlocks, scaleModal } from '../support/page-content.ts';

describe('the page of the local Slack', () => {
  const browser = useBrowser();
  const slack = useLocalSlack();

  function postIncident(): Promise<unknown> {
    return openClient(slack.current).chat.postMessage({
      channel: 'C_OPS',
      text: 'Critical: shop/checkout is in a crash loop.',
      blocks: incidentBlocks,
    });
  }

  it('shows a message as it arrives and leaves the draft, the focus and the other messages alone', async () => {
    const page = await browser.open(slack.current.url);
    await page.getByRole('button', { name: 'ops-alerts' }).click();
    await postIncident();
    const incident = page.locator('.message', { hasText: 'shop/checkout: crash loop' });
    await incident.getByRole('button', { name: 'Approve' }).focus();
    const field = page.getByRole('combobox', { name: 'Message #ops-alerts' });
    await field.fill('half a thou');
    const drawn = await incident.elementHandle();

    await openClient(slack.current).chat.postMessage({ channel: 'C_OPS', text: 'and *another* one' });

    await page.locator('.message strong', { hasText: 'another' }).waitFor();
    expect(await field.inputValue()).toBe('half a thou');
    expect(await page.locator('textarea:focus').count()).toBe(1);
    expect(await drawn?.isVisible()).toBe(true);
  });

  it.each(['charts.ts', 'layout.css'])('is there, and whole, although %s did not arrive at first', async (file) => {
    await postIncident();
    const page = await browser.open(slack.current.url, { drops: file });
    await page.locator('.message', { hasText: 'shop/checkout: crash loop' }).waitFor();
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.scroller')).overflowY`)).toBe('auto');
  });

  it('leaves the whole width of a phone to the messages', async () => {
    await postIncident();
    const page = await browser.open(slack.current.url, { viewport: { width: 390, height: 844 } });
    await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    const main = await page.getByRole('main').boundingBox();
    expect(main).toMatchObject({ x: 0, width: 390 });
    expect(main?.height).toBeGreaterThan(600);
  });

  it('asks before it sends an approval, and sends nothing when the answer is no', async () => {
    await startBolt(slack.current, (app) => {
      app.action('approve', async ({ ack, body, client }) => {
        await ack();
        if (body.type !== 'block_actions' || body.channel === undefined || body.message === undefined) return;
        await client.chat.update({
          channel: body.channel.id,
          ts: body.message.ts,
          text: 'approved',
          blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `approved by <@${body.user.id}>` } }],
        });
      });
    });
    await postIncident();
    const page = await browser.open(slack.current.url);
    const clicks = recordPosts(page, 'click');
    const approve = page.getByRole('button', { name: 'Approve', exact: true });
    const question = page.getByRole('dialog', { name: 'Raise the memory limit?' });

    await approve.click();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await approve.click();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
    expect(clicks).toEqual([]);

    await approve.click();
    await question.getByRole('button', { name: 'Approve' }).click();
    await page.locator('.message', { hasText: 'approved by @Ana Ruiz' }).waitFor();
    expect(clicks).toMatchObject([{ user: 'U_ANA', channel: 'C_OPS', action_id: 'approve', value: 'p1' }]);
    expect(await approve.count()).toBe(0);
  });

  it('opens a modal, shows what is missing and what is wrong, keeps what was typed, and submits', async () => {
    const submitted: unknown[] = [];
    await startBolt(slack.current, (app) => {
      app.command('/kube', async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: scaleModal });
      });
      app.view('scale', async ({ ack, view }) => {
        const { replicas } = view.state.values;
        if (replicas?.['value']?.value === '99') {
          return await ack({ response_action: 'errors', errors: { replicas: 'At most 10.' } });
        }
        submitted.push(view.state.values);
        await ack();
      });
    });
    const page = await browser.open(slack.current.url);
    await page.getByRole('button', { name: 'ops-alerts' }).click();
    await typeAndSend(page, 'Message #ops-alerts', '/kube scale');
    const modal = page.getByRole('dialog', { name: 'Scale a workload' });

    await modal.getByRole('button', { name: 'Scale' }).click();
    await modal.getByText('Please complete this required field.').waitFor();
    await modal.getByRole('combobox', { name: 'Workload' }).selectOption('shop/checkout');
    await modal.getByRole('textbox', { name: 'Replicas' }).fill('99');
    await modal.getByRole('checkbox', { name: 'Dry run only' }).check();
    await modal.getByRole('button', { name: 'Scale' }).click();
    await modal.getByText('At most 10.').waitFor();
    expect(await modal.getByRole('combobox', { name: 'Workload' }).inputValue()).toBe('shop/checkout');
    expect(await modal.getByRole('checkbox', { name: 'Dry run only' }).isChecked()).toBe(true);
    await modal.getByRole('textbox', { name: 'Replicas' }).fill('4');
    await page.keyboard.press('Enter');

    await modal.waitFor({ state: 'hidden' });
    expect(submitted).toMatchObject([
      {
        workload: { value: { selected_option: { value: 'shop/checkout' } } },
        replicas: { value: { value: '4' } },
        options: { value: { selected_options: [{ value: 'dry-run' }] } },
      },
    ]);
  });

  it('closes a modal with Escape', async () => {
    await startBolt(slack.current, (app) => {
      app.command('/kube', async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: scaleModal });
      });
    });
    const page = await browser.open(slack.current.url);
    await typeAndSend(page, 'Message #ops-alerts', '/kube scale');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(slack.current.lastView('U_ANA')).toBeUndefined();
  });

  it('draws hostile text as text', async () => {
    const hostile = [
      '<img src=x onerror="window.hacked=1">',
      '&lt;img src=x onerror="window.hacked=2"&gt;',
      '<javascript:window.hacked=3|innocent>',
      '`<script>window.hacked=4</script>`',
      '&lt;!channel&gt;',
      '```<b onclick=1>```',
    ].join('\n');
    await openClient(slack.current).chat.postMessage({
      channel: 'C_OPS',
      text: hostile,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: hostile } },
        { type: 'section', text: { type: 'plain_text', text: '<img src=x onerror="window.hacked=5"> <!channel>' } },
        { type: 'markdown', text: '[x](javascript:window.hacked=6) <img src=x onerror="window.hacked=7">' },
      ],
    });
    const page = await browser.open(slack.current.url);
    const message = page.locator('.message', { hasText: 'innocent' });

    await message.waitFor();
    expect(await message.textContent()).toContain('<img src=x onerror="window.hacked=2">');
    expect(await message.textContent()).toContain('<!channel>');
    expect(await message.locator('img, script, b, a, .mention').count()).toBe(0);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
  });

  it('opens the home page of the app and its buttons carry the view', async () => {
    const pressed: unknown[] = [];
    await startBolt(slack.current, (app) => {
      app.event('app_home_opened', async ({ client, event }) => {
        const button = { type: 'plain_text', text: 'Pause' } as const;
        await client.views.publish({
          user_id: event.user,
          view: {
            type: 'home',
            blocks: [
              { type: 'header', text: { type: 'plain_text', text: 'One incident is open' } },
              { type: 'actions', elements: [{ type: 'button', action_id: 'pause', text: button, value: 'all' }] },
            ],
          },
        });
      });
      app.action('pause', async ({ ack, body }) => {
        await ack();
        pressed.push(body.type === 'block_actions' ? body.view?.type : undefined);
      });
    });
    const page = await browser.open(slack.current.url);
    await page.getByRole('button', { name: /Lifeguard/ }).click();
    await page.getByRole('heading', { name: 'One incident is open' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => pressed).toEqual(['home']);
  });

  it('shows an outage, lets nobody act in it, and comes back', async () => {
    await postIncident();
    const page = await browser.open(slack.current.url);
    const clicks = recordPosts(page, 'click');
    const outage = page.getByRole('switch', { name: 'Slack is down' });
    await outage.click();
    await page.getByRole('alert').getByText('Slack is down').waitFor();
    expect(await page.getByRole('combobox', { name: 'Message #ops-alerts' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByText('this click would reach nobody').waitFor();
    expect(clicks).toEqual([]);

    await outage.click();
    await page.locator('#main textarea:enabled').waitFor();
    expect(await outage.getAttribute('aria-checked')).toBe('false');
  });
});

function recordPosts(page: Page, path: string): unknown[] {
  const bodies: unknown[] = [];
  page.on('request', (request: Request) => {
    if (request.url().endsWith(`/_/${path}`)) bodies.push(request.postDataJSON());
  });
  return bodies;
}

async function typeAndSend(page: Page, field: string, text: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).fill(text);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
}
