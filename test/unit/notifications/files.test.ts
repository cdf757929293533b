import { beforeEach, describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Incident } from '../../../src/core/incident.ts';
import { anEvidence } from '../../support/builders.ts';
import { away, createFakeChannel, type FakeChannel } from '../../support/fakes/channel.ts';
import { createSteppedClock, type SteppedClock } from '../../support/fakes/clock.ts';
import { createFakeMessageLedger } from '../../support/fakes/message-ledger.ts';
import { createOutboxWorld } from '../../support/outbox.ts';
import { now } from '../../support/views.ts';

const lines = Array.from({ length: 500 }, (_, line) => `line ${line} of the run that crashed`);
const source = 'log of shop/checkout-2-a, container app, the run that crashed';
const tooFast = new LifeguardError('Slack asks to slow down.', {
  code: 'channel-rate-limited',
  retry: 'rate-limited',
  retryAfterMs: 20_000,
});
const refused = new LifeguardError('Slack refused files.uploadV2: missing_scope; reinstall the app.', {
  code: 'channel-rejected',
  retry: 'transient',
});

let clock: SteppedClock;
let channel: FakeChannel;
let world: ReturnType<typeof createOutboxWorld>;

function start(roots?: number): void {
  clock = createSteppedClock(now);
  channel = createFakeChannel();
  const ledger = createFakeMessageLedger(clock);
  world = createOutboxWorld({ channel, clock, ledger, ...(roots === undefined ? {} : { roots }) });
}

beforeEach(() => start());

/** An incident that quotes the last 20 of these lines and keeps them all, unless `kept` says so many. */
async function open(id = 'inc-1', { kept = lines.length, quoted = 20 } = {}): Promise<Incident> {
  const text = lines.slice(-kept).join('\n');
  await world.wholeLogs.keep(`log-of-${id}`, text);
  const whole = { id: `log-of-${id}`, file: `checkout-app-crashed-run-${id}.log`, lines: kept };
  const evidence = [anEvidence({ source, text: lines.slice(-quoted).join('\n'), whole })];
  return world.open(id, { evidence });
}

const names = () => channel.files.map(({ file }) => file.name);
const attempts = () => channel.calls.filter((call) => call === 'attach').length;

describe('a log that is longer than its quote', () => {
  it('follows as a file in the thread, after all that is said in words, and once', async () => {
    await open();
    await world.settle('inc-1', 1);
    expect(channel.calls).toEqual(['post', 'post', 'post', 'attach']);
    const [root, evidence] = channel.messages;
    expect(JSON.stringify(evidence?.message)).toContain('These are the newest of 500 lines;');
    expect(channel.files).toEqual([
      {
        channel: 'C_OPS',
        thread: root?.ts,
        file: {
          name: 'checkout-app-crashed-run-inc-1.log',
          title: source,
          text: lines.join('\n'),
        },
      },
    ]);
    await world.settle('inc-1', await world.change('inc-1', { occurrences: 9 }));
    expect(attempts()).toBe(1);
  });

  it('is no file where the message shows all of it', async () => {
    await open('inc-1', { kept: 20 });
    await world.settle('inc-1', 1);
    expect(channel.files).toEqual([]);
    await open('inc-2', { kept: 300, quoted: 300 });
    await world.settle('inc-2', 1);
    expect(names()).toEqual(['checkout-app-crashed-run-inc-2.log']);
  });

  it('waits for everything that others have to tell', async () => {
    await open('inc-1');
    await open('inc-2');
    channel.onCall(async (method) => {
      if (method !== 'attach' || channel.files.length > 0) return;
      await world.open('inc-3');
      await world.context.schedule.mark({ channel: 'C_OPS', incidentId: 'inc-3', version: 1 });
    });
    await world.context.schedule.mark({ channel: 'C_OPS', incidentId: 'inc-2', version: 1 });
    await world.pass(60_000);
    expect(channel.files).toHaveLength(1);
    await world.settle('inc-1', 1);
    expect(names()).toEqual(['checkout-app-crashed-run-inc-2.log', 'checkout-app-crashed-run-inc-1.log']);
    const firstFile = channel.calls.indexOf('attach');
    const posts = channel.calls.slice(firstFile + 1).filter((call) => call === 'post').length;
    expect(posts).toBeGreaterThan(0);
    expect(channel.calls.lastIndexOf('attach')).toBeGreaterThan(channel.calls.lastIndexOf('post'));
  });
});

