import { expect, it } from 'vitest';
import { createAudit } from '../../src/platform/redis/audit.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { approver, channel, startLifeguard } from '../support/lifeguard.ts';
import { connectTo, play, releaseBadly } from '../support/shop-scenario.ts';

it('decisions and results are told in the channel of the audit, and what a restart left untold is told after it', async () => {
  const scene = await play({ audit: '{ channel: C_GENERAL }' });
  const { slack, redisUrl, kubeconfig } = scene;
  const told = (): readonly string[] =>
    slack
      .messages('C_GENERAL')
      .flatMap((message) => [...JSON.stringify(message.blocks).matchAll(/• \d+ [^*]*\*([a-z-]+)\*/g)])
      .map(([, what = '']) => what);
  const root = await releaseBadly(scene);
  await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
  await expect.poll(told).toEqual(['approved', 'applied', 'proven']);
  await scene.stop();
  const audit = createAudit(connectTo(redisUrl), createKeyspace('test'));
  await audit.append({ at: Date.now(), what: 'stopped', who: approver, subject: 'shop/app', detail: 'untold' });
  await startLifeguard({ kubeconfig, slack, redisUrl, audit: '{ channel: C_GENERAL }' });
  await expect.poll(told).toEqual(['approved', 'applied', 'proven', 'stopped']);
});
