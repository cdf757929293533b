import { beforeEach, describe, expect, it } from 'vitest';
import { Attention, type Callee } from '../../../src/core/attention.ts';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Page } from '../../../src/core/ports/pager.ts';
import { away, createFakeChannel, type FakeChannel } from '../../support/fakes/channel.ts';
import { createSteppedClock, type SteppedClock } from '../../support/fakes/clock.ts';
import { createFakeDeliverySchedule } from '../../support/fakes/delivery-schedule.ts';
import { createFakeMessageLedger } from '../../support/fakes/message-ledger.ts';
import { createFakeStormBoard } from '../../support/fakes/storm-board.ts';
import { createOutboxWorld } from '../../support/outbox.ts';
import { now } from '../../support/views.ts';

const minute = 60_000;
/** 5 minutes and 4 messages: one message of its own every 75 s after a storm. */
const pace = 75_000;

let clock: SteppedClock;
let channel: FakeChannel;
let world: ReturnType<typeof createOutboxWorld>;
let openWorld: () => typeof world;
let pages: Page[];

beforeEach(() => {
  clock = createSteppedClock(now);
  channel = createFakeChannel();
  const shared = {
    channel,
    clock,
    ledger: createFakeMessageLedger(clock),
    schedule: createFakeDeliverySchedule(clock),
    storms: createFakeStormBoard(),
    roots: 4,
    pager: { send: async (page: Page) => void pages.push(page) },
  };
  pages = [];
  openWorld = () => createOutboxWorld(shared);
  world = openWorld();
});

const roots = () => channel.messages.filter(({ thread }) => thread === undefined);
const incidents = () => roots().filter(({ key }) => key.incidentId.startsWith('inc-'));
const storm = () => roots().findLast(({ key }) => key.incidentId.startsWith('storm-'));
const shown = (): string => JSON.stringify(storm()?.message ?? {});

async function strike(count: number, overrides: Parameters<typeof world.open>[1] = {}): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, index) => `inc-${index + 1}`);
  for (const id of ids) await world.open(id, { title: `shop/${id}: crash loop`, proposalIds: [], ...overrides });
  for (const id of ids) await world.change(id, {});
  return ids;
}

