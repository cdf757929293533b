import { setImmediate as settle } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/core/ports/clock.ts';
import { createLeadership } from '../../src/platform/kubernetes/leadership.ts';
import { createSteppedClock, type SteppedClock } from '../support/fakes/clock.ts';
import { createLeaseApi, type LeaseApi, type Treatment } from '../support/kubernetes/lease-api.ts';

interface Candidate {
  readonly isLeading: () => boolean;
  readonly troubles: (string | undefined)[];
  /** Stops as on SIGTERM. */
  stop(): Promise<void>;
  /** From now on nothing of it reaches the API, as after a power cut; its own code may still run. */
  cutOff(): void;
}

interface Stage {
  readonly clock: SteppedClock;
  readonly api: LeaseApi;
}

interface Role {
  readonly identity: string;
  /** How far this machine's clock is off, in milliseconds. */
  readonly skew?: number;
  readonly random?: () => number;
  readonly treat?: () => Treatment;
  readonly lead?: (signal: AbortSignal) => Promise<void>;
}

function enter({ clock, api }: Stage, role: Role): Candidate {
  const stop = new AbortController();
  const troubles: (string | undefined)[] = [];
  const skew = role.skew ?? 0;
  const ownClock: Clock = { now: () => clock.now() + skew, schedule: (at, run) => clock.schedule(at - skew, run) };
  let leading = false;
  let cut = false;
  const leadership = createLeadership({
    http: api.client(() => (cut ? 'hangs' : (role.treat?.() ?? 'works'))),
    clock: ownClock,
    random: role.random ?? (() => 0.5),
    namespace: 'ops',
    name: 'watcher',
    identity: role.identity,
    onTrouble: (problem) => void troubles.push(problem),
  });
  async function lead(signal: AbortSignal): Promise<void> {
    leading = true;
    try {
      await (role.lead ?? untilAborted)(signal);
    } finally {
      leading = false;
    }
  }
  const running = leadership.run(lead, stop.signal);
  return {
    isLeading: () => leading,
    troubles,
    async stop() {
      stop.abort();
      await running;
    },
    cutOff() {
      cut = true;
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}

/** Moves time on in small steps, letting everybody react, until `done` or `ms` have passed; answers the milliseconds it took. */
async function play({ clock }: Stage, ms: number, done: () => boolean = () => false): Promise<number> {
  for (let passed = 0; passed < ms; passed += 100) {
    await settle();
    if (done()) return passed;
    clock.advance(100);
  }
  await settle();
  return ms;
}

function createStage(): Stage {
  const clock = createSteppedClock();
  return { clock, api: createLeaseApi(clock) };
}

test('of two candidates one leads, and keeps leading', async () => {
  const stage = createStage();
  const [one, two] = [enter(stage, { identity: 'one' }), enter(stage, { identity: 'two' })];
  await play(stage, 60_000);
  expect([one.isLeading(), two.isLeading()]).toEqual([true, false]);
  expect(stage.api.holder()).toBe('one');
  await Promise.all([one.stop(), two.stop()]);
});

test('a leader that stops hands over within one retry', async () => {
  const stage = createStage();
  const [one, two] = [enter(stage, { identity: 'one' }), enter(stage, { identity: 'two' })];
  await play(stage, 10_000);
  await one.stop();
  expect(await play(stage, 20_000, two.isLeading)).toBeLessThanOrEqual(4_400);
  await two.stop();
  expect(stage.api.holder()).toBe('');
  expect(stage.clock.pending()).toBe(0);
});

test('a leader that dies is replaced after its lease, and has ended its own term before', async () => {
  const stage = createStage();
  const [one, two] = [enter(stage, { identity: 'one' }), enter(stage, { identity: 'two' })];
  await play(stage, 10_000);
  one.cutOff();
  const ended = await play(stage, 30_000, () => !one.isLeading());
  expect(ended).toBeLessThanOrEqual(10_000);
  const took = ended + (await play(stage, 30_000, two.isLeading));
  expect(took).toBeGreaterThan(10_000);
  expect(took).toBeLessThanOrEqual(21_000);
  const stopping = [one.stop(), two.stop()];
  await play(stage, 5_000);
  await Promise.all(stopping);
});

test('a clock that is an hour ahead does not take the lease from a living leader', async () => {
  const stage = createStage();
  const one = enter(stage, { identity: 'one' });
  await play(stage, 5_000);
  const two = enter(stage, { identity: 'two', skew: 3_600_000 });
  await play(stage, 60_000, two.isLeading);
  expect([one.isLeading(), two.isLeading()]).toEqual([true, false]);
  await Promise.all([one.stop(), two.stop()]);
});

test('the lease is given up only after the work has ended', async () => {
  const stage = createStage();
  const work = Promise.withResolvers<void>();
  const one = enter(stage, { identity: 'one', lead: () => work.promise });
  await play(stage, 5_000);
  const stopped = one.stop();
  await play(stage, 1_000);
  expect(stage.api.holder()).toBe('one');
  work.resolve();
  await stopped;
  expect(stage.api.holder()).toBe('');
});

test('a candidate that stops while its bid is under way leaves no lease behind', async () => {
  const stage = createStage();
  const bids: Treatment[] = ['works', 'answer-lost'];
  const one = enter(stage, { identity: 'one', treat: () => bids.shift() ?? 'works' });
  await play(stage, 1_000);
  expect(stage.api.holder()).toBe('one');
  await one.stop();
  expect(one.isLeading()).toBe(false);
  expect(stage.api.holder()).toBe('');
});

test('work that fails gives the lease up and is told of', async () => {
  const stage = createStage();
  const one = enter(stage, { identity: 'one', lead: () => Promise.reject(new Error('boom')) });
  await play(stage, 1_000);
  expect(one.troubles).toContain("The leader's work failed (boom); a leader is chosen again.");
  expect(stage.api.holder()).toBe('');
  await one.stop();
});

test('an API that cannot be reached is told once, and when it is back', async () => {
  const stage = createStage();
  let down = true;
  const one = enter(stage, { identity: 'one', treat: () => (down ? 'fails' : 'works') });
  await play(stage, 10_000);
  down = false;
  await play(stage, 5_000);
  expect(one.troubles).toEqual(['The Lease watcher cannot be kept: down', undefined]);
  expect(one.isLeading()).toBe(true);
  await one.stop();
});

test('whatever fails, there are never two leaders, and there is one again afterwards', async () => {
  const treatment = fc.constantFrom<Treatment>('works', 'works', 'works', 'fails', 'hangs', 'answer-lost');
  const role = fc.record({
    skew: fc.integer({ min: -100_000, max: 100_000 }),
    treatments: fc.array(treatment, { maxLength: 40 }),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(role, { minLength: 2, maxLength: 3 }), async (roles) => {
      const stage = createStage();
      let most = 0;
      const candidates = roles.map(({ treatments, skew, random }, index) => {
        const left = [...treatments];
        const treat = () => left.shift() ?? 'works';
        return enter(stage, { identity: `candidate-${index}`, skew, random: () => random, treat });
      });
      await play(stage, 120_000, () => {
        most = Math.max(most, candidates.filter((candidate) => candidate.isLeading()).length);
        return false;
      });
      await play(stage, 400_000, () => candidates.some((candidate) => candidate.isLeading()));
      expect(most).toBeLessThanOrEqual(1);
      expect(candidates.filter((candidate) => candidate.isLeading())).toHaveLength(1);
      const stopping = candidates.map((candidate) => candidate.stop());
      await play(stage, 5_000);
      await Promise.all(stopping);
      expect(stage.clock.pending()).toBe(0);
    }),
    { numRuns: 60 },
  );
});
