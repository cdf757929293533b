import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import type { LiveObject } from '../../../src/core/ports/objects.ts';
import { findAction } from '../../../src/ops/actions/index.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { stopExecutions } from '../../../src/ops/stop.ts';
import { askAndApprove } from '../../support/approved.ts';
import { createDeskWorld } from '../../support/desk.ts';
import { createTickingClock } from '../../support/fakes/clock.ts';
import { runToEnd, start } from '../../support/rollback-world.ts';

const node = { kind: 'Node', namespace: '', name: 'node-1' };
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
const hold = 'The disruption budget web needs 2 healthy pods and has 2 currently';

/** Three nodes; the first carries what is given, by name. */
function open(pods: Readonly<Record<string, Partial<LiveObject>>>, cordoned = false) {
  const verification = { stableForMs: 5_000, deadlineMs: 60_000, everyMs: 100, traffic: { tolerance: 0.2 } };
  const world = createDeskWorld({ clock: createTickingClock(start), policy: { verification } });
  const target = world.objects.put(node, { spec: cordoned ? { unschedulable: true } : {}, status: ready });
  for (const name of ['node-2', 'node-3']) world.objects.put({ ...node, name }, { status: ready });
  for (const [name, content] of Object.entries(pods)) {
    const ref = { kind: 'Pod', namespace: name.startsWith('dns') ? 'kube-system' : 'shop', name };
    world.objects.put(ref, { ...content, spec: { nodeName: node.name, ...content.spec } });
  }
  const plan = async (params = {}) =>
    (await findAction('drain-node')
      ?.bind({ target: { ...target }, ...params })
      .plan(world.ops)) ?? { refused: 'no such action' };
  const unschedulable = async () => (await world.objects.read(target))?.spec['unschedulable'] ?? false;
  const left = async () =>
    (await world.objects.list({ kind: 'Pod', node: node.name })).map(({ ref }) => ref.name).toSorted();
  return { ...world, target, plan, unschedulable, left };
}

const ofJob = (uid: string): Partial<LiveObject> => ({ owner: { kind: 'Job', name: uid, uid } });
const twoOwners = { 'a-1': ofJob('a'), 'a-2': ofJob('a'), 'b-1': ofJob('b') };

