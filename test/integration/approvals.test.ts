import { describe, expect, it } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { openClient } from '../support/bolt-app.ts';
import { approver, channel, privateRedis, startLifeguard } from '../support/lifeguard.ts';
import {
  crash,
  manifest,
  openShop,
  play,
  readApp,
  releaseBadly,
  repliesWith,
  replyWith,
  restarted,
  rootsOf,
  rootWith,
  type Shop,
  toldTo,
  writesTo,
} from '../support/shop-scenario.ts';

const approve = { channel, buttonText: 'Approve' };
const other = 'U_CHI';

describe('two people who approve at the same instant', () => {
  it('cause one write and one execution, and the second is told who was first', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await Promise.all([approver, other].map((user) => slack.click({ ...approve, user, ts: root.ts })));
    await replyWith(slack, root, 'shop/app is healed');
    expect(writesTo(cluster)).toMatchObject([{ verb: 'patch', code: 200 }]);
    expect(repliesWith(slack, root, 'Change applied')).toHaveLength(1);
    const [ana, chi] = [toldTo(slack, approver), toldTo(slack, other)];
    const first = ana.startsWith('Approved') ? approver : other;
    expect([ana, chi].filter((told) => told.startsWith('Approved: Roll back'))).toHaveLength(1);
    expect([ana, chi].filter((told) => told.startsWith(`Already approved by <@${first}>`))).toHaveLength(1);
  });
});

