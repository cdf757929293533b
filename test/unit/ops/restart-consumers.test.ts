import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import { Json, readString } from '../../../src/core/json.ts';
import { referencesOf } from '../../../src/core/pod-references.ts';
import type { Objects } from '../../../src/core/ports/objects.ts';
import type { WorkloadRef } from '../../../src/core/resource-ref.ts';
import { restartConsumers } from '../../../src/ops/actions/restart-consumers.ts';
import { createDeskWorld, type DeskWorld } from '../../support/desk.ts';

const settings = { kind: 'ConfigMap', namespace: 'shop', name: 'settings' };

const uses: Readonly<Record<string, object>> = {
  env: { containers: [{ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }] }] },
  envFrom: { initContainers: [{ envFrom: [{ configMapRef: { name: 'settings' } }] }] },
  volume: { volumes: [{ name: 'v', configMap: { name: 'settings' } }] },
  projected: { volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'settings' } }] } }] },
};
const others: Readonly<Record<string, object>> = {
  other: { volumes: [{ name: 'v', configMap: { name: 'others' } }] },
  secret: { volumes: [{ name: 'v', secret: { secretName: 'settings' } }] },
};

interface Extra {
  readonly namespace?: string;
  readonly kind?: WorkloadRef['kind'];
  readonly replicas?: number;
  readonly paused?: boolean;
}

/** A workload in both ports, as the API server has it in one place. */
function add(world: DeskWorld, name: string, spec: object, extra: Extra = {}) {
  const { namespace = 'shop', kind = 'Deployment', replicas = 2, paused = false } = extra;
  const template = { spec: Json.parse(spec) };
  const ref = world.workloads.put({ ref: { kind, namespace, name }, templates: [template], replicas, paused });
  return world.objects.put(ref, { spec: { template } });
}

