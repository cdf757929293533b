import { beforeEach, describe, expect, it } from 'vitest';
import { Attention } from '../../../src/core/attention.ts';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Page, Pager } from '../../../src/core/ports/pager.ts';
import { postBulletin } from '../../../src/notifications/bulletin.ts';
import { renderDigest } from '../../../src/notifications/reports/digest.ts';
import { anExecution, anIncident, aProposal } from '../../support/builders.ts';
import { away, createFakeChannel, type FakeChannel } from '../../support/fakes/channel.ts';
import { createSteppedClock, type SteppedClock } from '../../support/fakes/clock.ts';
import { createFakeMessageLedger } from '../../support/fakes/message-ledger.ts';
import { createOutboxWorld } from '../../support/outbox.ts';
import { now } from '../../support/views.ts';

let clock: SteppedClock;
let channel: FakeChannel;
let world: ReturnType<typeof createOutboxWorld>;
let pages: Page[];
let trouble: LifeguardError | undefined;

beforeEach(() => {
  clock = createSteppedClock(now);
  channel = createFakeChannel();
  pages = [];
  trouble = undefined;
  const pager: Pager = {
    async send(page) {
      if (trouble !== undefined) throw trouble;
      pages.push(page);
    },
  };
  world = createOutboxWorld({ channel, clock, pager, ledger: createFakeMessageLedger(clock) });
});

const called = Attention.parse({ since: now, channels: ['C_LEADS'], paged: true });
const inChannel = (id: string) => channel.messages.filter((one) => one.channel === id);
const shown = (id: string) => JSON.stringify(inChannel(id).at(-1)?.message ?? {});

describe('an escalation', () => {
  it('tells another channel once, with the address of the thread, and keeps that up to date', async () => {
    await world.open('inc-1', { attention: called });
    await world.settle('inc-1', 1);
    expect(shown('C_LEADS')).toContain('<https://slack.test/archives/C_OPS/');
    expect(shown('C_LEADS')).toContain('it is told in <#C_OPS>');
    await world.change('inc-1', { state: 'resolved', holds: false });
    await world.pass(5_000);
    expect(inChannel('C_LEADS')).toHaveLength(1);
    expect(shown('C_LEADS')).toContain('RESOLVED');
  });

  it('tells the pager each turn once: that it fires, that somebody has it, that it is over', async () => {
    await world.open('inc-1', { attention: called });
    await world.settle('inc-1', 1);
    await world.change('inc-1', { occurrences: 9 });
    await world.pass(5_000);
    await world.change('inc-1', { attention: { ...called, acknowledged: { by: 'U_ANA', at: now } } });
    await world.pass(5_000);
    await world.change('inc-1', { state: 'resolved', holds: false });
    await world.pass(5_000);
    expect(pages.map(({ event }) => event)).toEqual(['trigger', 'acknowledge', 'resolve']);
    expect(new Set(pages.map(({ key }) => key))).toEqual(new Set(['lifeguard-prod-eu-inc-1']));
    expect(pages[0]).toMatchObject({ severity: 'critical', source: 'prod-eu', link: expect.stringContaining('slack') });
  });

  it('waits for a pager that does not answer, and tells it the newest', async () => {
    trouble = new LifeguardError('It is away.', { code: 'pager-unreachable', retry: 'transient' });
    await world.open('inc-1', { attention: called });
    expect(await world.attempt('inc-1', 1)).toEqual({ againInMs: 15_000 });
    expect(world.complaints.join()).toContain('the pager could not be told');
    await world.change('inc-1', { attention: { ...called, acknowledged: { by: 'U_ANA', at: now } } });
    trouble = undefined;
    await world.pass(20_000);
    expect(pages.map(({ event }) => event)).toEqual(['acknowledge']);
  });
});

describe('Slack being away', () => {
  it('keeps nobody from being paged', async () => {
    await world.open('inc-1', { attention: called });
    channel.breakWith(away);
    await world.attempt('inc-1', 1);
    expect(pages.map(({ event }) => event)).toEqual(['trigger']);
    channel.breakWith(undefined);
    await world.settle('inc-1', 1);
    expect(pages).toHaveLength(1);
    expect(shown('C_LEADS')).toContain('it is told in <#C_OPS>');
  });
});