describe('a storm', () => {
  it('is four messages at most, and then one that stands for all', async () => {
    await strike(50);
    await world.pass(minute);
    expect(roots().length).toBeLessThanOrEqual(5);
    expect(shown()).toContain('Storm: 50 incidents in 1 namespace');
    expect(shown()).toContain('50 open (50 critical), 0 resolved');
    expect(shown()).toContain('… and 40 more.');
  });

  it('lets four come, each with a message of its own, and holds the fifth', async () => {
    for (const id of ['inc-1', 'inc-2', 'inc-3', 'inc-4', 'inc-5']) {
      await world.open(id);
      await world.change(id, {});
      await world.pass(10_000);
    }
    expect(incidents().map(({ key }) => key.incidentId)).toEqual(['inc-1', 'inc-2', 'inc-3', 'inc-4']);
    expect(shown()).toContain('Storm: 5 incidents');
    expect(shown()).toContain('https://slack.test/archives/C_OPS/');
  });

  it('knows of those that had messages before it what has become of them', async () => {
    for (const id of ['inc-1', 'inc-2', 'inc-3']) {
      await world.open(id);
      await world.change(id, {});
    }
    await world.pass(5_000);
    await world.change('inc-2', { state: 'resolved', holds: false });
    await world.pass(5_000);
    for (const id of ['inc-4', 'inc-5']) {
      await world.open(id);
      await world.change(id, {});
    }
    await world.pass(5_000);
    expect(shown()).toContain('4 open (4 critical), 1 resolved');
  });

  it('is none where the incidents come slowly', async () => {
    for (let count = 1; count <= 12; count += 1) {
      await world.open(`inc-${count}`);
      await world.change(`inc-${count}`, {});
      await world.pass(pace + 1_000);
    }
    expect([incidents().length, storm()]).toEqual([12, undefined]);
  });

  it('shows who comes late within ten seconds, and who is over', async () => {
    await strike(20);
    await world.pass(30_000);
    await world.open('inc-late', { title: 'shop/late: crash loop', proposalIds: [] });
    await world.change('inc-late', {});
    await world.pass(10_000);
    expect(shown()).toContain('shop/late: crash loop');
    await world.change('inc-7', { state: 'resolved', holds: false });
    await world.pass(10_000);
    expect(shown()).toContain('20 open (20 critical), 1 resolved');
  });

  it('gives what asks for approval its buttons in turn, the worst first', async () => {
    await strike(10, { severity: 'warning' });
    for (const id of ['inc-6', 'inc-8']) {
      await world.open(`${id}-asks`, { severity: id === 'inc-8' ? 'critical' : 'warning' });
      await world.change(`${id}-asks`, {});
    }
    await world.pass(2_000);
    expect(incidents()).toEqual([]);
    await world.pass(pace);
    expect(incidents().map(({ key }) => key.incidentId)).toEqual(['inc-8-asks']);
    await world.pass(pace);
    expect(incidents().map(({ key }) => key.incidentId)).toEqual(['inc-8-asks', 'inc-6-asks']);
  });

  it('does not hold up what a person has asked for', async () => {
    await strike(10);
    await world.pass(2_000);
    const { finding: _none, ...request } = await world.open('inc-request', { kind: 'requested-change' });
    await world.incidents.create({ ...request, id: 'inc-wish' });
    await world.change('inc-wish', {});
    await world.pass(2_000);
    expect(incidents().map(({ key }) => key.incidentId)).toEqual(['inc-wish']);
  });

  it('passes: what is still open gets its own message slowly, what is over none, and then it says that it is over', async () => {
    const ids = await strike(8);
    await world.pass(minute);
    for (const id of ids.slice(3)) await world.change(id, { state: 'resolved', holds: false });
    await world.pass(5 * minute);
    expect(shown()).toContain('It calms down.');
    await world.pass(3 * pace);
    expect(incidents().map(({ key }) => key.incidentId)).toEqual(['inc-1', 'inc-2', 'inc-3']);
    expect(channel.messages.filter(({ key }) => key.entry === 'evidence')).toHaveLength(3);
    expect(shown()).toContain('Storm over: 8 incidents');
    await world.open('inc-next');
    await world.change('inc-next', {});
    await world.pass(1_000);
    expect(incidents().at(-1)?.key.incidentId).toBe('inc-next');
  });

  it('goes on in another process with what the first one knew', async () => {
    await strike(12);
    await world.pass(10_000);
    const before = roots().length;
    const next = openWorld();
    await next.open('inc-13', { title: 'shop/inc-13: crash loop', proposalIds: [] });
    await next.change('inc-13', {});
    await next.pass(10_000);
    expect(roots()).toHaveLength(before);
    expect(shown()).toContain('Storm: 13 incidents');
  });

  it.each([
    ['is away', away],
    [
      'takes nothing',
      new LifeguardError('Slower.', { code: 'channel-rate-limited', retry: 'rate-limited', retryAfterMs: 5_000 }),
    ],
  ])('is told once, and whole, when Slack %s for a minute', async (_how, fault) => {
    channel.breakWith(fault);
    await strike(30);
    await world.pass(minute);
    channel.breakWith(undefined);
    await world.pass(20_000);
    expect(roots().filter(({ key }) => key.incidentId.startsWith('storm-'))).toHaveLength(1);
    expect(roots().length).toBeLessThanOrEqual(5);
    expect(shown()).toContain('Storm: 30 incidents');
  });
});

describe('a storm while Slack is away', () => {
  const waiting = (id: string) => ({ proposalIds: [`proposal-of-${id}`] });

  it('is told of all in the first look once Slack is back, also of one whose own message may have been posted', async () => {
    channel.breakWith(away);
    await world.open('inc-0', { proposalIds: [], evidence: [] });
    await world.attempt('inc-0', await world.change('inc-0', {}));
    await strike(9, { evidence: [] });
    clock.advance(2_000);
    await world.attempt('inc-1', 2);
    channel.breakWith(undefined);
    clock.advance(2_000);
    await world.attempt('inc-1', 2);
    expect(shown()).toContain('Storm: 10 incidents');
  });

  it('is not asked again and again because of one that asks for approval and is due', async () => {
    channel.breakWith(away);
    for (const id of ['inc-1', 'inc-2', 'inc-3', 'inc-4', 'inc-5']) await world.open(id, waiting(id));
    for (const id of ['inc-1', 'inc-2', 'inc-3', 'inc-4']) await world.change(id, {});
    await world.attempt('inc-5', await world.change('inc-5', {}));
    clock.advance(pace);
    const outcome = await world.attempt('inc-5', 2);
    expect(outcome).toEqual({ againInMs: expect.any(Number) });
    expect('againInMs' in outcome ? outcome.againInMs : 0).toBeGreaterThanOrEqual(2_000);
  });
});

