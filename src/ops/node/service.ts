import type { Plan } from '../../core/action.ts';
import { isFinished } from '../../core/execution.ts';
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
  const running = executions.filter((one) => !isFinished(one) && (one.plan?.asks?.nodes ?? 0) > 0);
  return {
    total: all.length,
    out: others.filter((node) => !isServing(node)).length,
    busy: running.find(({ plan }) => plan?.target.name !== target.name)?.plan?.target.name,
  };
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
