import { describe, expect, it } from 'vitest';
import type { Workloads } from '../../../src/core/ports/workloads.ts';
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

describe('who may say yes', () => {
  async function propose(approval: Partial<RollbackWorld['ops']['policy']['approval']>, user?: string) {
    const world = createRollbackWorld('healthy');
    const policy = { ...world.ops.policy, approval: { ...world.ops.policy.approval, ...approval } };
    const ops = { ...world.ops, policy };
    const incident = await world.registry.observe(crashLoopOf(world.checkout));
    const target = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };
    const origin = user === undefined ? ({ surface: 'auto' } as const) : ({ surface: 'slash', user } as const);
    const request = {
      incidentId: incident.id,
      actionId: 'rollback-workload',
      params: { target },
      reason: 'why',
      origin,
    };
    const submission = await submit(request, ops);
    if ('refused' in submission) throw new Error(submission.refused);
    const { id } = submission.proposal;
    return { id, ops, vote: (by: string) => approve({ proposalId: id, user: by }, ops), queued: world.executed };
  }

  const two = { twoPersons: { namespaces: ['shop'], risks: [] } };

  it('two different people where the namespace wants two, and nothing runs after the first', async () => {
    const { id, ops, vote, queued } = await propose(two);
    await vote('U_ANA');
    expect(await ops.proposals.get(id)).toMatchObject({ state: 'awaiting-approval', firstApproval: { by: 'U_ANA' } });
    expect(await vote('U_ANA')).toEqual({ refused: expect.stringContaining('one more person') });
    expect(queued).toEqual([]);
    await advanceExecution(id, ops);
    expect(await ops.executions.get(id)).toBeUndefined();
    await vote('U_CHI');
    expect(await ops.proposals.get(id)).toMatchObject({ state: 'approved', decision: { by: 'U_CHI' } });
    expect(queued).toEqual([id]);
  });

  it('two of many who press at once, once', async () => {
    const { id, ops, vote, queued } = await propose(two);
    const users = ['U_1', 'U_2', 'U_3', 'U_4'];
    const answers = await Promise.all(users.map(vote));
    expect(answers.filter((answer) => !('refused' in answer))).toHaveLength(2);
    expect(queued).toEqual([id]);
    const proposal = await ops.proposals.get(id);
    expect(proposal?.firstApproval?.by).not.toBe(proposal?.decision?.by);
  });

  it('never Lifeguard where two people are wanted, whatever the ladder says', async () => {
    const auto = { autonomy: 'auto' as const };
    const world = createRollbackWorld('healthy');
    const ops = { ...world.ops, policy: { ...world.ops.policy, ...auto, approval: { byRequester: true, ...two } } };
    await climbLadder(await world.registry.observe(crashLoopOf(world.checkout)), ops);
    expect((await ops.proposals.recent(1))[0]?.state).toBe('awaiting-approval');
  });

  it('somebody else than who asked, where the configuration says so', async () => {
    const { id, ops, vote } = await propose({ byRequester: false }, 'U_ANA');
    expect(await vote('U_ANA')).toEqual({ refused: expect.stringContaining('somebody else') });
    expect((await ops.proposals.get(id))?.state).toBe('awaiting-approval');
    expect(await vote('U_CHI')).toHaveProperty('proposal.state', 'approved');
  });
});

