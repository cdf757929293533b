import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRoots } from '../../../src/analysis/correlation/correlate.ts';
import { type Finding, findingKey } from '../../../src/core/finding.ts';
import { holdingFindings, type Incident } from '../../../src/core/incident.ts';
import type { Correlate } from '../../../src/incidents/placement.ts';
import type { Surroundings } from '../../../src/incidents/registry.ts';
import { approve } from '../../../src/ops/approve.ts';
import { aFinding, aProposal } from '../../support/builders.ts';
import { createDeskWorld, type DeskWorld } from '../../support/desk.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { tangledFindings, tangledView } from '../../support/tangle.ts';
import { now } from '../../support/views.ts';

/** A finding about a Deployment of this name. */
function about(name: string, overrides: Partial<Finding> = {}): Finding {
  return aFinding({ subject: { kind: 'Deployment', namespace: 'shop', name }, title: `${name} fails`, ...overrides });
}

/** `child: 'parent'`: the parent explains the child. */
function chains(parents: Readonly<Record<string, string>>): Correlate {
  return (findings) => {
    const byName = new Map(findings.map((finding) => [finding.subject.name, finding]));
    const rootOf = (finding: Finding): Finding => {
      const parent = byName.get(parents[finding.subject.name] ?? '');
      return parent === undefined ? finding : rootOf(parent);
    };
    return new Map(
      findings.map((finding) => {
        const root = rootOf(finding);
        return [
          findingKey(finding),
          { finding: root, because: root === finding ? '' : `of ${parents[finding.subject.name]}` },
        ];
      }),
    );
  };
}

async function groups({ registry }: DeskWorld): Promise<string[]> {
  return (await registry.open()).map(membersOf).toSorted();
}

function membersOf(incident: Incident): string {
  const [lead, ...others] = holdingFindings(incident).map(({ subject }) => subject.name);
  return [lead, ...others.toSorted()].join(' > ');
}

function inContext(correlate: Correlate): Surroundings {
  return { correlate, labelsOf: () => ({}) };
}

function* permutations<T>(items: readonly T[]): Iterable<readonly T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
  }
}

const world = chains({ cart: 'node', checkout: 'node', service: 'checkout', ingress: 'service' });
const names = ['node', 'cart', 'checkout', 'service', 'other'];

describe('what belongs together', () => {
  it('ends in the same incidents in whatever order it is seen', async () => {
    for (const order of permutations(names)) {
      const desk = createDeskWorld();
      for (const name of order) await desk.registry.observe(about(name), inContext(world));
      await desk.registry.regroup(inContext(world));
      expect(await groups(desk)).toEqual(['node > cart > checkout > service', 'other']);
    }
  });

  it('is one thread where one trouble of a workload ends as another begins', async () => {
    const desk = createDeskWorld();
    const before = about('checkout', { kind: 'workload-short' });
    const { id } = await desk.registry.observe(before, inContext(world));
    await desk.registry.clear(id, findingKey(before));
    const after = await desk.registry.observe(about('checkout', { kind: 'crash-loop' }), inContext(world));
    expect(after).toMatchObject({ id, kind: 'crash-loop', holds: true });
    expect(await groups(desk)).toEqual(['checkout']);
  });

  it('is told in one thread: why each joined, and when the cause is found', async () => {
    const desk = createDeskWorld();
    const { id } = await desk.registry.observe(about('checkout'), inContext(world));
    await desk.registry.observe(about('service'), inContext(world));
    await desk.registry.observe(about('node'), inContext(world));
    const incident = await desk.ops.incidents.get(id);
    expect(incident?.title).toBe('shop/node: node fails');
    expect(incident?.timeline.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      expect.stringMatching(/^opened/),
      'joined: Deployment shop/service: service fails. It belongs here because of checkout.',
      expect.stringMatching(/^promoted: Deployment shop\/node: node fails\./),
    ]);
  });

  it('closes the spare thread with a word of where it goes on', async () => {
    const desk = createDeskWorld();
    const first = await desk.registry.observe(about('cart'), inContext(world));
    const spare = await desk.registry.observe(about('checkout'), inContext(world));
    await desk.registry.observe(about('node'), inContext(world));
    await desk.registry.regroup(inContext(world));
    const closed = await desk.ops.incidents.get(spare.id);
    expect(closed).toMatchObject({ state: 'resolved', mergedInto: first.id });
    expect(closed?.timeline.at(-1)?.text).toContain(`This is part of ${first.id}`);
  });
});

