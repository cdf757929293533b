import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { readArray, readPath } from '../../../src/core/json.ts';
import type { WorkloadRef } from '../../../src/core/resource-ref.ts';
import { type ActionId, findAction } from '../../../src/ops/actions/index.ts';
import type { ActionContext } from '../../../src/ops/context.ts';
import { createDeskWorld } from '../../support/desk.ts';

type Parts = Readonly<Record<string, Json>>;

const app = (resources: Json = {}, name = 'app') => ({ name, image: 'shop:1.0.0', resources });

function templateOf(...containers: Json[]): JsonObject {
  return { metadata: { labels: { app: 'web' } }, spec: { containers } };
}

function createWorld(
  template: JsonObject,
  options: { readonly kind?: WorkloadRef['kind']; readonly paused?: boolean } = {},
) {
  const world = createDeskWorld();
  const { kind = 'Deployment', paused = false } = options;
  const ref = world.workloads.put({
    ref: { kind, namespace: 'shop', name: 'web' },
    templates: [template],
    replicas: 3,
    paused,
    annotations: { team: 'shop' },
  });
  async function plan(id: ActionId, params: Parts = {}): Promise<Plan> {
    const made = await tryPlan(id, params);
    if ('refused' in made) throw new Error(made.refused);
    return made;
  }
  const tryPlan = (id: ActionId, params: Parts = {}) => {
    const action = findAction(id);
    if (action === undefined) throw new Error('no such action');
    return action.bind({ target: ref, ...params }).plan(world.ops);
  };
  const live = async () => {
    const found = await world.workloads.read(ref);
    if (found === undefined) throw new Error('it is gone');
    return found;
  };
  return {
    ...world,
    ref,
    plan,
    tryPlan,
    live,
    container: async (at = 0) => readArray((await live()).template, 'spec', 'containers')[at],
  };
}

type World = ReturnType<typeof createWorld>;

async function carryOut(world: World, id: ActionId, plan: Plan, context: ActionContext = world.ops): Promise<void> {
  await findAction(id)?.execute({ plan, mark: `${id}-apply` }, context);
}

const limited = app({ limits: { memory: '64Mi', cpu: '500m' }, requests: { memory: '64Mi', cpu: '100m' } });

/** What each does to a workload, and how it is read from it. */
const effects: readonly {
  readonly id: ActionId;
  readonly params: Parts;
  readonly paused?: boolean;
  readonly read: (world: World) => Promise<unknown>;
  readonly before: unknown;
  readonly after: unknown;
  readonly risk: Plan['risk'];
}[] = [
  {
    id: 'scale-workload',
    params: { replicas: '5' },
    read: async (world) => (await world.live()).desired,
    before: 3,
    after: 5,
    risk: 'low',
  },
  {
    id: 'scale-workload',
    params: { replicas: 1 },
    read: async (world) => (await world.live()).desired,
    before: 3,
    after: 1,
    risk: 'medium',
  },
  {
    id: 'scale-workload',
    params: { replicas: 0 },
    read: async (world) => (await world.live()).desired,
    before: 3,
    after: 0,
    risk: 'high',
  },
  {
    id: 'set-image',
    params: { image: 'shop:1.0.1' },
    read: async (world) => readPath(await world.container(), 'image'),
    before: 'shop:1.0.0',
    after: 'shop:1.0.1',
    risk: 'medium',
  },
  {
    id: 'set-resources',
    params: { memory: '+50%' },
    read: async (world) => [
      readPath(await world.container(), 'resources'),
      (await world.live()).annotations['lifeguard.dev/memory-raises'],
    ],
    before: [limited.resources, undefined],
    after: [{ limits: { memory: '96Mi', cpu: '500m' }, requests: { memory: '96Mi', cpu: '100m' } }, '1'],
    risk: 'low',
  },
  {
    id: 'set-resources',
    params: { cpu: '250m', cpuRequest: '50m' },
    read: async (world) => readPath(await world.container(), 'resources'),
    before: limited.resources,
    after: { limits: { memory: '64Mi', cpu: '250m' }, requests: { memory: '64Mi', cpu: '50m' } },
    risk: 'medium',
  },
  {
    id: 'pause-rollout',
    params: {},
    read: async (world) => (await world.live()).paused,
    before: false,
    after: true,
    risk: 'medium',
  },
  {
    id: 'resume-rollout',
    params: {},
    paused: true,
    read: async (world) => (await world.live()).paused,
    before: true,
    after: false,
    risk: 'medium',
  },
];

describe.each(effects)('$id $params', ({ id, params, paused = false, read, before, after, risk }) => {
  const open = () => createWorld(templateOf(limited), { paused });

  it('plans without writing, and says what it would do', async () => {
    const world = open();
    const plan = await world.plan(id, params);
    expect(plan).toMatchObject({ risk, target: { uid: world.ref.uid } });
    expect(plan.diff).not.toBe('');
    expect(plan.summary).toContain('shop/web');
    expect(world.workloads.writes).toEqual([]);
    expect(await read(world)).toEqual(before);
  });

  it('changes it once, however often it is carried out, and back', async () => {
    const world = open();
    const plan = await world.plan(id, params);
    await carryOut(world, id, plan);
    await carryOut(world, id, plan);
    expect(world.workloads.writes).toHaveLength(1);
    expect(await read(world)).toEqual(after);
    expect((await world.live()).annotations['team']).toBe('shop');
    const action = findAction(id);
    expect(await action?.isApplied({ plan, mark: `${id}-apply` }, world.ops)).toBe(true);
    await action?.undo?.({ plan, mark: `${id}-undo` }, world.ops);
    expect(await read(world)).toEqual(before);
  });

  it('writes nothing once somebody else has changed the object for another', async () => {
    const world = open();
    const plan = await world.plan(id, params);
    world.workloads.remove(world.ref);
    world.workloads.put({
      ref: { kind: 'Deployment', namespace: 'shop', name: 'web' },
      templates: [templateOf(limited)],
      replicas: 3,
    });
    await expect(carryOut(world, id, plan)).rejects.toMatchObject({ code: expect.stringMatching(/^cluster-/) });
    expect(world.workloads.writes).toEqual([]);
  });
});

