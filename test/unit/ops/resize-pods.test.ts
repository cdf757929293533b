import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import { Json, type JsonObject, readArray, readObject, readPath, readString } from '../../../src/core/json.ts';
import type { LiveObject } from '../../../src/core/ports/objects.ts';
import { resizePods } from '../../../src/ops/actions/resize-pods.ts';
import { createDeskWorld } from '../../support/desk.ts';
import { aPod, aRevision, aWorkload, viewOf } from '../../support/views.ts';

const now: Json & object = { limits: { memory: '64Mi', cpu: '500m' }, requests: { memory: '32Mi', cpu: '100m' } };

interface Settings {
  readonly container?: Readonly<Record<string, Json>>;
  readonly resources?: readonly Json[];
  readonly phase?: string;
}

/** `shop/web` with a running pod for each of `resources`. */
function open({ container = {}, resources = [now, now], phase = 'Running' }: Settings = {}) {
  const world = createDeskWorld();
  const template = readObject({
    spec: { containers: [{ name: 'app', image: 'shop:1', resources: now, ...container }] },
  });
  const ref = world.workloads.put({
    ref: { kind: 'Deployment', namespace: 'shop', name: 'web' },
    templates: [template],
    replicas: resources.length,
  });
  const pods = resources.map((one, index) =>
    world.objects.put(
      { kind: 'Pod', namespace: 'shop', name: `web-${index}` },
      {
        spec: { containers: [{ name: 'app', image: 'shop:1', ...container, resources: one }] },
        status: { phase, containerStatuses: [{ name: 'app', resources: one }] },
      },
    ),
  );
  const owner = { kind: 'ReplicaSet', name: 'web-1', uid: 'uid-web-1' };
  const observe = async () =>
    viewOf({
      pod: pods.map(({ name, uid }) => aPod({ name, uid, owner })),
      workload: [aWorkload({ name: 'web', uid: ref.uid })],
      revision: [
        aRevision(1, { uid: owner.uid, name: owner.name, owner: { kind: 'Deployment', name: 'web', uid: ref.uid } }),
      ],
    });
  const ops = { ...world.ops, observer: { ...world.ops.observer, observe } };
  const plan = (params: Readonly<Record<string, Json>>) => resizePods.bind({ target: { ...ref }, ...params }).plan(ops);
  const read = async (index: number): Promise<LiveObject> => {
    const pod = pods[index];
    const live = pod === undefined ? undefined : await world.objects.read(pod);
    if (live === undefined) throw new Error(`no pod ${index}`);
    return live;
  };
  const memory = async (index: number) => {
    const [only] = readArray((await read(index)).spec, 'containers');
    return readString(only, 'resources', 'limits', 'memory');
  };
  /** Does what a kubelet does: gives a pod what its spec asks for, or says why not. */
  const settle = async (index: number, condition?: Json) => {
    const live = await read(index);
    const [only] = readArray(live.spec, 'containers');
    const status: JsonObject =
      condition === undefined
        ? { phase, containerStatuses: [{ name: 'app', resources: Json.parse(readPath(only, 'resources')) }] }
        : { ...live.status, conditions: [condition] };
    world.objects.put(live.ref, { ...live, status });
  };
  return { ...world, ops, ref, pods, plan, memory, settle };
}

