import { expect, it } from 'vitest';
import { deploymentManifest } from '../../demo/shop.ts';
import { readArray, readPath, readString } from '../../src/core/json.ts';
import { parseQuantity } from '../../src/core/quantity.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';
import { askAndApprove } from '../support/approved.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { carryOut, openRealWorld } from '../support/real-ops.ts';

const { http, namespace } = await useNamespace('resize');

/** Two running pods with a limit of 64Mi. */
async function createApp(name: string): Promise<ResourceRef> {
  const body = deploymentManifest(namespace, { name, replicas: 2, version: '1.0.0', memoryLimit: '64Mi' });
  await http.json({
    method: 'POST',
    path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    body: JSON.stringify(body),
  });
  const { workloads } = openRealWorld(http).ops;
  const ref = { kind: 'Deployment', namespace, name } as const;
  await expect.poll(async () => (await workloads.read(ref))?.ready).toBe(2);
  return ref;
}

/** What its containers really have, by the uid of their pod, and how often they were started anew. */
async function seen(name: string) {
  const pods = await openRealWorld(http).ops.objects.list({ kind: 'Pod', namespace });
  return pods
    .filter(({ labels }) => labels['app'] === name)
    .map(({ ref, status }) => {
      const [container] = readArray(status, 'containerStatuses');
      const at = (...path: readonly string[]) => readPath(container, ...path);
      return { uid: ref.uid, memory: at('resources', 'limits', 'memory'), restarts: at('restartCount') };
    })
    .toSorted((a, b) => a.uid.localeCompare(b.uid));
}

it('running pods get more memory in place, without a restart, and the template stays', async () => {
  const target = await createApp('in-place');
  const before = await seen('in-place');
  const world = openRealWorld(http);
  const id = await askAndApprove(world, { id: 'resize-pods', target, params: { memory: '+50%' } });
  const execution = await carryOut(id, world);
  expect(execution).toMatchObject({ phase: 'proven', progress: { left: 0, text: 'Resized 2 of 2 pods.' } });
  expect(execution.plan?.blastRadius).toContain('none restarted');
  expect(await seen('in-place')).toEqual(before.map((pod) => ({ ...pod, memory: '96Mi', restarts: 0 })));
  expect(await world.ops.workloads.read({ kind: 'Deployment', namespace, name: 'in-place' })).toMatchObject({
    revision: 1,
  });
});

/** All that the largest node can give: no node has that much left, but the guardrail on capacity lets a person try. */
async function largestNode(): Promise<string> {
  const nodes = await openRealWorld(http).ops.objects.list({ kind: 'Node' });
  const sizes = nodes.map(({ status }) => parseQuantity(readString(status, 'allocatable', 'memory') ?? '') ?? 0);
  return `${Math.floor(Math.max(...sizes) / 1024)}Ki`;
}

it('a resize that no node has room for is undone, and the pods run on', async () => {
  const target = await createApp('too-much');
  const before = await seen('too-much');
  const { ops, registry } = openRealWorld(http, 30_000);
  const bounds = { ...ops.policy.bounds, memory: Infinity };
  const world = { registry, ops: { ...ops, policy: { ...ops.policy, bounds } } };
  const all = await largestNode();
  const params = { memory: all, memoryRequest: all };
  const id = await askAndApprove(world, { id: 'resize-pods', target, params });
  expect(await carryOut(id, world)).toMatchObject({
    phase: 'undone',
    outcome: expect.stringMatching(/waits: (Infeasible|Deferred)/),
  });
  expect(await seen('too-much')).toEqual(before);
});

it('what the API server takes no resize for is done with a rollout, and the plan says which and why', async () => {
  const target = await createApp('rollout');
  const before = await seen('rollout');
  const world = openRealWorld(http);
  const params = { memory: '64Mi', memoryRequest: '64Mi', cpu: '100m', cpuRequest: '100m' };
  const id = await askAndApprove(world, { id: 'resize-pods', target, params });
  const execution = await carryOut(id, world);
  expect(execution.plan?.blastRadius).toMatch(/^Not in place, but with a rollout: .*QOS/i);
  expect(execution).toMatchObject({ phase: 'proven' });
  const uids = new Set(before.map(({ uid }) => uid));
  const former = async () => (await seen('rollout')).filter(({ uid }) => uids.has(uid));
  await expect.poll(former).toEqual([]);
});
