import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import { Json } from '../../../src/core/json.ts';
import { readsAtStart } from '../../../src/core/pod-references.ts';
import type { LiveObject } from '../../../src/core/ports/objects.ts';
import { restoreConfigMap } from '../../../src/ops/actions/restore-config-map.ts';
import { createDeskWorld, type DeskWorld } from '../../support/desk.ts';

const at = Date.parse('2026-03-02T10:00:00Z');
const settings = { kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
const bytes = { blob: 'AAEC' };

interface Held {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** A ConfigMap that has held these, the last one now. */
async function open(held: readonly Held[], extra: Partial<LiveObject> = {}) {
  const world = createDeskWorld();
  const target = world.objects.put(settings, { ...held.at(-1), ...extra });
  for (const [index, { data = {}, binaryData = {} }] of held.entries())
    await world.configHistory.keep(target, { data, binaryData }, at + index * 3_600_000);
  const plan = (version?: number) =>
    restoreConfigMap.bind({ target: settings, ...(version === undefined ? {} : { version }) }).plan(world.ops);
  const holds = async () => {
    const { data, binaryData } = (await world.objects.read(target)) ?? {};
    return { data, binaryData };
  };
  return { ...world, target, plan, holds };
}

function planned(made: Plan | { readonly refused: string }): Plan {
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

function use(world: DeskWorld, name: string, spec: object): void {
  const template = { spec: Json.parse(spec) };
  const ref = world.workloads.put({ ref: { kind: 'Deployment', namespace: 'shop', name }, templates: [template] });
  world.objects.put(ref, { spec: { template } });
}

const environment = { containers: [{ envFrom: [{ configMapRef: { name: 'settings' } }] }] };
const volume = { volumes: [{ name: 'v', configMap: { name: 'settings' } }] };
const file = { ...volume, containers: [{ volumeMounts: [{ name: 'v', mountPath: '/a/b', subPath: 'b' }] }] };

describe('restore-config-map', () => {
  it('plans without writing: what changes, who uses it, and who has to be restarted', async () => {
    const world = await open([{ data: { mode: 'old', same: 'x' } }, { data: { mode: 'new', same: 'x' } }]);
    use(world, 'env', environment);
    use(world, 'file', file);
    use(world, 'live', volume);
    use(world, 'other', {});
    const plan = planned(await world.plan());
    expect(plan).toMatchObject({
      summary: 'Restore ConfigMap shop/settings to version 1 (seen since 2026-03-02 10:00 UTC).',
      blastRadius:
        'Used by Deployment shop/env, Deployment shop/file, Deployment shop/live. Volumes follow within a minute or two. ' +
        'Read only when a pod starts (environment, subPath) by Deployment shop/env, Deployment shop/file; restart-consumers shop/settings restarts them.',
      risk: 'medium',
      affects: ['env', 'file', 'live'].map((name) => expect.objectContaining({ name })),
    });
    expect(plan.diff.match(/^[-+].*/gm)).toEqual(['-  mode: new', '+  mode: old']);
    expect(world.objects.writes).toEqual([]);
    expect(planned(await (await open([{ data: { a: '1' } }, {}])).plan()).blastRadius).toContain('No workload');
  });

  it.each<[string, Held, Held]>([
    ['texts', { data: { mode: 'old', gone: 'x' } }, { data: { mode: 'new' } }],
    ['bytes', { data: { mode: 'a' }, binaryData: bytes }, { data: { mode: 'a' } }],
    ['all for nothing', {}, { data: { mode: 'a' }, binaryData: bytes }],
  ])('puts back %s once, proves it, and puts the present back', async (_what, before, now) => {
    const world = await open([before, now]);
    const [past, present] = [before, now].map(({ data = {}, binaryData = {} }) => ({ data, binaryData }));
    const plan = planned(await world.plan());
    const measured = async () => (await restoreConfigMap.measure(plan, world.ops))?.reached;
    expect([await measured(), await restoreConfigMap.isApplied({ plan, mark: 'm' }, world.ops)]).toEqual([
      false,
      false,
    ]);
    for (let turn = 0; turn < 2; turn += 1) await restoreConfigMap.execute({ plan, mark: 'm' }, world.ops);
    expect(world.objects.writes).toHaveLength(1);
    expect(await world.holds()).toEqual(past);
    expect([await measured(), await restoreConfigMap.isApplied({ plan, mark: 'm' }, world.ops)]).toEqual([true, true]);
    for (let turn = 0; turn < 2; turn += 1) await restoreConfigMap.undo?.({ plan, mark: 'u' }, world.ops);
    expect(await world.holds()).toEqual(present);
    expect(world.objects.writes).toHaveLength(2);
  });

  it.each([
    { op: 'add', path: '/data/other', value: 'somebody' },
    { op: 'add', path: '/binaryData', value: bytes },
  ] as const)('leaves alone what somebody changed since, before and after: $path', async (change) => {
    const world = await open([{ data: { mode: 'old' } }, { data: { mode: 'new' } }]);
    const plan = planned(await world.plan());
    const conflict = { code: 'cluster-conflict' };
    await world.objects.patch({ ref: world.target, operations: [change], dryRun: false });
    await expect(restoreConfigMap.execute({ plan, mark: 'm' }, world.ops)).rejects.toMatchObject(conflict);
    expect((await world.holds()).data).toMatchObject({ mode: 'new' });
    world.objects.put(world.target, { data: { mode: 'old' } });
    await world.objects.patch({ ref: world.target, operations: [change], dryRun: false });
    await expect(restoreConfigMap.undo?.({ plan, mark: 'u' }, world.ops)).rejects.toMatchObject(conflict);
    expect((await world.holds()).data).toMatchObject({ mode: 'old' });
    expect(planned(await world.plan()).basis).not.toBe(plan.basis);
  });

  it('takes the version that is named, otherwise the newest other one, and says which there are', async () => {
    const world = await open(['a', 'b', 'c'].map((mode) => ({ data: { mode } })));
    expect(planned(await world.plan()).diff).toContain('+  mode: b');
    expect(planned(await world.plan(1)).diff).toContain('+  mode: a');
    const kept =
      'Besides the present content there are: version 2 (seen since 2026-03-02 11:00 UTC), version 1 (seen since 2026-03-02 10:00 UTC).';
    expect(await world.plan(3)).toEqual({ refused: `shop/settings holds version 3 already. ${kept}` });
    expect(await world.plan(9)).toEqual({ refused: `No version 9 of shop/settings is kept. ${kept}` });
    world.objects.put(world.target, { data: { mode: 'not seen yet' } });
    expect(planned(await world.plan()).diff).toContain('+  mode: c');
  });

  it('is refused where nothing else is kept, where it is immutable, and where there is none', async () => {
    expect(await (await open([{ data: { mode: 'a' } }])).plan()).toEqual({
      refused: expect.stringContaining('lifeguard.dev/keep-history: "true"'),
    });
    const held = [{ data: { mode: 'a' } }, { data: { mode: 'b' } }];
    const fixed = await open(held, { immutable: true });
    expect(await fixed.plan()).toEqual({ refused: expect.stringContaining('immutable') });
    const gone = await open(held);
    await gone.objects.remove({ ref: gone.target, dryRun: false });
    expect(await gone.plan()).toEqual({ refused: expect.stringContaining('does not exist') });
  });

  it('is planned in a moment however large the change, then without its lines', async () => {
    const lines = (word: string) => Array.from({ length: 8_000 }, (_, index) => `${word}.${index}=${index}`).join('\n');
    const world = await open(['old', 'new'].map((word) => ({ data: { conf: lines(word) } })));
    const used = process.cpuUsage();
    expect(planned(await world.plan()).diff).toMatch(/^-\(\d+ lines\)\n\+\(\d+ others\)$/);
    // A full comparison would take minutes.
    expect(process.cpuUsage(used).user).toBeLessThan(10_000_000);
  });

  it('shows no secret, whatever its key and its form, and of bytes only how many there are', async () => {
    const token = ['gh', 'p_', 'Vd9sQ1x7Lm2Zp8Rt4Wy6Nb0Hc5Jf3Ga1a2b3'].join('');
    const password = ['correct', 'horse'].join('-');
    const of = (suffix: string): Held => ({
      data: {
        DB_PASSWORD: `${password}\n${suffix}`,
        'app.conf': `color=${suffix}\nupstream=${token}${suffix}`,
      },
      binaryData: { blob: Buffer.from(`${password} ${suffix}`).toString('base64') },
    });
    const [old, now] = [of('a'), of('bc')];
    const world = await open([old, now]);
    const { patch: _patch, inverse: _inverse, ...shown } = planned(await world.plan());
    const text = JSON.stringify(shown);
    for (const secret of [password, token, ...[old, now].map(({ binaryData }) => binaryData?.['blob'] ?? '')])
      expect(text).not.toContain(secret);
    expect(shown.diff).toMatch(/-.*color=bc[^]*\+.*color=a/);
    expect(shown.diff).toContain('+  blob: 15 bytes [redacted:binary');
  });
});

it('a pod has what it read at the start from its environment and from paths within volumes', () => {
  expect([environment, file, volume, {}].map((spec) => readsAtStart(spec, 'settings'))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