function planned(made: Plan | { readonly refused: string }): Plan {
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

describe('resize-pods in place', () => {
  it('plans without writing, says that nothing restarts and that the template stays', async () => {
    const world = open();
    const plan = planned(await world.plan({ memory: '+50%' }));
    expect(plan).toMatchObject({
      target: { kind: 'Deployment', name: 'web' },
      summary: 'Resize container app of 2 pods of Deployment shop/web in place: limit of memory 64Mi -> 96Mi.',
      blastRadius: expect.stringMatching(/^2 pods, one after the other, none restarted\. The template stays/),
      risk: 'low',
      asks: { cpu: 0.5, memory: 96 * 2 ** 20 },
    });
    expect(plan.diff).toContain('+    memory: 96Mi');
    expect([world.objects.writes, world.workloads.writes.filter(({ dryRun }) => !dryRun)]).toEqual([[], []]);
  });

  it('resizes a pod only once the last has been given what it asks for, each once, and back', async () => {
    const world = open();
    const run = { plan: planned(await world.plan({ memory: '96Mi' })), mark: 'apply' };
    const advance = () => resizePods.advance?.(run, world.ops);
    expect(await resizePods.isApplied(run, world.ops)).toBe(false);
    for (let turn = 0; turn < 2; turn += 1) await resizePods.execute(run, world.ops);
    expect([await world.memory(0), await world.memory(1)]).toEqual(['96Mi', '64Mi']);
    expect(await resizePods.isApplied(run, world.ops)).toBe(true);
    expect(await advance()).toEqual({
      left: 2,
      text: 'Resized 0 of 2 pods. shop/web-0 waits: its node has not taken it in yet.',
    });
    await world.settle(0);
    await advance();
    expect(await world.memory(1)).toBe('96Mi');
    await world.settle(1);
    expect(await advance()).toEqual({ left: 0, text: 'Resized 2 of 2 pods.' });
    expect(world.objects.writes).toHaveLength(2);
    for (let turn = 0; turn < 2; turn += 1) await resizePods.undo?.({ ...run, mark: 'undo' }, world.ops);
    expect([await world.memory(0), await world.memory(1)]).toEqual(['64Mi', '64Mi']);
    expect(world.objects.writes).toHaveLength(4);
    expect(world.workloads.writes.filter(({ dryRun }) => !dryRun)).toEqual([]);
  });

  it('goes no further while a node has no room, and says so in its words; undone, only what was changed is', async () => {
    const world = open();
    const run = { plan: planned(await world.plan({ memory: '96Mi' })), mark: 'apply' };
    await resizePods.execute(run, world.ops);
    await world.settle(0, { type: 'PodResizePending', status: 'True', reason: 'Deferred', message: 'no room' });
    for (let look = 0; look < 3; look += 1)
      expect(await resizePods.advance?.(run, world.ops)).toEqual({
        left: 2,
        text: 'Resized 0 of 2 pods. shop/web-0 waits: Deferred: no room.',
      });
    await resizePods.undo?.({ ...run, mark: 'undo' }, world.ops);
    expect(world.objects.writes).toEqual(['patch Pod shop/web-0', 'patch Pod shop/web-0']);
  });

  it('leaves out pods that have gone since', async () => {
    const world = open();
    const run = { plan: planned(await world.plan({ memory: '96Mi' })), mark: 'apply' };
    const [first] = world.pods;
    if (first !== undefined) await world.objects.remove({ ref: first, dryRun: false });
    await resizePods.execute(run, world.ops);
    await world.settle(1);
    expect(await resizePods.advance?.(run, world.ops)).toEqual({ left: 0, text: 'Resized 1 of 1 pod.' });
  });

  it('writes nothing to a pod that somebody else has resized since', async () => {
    const world = open();
    const run = { plan: planned(await world.plan({ memory: '96Mi' })), mark: 'apply' };
    const [first] = world.pods;
    if (first === undefined) throw new Error('no pod');
    const operations = [{ op: 'replace', path: '/spec/containers/0/resources', value: {} } as const];
    await world.objects.patch({ ref: first, operations, dryRun: false });
    await expect(resizePods.execute(run, world.ops)).rejects.toMatchObject({ code: 'cluster-conflict' });
    expect(await world.memory(0)).toBeUndefined();
  });

  it('is refused where the pods have that already, and for a container that is not there', async () => {
    expect(await open().plan({ memory: '64Mi' })).toEqual({ refused: expect.stringContaining('has that already') });
    expect(await open().plan({ container: 'proxy', memory: '1Gi' })).toEqual({
      refused: expect.stringContaining('no container proxy; it has app'),
    });
  });
});

describe('resize-pods with a rollout', () => {
  const policy = { resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }] };
  const other: Json = { ...now, limits: { memory: '80Mi', cpu: '500m' } };

  it.each<[string, Settings, string, string?]>([
    ['the container wants a restart', { container: policy }, 'container app wants to be restarted when its memory'],
    ['no pod runs', { phase: 'Pending' }, 'no pod of it runs'],
    ['the pods are not alike', { resources: [now, other] }, 'its pods do not all have the same now'],
    ['the API server takes no resize', {}, 'Pod QOS Class may not change', 'Pod QOS Class may not change'],
  ])('where %s, and says why', async (_case, settings, why, rigid) => {
    const world = open(settings);
    if (rigid !== undefined) world.objects.rigid.set('web-1', rigid);
    const plan = planned(await world.plan({ memory: '96Mi' }));
    expect(plan.blastRadius).toContain('Not in place, but with a rollout: ');
    expect(plan.blastRadius).toContain(why);
    expect(plan.objects).toBeUndefined();
    const run = { plan, mark: 'apply' };
    for (let turn = 0; turn < 2; turn += 1) await resizePods.execute(run, world.ops);
    expect(await resizePods.advance?.(run, world.ops)).toMatchObject({ left: 0 });
    expect(await resizePods.isApplied(run, world.ops)).toBe(true);
    expect(world.objects.writes).toEqual([]);
    const memory = async () => {
      const live = await world.workloads.read(world.ref);
      return readString(readArray(live?.template, 'spec', 'containers')[0], 'resources', 'limits', 'memory');
    };
    expect(await memory()).toBe('96Mi');
    await resizePods.undo?.({ plan, mark: 'undo' }, world.ops);
    expect(await memory()).toBe('64Mi');
  });

  it('not where another resource than the changed one wants a restart', async () => {
    expect(planned(await open({ container: policy }).plan({ cpu: '600m' })).objects).toHaveLength(2);
  });
});
