import { describe, expect, it } from 'vitest';
import { type Finding, findingKey } from '../../../src/core/finding.ts';
import { approve } from '../../../src/ops/approve.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { submit } from '../../../src/ops/submit.ts';
import { crashLoopOf } from '../../support/desk.ts';
import { createRollbackWorld, runToEnd } from '../../support/rollback-world.ts';

/** A person has rolled `shop/checkout` back because of what somebody else says of it; the workload itself does well after that. */
async function rollBackFor(finding: (own: Finding) => Finding) {
  const world = createRollbackWorld('healthy');
  const incident = await world.registry.observe(finding(crashLoopOf(world.checkout)));
  const params = { target: { kind: 'Deployment', namespace: 'shop', name: 'checkout' } };
  const origin = { surface: 'slash', user: 'U_ANA' } as const;
  const request = { incidentId: incident.id, actionId: 'rollback-workload', params, reason: 'why', origin };
  const made = await submit(request, world.ops);
  if ('refused' in made) throw new Error(made.refused);
  const { id } = made.proposal;
  await approve({ proposalId: id, user: 'U_CHI' }, world.ops);
  return { ...world, id, incident };
}

describe('a workload that does well', () => {
  it.each<[string, (own: Finding) => Finding]>([
    [
      'an alert about it fires',
      (own) => ({ ...own, kind: 'alert', title: 'HighErrorRate', reportedBy: 'alertmanager' }),
    ],
    [
      'an object that depends on it is in trouble',
      (own) => ({ ...own, kind: 'no-endpoints', subject: { kind: 'Service', namespace: 'shop', name: 'checkout' } }),
    ],
  ])('is no proof while %s, and is not undone for it', async (_case, finding) => {
    const { id, ops, incident, writes } = await rollBackFor(finding);
    await runToEnd(id, ops);
    expect(await ops.executions.get(id)).toMatchObject({
      phase: 'unproven',
      outcome: expect.stringMatching(/^Not proven: Ready .*goes on\.$/),
    });
    expect(writes()).toHaveLength(1);
    expect(await ops.incidents.get(incident.id)).toMatchObject({ state: 'open', holds: true });
  });

  it('is proof once the alert has ended', async () => {
    const { id, ops, incident, registry } = await rollBackFor((own) => ({ ...own, reportedBy: 'alertmanager' }));
    const said = async () => (await ops.executions.get(id))?.verification?.sentence ?? '';
    while (!(await said()).endsWith('goes on.')) await advanceExecution(id, ops);
    expect((await ops.executions.get(id))?.phase).toBe('verifying');
    if (incident.finding !== undefined) await registry.clear(incident.id, findingKey(incident.finding));
    await runToEnd(id, ops);
    expect((await ops.executions.get(id))?.phase).toBe('proven');
    expect((await ops.incidents.get(incident.id))?.state).toBe('resolved');
  });
});