function planned(made: Plan | { readonly refused: string }): Plan {
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

describe('the plan of a drain', () => {
  it('names what leaves, what stays, and what is lost; and writes nothing', async () => {
    const world = open({
      ...twoOwners,
      daemon: { owner: { kind: 'DaemonSet', name: 'd', uid: 'd' } },
      mirror: { annotations: { 'kubernetes.io/config.mirror': 'x' } },
      'dns-1': ofJob('dns'),
      ended: { ...ofJob('e'), status: { phase: 'Succeeded' } },
      scratch: { ...ofJob('s'), spec: { volumes: [{ name: 'tmp', emptyDir: {} }] } },
    });
    const plan = planned(await world.plan());
    expect(plan).toMatchObject({
      summary: 'Drain node node-1: cordon it, then move 4 pods off it.',
      risk: 'medium',
      asks: { nodes: 1 },
      undo: expect.stringContaining('opened to pods again'),
    });
    expect(plan.objects?.map(({ name }) => name).toSorted()).toEqual(['a-1', 'a-2', 'b-1', 'scratch']);
    expect(plan.blastRadius).toContain('Files in emptyDir volumes are lost: shop/scratch.');
    expect(plan.blastRadius).toContain('These stay: kube-system/dns-1 (protected namespace).');
    expect(plan.diff).toContain('+  unschedulable: true');
    expect(world.objects.writes).toEqual([]);
  });

  it('loses nothing that nothing makes again, unless told to, and then says how risky it is', async () => {
    const world = open({ alone: {} });
    expect(await world.plan()).toEqual({ refused: expect.stringContaining('Nothing makes shop/alone again') });
    expect(planned(await world.plan({ force: 'true' }))).toMatchObject({ risk: 'high' });
  });

  it('is refused where the node is drained already, and keeps a closed node closed', async () => {
    expect(await open({}, true).plan()).toEqual({ refused: 'Node node-1 is drained already.' });
    expect(planned(await open(twoOwners, true).plan())).toMatchObject({ inverse: null });
  });

  it('rests on which pods there are: another one makes another plan', async () => {
    const [one, other] = [open(twoOwners), open({ ...twoOwners, 'c-1': ofJob('c') })];
    expect(planned(await one.plan()).basis).not.toBe(planned(await other.plan()).basis);
  });
});

describe('a drain', () => {
  type World = ReturnType<typeof open>;
  const ask = (world: World) => askAndApprove(world, { id: 'drain-node', target: world.target });
  const leaveOnly = async (id: string, left: number, { ops }: World) => {
    while ((await ops.executions.get(id))?.progress?.left !== left) await advanceExecution(id, ops);
  };

  it('closes the node, lets one pod of each owner go at a time, and is proven once it is empty', async () => {
    const world = open(twoOwners);
    const id = await ask(world);
    while ((await world.ops.executions.get(id))?.phase !== 'advancing') await advanceExecution(id, world.ops);
    expect([await world.unschedulable(), await world.left()]).toEqual([true, ['a-1', 'a-2', 'b-1']]);
    await advanceExecution(id, world.ops);
    expect(await world.left()).toEqual(['a-2']);
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'proven',
      progress: { left: 0, text: '3 of 3 pods have left.' },
      outcome: expect.stringContaining('The node is empty and closed to new pods.'),
    });
    expect(world.objects.writes.filter((write) => write.startsWith('evict'))).toHaveLength(3);
  });

  it('waits for a pod that is on its way before it asks the next of its owner to go', async () => {
    const leaving = { ...ofJob('a'), deletion: { since: 1, finalizers: [] } };
    const world = open({ 'a-1': leaving, 'a-2': ofJob('a') });
    const plan = planned(await world.plan());
    const progress = await findAction('drain-node')?.advance?.({ plan, mark: 'apply' }, world.ops);
    expect(progress).toEqual({ left: 2, text: '0 of 2 pods have left.' });
    expect(world.objects.writes).toEqual([]);
  });

  it('that a disruption budget holds stops at the deadline, says which pod and budget, and opens the node again', async () => {
    const world = open(twoOwners);
    world.objects.held.set('a-2', hold);
    const id = await ask(world);
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'undone',
      progress: { left: 1 },
      outcome: expect.stringContaining(`shop/a-2 is held: ${hold}`),
    });
    expect([await world.unschedulable(), await world.left()]).toEqual([false, ['a-2']]);
  });

  it('goes on where the budget lets go in time', async () => {
    const world = open(twoOwners);
    world.objects.held.set('a-2', hold);
    const id = await ask(world);
    await leaveOnly(id, 1, world);
    world.objects.held.clear();
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({ phase: 'proven' });
  });

  it('is stopped between two pods, and says how far it came', async () => {
    const world = open(twoOwners);
    world.objects.held.set('a-2', hold);
    const id = await ask(world);
    await leaveOnly(id, 1, world);
    const execution = await world.ops.executions.get(id);
    const incident = await world.ops.incidents.get(execution?.incidentId ?? '');
    if (incident === undefined) throw new Error('no incident');
    expect(await stopExecutions(incident, { user: 'U_ANA', surface: 'button' }, world.ops)).toEqual([
      execution?.plan?.summary,
    ]);
    expect(await stopExecutions(incident, { user: 'U_ANA', surface: 'button' }, world.ops)).toEqual([]);
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'unproven',
      outcome: `It was stopped. 2 of 3 pods have left. shop/a-2 is held: ${hold}`,
    });
    expect(await world.left()).toEqual(['a-2']);
    expect(world.audit).toContainEqual(expect.objectContaining({ what: 'stopped', who: 'U_ANA' }));
  });

  it('is ended between two pods by the kill switch', async () => {
    const world = open(twoOwners);
    world.objects.held.set('a-2', hold);
    const id = await ask(world);
    await leaveOnly(id, 1, world);
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: start, reason: 'stop' });
    await runToEnd(id, world.ops);
    expect(await world.left()).toEqual(['a-2']);
    expect((await world.ops.executions.get(id))?.outcome).toMatch(/paused by U_CHI.*2 of 3 pods have left/);
  });

  it('begins with nothing where it is stopped before', async () => {
    const world = open(twoOwners);
    const id = await ask(world);
    await advanceExecution(id, world.ops);
    const execution = await world.ops.executions.get(id);
    expect(execution?.phase).toBe('applying');
    const incident = await world.ops.incidents.get(execution?.incidentId ?? '');
    if (incident === undefined) throw new Error('no incident');
    await stopExecutions(incident, { user: 'U_ANA', surface: 'button' }, world.ops);
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'refused',
      outcome: 'It was stopped. Nothing was changed.',
    });
    expect(world.objects.writes).toEqual([]);
  });
});
