import { describe, expect, it } from 'vitest';
import { type ActionId, findAction } from '../../src/ops/actions/index.ts';
import { advanceExecution } from '../../src/ops/execute.ts';
import { stopExecutions } from '../../src/ops/stop.ts';
import { askAndApprove } from '../support/approved.ts';
import { type BareNode, createBareNode, holdAll } from '../support/kubernetes/bare-node.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { carryOut, openRealWorld, type RealWorld } from '../support/real-ops.ts';

const { http, namespace } = await useNamespace('departures');
let node: BareNode;
let made = 0;

/** A node of its own for each case, removed with all that is on it. */
async function withNode(play: () => Promise<void>): Promise<void> {
  made += 1;
  node = await createBareNode(http, namespace, `${namespace}-${made}`);
  try {
    await play();
  } finally {
    await node.remove();
  }
}

const isClosed = async (world: RealWorld) => (await world.ops.objects.read(node.ref))?.spec['unschedulable'] === true;

describe('a drain on a real cluster', () => {
  it('closes the node, moves every pod off it, and is proven', () =>
    withNode(async () => {
      const world = openRealWorld(http);
      const pods = [...(await node.fill('web', 2)), ...(await node.fill('till', 1))];
      const id = await askAndApprove(world, { id: 'drain-node', target: node.ref });
      expect(await carryOut(id, world, () => node.reap())).toMatchObject({
        phase: 'proven',
        progress: { left: 0, text: '3 of 3 pods have left.' },
      });
      expect(await isClosed(world)).toBe(true);
      for (const { ref } of pods) expect(await world.ops.objects.read(ref)).toBeUndefined();
    }));

  it('that a disruption budget holds stops, says which, and opens the node again', () =>
    withNode(async () => {
      const world = openRealWorld(http, 15_000);
      const [held] = await node.fill('held', 1);
      const [free] = await node.fill('free', 1);
      await holdAll(http, namespace, 'held');
      const id = await askAndApprove(world, { id: 'drain-node', target: node.ref });
      const execution = await carryOut(id, world, () => node.reap());
      expect(execution).toMatchObject({
        phase: 'undone',
        progress: { left: 1 },
        outcome: expect.stringContaining(`${namespace}/${held?.ref.name} is held: `),
      });
      expect(execution?.outcome).toContain('The disruption budget held');
      expect(await isClosed(world)).toBe(false);
      expect(held === undefined ? undefined : await world.ops.objects.read(held.ref)).toBeDefined();
      expect(free === undefined ? undefined : await world.ops.objects.read(free.ref)).toBeUndefined();
    }));

  it('is stopped by a person and goes no further', () =>
    withNode(async () => {
      const world = openRealWorld(http);
      await node.fill('slow', 2);
      const id = await askAndApprove(world, { id: 'drain-node', target: node.ref });
      const progress = async () => (await world.ops.executions.get(id))?.progress;
      while ((await progress()) === undefined) await advanceExecution(id, world.ops);
      const execution = await world.ops.executions.get(id);
      const incident = await world.ops.incidents.get(execution?.incidentId ?? '');
      if (incident === undefined) throw new Error('no incident');
      await stopExecutions(incident, { user: 'U_ANA', surface: 'button' }, world.ops);
      expect(await carryOut(id, world, () => node.reap())).toMatchObject({
        phase: 'unproven',
        outcome: expect.stringContaining('It was stopped.'),
      });
      const kept = (execution?.plan?.objects ?? []).map((ref) => world.ops.objects.read(ref));
      expect((await Promise.all(kept)).filter((pod) => pod !== undefined)).toHaveLength(1);
    }));
});

describe.each<ActionId>(['evict-pod', 'delete-pod'])('%s on a real cluster', (id) => {
  it('lets go of this very pod, once, and its owner makes another', () =>
    withNode(async () => {
      const world = openRealWorld(http);
      const [pod] = await node.fill(id, 1);
      if (pod === undefined) throw new Error('no pod');
      const proposal = await askAndApprove(world, { id, target: pod.ref });
      expect(await carryOut(proposal, world, () => node.reap())).toMatchObject({ phase: 'proven' });
      expect(await world.ops.objects.read(pod.ref)).toBeUndefined();
      await expect.poll(async () => (await node.pods()).length).toBe(1);
    }));
});

it('a pod that a disruption budget holds is not evicted, and the plan says which budget', () =>
  withNode(async () => {
    const world = openRealWorld(http);
    const [pod] = await node.fill('kept', 1);
    if (pod === undefined) throw new Error('no pod');
    await holdAll(http, namespace, 'kept');
    const plan = await findAction('evict-pod')
      ?.bind({ target: { ...pod.ref } })
      .plan(world.ops);
    expect(plan).toEqual({ refused: expect.stringMatching(/cannot go now: .*kept/) });
    expect(await world.ops.objects.read(pod.ref)).toMatchObject({ deletion: undefined });
  }));
