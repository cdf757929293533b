import { describe, expect, it } from 'vitest';
import type { People } from '../../../src/core/ports/people.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { askAndApprove } from '../../support/approved.ts';
import { createDeskWorld, openDesk } from '../../support/desk.ts';

const node = { kind: 'Node', namespace: '', name: 'node-1' };

const member = (id: string): People => ({
  describe: async () => ({ id, kind: 'member', teamIds: ['T0LOCAL'], groups: [] }),
});

/** A drain of which one pod has been told to go and another is still there. */
async function openDrain() {
  const world = createDeskWorld();
  const target = world.objects.put(node, {});
  world.objects.put({ ...node, name: 'node-2' }, { status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  const owner = { kind: 'Job', name: 'batch', uid: 'uid-batch' };
  for (const name of ['a', 'b']) {
    world.objects.put({ kind: 'Pod', namespace: 'shop', name }, { owner, spec: { nodeName: node.name } });
  }
  const id = await askAndApprove(world, { id: 'drain-node', target });
  while ((await world.ops.executions.get(id))?.progress === undefined) await advanceExecution(id, world.ops);
  const incidentId = (await world.ops.executions.get(id))?.incidentId ?? '';
  const ask = async (text: string, userId = 'U_BEN') =>
    (await openDesk(world, member(userId)).command({ visitor: { userId, teamId: 'T0LOCAL' }, text })).message.text;
  return { ...world, id, incidentId, ask };
}

describe('stop by words', () => {
  it('ends a drain after its present pod and says what was told to stop', async () => {
    const { ask, incidentId, id, ops, objects } = await openDrain();
    expect(await ask(`stop ${incidentId}`)).toContain('Told to stop: Drain node node-1');
    await advanceExecution(id, ops);
    expect(await ops.executions.get(id)).toMatchObject({ phase: 'unproven', stop: { by: 'U_BEN' } });
    expect(await objects.list({ kind: 'Pod' })).toHaveLength(1);
    expect(await ask(`stop ${incidentId}`)).toContain('Nothing can be stopped now');
  });

  it('asks back without an incident, and is not for those who may only look', async () => {
    const { ask, incidentId, id, ops } = await openDrain();
    expect(await ask('stop')).toContain('stop <incident>');
    expect(await ask(`stop ${incidentId} now`)).toContain('stop <incident>');
    expect(await ask(`stop ${incidentId}`, 'U_ANA')).not.toContain('Told to stop');
    expect((await ops.executions.get(id))?.stop).toBeUndefined();
  });
});
