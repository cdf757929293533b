import { WebClient } from '@slack/web-api';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import manifest from '../../slack-manifest.json' with { type: 'json' };
import { LifeguardError } from '../../src/core/errors.ts';
import type { Channel } from '../../src/core/ports/channel.ts';
import type { MessageLedger } from '../../src/core/ports/message-ledger.ts';
import { createMessageLedger } from '../../src/platform/redis/message-ledger.ts';
import { createChannel } from '../../src/platform/slack/channel.ts';
import { clientOptions } from '../../src/platform/slack/failures.ts';
import { quiet } from '../support/bolt-app.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { createFakeMessageLedger } from '../support/fakes/message-ledger.ts';
import { useLocalSlack } from '../support/local-slack.ts';
import { createOutboxWorld } from '../support/outbox.ts';
import { soon } from '../support/patience.ts';
import { openTestRedis } from '../support/redis.ts';

const clock = createSteppedClock(Date.parse('2026-03-02T10:00:00Z'));
const slack = useLocalSlack({ manifest, clock });
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let ledger: MessageLedger;
let world: ReturnType<typeof createOutboxWorld>;

beforeEach(() => {
  ledger = createFakeMessageLedger(clock);
  world = createOutboxWorld({ channel: openChannel(), ledger, clock });
});

function openChannel(): Channel {
  return createChannel(
    new WebClient(slack.current.botToken, { ...clientOptions, slackApiUrl: slack.current.apiUrl, logger: quiet }),
  );
}

/** Incident and entry of each message, in the order of posting. */
function posted(id = 'inc-1'): readonly unknown[] {
  const payloads = slack.current.messages('C_OPS').map(({ metadata }) => metadata?.['event_payload']);
  const own = payloads.filter((payload) => JSON.stringify(payload).includes(`"${id}"`));
  return own.map((payload) => /"entry":"([^"]+)"/.exec(JSON.stringify(payload))?.[1]);
}

const whole = ['root', 'evidence', 'proposal-proposal-of-inc-1'];
const rootShows = (text: string): boolean => JSON.stringify(slack.current.messages('C_OPS')[0]?.blocks).includes(text);
const calls = (method: string): number => slack.current.requests.filter((call) => call.method === method).length;

