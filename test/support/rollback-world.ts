import type { ContainerView } from '../../src/core/views/pod.ts';
import { approve } from '../../src/ops/approve.ts';
import type { OpsContext } from '../../src/ops/context.ts';
import { advanceExecution } from '../../src/ops/execute.ts';
import { climbLadder } from '../../src/ops/remedy-ladder.ts';
import { crashLoopOf, createDeskWorld } from './desk.ts';
import { createTickingClock } from './fakes/clock.ts';
import { aContainer, aCrashingContainer, aPod, aRevision, aTermination, aWorkload, viewOf } from './views.ts';

export const start = Date.parse('2026-03-02T10:00:00Z');

type Health = 'healthy' | 'crashing';

/** A world in which `shop/checkout` crash-loops since revision 2; `after` is how it does once its template was changed. */
export function createRollbackWorld(after: Health) {
  const clock = createTickingClock(start);
  const world = createDeskWorld({
    clock,
    policy: { verification: { stableForMs: 5_000, deadlineMs: 60_000, everyMs: 100, traffic: { tolerance: 0.2 } } },
  });
  const { uid } = world.checkout;
  const written = (): boolean => world.workloads.writes.some((write) => !write.dryRun);
  const container = (): ContainerView => {
    const state = { phase: 'running', startedAt: start } as const;
    return written() && after === 'healthy'
      ? aContainer({ state })
      : aCrashingContainer(3, { last: aTermination({ startedAt: start, finishedAt: start + 1 }) });
  };
  const observe: OpsContext['observer']['observe'] = async () => {
    const pod = aPod({
      owner: { kind: 'ReplicaSet', name: 'checkout-2', uid: 'uid-checkout-2' },
      containers: [container()],
    });
    const owner = { kind: 'Deployment', name: 'checkout', uid };
    return viewOf({
      pod: [pod],
      workload: [aWorkload({ uid, ready: pod.ready ? 1 : 0 })],
      revision: [aRevision(2, { owner })],
    });
  };
  const detect: OpsContext['detect'] = () => (written() && after === 'healthy' ? [] : [crashLoopOf(world.checkout)]);
  const health = { mark: async () => undefined, known: async () => new Map([[1, 'healthy' as const]]) };
  const ops: OpsContext = { ...world.ops, observer: { ...world.ops.observer, observe }, detect, health };
  return { ...world, ops, writes: () => world.workloads.writes.filter((write) => !write.dryRun) };
}

export type RollbackWorld = ReturnType<typeof createRollbackWorld>;

/** Opens the incident, proposes the rollback and approves it. */
export async function approveRollback(world: RollbackWorld): Promise<string> {
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  await climbLadder(incident, world.ops);
  const id = (await world.ops.incidents.get(incident.id))?.proposalIds[0] ?? '';
  await approve({ proposalId: id, user: 'U_ANA' }, world.ops);
  return id;
}

export async function runToEnd(id: string, ops: OpsContext): Promise<void> {
  for (let step = 0; step < 500; step += 1) if ('done' in (await advanceExecution(id, ops))) return;
  throw new Error('the execution never ended');
}
