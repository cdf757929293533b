import { describe, expect, it, vi } from 'vitest';
import { approver, channel } from '../support/lifeguard.ts';
import {
  crash,
  manifest,
  play,
  readApp,
  releaseBadly,
  replyWith,
  rootsOf,
  rootWith,
  writesTo,
} from '../support/shop-scenario.ts';

const approve = { channel, buttonText: 'Approve' };

describe('two people who approve at the same instant', () => {
  it('cause one write, and the second is told who was first', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await Promise.all([
      slack.click({ ...approve, user: approver, ts: root.ts }),
      slack.click({ ...approve, user: 'U_CHI', ts: root.ts }),
    ]);
    await replyWith(slack, root, 'shop/app is healed');
    expect(writesTo(cluster)).toHaveLength(1);
    const notices = JSON.stringify(slack.messages(channel).filter(({ ephemeral_to: to }) => to !== undefined));
    expect(notices).toMatch(/<@U_(ANA|CHI)>/);
  });
});

describe('a workload that changed after the card was shown', () => {
  it('is left alone; the card expires and a new one shows the new state', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    cluster.apply(manifest({ image: 'app:3', env: crash }));
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await replyWith(slack, root, 'Expired: the workload changed');
    const fresh = await rootWith(slack, 'op:approve', 'app:3 -&gt; app:');
    expect(writesTo(cluster)).toHaveLength(0);
    await slack.click({ ...approve, user: approver, ts: fresh.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(rootsOf(slack)).toHaveLength(1);
    expect(writesTo(cluster)).toHaveLength(1);
  });
});

describe('a workload that was deleted after the card was shown', () => {
  it('is not brought back, and its incident ends', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    cluster.remove('/apis/apps/v1/namespaces/shop/deployments/app');
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await rootWith(slack, '[RESOLVED]');
    expect(writesTo(cluster)).toHaveLength(0);
    expect(readApp(cluster)).toBeUndefined();
  });
});

describe('a first release that is bad', () => {
  it('cannot be rolled back, and the thread says why', async () => {
    const { cluster, slack } = await play();
    cluster.apply(manifest({ env: crash }));
    const root = await rootWith(slack, 'shop/app: crash loop');
    await replyWith(slack, root, 'no');
    await vi.waitFor(() => expect(JSON.stringify(slack.thread(channel, root.ts))).toMatch(/Not possible/), {
      timeout: 10_000,
    });
    expect(writesTo(cluster)).toHaveLength(0);
  });
});
