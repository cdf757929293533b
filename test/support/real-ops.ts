import { setTimeout as pause } from 'node:timers/promises';
import { type Execution, isFinished } from '../../src/core/execution.ts';
import type { OpsContext } from '../../src/ops/context.ts';
import { advanceExecution } from '../../src/ops/execute.ts';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { openActions } from './action-play.ts';
import { createDeskWorld, type DeskWorld } from './desk.ts';

export interface RealWorld {
  readonly ops: OpsContext;
  readonly registry: DeskWorld['registry'];
}

/** Proposals and executions in memory; hands on a real cluster. */
export function openRealWorld(http: HttpClient, deadlineMs = 180_000): RealWorld {
  const { ops, registry } = createDeskWorld();
  const { alerts: _a, incidents: _i, journal: _j, ...context } = openActions(http);
  const verification = { ...context.policy.verification, deadlineMs };
  return { registry, ops: { ...ops, ...context, policy: { ...ops.policy, verification } } };
}

/** Carries it on as a worker does, to its end; `meanwhile` is what the rest of the cluster does after each step. */
export async function carryOut(
  id: string,
  { ops }: RealWorld,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<Execution> {
  for (;;) {
    await advanceExecution(id, ops);
    await meanwhile();
    const execution = await ops.executions.get(id);
    if (execution !== undefined && isFinished(execution)) return execution;
    await pause(100);
  }
}