describe('an escalation in a storm', () => {
  const inThread = () => channel.messages.filter(({ key, thread }) => key.incidentId.startsWith('storm-') && thread);
  const said = () => inThread().map(({ message }) => JSON.stringify(message));

  /** Nobody has acknowledged it, so the escalation calls. */
  async function call(id: string, ...calls: readonly Callee[]): Promise<void> {
    const paged = calls.some((callee) => 'pager' in callee);
    const channels = calls.flatMap((callee) => ('channel' in callee ? [callee.channel] : []));
    const attention = Attention.parse({ since: now, paged, channels, calls: calls.length });
    const timeline = calls.map((callee, index) => ({
      at: now + index,
      kind: 'called' as const,
      text: '',
      call: callee,
    }));
    await world.change(id, { attention, timeline });
    await world.pass(2_000);
  }

  beforeEach(async () => {
    await strike(10);
    await world.pass(2_000);
  });

  it('reaches the pager and the other channel, with the address of the storm', async () => {
    expect(incidents()).toEqual([]);
    await call('inc-3', { channel: 'C_LEADS' }, { pager: true });
    expect(pages).toMatchObject([{ event: 'trigger', key: 'lifeguard-prod-eu-inc-3', link: expect.any(String) }]);
    expect(channel.messages.filter((one) => one.channel === 'C_LEADS')).toHaveLength(1);
    await world.change('inc-3', { state: 'resolved', holds: false });
    await world.pass(2_000);
    expect(pages.map(({ event }) => event)).toEqual(['trigger', 'resolve']);
  });

  it('names whom it calls in the thread of the storm: once for each time, however many incidents', async () => {
    await call('inc-3', { group: 'S_ONCALL' });
    await call('inc-4', { group: 'S_ONCALL' });
    await call('inc-3', { group: 'S_ONCALL' }, { user: 'U_LEAD' });
    expect(said()).toEqual([
      expect.stringMatching(/Calling <!subteam\^S_ONCALL> for 2 incidents.*inc-3: crash loop.*inc-4: crash loop/),
      expect.stringContaining('Calling <@U_LEAD> for 1 incident of this storm'),
    ]);
    await call('inc-3', { group: 'S_ONCALL' }, { user: 'U_LEAD' }, { group: 'S_ONCALL' });
    expect(said().at(-1)).toContain('Calling <!subteam^S_ONCALL> for 1 incident');
    expect(said()).toHaveLength(3);
  });

  it('reaches the pager while Slack is away, and is told there afterwards', async () => {
    channel.breakWith(away);
    await call('inc-3', { group: 'S_ONCALL' }, { pager: true });
    expect(pages.map(({ event }) => event)).toEqual(['trigger']);
    expect(said()).toEqual([]);
    channel.breakWith(undefined);
    await world.pass(20_000);
    expect(said()[0]).toContain('Calling <!subteam^S_ONCALL>');
    expect(pages).toHaveLength(1);
  });

  it('is not made for what began during maintenance', async () => {
    await world.change('inc-3', { attention: Attention.parse({ since: now, quiet: true, paged: true }) });
    await world.pass(2_000);
    expect(pages).toEqual([]);
  });
});

describe('the meter', () => {
  it('counts once how long each waited that the message of a storm told first', async () => {
    await strike(6);
    channel.failNext('post', away);
    await world.pass(4_000);
    const told = () => world.metered.filter((entry) => entry.startsWith('told'));
    expect(told()).toEqual(Array.from({ length: 6 }, () => 'told after 2000 ms'));
    await world.pass(20 * minute);
    expect(incidents()).toHaveLength(6);
    expect(told()).toHaveLength(6);
  });

  it('says how long people waited, what was told together, and when Slack was full', async () => {
    await world.open();
    channel.failNext(
      'post',
      new LifeguardError('Slower.', { code: 'channel-rate-limited', retry: 'rate-limited', retryAfterMs: 3_000 }),
    );
    await world.settle('inc-1', 1);
    for (let count = 0; count < 5; count += 1) await world.change('inc-1', { occurrences: 10 + count });
    await world.pass(1_000);
    expect(world.metered.filter((entry) => !['post', 'edit'].includes(entry))).toEqual([
      'slow post',
      'told after 3000 ms',
      '4 coalesced',
    ]);
  });
});
