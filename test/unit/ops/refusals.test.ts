import { describe, expect, it } from 'vitest';
import { approve } from '../../../src/ops/approve.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { climbLadder } from '../../../src/ops/remedy-ladder.ts';
import { submit } from '../../../src/ops/submit.ts';
import { crashLoopOf } from '../../support/desk.ts';
import {
  approveRollback,
  createRollbackWorld,
  type RollbackWorld,
  runToEnd,
  start,
} from '../../support/rollback-world.ts';

const otherImage = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'shop:1.0.2' }] as const;

describe('nothing is written', () => {
  async function expectRefused(world: RollbackWorld, id: string, why: RegExp): Promise<void> {
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({ phase: 'refused', outcome: expect.stringMatching(why) });
    expect(world.writes()).toEqual([]);
  }

  it('when Lifeguard is paused after the approval', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: start, reason: 'release day' });
    await expectRefused(world, id, /paused by/);
  });

  it('when it cannot be read whether Lifeguard is paused', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    world.controls.lose();
    await expectRefused(world, id, /kill switch cannot be read/);
  });

  it('when Lifeguard is paused between the recheck and the write', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    await advanceExecution(id, world.ops);
    expect((await world.ops.executions.get(id))?.phase).toBe('applying');
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: start, reason: 'stop' });
    await expectRefused(world, id, /paused by/);
  });

  it('when somebody released another image after the approval; a new card asks instead', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    world.workloads.interfere(world.checkout, otherImage);
    await expectRefused(world, id, /changed since this was proposed.*new proposal/);
    const old = await world.ops.proposals.get(id);
    expect(old).toMatchObject({ state: 'expired', supersededBy: expect.any(String) });
    expect(await world.ops.proposals.get(old?.supersededBy ?? '')).toMatchObject({ state: 'awaiting-approval' });
  });

  it('when somebody released another image between the recheck and the write', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    await advanceExecution(id, world.ops);
    world.workloads.interfere(world.checkout, otherImage);
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'refused',
      outcome: expect.stringContaining('Not applied'),
    });
    expect((await world.ops.workloads.read(world.checkout))?.template).toMatchObject({
      spec: { containers: [{ image: 'shop:1.0.2' }] },
    });
  });

  it('when the workload was deleted after the approval', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    world.workloads.remove(world.checkout);
    await expectRefused(world, id, /does not exist/);
  });

  it('for a proposal that nobody approved', async () => {
    const world = createRollbackWorld('healthy');
    const incident = await world.registry.observe(crashLoopOf(world.checkout));
    await climbLadder(incident, world.ops);
    const id = (await world.ops.incidents.get(incident.id))?.proposalIds[0] ?? '';
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toBeUndefined();
    expect(world.writes()).toEqual([]);
  });

  it('in a protected namespace, whoever asks', async () => {
    const world = createRollbackWorld('healthy');
    const target = { kind: 'Deployment', namespace: 'kube-system', name: 'dns' };
    const incident = await world.registry.request(target, 'Restart dns');
    const request = { incidentId: incident.id, actionId: 'restart-workload', params: { target }, reason: 'why not' };
    const answer = await submit({ ...request, origin: { surface: 'slash', user: 'U_CHI' } }, world.ops);
    expect(answer).toMatchObject({ refused: expect.stringContaining('protected namespace') });
  });
});

describe('an approval', () => {
  it('is given to exactly one of many who click at once', async () => {
    const world = createRollbackWorld('healthy');
    const incident = await world.registry.observe(crashLoopOf(world.checkout));
    await climbLadder(incident, world.ops);
    const id = (await world.ops.incidents.get(incident.id))?.proposalIds[0] ?? '';
    const users = Array.from({ length: 20 }, (_, index) => `U${index}`);
    const answers = await Promise.all(users.map((user) => approve({ proposalId: id, user }, world.ops)));
    expect(answers.filter((answer) => !('refused' in answer))).toHaveLength(1);
    expect(
      answers.filter((answer) => 'refused' in answer && answer.refused.startsWith('Already approved by <@U')),
    ).toHaveLength(19);
    expect(world.executed).toEqual([id]);
  });
});
