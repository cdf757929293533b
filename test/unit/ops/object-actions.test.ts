import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import { type ActionId, findAction } from '../../../src/ops/actions/index.ts';
import { createDeskWorld } from '../../support/desk.ts';

const node = { kind: 'Node', namespace: '', name: 'node-1' };
const nightly = { kind: 'CronJob', namespace: 'shop', name: 'nightly' };
const scaler = { kind: 'HorizontalPodAutoscaler', namespace: 'shop', name: 'web' };

const byCpu = (averageUtilization: number): Json => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
const byMemory: Json = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 60 } },
};

interface Effect {
  readonly id: ActionId;
  readonly on: ResourceRef;
  readonly spec: JsonObject;
  readonly params?: Readonly<Record<string, Json>>;
  readonly after: JsonObject;
  readonly back: JsonObject;
}

const effects: readonly Effect[] = [
  { id: 'cordon-node', on: node, spec: {}, after: { unschedulable: true }, back: {} },
  {
    id: 'uncordon-node',
    on: node,
    spec: { unschedulable: true },
    after: {},
    back: { unschedulable: true },
  },
  { id: 'suspend-cronjob', on: nightly, spec: { suspend: false }, after: { suspend: true }, back: { suspend: false } },
  { id: 'resume-cronjob', on: nightly, spec: { suspend: true }, after: { suspend: false }, back: { suspend: true } },
  {
    id: 'set-autoscaler-bounds',
    on: scaler,
    spec: { minReplicas: 1, maxReplicas: 3 },
    params: { min: '2', max: 9 },
    after: { minReplicas: 2, maxReplicas: 9 },
    back: { minReplicas: 1, maxReplicas: 3 },
  },
  {
    id: 'set-autoscaler-bounds',
    on: scaler,
    spec: { minReplicas: 1, maxReplicas: 3, metrics: [byMemory, byCpu(80)] },
    params: { cpu: '70' },
    after: { minReplicas: 1, maxReplicas: 3, metrics: [byMemory, byCpu(70)] },
    back: { minReplicas: 1, maxReplicas: 3, metrics: [byMemory, byCpu(80)] },
  },
];

function open(on: ResourceRef, spec: JsonObject) {
  const world = createDeskWorld();
  const target = world.objects.put(on, { spec });
  const plan = (id: ActionId, params: Readonly<Record<string, Json>> = {}) =>
    findAction(id)
      ?.bind({ target: { ...target }, ...params })
      .plan(world.ops);
  return { ...world, target, plan, spec: async () => (await world.objects.read(target))?.spec };
}

function planned(plan: Awaited<ReturnType<ReturnType<typeof open>['plan']>>): Plan {
  if (plan === undefined || 'refused' in plan) throw new Error(JSON.stringify(plan));
  return plan;
}

describe.each(effects)('$id', ({ id, on, spec, params, after, back }) => {
  it('plans without writing, changes it once, proves it, and puts it back', async () => {
    const world = open(on, spec);
    const action = findAction(id);
    const plan = planned(await world.plan(id, params));
    expect(world.objects.writes).toEqual([]);
    expect(plan.diff).not.toBe('');
    for (let turn = 0; turn < 2; turn += 1) await action?.execute({ plan, mark: 'apply' }, world.ops);
    expect(world.objects.writes).toHaveLength(1);
    expect(await world.spec()).toEqual(after);
    expect(await action?.isApplied({ plan, mark: 'apply' }, world.ops)).toBe(true);
    expect(await action?.measure(plan, world.ops)).toMatchObject({ reached: true });
    await action?.undo?.({ plan, mark: 'undo' }, world.ops);
    expect(await world.spec()).toEqual(back);
    expect(await action?.measure(plan, world.ops)).toMatchObject({ reached: false });
  });

  it('is refused where it is so already, and where there is nothing', async () => {
    const world = open(on, after);
    expect(await world.plan(id, params)).toEqual({ refused: expect.stringContaining('already') });
    const gone = { ...on, name: 'nobody' };
    expect(
      await findAction(id)
        ?.bind({ target: gone, ...params })
        .plan(world.ops),
    ).toEqual({ refused: expect.stringContaining('does not exist') });
  });
});

describe('somebody who changed it since', () => {
  it.each<[ActionId, ResourceRef, JsonObject, Readonly<Record<string, Json>>, string, Json]>([
    ['cordon-node', node, {}, {}, 'unschedulable', false],
    ['suspend-cronjob', nightly, { suspend: false }, {}, 'suspend', false],
    ['set-autoscaler-bounds', scaler, { minReplicas: 1, maxReplicas: 3 }, { max: 9 }, 'maxReplicas', 12],
  ])('keeps %s from being undone', async (id, on, spec, params, field, value) => {
    const world = open(on, spec);
    const plan = planned(await world.plan(id, params));
    await findAction(id)?.execute({ plan, mark: 'apply' }, world.ops);
    const operations = [{ op: 'add' as const, path: `/spec/${field}`, value }];
    await world.objects.patch({ ref: world.target, operations, dryRun: false });
    await expect(findAction(id)?.undo?.({ plan, mark: 'undo' }, world.ops)).rejects.toMatchObject({
      code: 'cluster-conflict',
    });
  });
});

describe('what is not understood', () => {
  it.each<[ActionId, ResourceRef, Readonly<Record<string, Json>>]>([
    ['cordon-node', nightly, {}],
    ['suspend-cronjob', node, {}],
    ['set-autoscaler-bounds', scaler, {}],
    ['set-autoscaler-bounds', scaler, { max: 0 }],
  ])('%s of %j with %j', (id, target, params) => {
    expect(() => findAction(id)?.bind({ target: { ...target }, ...params })).toThrow(
      expect.objectContaining({ code: 'action-invalid' }),
    );
  });

  it.each<[string, JsonObject, string]>([
    ['no share of CPU', { metrics: [byMemory] }, 'by something else than a share of CPU'],
    ['several', { metrics: [byCpu(70), byCpu(80)] }, 'by several shares of CPU'],
  ])('a share of CPU where the autoscaler has %s', async (_case, metrics, words) => {
    const world = open(scaler, { minReplicas: 1, maxReplicas: 3, ...metrics });
    expect(await world.plan('set-autoscaler-bounds', { cpu: 50 })).toEqual({ refused: expect.stringContaining(words) });
    expect(planned(await world.plan('set-autoscaler-bounds', { max: 5 })).summary).toContain('1 to 5 replicas');
  });

  it('bounds that cross', async () => {
    const world = open(scaler, { minReplicas: 1, maxReplicas: 3 });
    expect(await world.plan('set-autoscaler-bounds', { min: 5 })).toEqual({
      refused: expect.stringContaining('at least 5 and at most 3'),
    });
  });
});
