import { describe, expect, it } from 'vitest';
import { approver, channel } from '../support/lifeguard.ts';
import {
  connectTo,
  crash,
  manifest,
  play,
  releaseBadly,
  releaseWell,
  replyWith,
  restarted,
  rootsOf,
  rootWith,
} from '../support/shop-scenario.ts';

const approve = { user: approver, channel, buttonText: 'Approve' };

describe('Slack away', () => {
  it('when it begins: the whole story is told once it is back, once', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    await releaseWell(scene);
    slack.outage(true);
    cluster.apply(manifest({ image: 'app:2', env: crash }));
    await restarted(cluster, 3);
    slack.outage(false);
    const root = await rootWith(slack, 'op:approve', 'shop/app: crash loop');
    await slack.waitForConnections(1, { timeoutMs: 30_000 });
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(rootsOf(slack)).toHaveLength(1);
    expect(duplicatesIn(slack.thread(channel, root.ts).map(({ text }) => text))).toEqual([]);
  });

  it('between the approval and the proof: the thread ends with the proof, once', async () => {
    const scene = await play();
    const { slack } = scene;
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'Approved by <@U_ANA>');
    slack.outage(true);
    await proven(scene.redisUrl);
    slack.outage(false);
    await replyWith(slack, root, 'shop/app is healed');
    await rootWith(slack, '[RESOLVED]');
    expect(rootsOf(slack)).toHaveLength(1);
    expect(duplicatesIn(slack.thread(channel, root.ts).map(({ text }) => text))).toEqual([]);
  });
});

describe('Slack in a bad mood', () => {
  it('answers 429, loses an answer, fails: one root all the same', async () => {
    const scene = await play();
    const { slack } = scene;
    slack.faults.rateLimitNext('chat.postMessage', 1);
    slack.faults.failNext('chat.postMessage', 503);
    slack.faults.loseReplyOfNext('chat.postMessage', 500);
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(rootsOf(slack)).toHaveLength(1);
  });
});

function duplicatesIn(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}

/** Waits until an execution is on record as proven. */
async function proven(url: string): Promise<void> {
  const redis = connectTo(url);
  const phases = async () => {
    const keys = await redis.keys('lg:test:executions:*');
    return (await Promise.all(keys.map((key) => redis.get(key)))).join();
  };
  await expect.poll(phases, { timeout: 30_000 }).toContain('"proven"');
}
