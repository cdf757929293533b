import type { DetectorEntry } from '../detector.ts';
import { alert } from './alert.ts';
import { autoscaler } from './autoscaler.ts';
import { certificateExpiring } from './certificate-expiring.ts';
import { containerConfig } from './container-config.ts';
import { crashLoop } from './crash-loop.ts';
import { createFailed } from './create-failed.ts';
import { cronJobMissed } from './cronjob-missed.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { eventRate } from './event-rate.ts';
import { evicted } from './evicted.ts';
import { gatewayBroken } from './gateway-broken.ts';
import { imagePull } from './image-pull.ts';
import { ingressBroken } from './ingress-broken.ts';
import { initStuck } from './init-stuck.ts';
import { jobFailed } from './job-failed.ts';
import { logErrors } from './log-errors.ts';
import { logNumbers } from './log-numbers.ts';
import { logSilence } from './log-silence.ts';
import { memoryNearLimit } from './memory-near-limit.ts';
import { nodeCordoned } from './node-cordoned.ts';
import { nodeOvercommitted } from './node-overcommitted.ts';
import { nodeUnhealthy } from './node-unhealthy.ts';
import { podMutated } from './pod-mutated.ts';
import { podStuckTerminating } from './pod-stuck-terminating.ts';
import { probeFailing } from './probe-failing.ts';
import { rolloutStuck } from './rollout-stuck.ts';
import { scaledToZero } from './scaled-to-zero.ts';
import { serviceEndpoints } from './service-endpoints.ts';
import { stuckDeletion } from './stuck-deletion.ts';
import { unschedulable } from './unschedulable.ts';
import { volumeClaim } from './volume-claim.ts';
import { volumeNearlyFull } from './volume-nearly-full.ts';
import { webhookBroken } from './webhook-broken.ts';
import { workloadShort } from './workload-short.ts';

/** Every detector. Adding one is one file and one line here. */
export const detectors = [
  alert,
  autoscaler,
  certificateExpiring,
  containerConfig,
  crashLoop,
  createFailed,
  cronJobMissed,
  disruptionBudget,
  eventRate,
  evicted,
  gatewayBroken,
  imagePull,
  initStuck,
  ingressBroken,
  jobFailed,
  logErrors,
  logNumbers,
  logSilence,
  memoryNearLimit,
  nodeCordoned,
  nodeOvercommitted,
  nodeUnhealthy,
  podMutated,
  podStuckTerminating,
  probeFailing,
  rolloutStuck,
  scaledToZero,
  serviceEndpoints,
  stuckDeletion,
  unschedulable,
  volumeClaim,
  volumeNearlyFull,
  webhookBroken,
  workloadShort,
] as const satisfies readonly DetectorEntry[];

type KindsOf<D> = D extends { readonly kinds: infer Kinds } ? Extract<keyof Kinds, string> : never;

export type FindingKind = KindsOf<(typeof detectors)[number]>;
