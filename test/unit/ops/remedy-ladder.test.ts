import { describe, expect, it } from 'vitest';
import { type Finding, findingKey } from '../../../src/core/finding.ts';
import type { Incident } from '../../../src/core/incident.ts';
import { reject } from '../../../src/ops/approve.ts';
import type { OpsContext } from '../../../src/ops/context.ts';
import { climbLadder } from '../../../src/ops/remedy-ladder.ts';
import { crashLoopOf, createDeskWorld, type DeskWorld } from '../../support/desk.ts';

const minutes = 60_000;
const start = Date.parse('2026-03-02T10:00:00Z');

function createWorld(): DeskWorld & { at: number } {
  const time = { at: start };
  const world = createDeskWorld({ clock: { now: () => time.at, schedule: () => () => undefined } });
  return Object.assign(time, world);
}

function withoutRelease(finding: Finding): Finding {
  const { release: _release, ...rest } = finding;
  return rest;
}

async function climb(world: DeskWorld, finding: Finding): Promise<Incident> {
  const incident = await world.registry.observe(finding);
  await climbLadder(incident, world.ops);
  return read(incident.id, world.ops);
}

async function read(id: string, ops: OpsContext): Promise<Incident> {
  const incident = await ops.incidents.get(id);
  if (incident === undefined) throw new Error(`no incident ${id}`);
  return incident;
}

