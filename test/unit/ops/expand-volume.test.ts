import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { expandVolume } from '../../../src/ops/actions/expand-volume.ts';
import { submit } from '../../../src/ops/submit.ts';
import { createDeskWorld } from '../../support/desk.ts';

const claim = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };
const spec: JsonObject = { storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } };
const status: JsonObject = { phase: 'Bound', capacity: { storage: '10Gi' } };

function open(content: { readonly spec?: JsonObject; readonly status?: JsonObject; readonly expands?: boolean } = {}) {
  const world = createDeskWorld();
  const { expands = true } = content;
  world.objects.put({ kind: 'StorageClass', namespace: '', name: 'fast' }, { allowsExpansion: expands });
  const target = world.objects.put(claim, { spec: { ...spec, ...content.spec }, status: content.status ?? status });
  const plan = (size: string) => expandVolume.bind({ target: { ...target }, size }).plan(world.ops);
  const become = (changed: JsonObject, asked = '15Gi') =>
    world.objects.put(target, {
      spec: { ...spec, resources: { requests: { storage: asked } } },
      status: { ...status, ...changed },
    });
  return { ...world, target, plan, become };
}

type World = ReturnType<typeof open>;

function planned(made: Plan | { readonly refused: string }): Plan {
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

async function judged(plan: Plan, { ops }: World, waitedMs = 0) {
  const after = await expandVolume.measure(plan, ops);
  if (after === undefined) throw new Error('nothing is measured');
  return expandVolume.verify({ plan, before: after, after, appliedAt: 0, now: waitedMs }, ops);
}

describe('expand-volume', () => {
  it.each<[string, string, number]>([
    ['+50%', '15Gi', 15 * 2 ** 30],
    ['+1%', '10343Mi', 10_343 * 2 ** 20],
    ['20Gi', '20Gi', 20 * 2 ** 30],
  ])('by %s plans without writing, asks for the bytes, and says that there is no way back', async (size, to, bytes) => {
    const world = open();
    const plan = planned(await world.plan(size));
    expect(plan).toMatchObject({
      summary: `Expand PersistentVolumeClaim shop/data from 10Gi to ${to}.`,
      blastRadius: expect.stringContaining('Its StorageClass fast grows the volume'),
      risk: 'medium',
      inverse: null,
      undo: expect.stringContaining('no claim shrink'),
      asks: { storage: bytes },
    });
    expect(plan.diff).toContain(`+      storage: ${to}`);
    expect(world.objects.writes).toEqual([]);
  });

  it('asks once, however often it is carried out, and is proven once the volume has grown', async () => {
    const world = open();
    const plan = planned(await world.plan('+50%'));
    for (let turn = 0; turn < 2; turn += 1) await expandVolume.execute({ plan, mark: 'apply' }, world.ops);
    expect(world.objects.writes).toHaveLength(1);
    expect((await world.objects.read(world.target))?.spec).toMatchObject({
      resources: { requests: { storage: '15Gi' } },
    });
    expect(await expandVolume.isApplied({ plan, mark: 'apply' }, world.ops)).toBe(true);
    expect(await judged(plan, world)).toMatchObject({ verdict: 'unknown', settled: false });
    expect(await judged(plan, world, 60_000)).toMatchObject({ verdict: 'unchanged', settled: true });
    world.become({ capacity: { storage: '15Gi' } });
    expect(await judged(plan, world)).toMatchObject({ verdict: 'improved', settled: true });
  });

  it.each<[JsonObject, string]>([
    [{ conditions: [{ type: 'FileSystemResizePending', status: 'True' }] }, 'a pod that uses it starts anew'],
    [{ allocatedResourceStatuses: { storage: 'ControllerResizeInfeasible' } }, 'cannot give that much'],
  ])('says what its storage says: %j', async (state, words) => {
    const world = open();
    const plan = planned(await world.plan('+50%'));
    world.become(state);
    expect(await judged(plan, world, 60_000)).toMatchObject({
      verdict: 'unchanged',
      sentence: expect.stringContaining(words),
    });
  });

  it('grows what the claim has where that is more than it asked for', async () => {
    const world = open({ status: { ...status, capacity: { storage: '40Gi' } } });
    expect(planned(await world.plan('+50%')).summary).toContain('from 40Gi to 60Gi');
    expect(await world.plan('20Gi')).toEqual({ refused: expect.stringContaining('has 40Gi already') });
  });

  it('writes nothing once somebody asked for another size since', async () => {
    const world = open();
    const plan = planned(await world.plan('+50%'));
    world.become({}, '12Gi');
    await expect(expandVolume.execute({ plan, mark: 'apply' }, world.ops)).rejects.toMatchObject({
      code: 'cluster-conflict',
    });
    expect(world.objects.writes).toEqual([]);
  });

  it.each<[string, Parameters<typeof open>[0], string, string]>([
    ['the same size', {}, '10Gi', 'a claim cannot shrink'],
    ['less', {}, '-10%', 'a claim cannot shrink'],
    ['a class that does not grow volumes', { expands: false }, '20Gi', 'does not allow volumes to be expanded'],
    ['no class', { spec: { storageClassName: '' } }, '20Gi', 'no StorageClass'],
    ['a class that is gone', { spec: { storageClassName: 'old' } }, '20Gi', 'old of shop/data does not exist'],
    ['no volume yet', { status: { phase: 'Pending' } }, '20Gi', 'no volume yet'],
    [
      'an expansion under way',
      { spec: { resources: { requests: { storage: '12Gi' } } } },
      '20Gi',
      'being expanded already: it has 10Gi and asks for 12Gi',
    ],
  ])('is refused for %s', async (_case, content, size, words) => {
    expect(await open(content).plan(size)).toEqual({ refused: expect.stringContaining(words) });
  });

  it('is refused where there is no such claim, and not understood without a size', async () => {
    const { ops, target } = open();
    const gone = { ...target, name: 'nobody' };
    expect(await expandVolume.bind({ target: gone, size: '1Gi' }).plan(ops)).toEqual({
      refused: expect.stringContaining('does not exist'),
    });
    expect(() => expandVolume.bind({ target })).toThrow(expect.objectContaining({ code: 'action-invalid' }));
    expect(() => expandVolume.bind({ target, size: 'much' })).toThrow('such as 512Mi');
  });

  it('is stopped by the bound of storage, whoever asks', async () => {
    const { ops, target, registry, objects } = open();
    const incident = await registry.request(target, 'more room');
    const asked = { incidentId: incident.id, actionId: 'expand-volume', reason: 'full' };
    const origin = { surface: 'slash', user: 'U_CHI' } as const;
    const params = { target: { ...target }, size: '2Ti' };
    expect(await submit({ ...asked, params, origin }, ops)).toMatchObject({
      by: 'guardrail',
      refused: expect.stringContaining('2 TiB of storage; the bound is 1 TiB'),
    });
    expect(objects.writes).toEqual([]);
  });
});