describe('a workload that changed after the card was shown', () => {
  it('is left alone; the card expires and a new one shows the new state', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    cluster.apply(manifest({ image: 'app:3', env: crash }));
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await replyWith(slack, root, 'Expired: the workload changed since this was proposed');
    const fresh = await rootWith(slack, 'op:approve', 'app:3 -&gt; app:');
    expect(writesTo(cluster, 'tried')).toEqual([]);
    await slack.click({ ...approve, user: approver, ts: fresh.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(rootsOf(slack)).toHaveLength(1);
    expect(writesTo(cluster)).toHaveLength(1);
  });

  it('is left alone as well when it changed between the approval and the execution', async () => {
    const scene = await playWithoutWorker();
    const { cluster, slack, kubeconfig, redisUrl } = scene;
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await rootWith(slack, 'Approved, about to start');
    cluster.apply(manifest({ env: crash, image: 'app:2', annotations: { 'team.example/note': 'by hand' } }));
    await startLifeguard({ kubeconfig, redisUrl, slack, role: 'worker' });
    await replyWith(slack, root, 'Expired: the workload changed since this was proposed');
    await rootWith(slack, 'op:approve', 'from revision 3');
    expect(writesTo(cluster, 'tried')).toEqual([]);
    expect(JSON.stringify(readApp(cluster))).toContain('by hand');
  });
});

describe('a workload that somebody changes in the very moment of the write', () => {
  it('is left alone; the card expires, a new one asks, and that one heals', async () => {
    const scene = await playWithoutWorker();
    const { cluster, slack, kubeconfig, redisUrl } = scene;
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await rootWith(slack, 'Approved, about to start');
    // The worker tries the change once more; the write after that meets somebody else's.
    cluster.faults.failNext({ match: 'PATCH /apis/apps/v1/namespaces/shop/deployments/app', status: 409, after: 1 });
    await startLifeguard({ kubeconfig, redisUrl, slack, role: 'worker' });
    await replyWith(slack, root, 'Expired: the workload changed since this was proposed');
    await replyWith(slack, root, 'Not applied: Somebody else changed');
    expect(writesTo(cluster)).toEqual([]);
    const fresh = await rootWith(slack, 'op:approve');
    await slack.click({ ...approve, user: approver, ts: fresh.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(writesTo(cluster)).toHaveLength(1);
  });
});

describe('a workload that was deleted after the card was shown', () => {
  it('is not brought back; the thread says so, and the incident ends', async () => {
    const scene = await play();
    const { cluster, slack, log } = scene;
    const root = await releaseBadly(scene);
    cluster.remove('/apis/apps/v1/namespaces/shop/deployments/app');
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await replyWith(slack, root, 'Deployment shop/app does not exist (any more)');
    await rootWith(slack, '[RESOLVED]');
    expect(writesTo(cluster, 'tried')).toEqual([]);
    expect(readApp(cluster)).toBeUndefined();
    expect(log.filter(({ msg }) => /a job failed|could not be judged/.test(String(msg)))).toEqual([]);
  });
});

describe('a button that is out of date, because Slack takes no edits', () => {
  it('answers with what came of the proposal, and nothing is done again', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    slack.faults.rateLimitNext('chat.update', 600);
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    await slack.click({ ...approve, user: other, ts: root.ts });
    await expect.poll(() => toldTo(slack, other)).toMatch(/^Already approved by <@U_ANA> .* and carried out/);
    expect(writesTo(cluster, 'tried')).toHaveLength(1);
  });

  it('of the version before the workload changed approves neither that one nor the new one', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    slack.faults.rateLimitNext('chat.update', 600);
    cluster.apply(manifest({ image: 'app:3', env: crash }));
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await replyWith(slack, root, 'image of app: app:3 -&gt; app:');
    await slack.click({ ...approve, user: other, ts: root.ts });
    await expect.poll(() => toldTo(slack, other)).toMatch(/^This proposal has expired: nothing was changed/);
    await restarted(cluster, 4);
    expect(writesTo(cluster, 'tried')).toEqual([]);
  });

  it('answers that the proposal has expired', async () => {
    const scene = await play({ policy: '{ approvalExpiresMinutes: 0.1 }' });
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    slack.faults.rateLimitNext('chat.update', 600);
    await replyWith(slack, root, 'The last proposal ran out without a decision');
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await expect.poll(() => toldTo(slack, approver)).toMatch(/^This proposal has expired: nothing was changed/);
    expect(writesTo(cluster, 'tried')).toEqual([]);
  });
});

describe('a button that Lifeguard did not make', () => {
  it.each([
    ['of garbage', '{"approve":true}', 'older message'],
    ['of an unknown proposal', 'zzzzzzzzzzzzzzzz', 'not known'],
    ['of a real proposal on another message', undefined, 'does not belong to this message'],
  ])('%s does nothing, and the real one still works', async (_what, value, words) => {
    const scene = await play();
    const { cluster, slack } = scene;
    const ts = await post(slack);
    // While Slack is slow to take the replies, the incident has messages whose timestamps are not known.
    slack.faults.slow('chat.postMessage', 2_000);
    const root = await releaseBadly(scene);
    const id = /"value":"([a-z0-9]{16})"/.exec(JSON.stringify(root))?.[1];
    await openClient(slack).chat.update({ channel, ts, ...forgery(value ?? id) });
    await slack.click({ ...approve, user: approver, ts });
    await expect.poll(() => toldTo(slack, approver)).toContain(words);
    slack.faults.slow('chat.postMessage', 0);
    expect(writesTo(cluster, 'tried')).toEqual([]);
    await slack.click({ ...approve, user: approver, ts: root.ts });
    await expect.poll(() => toldTo(slack, approver)).toContain('Approved:');
    await expect.poll(() => writesTo(cluster).length).toBe(1);
  });
});

async function post(slack: LocalSlack): Promise<string> {
  return (await openClient(slack).chat.postMessage({ channel, ...forgery('x') })).ts ?? '';
}

/** A message of the same app with a button that says it approves. */
function forgery(value = '') {
  const text = { type: 'plain_text', text: 'Approve' } as const;
  const elements = [{ type: 'button', text, action_id: 'op:approve', value } as const];
  return { text: 'forged', blocks: [{ type: 'actions', elements } as const] };
}

/** Everything but what carries out approved proposals. */
async function playWithoutWorker(): Promise<Shop & Awaited<ReturnType<typeof startLifeguard>>> {
  const shop = await openShop();
  const { kubeconfig } = shop;
  const { url: redisUrl } = await privateRedis();
  const watcher = await startLifeguard({ kubeconfig, redisUrl, role: 'watcher' });
  await startLifeguard({ kubeconfig, redisUrl, slack: watcher.slack, role: 'bot' });
  return { ...shop, ...watcher };
}