describe('maintenance', () => {
  it('is told to nobody', async () => {
    const quiet = Attention.parse({ since: now, quiet: true, snoozedUntil: now + 60_000 });
    await world.open('inc-1', { attention: quiet });
    expect(await world.attempt('inc-1', 1)).toEqual({ done: true });
    await world.change('inc-1', { state: 'resolved', holds: false });
    await world.pass(60_000);
    expect(channel.messages).toEqual([]);
  });

  it('is told once it is over and something goes on', async () => {
    const quiet = Attention.parse({ since: now, quiet: true, snoozedUntil: now + 60_000 });
    await world.open('inc-1', { attention: quiet });
    await world.attempt('inc-1', 1);
    expect((await world.context.ledger.read('inc-1'))?.version).toBe(1);
    clock.advance(61_000);
    await world.change('inc-1', { attention: Attention.parse({ since: now + 60_000 }) });
    await world.pass(5_000);
    expect(channel.messages[0]?.key.entry).toBe('root');
    expect(world.metered).toContain('told after 1000 ms');
  });
});

describe('the digest', () => {
  const dayMs = 86_400_000;
  const due = now + dayMs;

  it('says what was done and refused in that time, and what was asked of people', () => {
    const long = now - 2 * dayMs;
    const executions = [
      anExecution({ id: 'p1', phase: 'proven', startedAt: now }),
      anExecution({ id: 'p2', phase: 'undone', startedAt: now }),
      anExecution({ id: 'p3', phase: 'unproven', startedAt: now }),
      anExecution({ id: 'p4', phase: 'verifying', startedAt: now }),
      anExecution({ id: 'p5', phase: 'refused', startedAt: now }),
      anExecution({ id: 'p6', phase: 'proven', startedAt: long }),
    ];
    const auto = { by: 'lifeguard', at: now };
    const ana = { by: 'U_ANA', at: now };
    const proposals = [
      aProposal({ id: 'p1', state: 'executed', decision: auto }),
      aProposal({ id: 'p2', state: 'executed', decision: ana }),
      aProposal({ id: 'p5', state: 'denied', decision: ana }),
      aProposal({ id: 'p6', state: 'executed', decision: { by: 'U_ANA', at: long } }),
      aProposal({ id: 'p7', state: 'denied', createdAt: now }),
      aProposal({ id: 'p8', state: 'rejected', decision: ana }),
      aProposal({ id: 'p9', state: 'expired', expiresAt: now + 60_000 }),
    ];
    const call = { kind: 'called' as const, text: 'Nobody has acknowledged it.' };
    const timeline = [long, now, now + 1].map((at) => ({ ...call, at }));
    const facts = { cluster: 'prod-eu', from: now, to: due, incidents: [anIncident({ timeline })] };
    const text = JSON.stringify(renderDigest({ ...facts, executions, proposals }));
    expect(text).toContain('*Actions:* 4 tried (1 automatic): 1 proven, 1 undone, 1 unproven; 2 refused');
    expect(text).toContain('*People:* called 2 times; proposals: 2 approved, 1 rejected, 1 not decided');
  });

  it('sums a day up once, whoever tries, and again after a failure', async () => {
    const timeline = [{ at: now, kind: 'proven' as const, text: 'Healed.' }];
    const ended = { state: 'resolved' as const, resolvedAt: now + 600_000, openedAt: now };
    await world.incidents.create(anIncident({ id: 'inc-1', ...ended, timeline }));
    await world.incidents.create(anIncident({ id: 'inc-2', openedAt: now, reopened: 3, title: 'shop/<b>: crash' }));
    await world.incidents.create(anIncident({ id: 'inc-3', openedAt: now - 5 * dayMs, severity: 'warning' }));
    const post = (to: number) =>
      postBulletin(
        {
          name: 'digest',
          channel: 'C_OPS',
          due: to,
          render: async () =>
            renderDigest({
              cluster: 'prod-eu',
              from: to - dayMs,
              to,
              incidents: await world.incidents.recent(10),
              proposals: [],
              executions: [],
            }),
        },
        world.context,
      );
    channel.failNext('post', away);
    expect(await post(due)).toBe(false);
    expect(await post(due)).toBe(true);
    expect(await post(due)).toBe(true);
    expect(channel.messages).toHaveLength(1);
    const text = JSON.stringify(channel.messages[0]?.message);
    for (const words of [
      '*Opened:* 2 (2 critical)',
      '*Ended:* 1, of which 1 healed and proven; open for 10 min (median)',
      '*Open now:* 2',
      'shop/&lt;b&gt;: crash (24 h, reopened 3x)',
    ])
      expect(text).toContain(words);
    await post(due + dayMs);
    expect(channel.messages).toHaveLength(2);
  });
});
