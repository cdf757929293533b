import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver } from '@slack/bolt';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { quiet } from '../support/bolt-app.ts';
import { openLocalSlack } from '../support/local-slack.ts';
import { send, signed } from '../support/slack-requests.ts';

async function startHttpBolt(slack: LocalSlack, configure: (app: App) => void): Promise<string> {
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: quiet });
  const clientOptions = { slackApiUrl: slack.apiUrl, logger: quiet };
  const app = new App({ token: slack.botToken, receiver, clientOptions, logger: quiet, convoStore: false });
  configure(app);
  const server = await receiver.start(0);
  onTestFinished(async () => {
    await app.stop();
  });
  return `http://127.0.0.1:${portOf(server.address())}/slack/events`;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('delivery by signed HTTP', () => {
  it('carries commands, clicks and events to a real Bolt receiver', async () => {
    const slack = await openLocalSlack();
    const url = await startHttpBolt(slack, (app) => {
      app.command('/kube', async ({ ack, command }) => ack(`got ${command.text}`));
      app.event('app_mention', async ({ say }) => {
        await say({
          text: 'choose',
          blocks: [
            {
              type: 'actions',
              elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
            },
          ],
        });
      });
      app.action('go', async ({ ack, respond }) => {
        await ack();
        await respond('went');
      });
    });
    await slack.deliverTo(url);
    const answer = await slack.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube status' });
    expect(answer).toMatchObject({ ok: true, message: { text: 'got status' } });
    await slack.mention({ user: 'U_ANA', channel: 'C_OPS', text: 'hi' });
    const { ts } = await slack.waitForMessage({ textIncludes: 'choose' });
    expect(await slack.click({ user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Go' })).toMatchObject({ ok: true });
    await slack.waitForMessage({ ephemeralTo: 'U_ANA', textIncludes: 'went' });
    slack.assertNoViolations();
  });

  it('signs the body so that another secret is refused', async () => {
    const slack = await openLocalSlack();
    const url = await startHttpBolt(slack, () => undefined);
    const body = JSON.stringify({ type: 'url_verification', challenge: 'x' });
    const request = signed('not-the-signing-secret', body, { contentType: 'application/json' });
    expect((await send(url, request)).status).toBe(401);
    await expect(slack.deliverTo(`${slack.url}/nowhere`)).rejects.toThrow('challenge');
  });

  it('counts an error status as a missing acknowledgement', async () => {
    const slack = await openLocalSlack();
    const url = await startHttpBolt(slack, (app) => {
      app.command('/kube', async () => {
        throw new Error('broken');
      });
    });
    await slack.deliverTo(url);
    expect(await slack.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube' })).toMatchObject({ ok: false });
    expect(slack.violations()).toMatchObject([{ kind: 'unacked' }]);
  });
});
