import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Message } from '../../demo/slack/messages.ts';
import { approver, channel } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
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
  type Scene,
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
    await messagesWait(scene);
    slack.outage(false);
    const root = await rootWith(slack, 'op:approve', 'shop/app: crash loop');
    await slack.waitForConnections(1);
    await slack.click({ ...approve, ts: root.ts });
    await expectWholeStoryOnce(scene, root);
  });

  it.each(['unavailable', 'reset'] as const)('(%s) while it goes on: its message catches up', async (mode) => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    slack.outage(true, mode);
    await restarted(cluster, 4);
    await messagesWait(scene);
    slack.outage(false);
    await slack.waitForMessage((message) => message.ts === root.ts && crashedOften(message));
    await slack.waitForConnections(1);
    await slack.click({ ...approve, ts: root.ts });
    await expectWholeStoryOnce(scene, root);
  });

  it('between the approval and the proof: the thread ends with the proof, once', async () => {
    const scene = await play();
    const { slack } = scene;
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'Approved by <@U_ANA>');
    slack.outage(true);
    await proven(scene.redisUrl);
    await messagesWait(scene);
    slack.outage(false);
    await expectWholeStoryOnce(scene, root);
  });
});

describe('Slack in a bad mood', () => {
  it('asks to slow down again and again: what it refused is told later', async () => {
    const scene = await play();
    const { slack } = scene;
    for (const method of ['chat.postMessage', 'chat.postMessage', 'chat.update']) slack.faults.rateLimitNext(method, 1);
    const root = await releaseBadly(scene);
    slack.faults.rateLimitNext('chat.postMessage', 2);
    await slack.click({ ...approve, ts: root.ts });
    await expectWholeStoryOnce(scene, root);
    expect(slack.requests.filter(({ error }) => error === 'ratelimited')).toHaveLength(4);
  });

  it.each([500, 0])('takes messages but its answers are lost (status %i): none is posted again', async (status) => {
    const scene = await play();
    const { slack } = scene;
    const printed = vi.spyOn(console, 'warn');
    onTestFinished(() => printed.mockRestore());
    // The root, and two replies after it.
    for (let times = 0; times < 3; times += 1) slack.faults.loseReplyOfNext('chat.postMessage', status);
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await expectWholeStoryOnce(scene, root);
    expect(slack.requests.map(({ method }) => method)).toContain('conversations.history');
    expect(slack.requests.map(({ method }) => method)).toContain('conversations.replies');
    // Slack's libraries have no way past our log.
    expect(printed).not.toHaveBeenCalled();
  });

  it('fails at a message and takes none: it is posted once', async () => {
    const scene = await play();
    const { slack } = scene;
    slack.faults.failNext('chat.postMessage', 503);
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await expectWholeStoryOnce(scene, root);
  });
});

/** It shows that the container crashed four times or more. */
function crashedOften(message: Message): boolean {
  return /\*Occurrences\*\\n([4-9]|\d\d)/.test(JSON.stringify(message));
}

/** Waits until Lifeguard has noticed that Slack is away. */
async function messagesWait({ log }: Scene): Promise<void> {
  await vi.waitFor(() => expect(JSON.stringify(log)).toContain('Slack is away; messages wait'), soon);
}

/** The thread tells each step once and in order, and the channel has this one message; a later incident shows that nothing follows. */
async function expectWholeStoryOnce({ cluster, slack }: Scene, root: Message): Promise<void> {
  const story = [/^Evidence/, /^Proposed/, /^Carrying out: done, and it helped/, /^shop\/app is healed/];
  const expected = story.map((text) => expect.stringMatching(text));
  const replies = () =>
    slack
      .thread(channel, root.ts)
      .flatMap(({ ts, text, ephemeral_to: to }) => (ts === root.ts || to !== undefined ? [] : [text]));
  await rootWith(slack, '[RESOLVED]');
  await expect.poll(replies).toEqual(expected);
  cluster.apply(manifest({ name: 'later', env: crash }));
  await rootWith(slack, 'shop/later: crash loop');
  expect(replies()).toEqual(expected);
  expect(rootsOf(slack)).toHaveLength(2);
}

/** Waits until an execution is on record as proven. */
async function proven(url: string): Promise<void> {
  const redis = connectTo(url);
  const phases = async () => {
    const keys = await redis.keys('lg:test:executions:*');
    return (await Promise.all(keys.map((key) => redis.get(key)))).join();
  };
  await expect.poll(phases).toContain('"proven"');
}