describe('what cannot be planned', () => {
  it.each<[string, ActionId, Parts, string]>([
    ['the same number', 'scale-workload', { replicas: 3 }, 'has 3 replicas already'],
    ['the same image', 'set-image', { image: 'shop:1.0.0' }, 'runs shop:1.0.0 already'],
    [
      'a container that is not there',
      'set-image',
      { image: 'x', container: 'sidecar' },
      'no container sidecar; it has app',
    ],
    ['the same amount', 'set-resources', { memory: '64Mi' }, 'has that already'],
    ['a request above its limit', 'set-resources', { memoryRequest: '1Gi' }, 'would be above its limit (64Mi)'],
    ['all of it less', 'set-resources', { memory: '-100%' }, 'leaves nothing'],
    ['what is so already', 'resume-rollout', {}, 'is not paused'],
  ])('%s', async (_case, id, params, words) => {
    const refused = await createWorld(templateOf(limited)).tryPlan(id, params);
    expect(refused).toEqual({ refused: expect.stringContaining(words) });
  });

  it('a change by percent of nothing, and of one of several containers', async () => {
    expect(await createWorld(templateOf(app())).tryPlan('set-resources', { memory: '+50%' })).toEqual({
      refused: expect.stringContaining('no limit of memory now'),
    });
    const two = createWorld(templateOf(app(), app({}, 'proxy')));
    expect(await two.tryPlan('set-image', { image: 'x' })).toEqual({
      refused: expect.stringContaining('(app, proxy)'),
    });
    expect(await two.tryPlan('set-image', { image: 'x', container: 'proxy' })).toHaveProperty('patch');
  });

  it('what the kind does not have', async () => {
    const daemon = createWorld(templateOf(app()), { kind: 'DaemonSet' });
    expect(await daemon.tryPlan('scale-workload', { replicas: 2 })).toEqual({
      refused: expect.stringContaining('DaemonSet'),
    });
    expect(await daemon.tryPlan('pause-rollout')).toEqual({
      refused: expect.stringContaining('Only the rollout of a Deployment'),
    });
  });

  it.each<[ActionId, Parts]>([
    ['scale-workload', { replicas: -1 }],
    ['scale-workload', { replicas: 1.5 }],
    ['scale-workload', { replicas: 'many' }],
    ['set-image', { image: 'shop 1' }],
    ['set-image', { image: '' }],
    ['set-resources', {}],
    ['set-resources', { memory: 'lots' }],
    ['set-resources', { memory: '-1Gi' }],
    ['set-resources', { memory: '64Mi', volume: '1Gi' }],
  ])('%s with %j is not understood', async (id, params) => {
    expect(() =>
      findAction(id)?.bind({ target: { kind: 'Deployment', namespace: 'shop', name: 'web' }, ...params }),
    ).toThrow(expect.objectContaining({ code: 'action-invalid' }));
  });
});

it('asks for what the bounds are about', async () => {
  const world = createWorld(templateOf(limited));
  expect((await world.plan('scale-workload', { replicas: 9 })).asks).toEqual({ replicas: 9, pods: 0 });
  expect((await world.plan('set-resources', { memory: '1Gi' })).asks).toEqual({ cpu: 0.5, memory: 2 ** 30 });
  expect((await world.plan('set-image', { image: 'x' })).asks).toBeUndefined();
});

describe('the proof', () => {
  const measured = {
    at: 0,
    desired: 3,
    ready: 3,
    restarts: 0,
    findings: [],
    rolledOut: true,
    replaced: true,
    stableSince: 0,
  };

  async function verify(
    id: ActionId,
    params: Parts,
    after: Partial<typeof measured> & { reached?: boolean },
    waitedMs = 0,
  ) {
    const world = createWorld(templateOf(limited));
    const plan = await world.plan(id, params);
    const input = { plan, before: measured, after: { ...measured, ...after }, appliedAt: 0, now: waitedMs };
    return findAction(id)?.verify(input, world.ops);
  }

  it('of a pause is that it is paused, whatever the pods do; not seen is not proven', async () => {
    expect(await verify('pause-rollout', {}, { reached: true, ready: 0 })).toMatchObject({
      verdict: 'improved',
      settled: true,
    });
    expect(await verify('pause-rollout', {}, { reached: false })).toMatchObject({ settled: false });
    expect(await verify('pause-rollout', {}, { reached: false }, 60_000)).toMatchObject({
      verdict: 'unchanged',
      settled: true,
    });
    expect(await verify('pause-rollout', {}, {}, 60_000)).toMatchObject({ verdict: 'unknown', settled: true });
  });

  it('of scaling to none is that none is left', async () => {
    const none = { desired: 0, ready: 0 };
    expect(await verify('scale-workload', { replicas: 0 }, none)).toMatchObject({ verdict: 'improved', settled: true });
    expect(await verify('scale-workload', { replicas: 0 }, { ...none, replaced: false })).toMatchObject({
      settled: false,
    });
    expect(await verify('scale-workload', { replicas: 0 }, { ...none, replaced: false }, 60_000)).toMatchObject({
      verdict: 'unchanged',
    });
    expect(await verify('scale-workload', { replicas: 5 }, none)).toMatchObject({ verdict: 'unknown', settled: true });
  });
});
