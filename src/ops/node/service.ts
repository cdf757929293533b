import type { Plan } from '../../core/action.ts';
import { type Execution, isFinished } from '../../core/execution.ts';
import { readArray, readString } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import type { OpsContext } from '../context.ts';
import type { NodeService } from '../guardrail.ts';

/** Executions looked through for one that goes on. */
const looked = 50;

export async function readNodeService({ target }: Plan, context: OpsContext): Promise<NodeService> {
  const [all, executions] = await Promise.all([
    context.objects.list({ kind: 'Node' }),
    context.executions.recent(looked),
  ]);
  const others = all.filter(({ ref }) => ref.name !== target.name);
  const running = await Promise.all(executions.filter((one) => !isFinished(one)).map((one) => planOf(one, context)));
  return {
    total: all.length,
    out: others.filter((node) => !isServing(node)).length,
    busy: running.find((plan) => (plan?.asks?.nodes ?? 0) > 0 && plan?.target.name !== target.name)?.target.name,
  };
}

/** One that is only being rechecked has no plan of its own yet; two of that kind hold each other back. */
async function planOf({ id, plan }: Execution, { proposals }: OpsContext): Promise<Plan | undefined> {
  return plan ?? (await proposals.get(id))?.plan;
}

/** Ready and open to pods. */
export function isServing({ spec, status }: LiveObject): boolean {
  return spec['unschedulable'] !== true && isReady(status);
}

export function isReady(status: LiveObject['status']): boolean {
  return readArray(status, 'conditions').some(
    (one) => readString(one, 'type') === 'Ready' && readString(one, 'status') === 'True',
  );
}
