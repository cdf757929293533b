import { startDeploymentController } from './deployments.ts';
import { startGarbageCollection } from './garbage.ts';
import { startReplicaSetController } from './replica-sets.ts';
import type { ControllerTools } from './tools.ts';

export function startControllers(tools: ControllerTools): void {
  startDeploymentController(tools);
  startReplicaSetController(tools);
  startGarbageCollection(tools);
}
