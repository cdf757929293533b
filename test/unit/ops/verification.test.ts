import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import { type Finding, findingKey } from '../../../src/core/finding.ts';
import { approve } from '../../../src/ops/approve.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { submit } from '../../../src/ops/submit.ts';
import { crashLoopOf } from '../../support/desk.ts';
import { approveRollback, createRollbackWorld, runToEnd } from '../../support/rollback-world.ts';

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

describe('how a workload serves', () => {
  /** Rolls back with Prometheus configured: `serves` gives what a query answers before and after the write; undefined is no sample. */
  async function rollBack(serves: (query: string, written: boolean) => number | undefined) {
    const world = createRollbackWorld('healthy');
    const asked: string[] = [];
    const traffic = { errorRate: 'errors{ns="$namespace",name="$name"}', latency: 'latency', tolerance: 0.2 };
    const ops = {
      ...world.ops,
      policy: { ...world.ops.policy, verification: { ...world.ops.policy.verification, traffic } },
      metrics: {
        range: async () => [],
        async query(query: string) {
          asked.push(query);
          const value = serves(query, world.writes().length > 0);
          return value === undefined ? [] : [{ labels: {}, value }];
        },
      },
    };
    const id = await approveRollback(world);
    await runToEnd(id, ops);
    return { execution: await ops.executions.get(id), writes: world.writes().length, asked };
  }

  const isErrors = (query: string): boolean => query.startsWith('errors');

  it('is part of the proof, with the numbers', async () => {
    const { execution, asked } = await rollBack((query, written) => {
      if (isErrors(query)) return written ? 0.002 : 0.31;
      return written ? 0.08 : 0.09;
    });
    expect(execution).toMatchObject({
      phase: 'proven',
      outcome: expect.stringContaining('Errors 0.2 %, before 31.0 %, latency 80 ms, before 90 ms.'),
    });
    expect(asked[0]).toBe('errors{ns="shop",name="checkout"}');
  });

  it.each([
    ['more requests fail', 0.02, 0.4, 0.08],
    ['they take longer', 0.02, 0.02, 0.4],
  ])('has it undone where %s', async (_case, before, errors, latency) => {
    const { execution, writes } = await rollBack((query, written) => {
      if (isErrors(query)) return written ? errors : before;
      return written ? latency : 0.08;
    });
    expect(execution).toMatchObject({ phase: 'undone', verification: { verdict: 'worse' } });
    expect(writes).toBe(2);
  });

  it('is unknown where there are no samples any more, and no samples are no success', async () => {
    const { execution, writes } = await rollBack((_query, written) => (written ? undefined : 0.01));
    expect(execution).toMatchObject({ phase: 'unproven', outcome: expect.stringContaining('no samples') });
    expect(writes).toBe(1);
  });

  it('is unknown where Prometheus does not answer', async () => {
    const { execution } = await rollBack((_query, written) => {
      if (written) throw new LifeguardError('Prometheus is away.', { code: 'metrics-unreachable', retry: 'transient' });
      return 0.01;
    });
    expect(execution).toMatchObject({ phase: 'unproven', outcome: expect.stringContaining('Prometheus is away') });
  });

  it('is left out for what was never measured', async () => {
    const { execution } = await rollBack(() => undefined);
    expect(execution?.phase).toBe('proven');
  });
});
