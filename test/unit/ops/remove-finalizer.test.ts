import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import type { LiveObject, ObjectKind } from '../../../src/core/ports/objects.ts';
import { removeFinalizer } from '../../../src/ops/actions/remove-finalizer.ts';
import { submit } from '../../../src/ops/submit.ts';
import { createDeskWorld } from '../../support/desk.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';

const now = Date.parse('2026-03-02T10:00:00Z');
const minutes = 60_000;
const cleanUp = 'shop.example/clean-up';

function open(kind: ObjectKind = 'ConfigMap', finalizers: readonly string[] = [cleanUp], ageMs = 60 * minutes) {
  const world = createDeskWorld({ clock: createSteppedClock(now) });
  const deletion: LiveObject['deletion'] = { since: now - ageMs, finalizers };
  const target = world.objects.put({ kind, namespace: 'shop', name: 'left' }, { finalizers, deletion });
  const plan = (finalizer = cleanUp) => removeFinalizer.bind({ target: { ...target }, finalizer }).plan(world.ops);
  return { ...world, target, plan };
}

type World = ReturnType<typeof open>;

function planned(made: Plan | { readonly refused: string }): Plan {
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

async function carryOutTwice({ ops }: World, plan: Plan): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await removeFinalizer.execute({ plan, mark: 'apply' }, ops);
}

async function judged(plan: Plan, { ops }: World, waitedMs = 0) {
  const after = await removeFinalizer.measure(plan, ops);
  if (after === undefined) throw new Error('nothing is measured');
  return removeFinalizer.verify({ plan, before: after, after, appliedAt: 0, now: waitedMs }, ops);
}

describe('remove-finalizer', () => {
  it('plans without writing, says who should have done it, and that there is no way back', async () => {
    const world = open();
    const plan = planned(await world.plan());
    expect(plan).toMatchObject({
      summary: `Remove the finalizer ${cleanUp} from ConfigMap shop/left.`,
      blastRadius: expect.stringMatching(
        /^It goes at once\. .*the controller of shop\.example, once it has cleaned up/,
      ),
      risk: 'high',
      inverse: null,
      undo: expect.stringContaining('no way back'),
    });
    expect(plan.diff).toContain(`-    - ${cleanUp}`);
    expect(world.objects.writes).toEqual([]);
    expect(await judged(plan, world, 60_000)).toMatchObject({ verdict: 'unchanged', settled: true });
  });

  it('lets the object go with its last finalizer, once, and proves it', async () => {
    const world = open();
    const plan = planned(await world.plan());
    await carryOutTwice(world, plan);
    expect(world.objects.writes).toHaveLength(1);
    expect(await world.objects.read(world.target)).toBeUndefined();
    expect(await removeFinalizer.isApplied({ plan, mark: 'apply' }, world.ops)).toBe(true);
    expect(await judged(plan, world)).toMatchObject({ verdict: 'improved', settled: true });
  });

  it('takes only the one that is named', async () => {
    const world = open('Service', ['service.kubernetes.io/load-balancer-cleanup', cleanUp]);
    const plan = planned(await world.plan());
    expect(plan.blastRadius).toContain('still held by service.kubernetes.io/load-balancer-cleanup');
    await carryOutTwice(world, plan);
    expect((await world.objects.read(world.target))?.finalizers).toEqual([
      'service.kubernetes.io/load-balancer-cleanup',
    ]);
    expect(await judged(plan, world)).toMatchObject({ verdict: 'improved' });
  });

  it('takes no other one where the list has changed since', async () => {
    const world = open('Job', ['first', cleanUp]);
    const plan = planned(await world.plan());
    const operations = [{ op: 'remove', path: '/metadata/finalizers/0' } as const];
    await world.objects.patch({ ref: world.target, operations, dryRun: false });
    await expect(carryOutTwice(world, plan)).rejects.toMatchObject({ code: 'cluster-conflict' });
    expect((await world.objects.read(world.target))?.finalizers).toEqual([cleanUp]);
  });

  it.each<[string, ObjectKind, string]>([
    ['kubernetes.io/pvc-protection', 'PersistentVolumeClaim', 'once no pod uses the claim'],
    ['batch.kubernetes.io/job-tracking', 'Pod', 'the Job controller'],
    ['foregroundDeletion', 'Job', 'the garbage collector'],
    ['mine', 'Ingress', 'whoever set it'],
  ])('knows who removes %s', async (finalizer, kind, words) => {
    const plan = planned(await open(kind, [finalizer]).plan(finalizer));
    expect(plan.blastRadius).toContain(words);
  });

  it('is refused where nobody deleted it, too early, where nothing holds it, and for another finalizer', async () => {
    const world = open();
    const { target } = world;
    world.objects.put(target, { finalizers: [cleanUp] });
    expect(await world.plan()).toEqual({ refused: expect.stringContaining('Nobody has deleted') });
    world.objects.put(target, { deletion: { since: now - 60 * minutes, finalizers: [] } });
    expect(await world.plan()).toEqual({ refused: expect.stringContaining('held by no finalizer') });
    expect(await open('ConfigMap', [cleanUp], 3 * minutes).plan()).toEqual({
      refused: 'ConfigMap shop/left was deleted 3 min ago; its controllers get 10 min first.',
    });
    expect(await open().plan('other')).toEqual({ refused: `shop/left is held by ${cleanUp}, not by other.` });
    await world.objects.remove({ ref: target, dryRun: false });
    expect(await world.plan()).toEqual({ refused: expect.stringContaining('does not exist') });
  });

  it('protects a claim that a pod still uses', async () => {
    const protection = 'kubernetes.io/pvc-protection';
    const world = open('PersistentVolumeClaim', [protection]);
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'left' } }];
    world.objects.put({ kind: 'Pod', namespace: 'shop', name: 'db-0' }, { spec: { volumes } });
    expect(await world.plan(protection)).toEqual({
      refused: 'shop/left is used by shop/db-0; it goes once they are gone.',
    });
  });

  it('is never asked for by Lifeguard or a model, and not of a namespace', async () => {
    const world = open();
    const incident = await world.registry.request(world.target, 'stuck');
    const asked = { incidentId: incident.id, actionId: 'remove-finalizer', reason: 'stuck' };
    const params = { target: { ...world.target }, finalizer: cleanUp };
    for (const surface of ['auto', 'ai'] as const) {
      expect(await submit({ ...asked, params, origin: { surface } }, world.ops)).toMatchObject({ by: 'plan' });
    }
    const namespace = { kind: 'Namespace', namespace: '', name: 'shop' };
    expect(() => removeFinalizer.bind({ target: namespace, finalizer: 'kubernetes' })).toThrow(
      expect.objectContaining({ code: 'action-invalid' }),
    );
  });
});
