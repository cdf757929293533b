import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import type { LiveObject } from '../../../src/core/ports/objects.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import { type ActionId, findAction } from '../../../src/ops/actions/index.ts';
import { createDeskWorld } from '../../support/desk.ts';
import { aPod, aRevision, aWorkload, viewOf } from '../../support/views.ts';

const pod = { kind: 'Pod', namespace: 'shop', name: 'web-1' };
const owner = { kind: 'ReplicaSet', name: 'checkout-2', uid: '' };
const ways: readonly (readonly [ActionId, string])[] = [
  ['evict-pod', 'evict Pod shop/web-1'],
  ['delete-pod', 'remove Pod shop/web-1'],
];

/** A pod of a Deployment that has so many other ready pods, and what its owner's view says. */
function open(content: Partial<LiveObject> = {}, others = 1) {
  const world = createDeskWorld();
  const { uid } = world.checkout;
  const deployment = { kind: 'Deployment', name: 'checkout', uid };
  const set = world.objects.put({ kind: 'ReplicaSet', namespace: 'shop', name: owner.name }, { owner: deployment });
  const target = world.objects.put(pod, { owner: { ...owner, uid: set.uid }, ...content });
  const pods = (): readonly PodView[] =>
    Array.from({ length: others }, (_, index) => aPod({ name: `other-${index}`, owner: { ...owner, uid: set.uid } }));
  const observe = async () =>
    viewOf({
      pod: [...pods(), aPod({ name: pod.name, uid: target.uid, owner: { ...owner, uid: set.uid } })],
      workload: [aWorkload({ uid, desired: others, ready: others, updated: others })],
      revision: [aRevision(2, { uid: set.uid, owner: deployment })],
    });
  const ops = { ...world.ops, observer: { ...world.ops.observer, observe } };
  const plan = async (id: ActionId) =>
    (await findAction(id)
      ?.bind({ target: { ...target } })
      .plan(ops)) ?? { refused: 'no such action' };
  return { ...world, ops, target, plan };
}

function planned(made: Plan | { readonly refused: string }): Plan {
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

describe.each(ways)('%s', (id, write) => {
  it('plans without letting go, and says who makes it again and who serves meanwhile', async () => {
    const world = open({}, 2);
    const plan = planned(await world.plan(id));
    expect(plan).toMatchObject({
      risk: 'low',
      blastRadius: 'This pod; Deployment shop/checkout makes another. 2 other pods of it are ready.',
      inverse: null,
      undo: expect.stringContaining('does not come back'),
      affects: [{ kind: 'Deployment', name: 'checkout' }],
    });
    expect(world.objects.writes).toEqual([]);
  });

  it('is riskier where no other pod serves, and most where nothing makes it again', async () => {
    expect(planned(await open({}, 0).plan(id))).toMatchObject({
      risk: 'medium',
      blastRadius: expect.stringContaining('No other pod of it is ready now.'),
    });
    expect(planned(await open({ owner: undefined }).plan(id))).toMatchObject({
      risk: 'high',
      blastRadius: 'This pod; nothing makes it again.',
    });
  });

  it('lets go once, however often it is carried out, and is proven once its owner is whole again', async () => {
    const world = open();
    const plan = planned(await world.plan(id));
    const action = findAction(id);
    const run = { plan, mark: 'apply' };
    const before = await action?.measure(plan, world.ops);
    expect(before).toMatchObject({ reached: false });
    expect(await action?.isApplied(run, world.ops)).toBe(false);
    for (let turn = 0; turn < 2; turn += 1) await action?.execute(run, world.ops);
    expect(world.objects.writes).toEqual([write]);
    expect(await action?.isApplied(run, world.ops)).toBe(true);
    const after = await action?.measure(plan, world.ops);
    if (before === undefined || after === undefined) throw new Error('nothing is measured');
    const verify = (changed: object, now = 0) =>
      action?.verify({ plan, before, after: { ...after, ...changed }, appliedAt: 0, now }, world.ops);
    expect(verify({ desired: 1, ready: 1, stableSince: 0 }, 1_500)).toMatchObject({ verdict: 'improved' });
    expect(verify({ reached: false })).toMatchObject({ verdict: 'unknown', settled: false });
    expect(verify({ reached: false }, 60_000)).toMatchObject({ verdict: 'unchanged', settled: true });
    expect(verify({ desired: 1, ready: 0, stableSince: null }, 60_000)).toMatchObject({ settled: true });
    expect(verify({ desired: 1, ready: 0, stableSince: null }, 60_000)).not.toMatchObject({ verdict: 'improved' });
  });

  it('leaves another pod of that name alone', async () => {
    const world = open();
    const plan = planned(await world.plan(id));
    await world.objects.remove({ ref: world.target, dryRun: false });
    const successor = world.objects.put(pod, {});
    await findAction(id)?.execute({ plan, mark: 'apply' }, world.ops);
    expect(await world.objects.read(successor)).toBeDefined();
  });

  it.each<[string, Partial<LiveObject>, string]>([
    ['is on its way out', { deletion: { since: 1, finalizers: [] } }, 'on its way out already'],
    ['is made by its node', { owner: { kind: 'Node', name: 'node-1', uid: 'n' } }, 'made by its node'],
    ['mirrors a file', { annotations: { 'kubernetes.io/config.mirror': 'x' } }, 'made by its node'],
  ])('is refused where the pod %s', async (_case, content, words) => {
    expect(await open(content).plan(id)).toEqual({ refused: expect.stringContaining(words) });
  });

  it('is refused where it is gone', async () => {
    const world = open();
    await world.objects.remove({ ref: world.target, dryRun: false });
    expect(await world.plan(id)).toEqual({ refused: expect.stringContaining('does not exist') });
  });
});

describe('a disruption budget', () => {
  const hold = 'The disruption budget web needs 2 healthy pods and has 2 currently';

  it('keeps an eviction from being planned, and says which', async () => {
    const world = open();
    world.objects.held.set(pod.name, hold);
    expect(await world.plan('evict-pod')).toEqual({ refused: `shop/web-1 cannot go now: ${hold}` });
    expect(await world.plan('delete-pod')).toHaveProperty('summary');
  });

  it('that holds only since the plan was made keeps the pod', async () => {
    const world = open();
    const plan = planned(await world.plan('evict-pod'));
    world.objects.held.set(pod.name, hold);
    await expect(findAction('evict-pod')?.execute({ plan, mark: 'apply' }, world.ops)).rejects.toMatchObject({
      code: 'cluster-conflict',
      message: hold,
    });
    expect(world.objects.writes).toEqual([]);
  });
});