describe('what changed since it was shown', () => {
  async function proposeAndChange() {
    const world = createRollbackWorld('healthy');
    const incident = await world.registry.observe(crashLoopOf(world.checkout));
    await climbLadder(incident, world.ops);
    const id = (await world.ops.incidents.get(incident.id))?.proposalIds[0] ?? '';
    world.workloads.interfere(world.checkout, otherImage);
    return { ...world, id, vote: (user: string) => approve({ proposalId: id, user }, world.ops) };
  }

  it('is not approved by a yes to what was; one new card asks, however many press', async () => {
    const { id, ops, vote, executed } = await proposeAndChange();
    const answers = await Promise.all(['U_1', 'U_2', 'U_3'].map(vote));
    expect(answers).toEqual(Array(3).fill({ held: expect.stringContaining('changed since this was shown') }));
    const old = await ops.proposals.get(id);
    expect(old).toMatchObject({ state: 'expired', supersededBy: expect.any(String) });
    expect(old).not.toHaveProperty('decision');
    const fresh = (await ops.proposals.recent(10)).filter((one) => one.id !== id);
    expect(fresh).toMatchObject([{ id: old?.supersededBy, state: 'awaiting-approval' }]);
    expect(executed).toEqual([]);
  });

  it('expires without a new card where it cannot be proposed any more', async () => {
    const { id, ops, ...world } = await proposeAndChange();
    let looks = 0;
    const read: Workloads['read'] = async (ref) => {
      looks += 1;
      // Between the look and the new card, somebody pauses Lifeguard.
      if (looks > 2) await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: start, reason: 'stop' });
      return ops.workloads.read(ref);
    };
    const slow = { ...ops, workloads: { ...ops.workloads, read } };
    expect(await approve({ proposalId: id, user: 'U_1' }, slow)).toEqual({
      held: expect.stringContaining('cannot be proposed again: Lifeguard was paused'),
    });
    expect(await ops.proposals.get(id)).toMatchObject({ state: 'expired' });
    expect((await ops.proposals.get(id))?.supersededBy).toBeUndefined();
  });
});

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
    await expectRefused(world, id, /changed since this was shown.*new card/);
    const old = await world.ops.proposals.get(id);
    expect(old).toMatchObject({ state: 'expired', supersededBy: expect.any(String) });
    expect(await world.ops.proposals.get(old?.supersededBy ?? '')).toMatchObject({ state: 'awaiting-approval' });
  });

  it('when it could not be begun for longer than an approval holds; a new card asks instead', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    const late = start + world.ops.policy.approvalExpiresMs + 60_000;
    await runToEnd(id, { ...world.ops, clock: { ...world.ops.clock, now: () => late } });
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'refused',
      outcome: expect.stringMatching(/approved more than 30 min ago.*new card/),
    });
    expect(world.writes()).toEqual([]);
    expect(await world.ops.ledger.attempts(0)).toEqual([]);
  });

  it('when it has become riskier than what was approved; a new card asks instead', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    const health = { ...world.ops.health, known: async () => new Map([[1, 'bad' as const]]) };
    await runToEnd(id, { ...world.ops, health });
    expect((await world.ops.executions.get(id))?.phase).toBe('refused');
    expect(world.writes()).toEqual([]);
  });

  it('when two people have to say yes by now', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    const approval = { byRequester: true, twoPersons: { namespaces: ['shop'], risks: [] } };
    await runToEnd(id, { ...world.ops, policy: { ...world.ops.policy, approval } });
    expect((await world.ops.executions.get(id))?.outcome).toContain('Two people have to approve this now');
    expect(world.writes()).toEqual([]);
  });

  it('past the budget by two that begin at the same moment', async () => {
    const world = createRollbackWorld('healthy');
    const policy = { ...world.ops.policy, autonomy: 'auto' as const };
    const ops = { ...world.ops, policy: { ...policy, budget: { ...policy.budget, namespace: 1 } } };
    const incident = await world.registry.observe(crashLoopOf(world.checkout));
    const other = await world.registry.observe({ ...crashLoopOf(world.checkout), kind: 'oom-loop' });
    const params = { target: { kind: 'Deployment', namespace: 'shop', name: 'checkout' } };
    const ids: string[] = [];
    for (const [incidentId, actionId] of [
      [incident.id, 'rollback-workload'],
      [other.id, 'restart-workload'],
    ] as const) {
      const made = await submit({ incidentId, actionId, params, reason: 'why', origin: { surface: 'auto' } }, ops);
      if ('proposal' in made) ids.push(made.proposal.id);
    }
    expect(ids).toHaveLength(2);
    await Promise.all(ids.map((id) => runToEnd(id, ops)));
    expect(world.writes().length).toBeLessThanOrEqual(1);
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
