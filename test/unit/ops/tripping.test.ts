import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import { isWorkloadRef, refKey } from '../../../src/core/resource-ref.ts';
import { type ActionId, findAction } from '../../../src/ops/actions/index.ts';
import type { OpsContext } from '../../../src/ops/context.ts';
import { guardrails } from '../../../src/ops/guardrails/index.ts';
import { preview } from '../../../src/ops/preview.ts';
import { submit } from '../../../src/ops/submit.ts';
import { type ActionWorld, createActionWorld, roomy } from '../../support/action-worlds.ts';
import { runToEnd } from '../../support/rollback-world.ts';

type Trip = (world: ActionWorld) => Partial<OpsContext> | Promise<Partial<OpsContext>>;

interface Tripping {
  readonly action: ActionId;
  readonly params?: Readonly<Record<string, Json>>;
  /** Makes the guardrail say no, after everything was allowed. */
  readonly trip: Trip;
}

const policy = (change: (now: OpsContext['policy']) => Partial<OpsContext['policy']>): Trip => {
  return ({ ops }) => ({ policy: { ...ops.policy, ...change(ops.policy) } });
};

/** So many attempts before this one, of the last minutes. */
const tried =
  (count: number, tally?: { readonly subject: string; readonly cause: string }): Trip =>
  async ({ ops, target }) => {
    const { subject = refKey(target), cause = 'requested-change' } = tally ?? {};
    for (let past = 0; past < count; past += 1) {
      const at = ops.clock.now() - past;
      await ops.ledger.record({ at, namespaces: ['shop'], subject, cause, executionId: `past-${past}` });
    }
    return {};
  };

const annotate =
  (name: string, value: string): Trip =>
  ({ workloads, target }) => {
    const path = '/metadata/annotations';
    if (isWorkloadRef(target)) workloads.interfere(target, [{ op: 'add', path, value: { [name]: value } }]);
    return {};
  };

/** How each guardrail is made to trip between the decision and the write. */
const trips: Readonly<Record<string, Tripping>> = {
  annotations: { action: 'restart-workload', trip: annotate('lifeguard.dev/protected', 'true') },
  'kill-switch': {
    action: 'restart-workload',
    async trip({ controls }) {
      await controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: 1, reason: 'stop' });
      return {};
    },
  },
  'protected-namespaces': { action: 'restart-workload', trip: policy(() => ({ protectedNamespaces: ['shop'] })) },
  autonomy: { action: 'restart-workload', trip: policy(() => ({ autonomy: 'suggest' })) },
  'two-persons': {
    action: 'restart-workload',
    trip: policy(() => ({ approval: { byRequester: true, twoPersons: { namespaces: ['shop'], risks: [] } } })),
  },
  freeze: {
    action: 'restart-workload',
    trip: () => ({
      freezeAt: (namespace, now) => (namespace === 'shop' ? { until: now + 1, reason: 'sale' } : undefined),
    }),
  },
  bounds: {
    action: 'scale-workload',
    params: { replicas: 5 },
    trip: policy(({ bounds }) => ({ bounds: { ...bounds, replicas: 4 } })),
  },
  attempts: { action: 'restart-workload', trip: tried(1) },
  budget: { action: 'restart-workload', trip: tried(3, { subject: 'Deployment shop/other', cause: 'x' }) },
  'memory-raises': {
    action: 'set-resources',
    params: { memory: '128Mi' },
    trip: annotate('lifeguard.dev/memory-raises', '2'),
  },
  capacity: {
    action: 'set-resources',
    params: { memory: '128Mi' },
    trip({ objects }) {
      objects.setStatus(roomy, {
        conditions: [{ type: 'Ready', status: 'True' }],
        allocatable: { cpu: '1', memory: '8Mi' },
      });
      return {};
    },
  },
  nodes: {
    action: 'drain-node',
    trip({ objects }) {
      for (const name of ['node-2', 'node-3']) objects.setStatus({ kind: 'Node', namespace: '', name }, {});
      return {};
    },
  },
  'disruption-budgets': {
    action: 'scale-workload',
    params: { replicas: 1 },
    trip({ objects }) {
      const content = { spec: { selector: {} }, status: { disruptionsAllowed: 1 } };
      objects.put({ kind: 'PodDisruptionBudget', namespace: 'shop', name: 'web' }, content);
      return {};
    },
  },
  storm: {
    action: 'restart-workload',
    trip: ({ ops }) => ({ incidents: { ...ops.incidents, countOpen: async () => 99 } }),
  },
  'rollout-in-progress': {
    action: 'restart-workload',
    trip({ workloads, target }) {
      if (isWorkloadRef(target)) workloads.setCounts(target, { updated: 1, ready: 3, available: 3 });
      return {};
    },
  },
  autoscaled: {
    action: 'scale-workload',
    params: { replicas: 5 },
    trip({ workloads, target }) {
      if (isWorkloadRef(target)) workloads.scaleBy(target, { name: 'web', min: 1, max: 3, shares: [] });
      return {};
    },
  },
  ownership: {
    action: 'scale-workload',
    params: { replicas: 5 },
    trip: annotate('argocd.argoproj.io/tracking-id', 'shop:x'),
  },
  fight: {
    action: 'scale-workload',
    params: { replicas: 5 },
    async trip({ ops, target }) {
      const at = ops.clock.now();
      const patch = [{ op: 'replace' as const, path: '/spec/replicas', value: 7 }];
      const inverse = [{ op: 'replace' as const, path: '/spec/replicas', value: 3 }];
      const words = { summary: 'Scale it to 7', blastRadius: '', risk: 'low' as const, diff: '', undo: '', basis: '' };
      const plan = { target: { ...target }, ...words, patch, inverse };
      const past = { id: 'past', version: 1, incidentId: 'inc-0', actionId: 'scale-workload', startedAt: at };
      await ops.executions.create({ ...past, phase: 'proven', appliedAt: at, plan });
      return {};
    },
  },
};

