import { beforeEach, describe, expect, it } from 'vitest';
import { openAuditChannel, tellAudit } from '../../../src/notifications/audit-channel.ts';
import { createFakeAudit, type FakeAudit } from '../../support/fakes/audit.ts';
import { away, createFakeChannel, type FakeChannel } from '../../support/fakes/channel.ts';
import { createSteppedClock, type SteppedClock } from '../../support/fakes/clock.ts';
import { createFakeMessageLedger } from '../../support/fakes/message-ledger.ts';
import { createOutboxWorld } from '../../support/outbox.ts';

let clock: SteppedClock;
let channel: FakeChannel;
let audit: FakeAudit;
let context: Parameters<typeof tellAudit>[1];
let complaints: readonly string[];

beforeEach(async () => {
  clock = createSteppedClock();
  channel = createFakeChannel();
  audit = createFakeAudit();
  const world = createOutboxWorld({ channel, clock, ledger: createFakeMessageLedger(clock) });
  context = { ...world.context, audit };
  complaints = world.complaints;
});

/** Puts a record into the audit for each word: what, and for whom to find it again. */
async function record(...whats: readonly string[]): Promise<void> {
  for (const what of whats)
    await audit.append({ at: clock.now(), what, who: 'U_ANA', subject: 'shop/web', detail: `detail of ${what}` });
}

/** Looks as often as it is asked to, until nothing is left. Answers the waits, milliseconds. */
async function settle(place = 'C_AUDIT'): Promise<readonly number[]> {
  const waits: number[] = [];
  while (waits.length < 200) {
    const outcome = await tellAudit(place, context);
    if ('done' in outcome) return waits;
    waits.push(outcome.againInMs);
    clock.advance(outcome.againInMs);
  }
  throw new Error('it never ends');
}

/** The numbers of the records that people see, in order. */
function told(place = 'C_AUDIT'): readonly number[] {
  const shown = channel.messages.filter((one) => one.channel === place).map(({ message }) => JSON.stringify(message));
  return shown.flatMap((text) => [...text.matchAll(/• (\d+) /g)].map(([, seq]) => Number(seq)));
}

describe('the channel of the audit', () => {
  it('shows decisions and results, each a line, in order and once, and nothing else', async () => {
    await openAuditChannel('C_AUDIT', context);
    await record('proposed', 'approved', 'applied', 'acknowledge', 'proven', 'denied', 'paused', 'unauthorised');
    await settle();
    await settle();
    expect(told()).toEqual([2, 3, 5, 7]);
    const [message] = channel.messages;
    expect(JSON.stringify(message)).toContain('*approved* by <@U_ANA>, shop/web: detail of approved');
    await record('unproven', 'undone', 'refused', 'stopped', 'resumed', 'rejected', 'approved-first');
    await settle();
    expect(told()).toEqual([2, 3, 5, 7, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('begins with what comes after it was set up', async () => {
    await record('approved', 'applied');
    await openAuditChannel('C_AUDIT', context);
    await record('proven');
    await settle();
    expect(told()).toEqual([3]);
  });

  it('is a sentence for who only hears it, and escapes what comes from the cluster', async () => {
    await openAuditChannel('C_AUDIT', context);
    await audit.append({ at: 1, what: 'applied', who: 'lifeguard', subject: 'shop/web', detail: '<!channel> & more' });
    await settle();
    expect(channel.messages[0]?.message.text).toBe('On record: applied, shop/web.');
    expect(JSON.stringify(channel.messages)).not.toContain('<!channel>');
  });

  it('while Slack is away waits longer and longer, and then shows all that came meanwhile', async () => {
    await openAuditChannel('C_AUDIT', context);
    channel.breakWith(away);
    await record('approved');
    expect(await tellAudit('C_AUDIT', context)).toEqual({ againInMs: 2_000 });
    await record('applied');
    clock.advance(60_000);
    expect(await tellAudit('C_AUDIT', context)).toEqual({ againInMs: 15_000 });
    channel.breakWith(undefined);
    await settle();
    expect(told()).toEqual([1, 2]);
  });

  it('shows nothing twice where the answer of Slack was lost, nor after a restart', async () => {
    await openAuditChannel('C_AUDIT', context);
    channel.failNext('post', away, { lost: true });
    await record('approved');
    await tellAudit('C_AUDIT', context);
    await record('applied');
    context = { ...context };
    await openAuditChannel('C_AUDIT', context);
    await settle();
    expect(told()).toEqual([1, 2]);
  });

  it('keeps to the limits of Slack: many at once share messages', async () => {
    await openAuditChannel('C_AUDIT', context);
    const long = { subject: `Deployment ${'n'.repeat(63)}/${'w'.repeat(253)}`, detail: '<&>'.repeat(1_000) };
    for (let index = 0; index < 120; index += 1)
      await audit.append({ at: clock.now(), what: 'applied', who: 'U_ANA', ...long });
    const waits = await settle();
    expect(channel.messages.length).toBe(12);
    expect(told()).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(7_000);
    for (const { message } of channel.messages) expect(JSON.stringify(message).length).toBeLessThan(11_000);
  });

  it('says that somebody must invite it, waits, and then loses nothing; or goes on in another channel', async () => {
    await openAuditChannel('C_ELSEWHERE', context);
    await record('approved');
    expect(await tellAudit('C_ELSEWHERE', context)).toEqual({ againInMs: 60_000 });
    expect(complaints.join()).toContain('not_in_channel');
    await settle('C_AUDIT');
    expect(told()).toEqual([1]);
    await record('applied');
    channel.invite('C_ELSEWHERE');
    await settle('C_ELSEWHERE');
    expect(told('C_ELSEWHERE')).toEqual([2]);
  });

  it('is written by one at a time', async () => {
    await openAuditChannel('C_AUDIT', context);
    await record('approved');
    const outcomes = await Promise.all([tellAudit('C_AUDIT', context), tellAudit('C_AUDIT', context)]);
    expect(outcomes).toContainEqual({ againInMs: 300 });
    expect(told()).toEqual([1]);
  });
});
