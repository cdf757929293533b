import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, findingKey } from '../../../src/core/finding.ts';
import { Autonomy } from '../../../src/core/policy.ts';
import { modelActions, submitModelProposals } from '../../../src/ops/model-proposals.ts';
import { crashLoopOf, createDeskWorld, type DeskWorld } from '../../support/desk.ts';

function proposal(world: DeskWorld, overrides: { readonly actionId?: string; readonly params?: object } = {}) {
  const { kind, namespace, name } = world.checkout;
  return {
    actionId: 'rollback-workload',
    reason: 'It began with revision 2.',
    ...overrides,
    params: { target: { kind, namespace, name }, ...overrides.params },
  };
}

/** An incident that people have taken over. */
async function openEscalated(world: DeskWorld, finding: Finding = crashLoopOf(world.checkout)): Promise<string> {
  const { id } = await world.registry.observe(finding);
  await world.registry.note(id, { at: 1, kind: 'escalated', text: 'People take over.' }, { escalated: true });
  return id;
}

async function proposalsOf(world: DeskWorld, id: string) {
  const incident = await world.ops.incidents.get(id);
  return Promise.all((incident?.proposalIds ?? []).map((one) => world.ops.proposals.get(one)));
}

describe('what a model proposes', () => {
  it('waits for a person, whatever the ladder of autonomy and the risk say', async () => {
    const policies = fc.record({
      autonomy: fc.constantFrom(...Autonomy.options),
      maxAutoRisk: fc.constantFrom('low', 'medium', 'high' as const),
      rules: fc.constantFrom([], [{ namespaces: ['*'], actions: ['*'], autonomy: 'auto' as const }]),
    });
    const choices = fc.constantFrom('rollback-workload', 'restart-workload');
    await fc.assert(
      fc.asyncProperty(policies, choices, async (policy, actionId) => {
        const world = createDeskWorld({ policy });
        const id = await openEscalated(world);
        await submitModelProposals(id, [proposal(world, { actionId })], world.ops);
        expect(world.executed).toEqual([]);
        for (const one of await proposalsOf(world, id)) {
          expect(one).toMatchObject({ state: 'awaiting-approval', origin: { surface: 'ai' } });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is a card like any other where it can be planned: the first that can be', async () => {
    const world = createDeskWorld({ policy: { autonomy: 'auto' } });
    const id = await openEscalated(world);
    const impossible = proposal(world, { params: { revision: 99 } });
    await submitModelProposals(
      id,
      [impossible, proposal(world), proposal(world, { actionId: 'restart-workload' })],
      world.ops,
    );
    expect(await proposalsOf(world, id)).toMatchObject([{ actionId: 'rollback-workload', state: 'awaiting-approval' }]);
  });

  it('comes once for a cause', async () => {
    const world = createDeskWorld();
    const id = await openEscalated(world);
    await submitModelProposals(id, [proposal(world)], world.ops);
    await submitModelProposals(id, [proposal(world, { actionId: 'restart-workload' })], world.ops);
    expect(await proposalsOf(world, id)).toHaveLength(1);
  });

  it('does not come while the remedies have something to try, or once the trouble is over', async () => {
    const world = createDeskWorld();
    const { id } = await world.registry.observe(crashLoopOf(world.checkout));
    await submitModelProposals(id, [proposal(world)], world.ops);
    await world.registry.note(id, { at: 1, kind: 'escalated', text: 'People take over.' }, { escalated: true });
    await world.registry.clear(id, findingKey(crashLoopOf(world.checkout)));
    await submitModelProposals(id, [proposal(world)], world.ops);
    await submitModelProposals('inc-unknown', [proposal(world)], world.ops);
    expect(await proposalsOf(world, id)).toEqual([]);
  });

  it('leaves no card while the kill switch is engaged', async () => {
    const world = createDeskWorld();
    const id = await openEscalated(world);
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: 1, reason: 'stop' });
    await submitModelProposals(id, [proposal(world)], world.ops);
    expect(await proposalsOf(world, id)).toEqual([]);
    expect(world.audit.some(({ what }) => what === 'denied')).toBe(true);
  });

  it('is never an action that is not meant for a model', async () => {
    const world = createDeskWorld();
    const id = await openEscalated(world);
    await submitModelProposals(id, [proposal(world, { actionId: 'remove-finalizer' })], world.ops);
    expect(await proposalsOf(world, id)).toEqual([]);
    expect(modelActions.map((action) => action.id)).not.toContain('remove-finalizer');
  });
});
