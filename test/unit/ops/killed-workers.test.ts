import { describe, expect, it } from 'vitest';
import { actions } from '../../../src/ops/actions/index.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { stopExecutions } from '../../../src/ops/stop.ts';
import { approveAction, createActionWorld } from '../../support/action-worlds.ts';
import { dieAt, runUntilKilled } from '../../support/dying-ports.ts';
import { runToEnd } from '../../support/rollback-world.ts';

/** Carried out by a worker that never dies. */
async function undisturbed(id: (typeof actions)[number]['id']) {
  const world = createActionWorld(id);
  const proposalId = await approveAction(id, world);
  await runToEnd(proposalId, world.ops);
  return { execution: await world.ops.executions.get(proposalId), kept: world.kept() };
}

describe.each(actions.map(({ id }) => id))('%s', (id) => {
  it('is carried out and proven', async () => {
    const { execution, kept } = await undisturbed(id);
    expect(execution).toMatchObject({ phase: 'proven' });
    expect(kept.length).toBeGreaterThan(0);
  });

  it.each(['before', 'after'] as const)(
    'is carried out once by a worker that takes over from one that died at any step, %s the step took effect',
    async (when) => {
      const { kept } = await undisturbed(id);
      let call = 1;
      for (let ended = false; !ended; call += 1) {
        const world = createActionWorld(id);
        const proposalId = await approveAction(id, world);
        ended = await runUntilKilled(() => runToEnd(proposalId, dieAt(world.ops, call, when)));
        await runToEnd(proposalId, world.ops);
        const execution = await world.ops.executions.get(proposalId);
        expect(execution?.phase, `killed ${when} call ${call}`).toBe('proven');
        expect(world.kept(), `killed ${when} call ${call}`).toEqual(kept);
        expect(await world.ops.ledger.attempts(0), `killed ${when} call ${call}`).toHaveLength(1);
      }
      expect(call).toBeGreaterThan(10);
    },
  );

  it.each(['paused', 'unreadable'] as const)('writes nothing where the kill switch is %s', async (stop) => {
    const world = createActionWorld(id);
    const proposalId = await approveAction(id, world);
    if (stop === 'unreadable') world.controls.lose();
    else await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: 1, reason: 'stop' });
    await runToEnd(proposalId, world.ops);
    expect((await world.ops.executions.get(proposalId))?.phase).toBe('refused');
    expect(world.kept()).toEqual([]);
  });

  it('is not begun once it was stopped', async () => {
    const world = createActionWorld(id);
    const proposalId = await approveAction(id, world);
    await advanceExecution(proposalId, world.ops);
    const [incident] = await world.registry.open();
    if (incident === undefined) throw new Error('no incident');
    expect(await stopExecutions(incident, { user: 'U_BEN', surface: 'button' }, world.ops)).toHaveLength(1);
    await runToEnd(proposalId, world.ops);
    expect(await world.ops.executions.get(proposalId)).toMatchObject({
      phase: 'refused',
      outcome: 'It was stopped. Nothing was changed.',
    });
    expect(world.kept()).toEqual([]);
  });
});
