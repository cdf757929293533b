import { beforeEach, describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import { aProposal, aProvenExecution } from '../../support/builders.ts';
import { away, createFakeChannel, type FakeChannel } from '../../support/fakes/channel.ts';
import { createSteppedClock, type SteppedClock } from '../../support/fakes/clock.ts';
import { createFakeMessageLedger } from '../../support/fakes/message-ledger.ts';
import { createOutboxWorld } from '../../support/outbox.ts';
import { now } from '../../support/views.ts';

const refused = new LifeguardError('Slack refused chat.postMessage: invalid_blocks.', {
  code: 'channel-rejected',
  retry: 'transient',
});
const tooFast = new LifeguardError('Slack asks to slow down.', {
  code: 'channel-rate-limited',
  retry: 'rate-limited',
  retryAfterMs: 20_000,
});

let clock: SteppedClock;
let channel: FakeChannel;
let world: ReturnType<typeof createOutboxWorld>;

beforeEach(() => {
  clock = createSteppedClock(now);
  channel = createFakeChannel();
  world = createOutboxWorld({ channel, clock, ledger: createFakeMessageLedger(clock) });
});

const entries = () => channel.messages.map(({ key }) => key.entry);
const shown = (entry: string) => JSON.stringify(channel.messages.findLast(({ key }) => key.entry === entry)?.message);
const threads = () => new Set(channel.messages.map(({ thread }) => thread));

describe('the outbox', () => {
  it('posts the root, then its thread in order, each once', async () => {
    await world.open();
    expect(await world.settle('inc-1', 1)).toEqual([]);
    expect(entries()).toEqual(['root', 'evidence', 'proposal-proposal-of-inc-1']);
    expect(threads()).toEqual(new Set([undefined, channel.messages[0]?.ts]));
    await world.settle('inc-1', 1);
    expect(channel.calls).toEqual(['post', 'post', 'post']);
  });

  it('edits what changed and leaves the rest alone', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    await world.settle('inc-1', await world.change('inc-1', { occurrences: 9 }));
    expect(channel.calls.slice(3)).toEqual(['update']);
    expect(shown('root')).toContain('*Occurrences*\\n9');
  });

  it('adds the words of a model by editing the root, and takes back in the thread what no longer holds', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    const explanation = {
      model: 'scripted-1',
      at: now,
      fingerprint: 'print',
      summary: [{ text: 'It cannot reach payments.', evidence: ['E1'] }],
      hypotheses: [],
      confidence: 'high' as const,
      dropped: 0,
      usage: { calls: 1, inputTokens: 1, outputTokens: 1 },
    };
    await world.settle('inc-1', await world.change('inc-1', { explanation }));
    expect(channel.calls.slice(3)).toEqual(['update', 'post']);
    expect(shown('root')).toContain('*AI, high confidence:* It cannot reach payments.');
    expect(shown('explanation')).toContain('It cannot reach payments.');
    await world.settle('inc-1', await world.change('inc-1', { explanation: undefined }));
    expect(channel.calls.slice(5)).toEqual(['update', 'update']);
    expect(shown('root')).not.toContain('AI');
    expect(shown('explanation')).toContain('no longer holds');
  });

  it('has nothing to say of an incident that is not known', async () => {
    expect(await world.attempt('inc-0', 1)).toEqual({ done: true });
    expect(channel.calls).toEqual([]);
  });

  it('tells what changed while it was telling, before it is done', async () => {
    await world.open();
    channel.onCall(async () => {
      if (channel.calls.length === 2) await world.change('inc-1', { occurrences: 7 });
    });
    expect(await world.settle('inc-1', 1)).toEqual([]);
    expect(shown('root')).toContain('*Occurrences*\\n7');
  });
});

