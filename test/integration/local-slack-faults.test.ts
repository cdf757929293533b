import type { App } from '@slack/bolt';
import { WebAPIHTTPError, WebAPIRequestError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { openClient, startBolt } from '../support/bolt-app.ts';
import { openLocalSlack } from '../support/local-slack.ts';
import { refusal, retryAfter } from '../support/slack-answers.ts';

async function failure(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => 'no failure',
    (reason: unknown) => reason,
  );
}

describe('faults of the Web API', () => {
  const hello = { channel: 'C_OPS', text: 'hello' };

  it('answers 5xx once without storing the message', async () => {
    const slack = await openLocalSlack();
    const client = openClient(slack);
    slack.faults.failNext('chat.postMessage', 502);
    expect(await failure(client.chat.postMessage(hello))).toBeInstanceOf(WebAPIHTTPError);
    expect(slack.messages('C_OPS')).toEqual([]);
    expect(await client.chat.postMessage(hello)).toMatchObject({ ok: true });
  });

  it('stores the message and loses the reply, as a 500 or as a cut connection', async () => {
    const slack = await openLocalSlack();
    const client = openClient(slack);
    slack.faults.loseReplyOfNext('chat.postMessage');
    expect(await failure(client.chat.postMessage(hello))).toBeInstanceOf(WebAPIHTTPError);
    slack.faults.loseReplyOfNext('chat.postMessage', 0);
    expect(await failure(client.chat.postMessage(hello))).toBeInstanceOf(WebAPIRequestError);
    expect(slack.messages('C_OPS').map((message) => message.text)).toEqual(['hello', 'hello']);
  });

  it('limits the next call on demand, with and without Retry-After', async () => {
    const slack = await openLocalSlack();
    const client = openClient(slack);
    slack.faults.rateLimitNext('chat.postMessage', 7);
    expect(await retryAfter(client.chat.postMessage(hello))).toBe(7);
    slack.faults.rateLimitNext('chat.postMessage', null);
    expect(await failure(client.chat.postMessage(hello))).toBeInstanceOf(Error);
    expect(slack.messages('C_OPS')).toEqual([]);
    slack.assertNoViolations();
  });

  it('makes a method slow', async () => {
    const slack = await openLocalSlack();
    slack.faults.slow('chat.postMessage', 60);
    const started = performance.now();
    await openClient(slack).chat.postMessage(hello);
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
    expect(slack.requests.at(-1)?.ms).toBeGreaterThanOrEqual(55);
  });

  it.each([['unavailable' as const], ['reset' as const]])('is down as a whole in an outage (%s)', async (mode) => {
    const slack = await openLocalSlack();
    const hear = (app: App) =>
      app.event('app_mention', async ({ say, event }) => {
        await say(`heard ${event.text}`);
      });
    await startBolt(slack, hear, { reconnectMs: 1_000 });
    const client = openClient(slack);
    slack.outage(true, mode);
    await slack.waitForConnections(0);
    expect(await failure(client.chat.postMessage(hello))).not.toBe('no failure');
    expect(await slack.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube status' })).toMatchObject({ ok: false });
    expect(slack.notices('U_ANA')).toEqual(['The app is not connected to Slack at the moment.']);

    slack.outage(false);
    expect(await client.chat.postMessage(hello)).toMatchObject({ ok: true });
    await slack.waitForConnections(1);
    slack.assertNoViolations();
  });
});

describe('faults of the sockets', () => {
  it('lets a real client reconnect after each kind of disconnect', async () => {
    const slack = await openLocalSlack();
    await startBolt(slack, undefined, { reconnectMs: 1_000 });
    for (const breakIt of [
      () => slack.faults.disconnect('warning'),
      () => slack.faults.disconnect('refresh_requested'),
      () => slack.faults.dropSockets(),
    ]) {
      breakIt();
      await slack.waitForConnections(0);
      await slack.waitForConnections(1);
    }
    const opened = slack.requests.filter((call) => call.method === 'apps.connections.open');
    expect(opened.length).toBeGreaterThanOrEqual(4);
  });

  it('delays hello, so that a start waits', async () => {
    const slack = await openLocalSlack();
    slack.faults.delayHello(60);
    const started = performance.now();
    await startBolt(slack);
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  });

  it('delivers an event twice with the same event_id, the second time as a retry', async () => {
    const slack = await openLocalSlack();
    const seen: { id: string; retry: number | undefined }[] = [];
    await startBolt(slack, (app) => {
      app.event('app_mention', async ({ body, context, client }) => {
        seen.push({ id: body.event_id, retry: context.retryNum });
        await client.chat.postMessage({ channel: 'C_OPS', text: `seen ${seen.length}` });
      });
    });
    slack.faults.duplicateNextEnvelope();
    await slack.mention({ user: 'U_ANA', channel: 'C_OPS', text: 'status' });
    await slack.waitForMessage({ textIncludes: 'seen 2' });
    expect(seen.map((one) => one.retry)).toEqual([0, 1]);
    expect(new Set(seen.map((one) => one.id)).size).toBe(1);
  });

  it('loses an acknowledgement: the app acts, the person sees an error', async () => {
    const slack = await openLocalSlack();
    await startBolt(slack, (app) => {
      app.command('/kube', async ({ ack, client }) => {
        await ack();
        await client.chat.postMessage({ channel: 'C_OPS', text: 'done' });
      });
    });
    slack.faults.loseNextAck();
    expect(await slack.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube go' })).toMatchObject({ ok: false });
    await slack.waitForMessage({ textIncludes: 'done' });
    expect(slack.notices('U_ANA')).toHaveLength(1);
    slack.assertNoViolations();
  });

  it('keeps an event nobody was there to take and sends it again after hello', async () => {
    const slack = await openLocalSlack();
    await slack.mention({ user: 'U_ANA', channel: 'C_OPS', text: 'anyone?' });
    const retries: (number | undefined)[] = [];
    await startBolt(slack, (app) => {
      app.event('app_mention', async ({ say, context }) => {
        retries.push(context.retryNum);
        await say('here I am');
      });
    });
    await slack.waitForMessage({ textIncludes: 'here I am' });
    expect(retries).toEqual([1]);
  });

  it('delivers each envelope to exactly one of two connections, in turn', async () => {
    const slack = await openLocalSlack();
    const got = [0, 0];
    for (const replica of [0, 1]) {
      await startBolt(slack, (app) => {
        app.command('/kube', async ({ ack }) => {
          got[replica] = (got[replica] ?? 0) + 1;
          await ack();
        });
      });
    }
    expect(slack.connections).toBe(2);
    for (let sent = 0; sent < 10; sent += 1) await slack.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube' });
    expect(got).toEqual([5, 5]);
  });

  it('turns away more than the allowed connections and tickets used twice', async () => {
    const slack = await openLocalSlack({ limits: { connections: 1 } });
    await startBolt(slack);
    const { url = '' } = await openClient(slack, slack.appToken).apps.connections.open();
    const first = await new Promise<string>((resolve) => {
      const socket = new WebSocket(url);
      socket.addEventListener('message', ({ data }) => {
        resolve(String(data));
        socket.close();
      });
    });
    expect(JSON.parse(first)).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    const outcome = await new Promise<string>((resolve) => {
      const socket = new WebSocket(url);
      socket.addEventListener('error', () => resolve('refused'));
      socket.addEventListener('open', () => resolve('opened'));
    });
    expect(outcome).toBe('refused');
  });

  it('refuses apps.connections.open to a bot token', async () => {
    const slack = await openLocalSlack();
    expect(await refusal(openClient(slack).apps.connections.open())).toMatchObject({ code: 'not_allowed_token_type' });
  });
});