function open(specs: Readonly<Record<string, object>> = { ...uses, ...others }) {
  const world = createDeskWorld();
  for (const [name, spec] of Object.entries(specs)) add(world, name, spec);
  const plan = (target = settings) => restartConsumers.bind({ target }).plan(world.ops);
  const restarted = async (name: string) => {
    const live = await world.workloads.read({ kind: 'Deployment', namespace: 'shop', name });
    return readString(live?.template, 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt') !== undefined;
  };
  return { ...world, plan, restarted };
}

function planned(made: Plan | { readonly refused: string }): Plan {
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

it('a pod says by name what it uses, in every way it can', () => {
  for (const spec of Object.values(uses)) expect(referencesOf(spec)).toEqual({ configMaps: ['settings'], secrets: [] });
  const secrets = {
    containers: [
      { envFrom: [{ secretRef: { name: 'a' } }], env: [{ valueFrom: { secretKeyRef: { name: 'b', key: 'k' } } }] },
    ],
    volumes: [{ secret: { secretName: 'c' } }, { projected: { sources: [{ secret: { name: 'd' } }] } }],
    imagePullSecrets: [{ name: 'registry' }],
  };
  expect(referencesOf(secrets).secrets.toSorted()).toEqual(['a', 'b', 'c', 'd']);
});

describe('restart-consumers', () => {
  it('plans without writing, names what it restarts, and leaves others alone', async () => {
    const world = open();
    add(world, 'elsewhere', uses['env'] ?? {}, { namespace: 'pay' });
    add(world, 'halted', uses['env'] ?? {}, { paused: true });
    add(world, 'empty', uses['env'] ?? {}, { replicas: 0 });
    add(world, 'agent', uses['volume'] ?? {}, { kind: 'DaemonSet', replicas: 1 });
    const plan = planned(await world.plan());
    expect(plan).toMatchObject({
      target: settings,
      summary:
        'Restart what uses ConfigMap shop/settings: DaemonSet shop/agent, Deployment shop/env, Deployment shop/envFrom, Deployment shop/projected, Deployment shop/volume.',
      risk: 'medium',
      inverse: null,
    });
    expect(plan.blastRadius).toContain('9 pods of 5 workloads');
    expect(plan.blastRadius).toContain('left alone: shop/empty, shop/halted');
    expect(world.workloads.writes).toEqual([]);
  });

  it('takes the next only once the last is whole, each once, and is done when all are', async () => {
    const world = open({ a: uses['env'] ?? {}, b: uses['volume'] ?? {} });
    const run = { plan: planned(await world.plan()), mark: 'apply' };
    const advance = () => restartConsumers.advance?.(run, world.ops);
    const a = { kind: 'Deployment', namespace: 'shop', name: 'a' } as const;
    expect(await restartConsumers.isApplied(run, world.ops)).toBe(false);
    await restartConsumers.execute(run, world.ops);
    expect([await world.restarted('a'), await world.restarted('b')]).toEqual([true, false]);
    expect(await restartConsumers.isApplied(run, world.ops)).toBe(true);
    world.workloads.setCounts(a, { ready: 1, updated: 2, available: 1 });
    for (let look = 0; look < 2; look += 1)
      expect(await advance()).toEqual({ left: 2, text: 'Restarted 0 of 2 workloads. shop/a has 1 of 2 pods ready.' });
    expect(await world.restarted('b')).toBe(false);
    world.workloads.setCounts(a, { ready: 2, updated: 2, available: 2 });
    expect(await advance()).toEqual({ left: 1, text: 'Restarted 1 of 2 workloads.' });
    expect(await advance()).toEqual({ left: 0, text: 'Restarted 2 of 2 workloads.' });
    expect(await advance()).toEqual({ left: 0, text: 'Restarted 2 of 2 workloads.' });
    expect(world.workloads.writes).toHaveLength(2);
  });

  it('does not restart what somebody has restarted since, nor what is gone', async () => {
    const world = open({ a: uses['env'] ?? {}, b: uses['volume'] ?? {}, c: uses['envFrom'] ?? {} });
    const run = { plan: planned(await world.plan()), mark: 'apply' };
    const later = new Date(Date.now() + 60_000).toISOString();
    const annotations = { 'kubectl.kubernetes.io/restartedAt': later };
    const operations = [{ op: 'add', path: '/spec/template/metadata', value: { annotations } } as const];
    world.workloads.interfere({ kind: 'Deployment', namespace: 'shop', name: 'a' }, operations);
    world.workloads.remove({ kind: 'Deployment', namespace: 'shop', name: 'b' });
    for (let turn = 0; turn < 4; turn += 1) await restartConsumers.advance?.(run, world.ops);
    expect(world.workloads.writes.map(({ ref }) => ref.name)).toEqual(['c']);
  });

  it('finds what uses a Secret by its name alone, and never reads it', async () => {
    const world = open();
    const read: string[] = [];
    const objects: Objects = {
      ...world.objects,
      async read(ref) {
        read.push(ref.kind);
        return await world.objects.read(ref);
      },
      async list(shelf) {
        read.push(shelf.kind);
        return await world.objects.list(shelf);
      },
    };
    const target = { ...settings, kind: 'Secret' };
    const made = restartConsumers.bind({ target }).plan({ ...world.ops, objects });
    expect(planned(await made).summary).toBe('Restart what uses Secret shop/settings: Deployment shop/secret.');
    expect(read.toSorted()).toEqual(['DaemonSet', 'Deployment', 'StatefulSet']);
  });

  it('is refused where nothing uses it, and where too much does', async () => {
    const world = open();
    expect(await world.plan({ ...settings, name: 'unused' })).toEqual({
      refused: expect.stringContaining('nothing to restart'),
    });
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`app-${index}`, uses['env'] ?? {}]));
    expect(await open(many).plan()).toEqual({ refused: expect.stringContaining('21 workloads use') });
    expect(() => restartConsumers.bind({ target: { ...settings, kind: 'Deployment' } })).toThrow(
      expect.objectContaining({ code: 'action-invalid' }),
    );
  });
});