describe('in a storm', () => {
  const many = Array.from({ length: 60 }, (_, index) => `app-${index}`);
  const storm = chains(Object.fromEntries(many.map((name) => [name, 'node'])));

  it('what comes at once joins at once: each is told, in few changes', async () => {
    const desk = createDeskWorld();
    const { id } = await desk.registry.observe(about('node'), inContext(storm));
    const homes = await Promise.all(many.map((name) => desk.registry.observe(about(name), inContext(storm))));
    expect(new Set(homes.map((home) => home.id))).toEqual(new Set([id]));
    const incident = await desk.ops.incidents.get(id);
    expect(incident?.related).toHaveLength(many.length);
    expect(incident?.timeline.filter(({ kind }) => kind === 'joined')).toHaveLength(many.length);
    expect(incident?.version).toBeLessThan(5);
  });

  it('the late cause gathers all threads at once, and each says where it goes on', async () => {
    const desk = createDeskWorld();
    const homes = await Promise.all(many.map((name) => desk.registry.observe(about(name), inContext(storm))));
    const { id } = await desk.registry.observe(about('node'), inContext(storm));
    expect(await groups(desk)).toEqual([['node', ...many.toSorted()].join(' > ')]);
    const spare = homes.map((home) => home.id).filter((home) => home !== id);
    expect(spare).toHaveLength(many.length - 1);
    for (const home of spare) {
      expect(await desk.ops.incidents.get(home)).toMatchObject({ state: 'resolved', mergedInto: id });
    }
    expect((await desk.ops.incidents.get(id))?.version).toBeLessThan(5);
  });
});

describe('what another process changes between the reading and the writing', () => {
  /** As `world`; once the open incidents have been read, somebody else changes this one. */
  function meanwhile(desk: DeskWorld, id: string, change: Partial<Incident>): Surroundings {
    return inContext((findings) => {
      void desk.records.update(id, (incident) => ({ ...incident, ...change }));
      return world(findings);
    });
  }

  it('decides: a change that begins keeps its incident', async () => {
    const desk = createDeskWorld();
    const { id } = await desk.registry.observe(about('checkout'), inContext(world));
    await desk.registry.observe(about('node'), meanwhile(desk, id, { executing: true }));
    expect(await groups(desk)).toEqual(['checkout', 'node']);
  });

  it('decides: nothing joins an incident that has ended', async () => {
    const desk = createDeskWorld();
    const { id } = await desk.registry.observe(about('checkout'), inContext(world));
    await desk.registry.observe(about('service'), meanwhile(desk, id, { state: 'resolved' }));
    expect(await groups(desk)).toEqual(['service']);
    expect((await desk.ops.incidents.get(id))?.related).toEqual([]);
  });
});

describe('a proposal that waits', () => {
  async function propose(desk: DeskWorld, incidentId: string): Promise<string> {
    const proposal = aProposal({ id: `p-${incidentId}`, incidentId });
    await desk.ops.proposals.create(proposal);
    await desk.registry.touch(incidentId, { proposalId: proposal.id });
    return proposal.id;
  }

  it('is taken back when its incident goes on in another one, and says so', async () => {
    const desk = createDeskWorld();
    const first = await desk.registry.observe(about('cart'), inContext(world));
    const spare = await desk.registry.observe(about('checkout'), inContext(world));
    const id = await propose(desk, spare.id);
    await desk.registry.observe(about('node'), inContext(world));
    await desk.registry.regroup(inContext(world));
    expect(await desk.ops.proposals.get(id)).toMatchObject({ state: 'expired' });
    const told = (await desk.ops.incidents.get(spare.id))?.timeline.map(({ text }) => text);
    expect(told).toContain(`Proposal expired: it goes on in ${first.id}.`);
    expect(await approve({ proposalId: id, user: 'U_ANA' }, desk.ops)).toHaveProperty('refused');
    expect(desk.executed).toEqual([]);
  });

  it('is taken back when another cause is found', async () => {
    const desk = createDeskWorld();
    const { id: incidentId } = await desk.registry.observe(about('checkout'), inContext(world));
    const id = await propose(desk, incidentId);
    await desk.registry.observe(about('node'), inContext(world));
    expect(await desk.ops.proposals.get(id)).toMatchObject({ state: 'expired' });
    const told = (await desk.ops.incidents.get(incidentId))?.timeline.map(({ text }) => text);
    expect(told).toContain('Proposal expired: the cause is now seen in Deployment shop/node: node fails.');
  });

  it('stays when something joins', async () => {
    const desk = createDeskWorld();
    const { id: incidentId } = await desk.registry.observe(about('checkout'), inContext(world));
    const id = await propose(desk, incidentId);
    await desk.registry.observe(about('service'), inContext(world));
    expect(await desk.ops.proposals.get(id)).toMatchObject({ state: 'awaiting-approval' });
  });
});

