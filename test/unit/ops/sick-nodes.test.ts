import { describe, expect, it } from 'vitest';
import type { Surface } from '../../../src/core/action.ts';
import { climbLadder } from '../../../src/ops/remedy-ladder.ts';
import { submit } from '../../../src/ops/submit.ts';
import { aFinding } from '../../support/builders.ts';
import { createDeskWorld } from '../../support/desk.ts';

const node = (number: number) => ({ kind: 'Node', namespace: '', name: `node-${number}` });
const reporting = (status: 'True' | 'Unknown') => ({ conditions: [{ type: 'Ready', status }] });

/** Eight nodes, of which the first six are not heard from: the network between them is broken, not they. */
function openWorld() {
  const world = createDeskWorld({ policy: { autonomy: 'auto', maxAutoRisk: 'high' } });
  for (let number = 1; number <= 8; number += 1)
    world.objects.put(node(number), { spec: {}, status: reporting(number <= 6 ? 'Unknown' : 'True') });
  return world;
}

describe('where three quarters of the nodes are unhealthy', () => {
  const surfaces: readonly Surface[] = ['slash', 'button', 'auto', 'ai'];
  const asked = surfaces.flatMap((surface) =>
    ['cordon-node', 'drain-node'].flatMap((actionId) =>
      [1, 8].map((number) => ({ surface, actionId, target: node(number) })),
    ),
  );

  it.each(asked)('$actionId of $target.name is refused, asked for by $surface', async (wish) => {
    const { surface, actionId, target } = wish;
    const { ops, objects, registry } = openWorld();
    const incident = await registry.request(target, 'wanted');
    const origin = surface === 'slash' || surface === 'button' ? { surface, user: 'U_CHI' } : { surface };
    const request = { incidentId: incident.id, actionId, params: { target }, reason: 'why', origin };
    expect(await submit(request, ops)).toMatchObject({
      by: 'guardrail',
      refused: expect.stringContaining('an outage'),
    });
    expect(await ops.proposals.recent(1)).toEqual([]);
    expect(objects.writes).toEqual([]);
  });

  it('no remedy takes one out, however long it lasts', async () => {
    const { ops, objects, registry } = openWorld();
    for (let number = 1; number <= 6; number += 1) {
      const finding = aFinding({ detector: 'node-unhealthy', kind: 'node-pressure', subject: node(number) });
      const incident = await registry.observe(finding);
      for (let look = 0; look < 3; look += 1) await climbLadder(incident, ops);
    }
    expect(await ops.proposals.recent(1)).toEqual([]);
    expect(objects.writes).toEqual([]);
  });

  it('one that was closed before may be opened again', async () => {
    const { ops, objects, registry } = openWorld();
    const target = node(8);
    objects.put(target, { spec: { unschedulable: true }, status: reporting('True') });
    const incident = await registry.request(target, 'wanted');
    const origin = { surface: 'slash', user: 'U_CHI' } as const;
    const request = { incidentId: incident.id, actionId: 'uncordon-node', params: { target }, reason: 'why', origin };
    expect(await submit(request, ops)).toMatchObject({ proposal: { state: 'awaiting-approval' } });
  });
});
