import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
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

  it('goes to people at once for what has no pod template', async () => {
    const world = createWorld();
    const pod = {
      ...crashLoopOf(world.checkout),
      subject: { kind: 'Pod', namespace: 'shop', name: 'debug', uid: 'u' },
    };
    expect(await climb(world, pod)).toMatchObject({ escalated: true, proposalIds: [] });
  });
});
