import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import { approve, reject } from '../../../src/ops/approve.ts';
import type { OpsContext } from '../../../src/ops/context.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { submit } from '../../../src/ops/submit.ts';
import { createActionWorld } from '../../support/action-worlds.ts';
import { dieAt, runUntilKilled } from '../../support/dying-ports.ts';

const users = ['U_ANA', 'U_BEN', 'U_CHI'] as const;
const requests = [
  { actionId: 'restart-workload', params: {} },
  { actionId: 'scale-workload', params: { replicas: 5 } },
  { actionId: 'scale-workload', params: { replicas: 0 } },
  { actionId: 'scale-workload', params: { replicas: 99 } },
  { actionId: 'set-image', params: { image: 'shop:9' } },
  { actionId: 'set-resources', params: { memory: '64Gi' } },
  { actionId: 'rollback-workload', params: {} },
] as const satisfies readonly { readonly actionId: string; readonly params: Readonly<Record<string, Json>> }[];

const which = fc.nat({ max: 2 });
const places = ['shop', 'pay', 'kube-system', 'a', 'b', 'c'] as const;
const target = fc.nat({ max: places.length - 1 });

/** What may happen, in any order. `which` picks one of the last proposals. */
const happening = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('propose' as const),
      request: fc.constantFrom(...requests),
      target,
      auto: fc.boolean(),
      user: fc.constantFrom(...users),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('decide' as const),
      yes: fc.integer({ min: 0, max: 4 }).map((number) => number > 0),
      which,
      user: fc.constantFrom(...users),
    }),
  },
  // Workers that die at some call; each leaves the rest to the next, and the last lives.
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('work' as const),
      which,
      diesAt: fc.array(fc.nat({ max: 60 }), { maxLength: 2 }),
      after: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('pause' as const), forCalls: fc.nat({ max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('interfere' as const), target }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

interface Write {
  readonly by: string;
  readonly paused: boolean;
  readonly replicas: number;
  readonly decidedBy: string | undefined;
  readonly at: number;
  readonly namespace: string;
}

/** A world that notes each write the moment it is kept, with what was so at that moment. */
function createWatchedWorld() {
  const world = createActionWorld('restart-workload');
  let later = 0;
  const clock = { ...world.ops.clock, now: () => world.ops.clock.now() + later };
  const templates = ['shop:1', 'shop:2'].map((image) => ({ spec: { containers: [{ name: 'app', image }] } }));
  const targets = places.map((namespace) =>
    world.workloads.put({ ref: { kind: 'Deployment', namespace, name: 'web' }, templates, replicas: 3 }),
  );
  const writes: Write[] = [];
  const workloads: OpsContext['workloads'] = {
    ...world.workloads,
    async patch(request) {
      const live = await world.workloads.patch(request);
      if (request.dryRun) return live;
      const mark = live.annotations['lifeguard.dev/last-write'] ?? '';
      const proposal = await world.ops.proposals.get(mark.replace(/-(?:apply|undo)$/, ''));
      const { engaged } = await world.controls.killSwitch();
      const { namespace } = request.ref;
      const decidedBy = proposal?.state === 'approved' ? proposal.decision?.by : undefined;
      writes.push({ by: mark, paused: engaged, replicas: live.desired, decidedBy, at: clock.now(), namespace });
      return live;
    },
  };
  const policy = {
    ...world.ops.policy,
    autonomy: 'auto' as const,
    budget: { cluster: 2, namespace: 1, windowMs: 3_600_000 },
  };
  const ops: OpsContext = { ...world.ops, workloads, clock, policy };
  return { ...world, ops, targets, writes, wait: (minutes: number) => void (later += minutes * 60_000) };
}

type World = ReturnType<typeof createWatchedWorld>;

async function happen(one: Happening, made: string[], world: World): Promise<void> {
  const { ops } = world;
  if (one.what === 'propose') return propose(one, made, world);
  if (one.what === 'wait') return world.wait(one.minutes);
  if (one.what === 'interfere') return interfere(one.target, world);
  if (one.what === 'pause') return pause(one.forCalls, made, world);
  const id = made.at(-1 - one.which);
  if (id === undefined) return;
  if (one.what === 'decide') return void (await (one.yes ? approve : reject)({ proposalId: id, user: one.user }, ops));
  for (const call of [...one.diesAt, Infinity]) await work(id, dieAt(ops, call, one.after ? 'after' : 'before'));
}

/** Somebody pauses it in the middle of an execution, and lifts that later. */
async function pause(calls: number, made: readonly string[], { ops, controls }: World): Promise<void> {
  const id = made.at(-1);
  if (id !== undefined) await work(id, dieAt(ops, calls, 'after'));
  await controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: 1, reason: 'stop' });
  if (id !== undefined) await work(id, ops);
  await controls.setKillSwitch({ engaged: false });
}

function work(id: string, ops: OpsContext): Promise<boolean> {
  return runUntilKilled(async () => {
    for (let step = 0; step < 60; step += 1) if ('done' in (await advanceExecution(id, ops))) return;
  });
}

async function propose(
  { request, target, auto, user }: Extract<Happening, { readonly what: 'propose' }>,
  made: string[],
  { ops, registry, targets }: World,
): Promise<void> {
  const ref = targets[target];
  if (ref === undefined) return;
  const incident = await registry.request(ref, 'wanted');
  const { kind, namespace, name } = ref;
  const params = { ...request.params, target: { kind, namespace, name } };
  const origin = auto ? ({ surface: 'auto' } as const) : ({ surface: 'slash', user } as const);
  const answer = await submit(
    { incidentId: incident.id, actionId: request.actionId, params, reason: 'why', origin },
    ops,
  );
  if ('proposal' in answer) made.push(answer.proposal.id);
}

function interfere(target: number, { workloads, targets }: World): void {
  const ref = targets[target];
  if (ref !== undefined) workloads.interfere(ref, [{ op: 'replace', path: '/spec/replicas', value: 2 }]);
}

function most(writes: readonly Write[], windowMs: number): number {
  return Math.max(
    0,
    ...writes.map((last) => writes.filter(({ at }) => at <= last.at && at > last.at - windowMs).length),
  );
}

it('whatever happens in whatever order, and whenever workers die', async () => {
  let written = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 60, size: 'max' }), async (story) => {
      const world = createWatchedWorld();
      const made: string[] = [];
      for (const one of story) await happen(one, made, world);
      const { writes } = world;
      written += writes.length;
      expect(new Set(writes.map(({ by }) => by)).size, 'each write happens once').toBe(writes.length);
      expect(
        writes.filter(({ paused }) => paused),
        'none while paused',
      ).toEqual([]);
      expect(
        writes.filter(({ decidedBy }) => decidedBy === undefined),
        'none that nobody decided',
      ).toEqual([]);
      expect(
        writes.filter(({ replicas }) => replicas > 10),
        'none past the bounds',
      ).toEqual([]);
      expect(
        writes.filter(({ namespace }) => namespace === 'kube-system'),
        'none where protected',
      ).toEqual([]);
      const alone = writes.filter(({ decidedBy, by }) => decidedBy === 'lifeguard' && by.endsWith('-apply'));
      expect(most(alone, 3_600_000), 'no more alone than the budget').toBeLessThanOrEqual(2);
    }),
    { numRuns: 200 },
  );
  expect(written, 'the stories do write').toBeGreaterThan(100);
});
