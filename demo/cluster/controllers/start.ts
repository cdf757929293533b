import { startDaemonSetController } from './daemon-sets.ts';
import { startDeploymentController } from './deployments.ts';
import { startDisruptionBudgetController } from './disruption-budgets.ts';
import { startGarbageCollection } from './garbage.ts';
import { startNodeLifecycle } from './node-lifecycle.ts';
import { startReplicaSetController } from './replica-sets.ts';
import { startStatefulSetController } from './stateful-sets.ts';
import type { ControllerTools } from './tools.ts';

export function startControllers(tools: ControllerTools): void {
  startDeploymentController(tools);
  startReplicaSetController(tools);
  startStatefulSetController(tools);
  startDaemonSetController(tools);
  startDisruptionBudgetController(tools);
  startNodeLifecycle(tools);
  startGarbageCollection(tools);
}