it('a log that says the same after the incident was reopened is not attached again, one that says something else is', async () => {
  const incident = await open();
  await world.settle('inc-1', 1);
  const [evidence] = incident.evidence;
  const evidenceOf = (id: string, file: string) => [
    anEvidence({ source, text: evidence?.text ?? '', whole: { id, file, lines: lines.length } }),
  ];
  const reopen = (id: string, file: string) => world.change('inc-1', { evidence: evidenceOf(id, file), reopened: 1 });
  await world.settle('inc-1', await reopen('log-of-inc-1', 'checkout-app-crashed-run-later.log'));
  expect(attempts()).toBe(1);
  await world.wholeLogs.keep('another-log', 'something else');
  await world.settle('inc-1', await reopen('another-log', 'checkout-app-crashed-run-last.log'));
  expect(names()).toEqual(['checkout-app-crashed-run-inc-1.log', 'checkout-app-crashed-run-last.log']);
});

describe('a file that may have been attached', () => {
  it('is looked up, not attached twice, once Slack has had time to show it', async () => {
    await open();
    channel.failNext('attach', away, { lost: true });
    await world.settle('inc-1', 1);
    expect(channel.calls).toEqual(['post', 'post', 'post', 'attach', 'findFile']);
    expect(clock.now() - now).toBeGreaterThanOrEqual(20_000);
    expect(names()).toHaveLength(1);
  });

  it('is not attached twice by a worker that comes after one which ended in between', async () => {
    await open();
    const ended = new LifeguardError('It has ended.', { code: 'store-unreachable', retry: 'transient' });
    channel.failNext('attach', ended, { lost: true });
    await expect(world.settle('inc-1', 1)).rejects.toThrow('It has ended.');
    await world.settle('inc-1', 1);
    expect(channel.calls.slice(3)).toEqual(['attach', 'findFile']);
    expect(names()).toHaveLength(1);
  });

  it('is attached where Slack does not have it', async () => {
    await open();
    channel.failNext('attach', away);
    await world.settle('inc-1', 1);
    expect(channel.calls.slice(3)).toEqual(['attach', 'findFile', 'attach']);
    expect(names()).toHaveLength(1);
  });

  it('is given up rather than attached twice where Slack does not say', async () => {
    await open();
    channel.failNext('attach', away, { lost: true });
    channel.failNext('findFile', refused);
    await world.settle('inc-1', 1);
    expect(names()).toHaveLength(1);
  });
});

describe('a file that Slack does not take', () => {
  it.each([
    ['is slow', tooFast],
    ['is away with files', away],
  ])('now, because it %s, waits, and holds up no message', async (_how, failure) => {
    await open('inc-1');
    channel.failNext('attach', failure);
    await world.attempt('inc-1', 1);
    clock.advance(5_000);
    await open('inc-2');
    await world.attempt('inc-2', 1);
    expect(channel.messages.filter(({ key }) => key.incidentId === 'inc-2')).toHaveLength(3);
    await world.settle('inc-1', 1);
    await world.settle('inc-2', 1);
    expect(names().toSorted()).toEqual(['checkout-app-crashed-run-inc-1.log', 'checkout-app-crashed-run-inc-2.log']);
  });

  it('at all is dropped for good, with one line for all of them', async () => {
    for (const id of ['inc-1', 'inc-2']) {
      await open(id);
      channel.failNext('attach', refused);
      await world.settle(id, 1);
      await world.settle(id, await world.change(id, { occurrences: 9 }));
    }
    expect([attempts(), channel.files]).toEqual([2, []]);
    expect(world.complaints).toEqual([expect.stringContaining('missing_scope')]);
  });

  it('is dropped where the log is no longer kept', async () => {
    const incident = await open();
    const [evidence] = incident.evidence;
    await world.open('inc-2', {
      evidence: [anEvidence({ text: 'x', whole: { id: 'gone', file: 'gone.log', lines: 80 } })],
    });
    await world.settle('inc-2', 1);
    expect(evidence?.whole).toBeDefined();
    expect([attempts(), world.complaints]).toEqual([0, [expect.stringContaining('no longer kept')]]);
  });
});

it('a storm has no files, also of what had its own message before', async () => {
  start(3);
  for (const id of ['inc-1', 'inc-2', 'inc-3', 'inc-4', 'inc-5', 'inc-6']) {
    await open(id);
    await world.context.schedule.mark({ channel: 'C_OPS', incidentId: id, version: 1 });
  }
  await world.pass(3_600_000);
  expect(channel.messages.some(({ message }) => message.text.includes('6 incidents'))).toBe(true);
  expect(channel.messages.some(({ key }) => key.entry === 'evidence')).toBe(true);
  expect(attempts()).toBe(0);
});

it('secrets that were kept by mistake do not leave with a file', async () => {
  const incident = await open();
  const token = ['gh', 'p_', 'oldVd9sQ1x7Lm2Zp8Rt4Wy6Nb0Hc5Jf3Ga1'].join('');
  await world.wholeLogs.keep('log-of-inc-1', `${lines.join('\n')}\nupstream token ${token}`);
  expect(incident.evidence).toHaveLength(1);
  await world.settle('inc-1', 1);
  expect(channel.files[0]?.file.text).toContain('[redacted:');
  expect(channel.files[0]?.file.text).not.toContain(token);
});
