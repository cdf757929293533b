import type { Source } from '../source.ts';
import { autoscalers, disruptionBudgets, storageClasses, volumeClaims } from './capacity.ts';
import { events } from './events.ts';
import { cronJobs, jobs } from './jobs.ts';
import { namespaces } from './namespaces.ts';
import {
  endpointSlices,
  gatewayClasses,
  gateways,
  grpcRoutes,
  httpRoutes,
  ingressClasses,
  ingresses,
  services,
} from './network.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods.ts';
import { controllerRevisions, replicaSets } from './revisions.ts';
import { mutatingWebhooks, validatingWebhooks } from './webhooks.ts';
import { daemonSets, deployments, statefulSets } from './workloads.ts';

/** Every source that is always read. Adding one is one file and one line here. */
export const sources: readonly Source[] = [
  pods,
  deployments,
  statefulSets,
  daemonSets,
  replicaSets,
  controllerRevisions,
  jobs,
  cronJobs,
  nodes,
  namespaces,
  events,
  services,
  endpointSlices,
  ingresses,
  ingressClasses,
  gateways,
  gatewayClasses,
  httpRoutes,
  grpcRoutes,
  validatingWebhooks,
  mutatingWebhooks,
  volumeClaims,
  storageClasses,
  disruptionBudgets,
  autoscalers,
];