describe('the outbox on Slack', () => {
  it('tells an incident once, root first, thread in order', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    expect(posted()).toEqual(whole);
    const [root, ...thread] = slack.current.messages('C_OPS');
    expect(thread.map((message) => message.thread_ts)).toEqual([root?.ts, root?.ts]);
  });

  it('loses nothing and repeats nothing when Slack is away for a minute', async () => {
    await world.open();
    await world.open('inc-2');
    slack.current.outage(true);
    const end = clock.now() + 60_000;
    let version = 1;
    while (clock.now() < end) {
      const outcome = await world.attempt('inc-1', version);
      expect(outcome).toHaveProperty('againInMs');
      clock.advance('againInMs' in outcome ? outcome.againInMs : 0);
      version = await world.change('inc-1', { occurrences: version + 100 });
    }
    expect(slack.current.messages('C_OPS')).toEqual([]);
    slack.current.outage(false);
    await world.settle('inc-1', version);
    await world.settle('inc-2', 1);
    expect(posted()).toEqual(whole);
    expect(posted('inc-2')).toEqual(['root', 'evidence', 'proposal-proposal-of-inc-2']);
    expect(rootShows(`*Occurrences*\\n${version - 1 + 100}`)).toBe(true);
  });

  it.each([500, 0])('posts once although the answer (%s) said it failed', async (status) => {
    await world.open();
    for (const _message of whole) {
      slack.current.faults.loseReplyOfNext('chat.postMessage', status);
      await world.attempt('inc-1', 1);
    }
    const version = await world.change('inc-1', { occurrences: 77 });
    await world.settle('inc-1', version);
    expect(posted()).toEqual(whole);
    expect(rootShows('*Occurrences*\\n77')).toBe(true);
  });

  it('edits again when it is not known whether the edit was made', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    const version = await world.change('inc-1', { occurrences: 5 });
    slack.current.faults.failNext('chat.update');
    await world.settle('inc-1', version);
    expect(rootShows('*Occurrences*\\n5')).toBe(true);
  });

  it.each([
    [7, 7_000],
    [null, 30_000],
  ])('waits as long as Slack says (%s s), without asking meanwhile', async (seconds, ms) => {
    await world.open();
    slack.current.faults.rateLimitNext('chat.postMessage', seconds);
    expect(await world.attempt('inc-1', 1)).toEqual({ againInMs: ms });
    clock.advance(ms - 1);
    expect(await world.attempt('inc-1', 1)).toEqual({ againInMs: 1 });
    expect(calls('chat.postMessage')).toBe(1);
    await world.settle('inc-1', 1);
    expect(posted()).toEqual(whole);
  });

  it('makes one edit of fifty changes', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    const versions: number[] = [];
    for (let count = 1; count <= 50; count += 1) versions.push(await world.change('inc-1', { occurrences: count + 2 }));
    for (const version of versions) await world.settle('inc-1', version);
    expect(calls('chat.update')).toBe(1);
    expect(rootShows('*Occurrences*\\n52')).toBe(true);
  });

  it('stays within the limits of Slack in a storm of thirty incidents that keep changing', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `inc-storm${index}`);
    for (const id of ids) await world.open(id);
    for (const id of ids) await world.settle(id, 1);
    for (let round = 0; round < 5; round += 1) {
      for (const id of ids) await world.settle(id, await world.change(id, { occurrences: 10 + round }));
    }
    for (const id of ids) expect(posted(id)).toEqual(['root', 'evidence', `proposal-proposal-of-${id}`]);
  });

  it('posts once although the process dies between the post and the note of it', async () => {
    await world.open();
    const dying: MessageLedger = {
      ...ledger,
      write: (id, delivery) => {
        const noted = Object.values(delivery.entries).some(({ ts }) => ts !== undefined);
        if (noted) throw new LifeguardError('Redis is away.', { code: 'store-unreachable', retry: 'transient' });
        return ledger.write(id, delivery);
      },
    };
    const dead = createOutboxWorld({ channel: openChannel(), ledger: dying, clock });
    await dead.open();
    await expect(dead.attempt('inc-1', 1)).rejects.toThrow('Redis is away');
    expect(posted()).toEqual(['root']);
    await world.settle('inc-1', 1);
    expect(posted()).toEqual(whole);
  });
});

describe('two bots with one Redis', () => {
  it('tell the same incident once', async () => {
    const { redis, keyspace } = await openTestRedis();
    const open = () =>
      createOutboxWorld({ channel: openChannel(), clock, ledger: createMessageLedger(redis, keyspace, silent) });
    const bots = [open(), open()];
    for (const bot of bots) await bot.open();
    slack.current.faults.slow('chat.postMessage', 20);
    await Promise.all(bots.map((bot) => untilDone(() => bot.attempt('inc-1', 1))));
    expect(posted()).toEqual(whole);
    expect(calls('chat.update')).toBe(0);
  });

  it('share one allowance of posts', async () => {
    const { redis, keyspace } = await openTestRedis();
    const open = () =>
      createOutboxWorld({ channel: openChannel(), clock, ledger: createMessageLedger(redis, keyspace, silent) });
    const [one, two] = [open(), open()];
    await one.open('inc-1');
    await two.open('inc-2');
    expect(await one.attempt('inc-1', 1)).toEqual({ done: true });
    const second = await two.attempt('inc-2', 1);
    expect('againInMs' in second && second.againInMs > 0).toBe(true);
    expect(slack.current.messages('C_OPS')).toHaveLength(4);
  });
});

/** Tries until it is done; real time is Redis' own. */
async function untilDone(attempt: () => Promise<object>): Promise<void> {
  await vi.waitFor(async () => expect(await attempt()).toEqual({ done: true }), soon);
}