/** Lifeguard itself proposes, and every guardrail allows it. */
async function allowed({ action, params = {} }: Tripping) {
  const world = createActionWorld(action);
  const auto = { autonomy: 'auto', maxAutoRisk: 'high' } as const;
  const ops: OpsContext = { ...world.ops, policy: { ...world.ops.policy, ...auto } };
  const incident = await world.registry.request(world.target, 'wanted');
  const origin = { surface: 'auto' } as const;
  const request = { incidentId: incident.id, actionId: action, reason: 'why', origin };
  const made = await submit({ ...request, params: { ...world.params, ...params } }, ops);
  if ('refused' in made) throw new Error(made.refused);
  expect(made.proposal.state).toBe('approved');
  return { world: { ...world, ops }, id: made.proposal.id };
}

/** Who does not allow it, of all guardrails. */
async function objectors({ action, params = {} }: Tripping, world: ActionWorld, ops: OpsContext) {
  const wish = { params: { ...world.params, ...params }, origin: { surface: 'auto' as const }, incidentId: undefined };
  const found = findAction(action);
  const seen = found === undefined ? undefined : await preview({ ...wish, action: found }, ops);
  if (seen === undefined || 'refused' in seen) throw new Error(JSON.stringify(seen));
  return seen.judgement.rulings.filter(({ verdict }) => verdict.answer !== 'allow').map(({ guardrail }) => guardrail);
}

/** It is about people and not about what Lifeguard does alone: `identity.test.ts` trips it. */
const aboutPeople = 'rights';

describe.each(guardrails.map(({ id }) => id).filter((id) => id !== aboutPeople))('the guardrail %s', (rail) => {
  it('that trips after everything was allowed keeps it from being written', async () => {
    const tripping = trips[rail];
    if (tripping === undefined) throw new Error(`say above how ${rail} trips`);
    const free = await allowed(tripping);
    await runToEnd(free.id, free.world.ops);
    expect((await free.world.ops.executions.get(free.id))?.phase).toBe('proven');

    const { world, id } = await allowed(tripping);
    const tripped = { ...world.ops, ...(await tripping.trip(world)) };
    await runToEnd(id, tripped);
    const execution = await world.ops.executions.get(id);
    expect(execution).toMatchObject({ phase: 'refused', outcome: expect.any(String) });
    expect(world.kept()).toEqual([]);
    expect(await objectors(tripping, world, tripped)).toEqual([rail]);
  });
});