describe('the ladder for a crash loop', () => {
  it('starts with a rollback after a release', async () => {
    const world = createWorld();
    const incident = await climb(world, crashLoopOf(world.checkout));
    expect(await world.ops.proposals.get(incident.proposalIds[0] ?? '')).toMatchObject({
      actionId: 'rollback-workload',
      state: 'awaiting-approval',
    });
  });

  it('starts with a restart where no release explains it', async () => {
    const world = createWorld();
    const incident = await climb(world, withoutRelease(crashLoopOf(world.checkout)));
    expect(await world.ops.proposals.get(incident.proposalIds[0] ?? '')).toMatchObject({
      actionId: 'restart-workload',
    });
  });

  it.each<[string, Partial<NonNullable<Finding['release']>> | undefined, string]>([
    ['more memory after an out-of-memory loop that follows no release', undefined, 'set-resources'],
    ['more memory where it is the first revision, which never had enough', { fromRevision: null }, 'set-resources'],
    [
      'more memory, not less, after memory was raised',
      { changes: ['resources of app: limits.memory 64Mi -> 96Mi'] },
      'set-resources',
    ],
    [
      'a rollback of what took memory away',
      { changes: ['resources of app: limits.memory 96Mi -> 64Mi'] },
      'rollback-workload',
    ],
    ['a rollback of a release, whatever it is called', { changes: ['image of app: a -> b'] }, 'rollback-workload'],
  ])('starts with %s', async (_case, release, actionId) => {
    const world = createWorld();
    const limited = { name: 'app', image: 'shop:1', resources: { limits: { memory: '64Mi' } } };
    const template = (image: string) => ({ spec: { containers: [{ ...limited, image }] } });
    const ref = world.workloads.put({
      ref: { kind: 'Deployment', namespace: 'shop', name: 'cache' },
      templates: [template('shop:0'), template('shop:1')],
    });
    const { exemplar: _none, ...crash } = { ...crashLoopOf(ref), kind: 'oom-loop', title: 'out-of-memory loop' };
    const blamed = release === undefined || crash.release === undefined ? undefined : { ...crash.release, ...release };
    const finding: Finding = blamed === undefined ? withoutRelease(crash) : { ...crash, release: blamed };
    const incident = await climb(world, finding);
    expect(await world.ops.proposals.get(incident.proposalIds[0] ?? '')).toMatchObject({ actionId });
  });

  it('calls people where memory was raised often enough, and does not wait for that to change', async () => {
    const world = createWorld();
    const ref = world.workloads.put({
      ref: { kind: 'Deployment', namespace: 'shop', name: 'leak' },
      templates: [{ spec: { containers: [{ name: 'app', resources: { limits: { memory: '64Mi' } } }] } }],
      annotations: { 'lifeguard.dev/memory-raises': '2' },
    });
    const { exemplar: _none, ...crash } = { ...crashLoopOf(ref), kind: 'oom-loop' };
    const incident = await climb(world, withoutRelease(crash));
    expect(incident).toMatchObject({ escalated: true, proposalIds: [] });
    expect(incident.timeline.map(({ text }) => text).join(' ')).toContain('this looks like a leak');
    expect(world.workloads.writes).toEqual([]);
  });

  it('does nothing more while a proposal waits, however often it is asked', async () => {
    const world = createWorld();
    for (let look = 0; look < 5; look += 1) await climb(world, crashLoopOf(world.checkout));
    expect((await world.ops.proposals.recent(10)).length).toBe(1);
  });

  it('ends with people after a rejection', async () => {
    const world = createWorld();
    const first = await climb(world, crashLoopOf(world.checkout));
    await reject({ proposalId: first.proposalIds[0] ?? '', user: 'U_ANA' }, world.ops);
    const after = await climb(world, crashLoopOf(world.checkout));
    expect(after).toMatchObject({ escalated: true, proposalIds: first.proposalIds });
    expect(after.timeline.at(-1)?.text).toContain('People take over');
  });

  it('ends with people when nobody answers in time', async () => {
    const world = createWorld();
    const first = await climb(world, crashLoopOf(world.checkout));
    world.at += 31 * minutes;
    const after = await climb(world, crashLoopOf(world.checkout));
    expect((await world.ops.proposals.get(first.proposalIds[0] ?? ''))?.state).toBe('expired');
    expect(after).toMatchObject({ escalated: true });
  });

  it('begins anew for a cause that is found later, though the proposal for the former one waited', async () => {
    const world = createWorld();
    const first = await climb(world, crashLoopOf(world.checkout));
    world.at += minutes;
    const found = withoutRelease(crashLoopOf({ kind: 'Deployment', namespace: 'pay', name: 'till' }));
    const correlate = (findings: readonly Finding[]) =>
      new Map(findings.map((one) => [findingKey(one), { finding: found, because: 'it is so' }]));
    await world.registry.observe(found, { correlate, labelsOf: () => ({}) });
    await climbLadder(await read(first.id, world.ops), world.ops);
    const proposals = await Promise.all(
      (await read(first.id, world.ops)).proposalIds.map((id) => world.ops.proposals.get(id)),
    );
    expect(proposals.map((one) => one?.state)).toEqual(['expired', 'awaiting-approval']);
  });

  it('says once, not at every look, why it is held back, and goes on when it no longer is', async () => {
    const world = createWorld();
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: start, reason: 'release day' });
    for (let look = 0; look < 3; look += 1) await climb(world, crashLoopOf(world.checkout));
    const held = await climb(world, crashLoopOf(world.checkout));
    expect(held.timeline.filter((entry) => entry.kind === 'denied')).toHaveLength(1);
    expect(held).toMatchObject({ escalated: false, proposalIds: [] });
    await world.controls.setKillSwitch({ engaged: false });
    expect((await climb(world, crashLoopOf(world.checkout))).proposalIds).toHaveLength(1);
  });

  it('hands over to people instead of curing the same thing for ever, however often it comes back', async () => {
    const world = createWorld();
    const ops = { ...world.ops, policy: { ...world.ops.policy, autonomy: 'auto' as const } };
    const finding = withoutRelease(crashLoopOf(world.checkout));
    for (let relapse = 0; relapse < 40; relapse += 1) {
      const incident = await world.registry.observe(finding);
      await climbLadder(incident, ops);
      const { proposalIds } = await read(incident.id, ops);
      for (const id of proposalIds) {
        const proposal = await ops.proposals.update(id, (current) =>
          current.state === 'approved' ? { ...current, state: 'executed' } : current,
        );
        const tally = { subject: 'Deployment shop/checkout', cause: 'crash-loop' };
        if (proposal?.state === 'executed')
          await ops.ledger.record({ ...tally, at: world.at, namespaces: ['shop'], executionId: id });
      }
      await world.registry.clear(incident.id, findingKey(finding));
      world.at += 30 * minutes;
      await world.registry.settle(incident.id);
    }
    const tried = (await ops.ledger.attempts(0)).length;
    expect(tried).toBeGreaterThan(1);
    expect(tried).toBeLessThanOrEqual(6);
    const last = await world.registry.observe(finding);
    await climbLadder(last, ops);
    expect(await read(last.id, ops)).toMatchObject({ escalated: true });
  });

  it('goes to people at once for what has no pod template', async () => {
    const world = createWorld();
    const pod = {
      ...crashLoopOf(world.checkout),
      subject: { kind: 'Pod', namespace: 'shop', name: 'debug', uid: 'u' },
    };
    expect(await climb(world, pod)).toMatchObject({ escalated: true, proposalIds: [] });
  });
});