describe('an incident that goes on in another one', () => {
  const merged = {
    state: 'resolved' as const,
    holds: false,
    mergedInto: 'inc-2',
    timeline: [{ at: now, kind: 'merged' as const, text: 'This is part of inc-2, because of it. It goes on there.' }],
  };
  const link = /<https:\/\/slack\.test\/archives\/C_OPS\/p\d+\|inc-2>/;

  it('closes its thread with a link to the one that goes on', async () => {
    for (const id of ['inc-1', 'inc-2']) {
      await world.open(id);
      await world.settle(id, 1);
    }
    await world.settle('inc-1', await world.change('inc-1', merged));
    const own = channel.messages.filter(({ key }) => key.incidentId === 'inc-1');
    const said = (entry: string) => JSON.stringify(own.find(({ key }) => key.entry === entry)?.message);
    expect(said('root')).toMatch(link);
    expect(said('root')).toContain('Part of inc-2');
    expect(said(`merged-${now}`)).toMatch(link);
  });

  it('gets the link as soon as there is one, and does not wait for ever', async () => {
    await world.open('inc-1');
    await world.settle('inc-1', 1);
    const version = await world.change('inc-1', merged);
    expect(await world.attempt('inc-1', version)).toEqual({ againInMs: 5_000 });
    expect(shown('root')).not.toMatch(link);
    await world.open('inc-2');
    await world.settle('inc-2', 1);
    await world.settle('inc-1', version);
    expect(JSON.stringify(channel.messages[0]?.message)).toMatch(link);
    await world.open('inc-3', { ...merged, mergedInto: 'inc-0' });
    await world.settle('inc-3', 1);
    expect(clock.now() - now).toBeLessThanOrEqual(150_000);
  });
});

describe('an answer of Slack that is lost', () => {
  it.each([
    ['root', 1],
    ['evidence', 2],
    ['proposal-proposal-of-inc-1', 3],
  ])('leaves one %s, not two', async (_entry, posted) => {
    await world.open();
    channel.onCall(() => {
      if (channel.calls.length === posted) channel.failNext('post', away, { lost: true });
    });
    await world.settle('inc-1', 1);
    expect(entries()).toEqual(['root', 'evidence', 'proposal-proposal-of-inc-1']);
  });

  it('does not hide what changed meanwhile', async () => {
    await world.open();
    channel.failNext('post', away, { lost: true });
    await world.attempt('inc-1', 1);
    const version = await world.change('inc-1', { occurrences: 11 });
    channel.failNext('update', away);
    await world.settle('inc-1', version);
    expect(entries()).toEqual(['root', 'evidence', 'proposal-proposal-of-inc-1']);
    expect(shown('root')).toContain('*Occurrences*\\n11');
  });

  it('is posted again where Slack may not be asked: twice is better than never', async () => {
    await world.open();
    channel.failNext('post', away, { lost: true });
    channel.failNext('find', refused);
    await world.settle('inc-1', 1);
    expect(entries().filter((entry) => entry === 'root')).toHaveLength(2);
    expect(entries()).toContain('proposal-proposal-of-inc-1');
  });
});

describe('Slack being slow', () => {
  it('for edits does not hold up what is new', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    await world.proposals.update('proposal-of-inc-1', (one) => ({ ...one, version: 2, state: 'executed' }));
    await world.executions.create(aProvenExecution({ id: 'proposal-of-inc-1' }));
    const version = await world.change('inc-1', {});
    clock.advance(10_000);
    channel.failNext('update', tooFast);
    expect(await world.attempt('inc-1', version)).toEqual({ againInMs: 20_000 });
    expect(entries()).toContain('result-proposal-of-inc-1');
    clock.advance(20_000);
    expect(await world.attempt('inc-1', version)).toEqual({ done: true });
    expect(shown('root')).not.toContain('op:approve');
  });

  it('for posts keeps every incident waiting as long as Slack asked', async () => {
    await world.open('inc-1');
    await world.open('inc-2');
    channel.failNext('post', tooFast);
    expect(await world.attempt('inc-1', 1)).toEqual({ againInMs: 20_000 });
    clock.advance(5_000);
    expect(await world.attempt('inc-2', 1)).toEqual({ againInMs: 15_000 });
    expect(channel.calls).toEqual(['post']);
  });

  it('never turns the order of a thread around', async () => {
    for (const id of ['inc-1', 'inc-2', 'inc-3']) await world.open(id);
    for (const id of ['inc-1', 'inc-2', 'inc-3']) await world.settle(id, 1);
    for (const id of ['inc-1', 'inc-2', 'inc-3']) {
      const own = channel.messages.filter(({ key }) => key.incidentId === id).map(({ key }) => key.entry);
      expect(own).toEqual(['root', 'evidence', `proposal-proposal-of-${id}`]);
    }
  });
});

