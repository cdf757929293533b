import { expect, it } from 'vitest';
import { approver, channel } from '../support/lifeguard.ts';
import { play, readApp, releaseBadly, replyWith } from '../support/shop-scenario.ts';

it('the whole product without a socket: a bad release is told, approved by a signed request, and healed', async () => {
  const scene = await play({ slackMode: 'http' });
  const { slack, cluster, port, log } = scene;
  const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
  await expect.poll(ready).toBe(200);
  await slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);
  const root = await releaseBadly(scene);
  expect(await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' })).toMatchObject({
    ok: true,
  });
  await replyWith(slack, root, 'is healed');
  expect(JSON.stringify(readApp(cluster))).toContain('app:1');
  expect(slack.connections).toBe(0);
  expect(JSON.stringify(log)).not.toContain(slack.signingSecret);
});