describe('entangled as findings may be', () => {
  const surroundings = inContext((findings) => findRoots(findings, tangledView));

  /** Which findings are in which incident. */
  async function incidentsOf({ registry }: DeskWorld): Promise<string[]> {
    const keys = (await registry.open()).map((incident) => holdingFindings(incident).map(findingKey));
    return keys.map((group) => group.toSorted().join(', ')).toSorted();
  }

  function byRoot(findings: readonly Finding[]): string[] {
    const roots = surroundings.correlate(findings);
    const groups = Map.groupBy(findings.map(findingKey), (key) => roots.get(key)?.finding);
    return [...groups.values()].map((group) => group.toSorted().join(', ')).toSorted();
  }

  const anyHistory = tangledFindings.chain((findings) => {
    const event = fc.record({ finding: fc.constantFrom(...findings), holds: fc.boolean(), minutes: fc.nat(40) });
    return fc.record({
      history: fc.array(event, { maxLength: 20 }),
      last: fc.shuffledSubarray([...findings], { minLength: findings.length }),
    });
  });

  it('those that hold in the end are grouped by their causes, whatever came, went and came back before', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async ({ history, last }) => {
        const clock = createSteppedClock(now);
        const desk = createDeskWorld({ clock });
        for (const { finding, holds, minutes } of history) {
          if (holds) await desk.registry.observe(finding, surroundings);
          else for (const { id } of await desk.registry.open()) await desk.registry.clear(id, findingKey(finding));
          clock.advance(minutes * 60_000);
          for (const { id } of await desk.registry.open()) await desk.registry.settle(id);
        }
        for (const finding of last) await desk.registry.observe(finding, surroundings);
        await desk.registry.regroup(surroundings);
        expect(await incidentsOf(desk)).toEqual(byRoot(last));
      }),
      { numRuns: 300 },
    );
  });
});

describe('an incident of several findings', () => {
  it('is quiet only when none of them holds', async () => {
    const desk = createDeskWorld();
    const { id } = await desk.registry.observe(about('checkout'), inContext(world));
    await desk.registry.observe(about('service'), inContext(world));
    await desk.registry.clear(id, findingKey(about('service')));
    expect((await desk.ops.incidents.get(id))?.clearedAt).toBeUndefined();
    await desk.registry.clear(id, findingKey(about('checkout')));
    expect((await desk.ops.incidents.get(id))?.clearedAt).toBeDefined();
  });

  it('goes on under what remains when its cause is over', async () => {
    const desk = createDeskWorld();
    const { id } = await desk.registry.observe(about('node'), inContext(world));
    await desk.registry.observe(about('cart'), inContext(world));
    await desk.registry.clear(id, findingKey(about('node')));
    await desk.registry.regroup(inContext(world));
    expect(await desk.ops.incidents.get(id)).toMatchObject({
      title: 'shop/cart: cart fails',
      state: 'open',
      holds: true,
    });
  });

  it('is as severe as the worst of them', async () => {
    const desk = createDeskWorld();
    const { id } = await desk.registry.observe(about('node', { severity: 'warning' }), inContext(world));
    await desk.registry.observe(about('cart', { severity: 'critical' }), inContext(world));
    expect((await desk.ops.incidents.get(id))?.severity).toBe('critical');
  });

  it('is joined by what is told of it late, while the change that has ended it is being proven', async () => {
    const desk = createDeskWorld();
    const { id } = await desk.registry.observe(about('node'), inContext(world));
    await desk.registry.touch(id, { executing: true });
    await desk.registry.clear(id, findingKey(about('node')));
    await desk.registry.observe(about('cart'), inContext(world));
    expect((await desk.registry.open()).map((incident) => incident.id)).toEqual([id]);
    expect((await desk.ops.incidents.get(id))?.related).toMatchObject([{ holds: true }]);
  });

  it('is not taken from under a change that is being made', async () => {
    const desk = createDeskWorld();
    const { id } = await desk.registry.observe(about('checkout'), inContext(world));
    await desk.registry.touch(id, { executing: true });
    await desk.registry.observe(about('node'), inContext(world));
    expect(await groups(desk)).toEqual(['checkout', 'node']);
    await desk.registry.touch(id, { executing: false });
    await desk.registry.regroup(inContext(world));
    expect(await groups(desk)).toEqual(['node > checkout']);
  });
});
