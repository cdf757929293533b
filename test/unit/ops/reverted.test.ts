import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import { type ActionId, findAction } from '../../../src/ops/actions/index.ts';
import { findReverted } from '../../../src/ops/reverted.ts';
import { createDeskWorld, type DeskWorld } from '../../support/desk.ts';

const limits = (memory: string) => ({ limits: { memory, cpu: '1' } });
const template = (image: string, memory: string) => ({
  spec: { containers: [{ name: 'app', image, resources: limits(memory) }] },
});
const image = '/spec/template/spec/containers/0/image';
const cpu = '/spec/template/spec/containers/0/resources/limits/cpu';
const memory = '/spec/template/spec/containers/0/resources/limits/memory';

function createWorld() {
  const world = createDeskWorld();
  const checkout = world.workloads.put({
    ref: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
    templates: [template('shop:1', '64Mi')],
    replicas: 2,
  });
  const node = world.objects.put({ kind: 'Node', namespace: '', name: 'node-1' }, {});
  return { ...world, checkout, node };
}

/** Lifeguard's own change, proven. */
async function change(world: DeskWorld, target: ResourceRef, id: ActionId, params: Readonly<Record<string, Json>>) {
  const action = findAction(id);
  const plan = await action?.bind({ target: { ...target }, ...params }).plan(world.ops);
  if (plan === undefined || 'refused' in plan) throw new Error(JSON.stringify(plan));
  await action?.execute({ plan, mark: 'run' }, world.ops);
  const at = world.ops.clock.now();
  const execution = { id, version: 1, incidentId: 'inc-1', actionId: id, startedAt: at, appliedAt: at };
  await world.ops.executions.create({ ...execution, phase: 'proven', plan });
}

describe('what Lifeguard changed', () => {
  it.each<[string, Parameters<DeskWorld['workloads']['interfere']>[1], boolean]>([
    ['nothing', [], false],
    ['to what it was before', [{ op: 'replace', path: '/spec/template', value: template('shop:1', '64Mi') }], true],
    ['a part of it to what that was before', [{ op: 'replace', path: memory, value: '64Mi' }], true],
    ['to something new', [{ op: 'replace', path: memory, value: '256Mi' }], false],
    [
      'a part of it to something new',
      [
        { op: 'replace', path: cpu, value: '9' },
        { op: 'replace', path: memory, value: '64Mi' },
      ],
      false,
    ],
    ['something else', [{ op: 'replace', path: image, value: 'shop:3' }], false],
  ])('is put back where somebody changed %s: %j', async (_what, operations, expected) => {
    const world = createWorld();
    await change(world, world.checkout, 'set-resources', { memory: '128Mi', cpu: '2' });
    if (operations.length > 0) world.workloads.interfere(world.checkout, operations);
    const live = await world.ops.workloads.read(world.checkout);
    expect((await findReverted(live, world.ops)) !== undefined).toBe(expected);
  });

  it('is put back where somebody scales it back, and where somebody opens a node again', async () => {
    const world = createWorld();
    await change(world, world.checkout, 'scale-workload', { replicas: 4 });
    await change(world, world.node, 'cordon-node', {});
    const reverted = async () => ({
      workload: await findReverted(await world.ops.workloads.read(world.checkout), world.ops),
      node: await findReverted(await world.ops.objects.read(world.node), world.ops),
    });
    expect(await reverted()).toEqual({ workload: undefined, node: undefined });
    world.workloads.interfere(world.checkout, [{ op: 'replace', path: '/spec/replicas', value: 2 }]);
    const operations = [{ op: 'remove' as const, path: '/spec/unschedulable' }];
    await world.objects.patch({ ref: world.node, operations, dryRun: false });
    expect(await reverted()).toMatchObject({
      workload: { summary: expect.stringContaining('4') },
      node: { summary: 'Cordon Node node-1.' },
    });
  });
});
