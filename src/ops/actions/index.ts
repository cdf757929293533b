import type { Action } from '../action.ts';
import { cordonNode } from './cordon-node.ts';
import { deleteJob } from './delete-job.ts';
import { deletePod } from './delete-pod.ts';
import { drainNode } from './drain-node.ts';
import { evictPod } from './evict-pod.ts';
import { expandVolume } from './expand-volume.ts';
import { liftSilences } from './lift-silences.ts';
import { pauseRollout } from './pause-rollout.ts';
import { removeFinalizer } from './remove-finalizer.ts';
import { rerunJob } from './rerun-job.ts';
import { resizePods } from './resize-pods.ts';
import { restartConsumers } from './restart-consumers.ts';
import { restartWorkload } from './restart-workload.ts';
import { restoreConfigMap } from './restore-config-map.ts';
import { resumeCronJob } from './resume-cronjob.ts';
import { resumeRollout } from './resume-rollout.ts';
import { rollbackWorkload } from './rollback-workload.ts';
import { scaleWorkload } from './scale-workload.ts';
import { setAutoscalerBounds } from './set-autoscaler-bounds.ts';
import { setImage } from './set-image.ts';
import { setResources } from './set-resources.ts';
import { silenceAlerts } from './silence-alerts.ts';
import { suspendCronJob } from './suspend-cronjob.ts';
import { uncordonNode } from './uncordon-node.ts';

/** Every action. Adding one is one file and one line here: command, button, form, rights and docs follow from it. */
export const actions = [
  rollbackWorkload,
  restartWorkload,
  restartConsumers,
  restoreConfigMap,
  scaleWorkload,
  setResources,
  resizePods,
  setImage,
  pauseRollout,
  resumeRollout,
  setAutoscalerBounds,
  suspendCronJob,
  resumeCronJob,
  expandVolume,
  cordonNode,
  uncordonNode,
  drainNode,
  evictPod,
  deletePod,
  rerunJob,
  deleteJob,
  removeFinalizer,
  silenceAlerts,
  liftSilences,
] as const satisfies readonly Action[];

export type ActionId = (typeof actions)[number]['id'];

/** Undefined for ids that no action has: stored proposals may be older than the code. */
export function findAction(id: string): Action<ActionId> | undefined {
  return actions.find((action) => action.id === id);
}
