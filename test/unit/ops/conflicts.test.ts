import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { OpsContext } from '../../../src/ops/context.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { climbLadder } from '../../../src/ops/remedy-ladder.ts';
import { approveAction, createActionWorld } from '../../support/action-worlds.ts';
import { crashLoopOf } from '../../support/desk.ts';
import { dieAt, runUntilKilled } from '../../support/dying-ports.ts';
import { approveRollback, createRollbackWorld, type RollbackWorld, runToEnd } from '../../support/rollback-world.ts';

const otherImage = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'shop:1.0.2' }] as const;

/** Up to the write; then somebody else changes the workload. */
async function approveAndInterfere() {
  const world = createRollbackWorld('healthy');
  const id = await approveRollback(world);
  await advanceExecution(id, world.ops);
  expect((await world.ops.executions.get(id))?.phase).toBe('applying');
  world.workloads.interfere(world.checkout, otherImage);
  return { world, id };
}

async function othersThan(id: string, { ops }: RollbackWorld) {
  return (await ops.proposals.recent(10)).filter((one) => one.id !== id);
}

describe('a write that meets a conflict', () => {
  it('leaves the object as it is, withdraws the attempt, and a new card shows what is there now', async () => {
    const { world, id } = await approveAndInterfere();
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'refused',
      outcome: expect.stringMatching(/^Not applied: .*A new card follows for what is there now\.$/),
    });
    expect((await world.ops.workloads.read(world.checkout))?.template).toMatchObject({
      spec: { containers: [{ image: 'shop:1.0.2' }] },
    });
    expect(await world.ops.ledger.attempts(0)).toEqual([]);
    const old = await world.ops.proposals.get(id);
    expect(old).toMatchObject({ state: 'expired', supersededBy: expect.any(String) });
    const [fresh, ...more] = await othersThan(id, world);
    expect([fresh?.id, fresh?.state, more]).toEqual([old?.supersededBy, 'awaiting-approval', []]);
    expect(fresh?.plan.diff).toContain('shop:1.0.2');
  });

  it.each(['before', 'after'] as const)(
    'makes one new card and writes nothing, whenever its worker dies: %s any call',
    async (when) => {
      for (let call = 1, ended = false; !ended; call += 1) {
        const { world, id } = await approveAndInterfere();
        ended = await runUntilKilled(() => runToEnd(id, dieAt(world.ops, call, when)));
        await runToEnd(id, world.ops);
        expect(await world.ops.proposals.get(id), `killed ${when} call ${call}`).toMatchObject({ state: 'expired' });
        expect(await othersThan(id, world), `killed ${when} call ${call}`).toMatchObject([
          { state: 'awaiting-approval' },
        ]);
        expect(await world.ops.ledger.attempts(0), `killed ${when} call ${call}`).toEqual([]);
        expect(world.writes(), `killed ${when} call ${call}`).toEqual([]);
        const incident = await world.ops.incidents.get(crashIncident(world));
        expect(incident, `killed ${when} call ${call}`).toMatchObject({ executing: false });
      }
    },
  );

  it('is not written after all by who takes over once the conflict has gone', async () => {
    const { world, id } = await approveAndInterfere();
    const withdrawn = { ...world.ops.ledger, withdraw: () => Promise.reject(new Error('it died')) };
    await expect(advanceExecution(id, { ...world.ops, ledger: withdrawn })).rejects.toThrow('it died');
    world.workloads.interfere(world.checkout, [{ ...otherImage[0], value: 'shop:1.0.1' }]);
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({ phase: 'refused' });
    expect(world.writes()).toEqual([]);
    expect(await othersThan(id, world)).toHaveLength(1);
  });

  it('with its own first try is no conflict', async () => {
    const world = createActionWorld('cordon-node');
    const id = await approveAction('cordon-node', world);
    const { objects } = world.ops;
    const patch: OpsContext['objects']['patch'] = async (request) => {
      const live = await objects.patch(request);
      if (request.dryRun) return live;
      throw new LifeguardError('It does not fit any more.', { code: 'cluster-conflict', retry: 'conflict' });
    };
    await runToEnd(id, { ...world.ops, objects: { ...objects, patch } });
    expect(await world.ops.executions.get(id)).toMatchObject({ phase: 'proven' });
    expect(await world.ops.ledger.attempts(0)).toHaveLength(1);
  });

  it('on another object than a workload makes a new card as well', async () => {
    const world = createActionWorld('suspend-cronjob');
    const id = await approveAction('suspend-cronjob', world);
    await advanceExecution(id, world.ops);
    world.objects.put(world.target, { spec: { suspend: false }, annotations: { by: 'hand' } });
    const { objects } = world.ops;
    let met = false;
    const patch: OpsContext['objects']['patch'] = async (request) => {
      if (request.dryRun || met) return objects.patch(request);
      met = true;
      throw new LifeguardError('Somebody else changed it.', { code: 'cluster-conflict', retry: 'conflict' });
    };
    const ops = { ...world.ops, objects: { ...objects, patch } };
    await runToEnd(id, ops);
    const old = await ops.proposals.get(id);
    expect(old).toMatchObject({ state: 'expired' });
    expect(await ops.proposals.get(old?.supersededBy ?? '')).toMatchObject({ state: 'awaiting-approval' });
    expect([await ops.ledger.attempts(0), world.kept()]).toEqual([[], []]);
  });

  it('that Lifeguard makes alone stays counted, so that conflict after conflict runs into the loop breaker', async () => {
    const world = createRollbackWorld('healthy');
    const conflict = new LifeguardError('Somebody else changed it.', { code: 'cluster-conflict', retry: 'conflict' });
    const patch: OpsContext['workloads']['patch'] = (request) =>
      request.dryRun ? world.ops.workloads.patch(request) : Promise.reject(conflict);
    const policy = { ...world.ops.policy, autonomy: 'auto' as const };
    const ops = { ...world.ops, policy, workloads: { ...world.ops.workloads, patch } };
    await climbLadder(await world.registry.observe(crashLoopOf(world.checkout)), ops);
    const [{ id } = { id: '' }] = await ops.proposals.recent(1);
    await runToEnd(id, ops);
    expect(await ops.executions.get(id)).toMatchObject({
      phase: 'refused',
      outcome: 'Not applied: Somebody else changed it.',
    });
    expect(await ops.ledger.attempts(0)).toHaveLength(1);
    const incident = await ops.incidents.get(crashIncident(world));
    if (incident === undefined) throw new Error('no incident');
    expect(await climbLadder(incident, ops)).toBeGreaterThan(ops.clock.now());
    expect(await ops.proposals.recent(10)).toHaveLength(1);
  });
});

function crashIncident({ audit }: RollbackWorld): string {
  return audit.find(({ incident }) => incident !== undefined)?.incident ?? '';
}
