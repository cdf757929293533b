import { describe, expect, it } from 'vitest';
import { climbLadder } from '../../../src/ops/remedy-ladder.ts';
import { dieAt, runUntilKilled } from '../../support/dying-ports.ts';
import { approveRollback, createRollbackWorld, runToEnd } from '../../support/rollback-world.ts';

describe('an approved rollback', () => {
  it('is written once, watched, and proven with the numbers before and after', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    await runToEnd(id, world.ops);
    const execution = await world.ops.executions.get(id);
    expect(execution).toMatchObject({
      phase: 'proven',
      before: { findings: ['crash-loop'] },
      after: { findings: [], ready: 1, desired: 1 },
    });
    expect(world.writes()).toHaveLength(1);
    expect(await world.ops.incidents.get(execution?.incidentId ?? '')).toMatchObject({
      state: 'resolved',
      executing: false,
    });
    expect((await world.ops.proposals.get(id))?.state).toBe('executed');
  });

  it('is undone when it does not help, and then people are called', async () => {
    const world = createRollbackWorld('crashing');
    const id = await approveRollback(world);
    await runToEnd(id, world.ops);
    const execution = await world.ops.executions.get(id);
    expect(execution).toMatchObject({
      phase: 'undone',
      outcome: expect.stringContaining('It did not help, so it was undone.'),
    });
    expect(world.writes()).toHaveLength(2);
    const incident = await world.ops.incidents.get(execution?.incidentId ?? '');
    if (incident === undefined) throw new Error('no incident');
    await climbLadder(incident, world.ops);
    expect(await world.ops.incidents.get(incident.id)).toMatchObject({ state: 'open', escalated: true });
  });

  it.each(['before', 'after'] as const)(
    'survives a worker that dies at any step, %s the step takes effect',
    async (when) => {
      let call = 1;
      for (let ended = false; !ended; call += 1) {
        const world = createRollbackWorld('healthy');
        const id = await approveRollback(world);
        ended = await runUntilKilled(() => runToEnd(id, dieAt(world.ops, call, when)));
        await runToEnd(id, world.ops);
        const execution = await world.ops.executions.get(id);
        expect(execution, `killed ${when} call ${call}`).toMatchObject({ phase: 'proven' });
        expect(world.writes(), `killed ${when} call ${call}`).toHaveLength(1);
        expect(await world.ops.incidents.get(execution?.incidentId ?? ''), `killed ${when} call ${call}`).toMatchObject(
          { state: 'resolved', executing: false },
        );
      }
      expect(call).toBeGreaterThan(15);
    },
  );

  it('is not undone twice by a worker that dies while undoing', async () => {
    for (let call = 1, ended = false; !ended; call += 1) {
      const world = createRollbackWorld('crashing');
      const id = await approveRollback(world);
      ended = await runUntilKilled(() => runToEnd(id, dieAt(world.ops, call, 'after')));
      await runToEnd(id, world.ops);
      expect((await world.ops.executions.get(id))?.phase, `killed after call ${call}`).toBe('undone');
      expect(world.writes(), `killed after call ${call}`).toHaveLength(2);
    }
  });
});