describe('Slack being away', () => {
  it('is tried again soon at first, then at most every 15 s, and hears the newest state', async () => {
    await world.open();
    channel.breakWith(away);
    const waits: number[] = [];
    while (clock.now() < now + 120_000) {
      const outcome = await world.attempt('inc-1', 1);
      const wait = 'againInMs' in outcome ? outcome.againInMs : 0;
      waits.push(wait);
      clock.advance(wait);
    }
    expect([waits[0], waits.at(-1)]).toEqual([2_000, 15_000]);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    channel.breakWith(undefined);
    await world.settle('inc-1', await world.change('inc-1', { occurrences: 40 }));
    expect(entries()).toEqual(['root', 'evidence', 'proposal-proposal-of-inc-1']);
    expect(shown('root')).toContain('*Occurrences*\\n40');
  });
});

describe('what people delete', () => {
  it('comes back, and a root brings its thread along', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    const [root, evidence] = channel.messages;
    channel.remove(root?.ts ?? '');
    await world.settle('inc-1', await world.change('inc-1', { occurrences: 3 }));
    const fresh = channel.messages.slice(-3);
    expect(fresh.map(({ key }) => key.entry)).toEqual(['root', 'evidence', 'proposal-proposal-of-inc-1']);
    expect(fresh.map(({ thread }) => thread)).toEqual([undefined, fresh[0]?.ts, fresh[0]?.ts]);
    expect(fresh).not.toContain(evidence);
  });

  it('comes back in the same thread where the root is still there', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    const [root, , proposal] = channel.messages;
    channel.remove(proposal?.ts ?? '');
    await world.proposals.update('proposal-of-inc-1', (one) => ({ ...one, version: 2, state: 'rejected' }));
    await world.settle('inc-1', await world.change('inc-1', {}));
    expect(entries()).toEqual(['root', 'evidence', 'proposal-proposal-of-inc-1']);
    expect(channel.messages.at(-1)?.thread).toBe(root?.ts);
  });
});

describe('what Slack refuses', () => {
  it('is said once a try, tried again slowly, and works once the bot is invited', async () => {
    world = createOutboxWorld({ channel, clock, ledger: createFakeMessageLedger(clock), place: 'C_ELSEWHERE' });
    await world.open();
    expect(await world.attempt('inc-1', 1)).toEqual({ againInMs: 60_000 });
    expect(channel.calls).toEqual(['post']);
    expect(world.complaints).toEqual([expect.stringContaining('not_in_channel')]);
    channel.invite('C_ELSEWHERE');
    await world.settle('inc-1', 1);
    expect(entries()).toEqual(['root', 'evidence', 'proposal-proposal-of-inc-1']);
  });

  it('in one message does not hold up the others', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    const again = aProposal({ id: 'second', incidentId: 'inc-1', createdAt: now + 60_000 });
    await world.proposals.create(again);
    const version = await world.change('inc-1', { proposalIds: ['proposal-of-inc-1', 'second'] });
    channel.failNext('update', refused);
    expect(await world.attempt('inc-1', version)).toEqual({ againInMs: 60_000 });
    expect(entries()).toContain('proposal-second');
    clock.advance(60_000);
    expect(await world.attempt('inc-1', version)).toEqual({ done: true });
  });

  it('is no reason to count again what was told together', async () => {
    await world.open();
    await world.settle('inc-1', 1);
    for (let count = 0; count < 3; count += 1) await world.change('inc-1', { occurrences: 10 + count });
    await world.proposals.update('proposal-of-inc-1', (one) => ({ ...one, state: 'approved' }));
    let edits = 0;
    channel.onCall((method) => {
      edits += method === 'update' ? 1 : 0;
      if (method === 'update' && edits === 2) channel.failNext('update', away);
    });
    await world.pass(60_000);
    expect(edits).toBe(3);
    expect(world.metered.filter((entry) => entry.endsWith('coalesced'))).toEqual(['2 coalesced']);
  });
});
