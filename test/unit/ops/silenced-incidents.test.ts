import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../src/core/policy.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { climbLadder } from '../../../src/ops/remedy-ladder.ts';
import {
  alertFinding,
  approveSilence,
  askSilence,
  fire,
  openSilenceWorld,
  putAlerts,
  silenceStart,
} from '../../support/alert-world.ts';
import { crashLoopOf } from '../../support/desk.ts';
import { createFakeAccess } from '../../support/fakes/access.ts';
import { runToEnd } from '../../support/rollback-world.ts';

describe('what holds a silence back', () => {
  it.each(['auto', 'ai'] as const)('nobody but people can ask for it: not %s', async (surface) => {
    const world = openSilenceWorld({ autonomy: 'auto', maxAutoRisk: 'high' });
    const incident = await putAlerts(world, [{}]);
    expect(await askSilence(incident, world.ops, { origin: { surface } })).toMatchObject({
      refused: expect.stringContaining('cannot be asked for from here'),
    });
  });

  it.each<[string, Partial<Policy>]>([
    ['a protected namespace', { protectedNamespaces: ['shop'] }],
    ['a namespace that is only observed', { rules: [{ namespaces: ['shop'], actions: ['*'], autonomy: 'observe' }] }],
  ])('%s of one of its alerts', async (_what, policy) => {
    const world = openSilenceWorld(policy);
    const incident = await putAlerts(world, [{}]);
    // The cause is elsewhere by now; the alerts are still in the shop.
    const elsewhere = { ...crashLoopOf(world.checkout), subject: { kind: 'Node', namespace: '', name: 'node-1' } };
    const finding = incident.finding;
    if (finding === undefined) throw new Error('no finding');
    await world.records.update(incident.id, (current) => ({
      ...current,
      subject: elsewhere.subject,
      finding: elsewhere,
      related: [{ finding, because: 'its pods run there', holds: true }],
    }));
    expect(await askSilence({ ...incident, subject: elsewhere.subject }, world.ops)).toMatchObject({
      refused: expect.stringContaining('shop'),
      by: 'guardrail',
    });
    expect(world.alertmanager.writes).toEqual([]);
  });

  it('the kill switch, between the yes and the write', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{}]);
    const id = await approveSilence(incident, world.ops);
    await advanceExecution(id, world.ops);
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: silenceStart, reason: 'stop' });
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({ phase: 'refused' });
    expect(world.alertmanager.writes).toEqual([]);
  });

  it('nothing that is read from the cluster: it has no such object', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{}]);
    const made = await askSilence(incident, world.ops);
    const rulings = 'proposal' in made ? made.proposal.rulings : [];
    const asking = rulings.filter(({ verdict }) => verdict.answer !== 'allow').map(({ guardrail }) => guardrail);
    expect(asking).toEqual(['autonomy']);
  });

  it('no right in Kubernetes: roles decide, also for who is nobody there', async () => {
    const world = openSilenceWorld();
    const access = createFakeAccess({ workloads: world.ops.workloads, objects: world.ops.objects });
    const identities = { users: {}, groups: {}, others: 'denied' } as const;
    const ops = { ...world.ops, impersonation: { identities, access } };
    const incident = await putAlerts(world, [{}]);
    const id = await approveSilence(incident, ops);
    await runToEnd(id, ops);
    expect(await ops.executions.get(id)).toMatchObject({
      phase: 'proven',
      rulings: expect.arrayContaining([
        { guardrail: 'rights', verdict: { answer: 'allow', reason: expect.stringContaining('own rights') } },
      ]),
    });
    expect(access.writes).toEqual([]);
  });
});

describe('an incident whose alerts are silenced', () => {
  async function withRemedy() {
    const world = openSilenceWorld();
    const incident = await world.registry.observe(crashLoopOf(world.checkout));
    const alerts = fire(world, [{}]);
    await world.records.update(incident.id, (current) => ({
      ...current,
      related: [{ finding: alertFinding(world, alerts), because: 'it is about the same', holds: true }],
    }));
    return { world, incident, read: async () => (await world.ops.incidents.get(incident.id)) ?? incident };
  }

  it('is still healed: a silence that waits or ran out holds no remedy up', async () => {
    const { world, incident, read } = await withRemedy();
    await askSilence(incident, world.ops);
    await climbLadder(await read(), world.ops);
    expect((await world.ops.proposals.recent(10)).map(({ actionId }) => actionId)).toEqual([
      'rollback-workload',
      'silence-alerts',
    ]);
    const [, silence] = await world.ops.proposals.recent(10);
    await world.ops.proposals.update(silence?.id ?? '', (current) => ({ ...current, state: 'expired' }));
    await climbLadder(await read(), world.ops);
    expect(await read()).toMatchObject({ escalated: false });
  });

  it('goes on being proven by what else is carried out', async () => {
    const { world, incident, read } = await withRemedy();
    await world.registry.touch(incident.id, { executing: true });
    const id = await approveSilence(incident, world.ops);
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({ phase: 'proven' });
    expect(await read()).toMatchObject({ executing: true, state: 'open' });
  });

  it('and is over stays so, with its end, when the silence is lifted', async () => {
    const { world, incident, read } = await withRemedy();
    await runToEnd(await approveSilence(incident, world.ops), world.ops);
    await world.records.update(incident.id, (current) => ({
      ...current,
      state: 'resolved',
      holds: false,
      related: [],
      resolvedAt: silenceStart,
    }));
    const params = { target: { kind: 'Incident', namespace: 'shop', name: incident.id } };
    const id = await approveSilence(incident, world.ops, { actionId: 'lift-silences', params });
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({ phase: 'proven' });
    expect(await read()).toMatchObject({ state: 'resolved', resolvedAt: silenceStart, silences: [] });
  });

  it('is not over because they are silent', async () => {
    const { world, incident, read } = await withRemedy();
    const id = await approveSilence(incident, world.ops);
    await advanceExecution(id, world.ops);
    expect(await read()).toMatchObject({ executing: false });
    await runToEnd(id, world.ops);
    expect(await read()).toMatchObject({ executing: false, state: 'open', holds: true });
  });
});
