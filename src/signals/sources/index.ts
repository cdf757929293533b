import type { Source } from '../source.ts';
import { autoscalers, disruptionBudgets, storageClasses, volumeClaims } from './capacity.ts';
import { certificates } from './certificates.ts';
import { configMaps } from './config-maps.ts';
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
const sources: readonly Source[] = [
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
  configMaps,
];

/** What is read only where the configuration says so. */
export interface SourceChoice {
  /** Needs the right to read Secrets. */
  readonly watchCertificates: boolean;
}

export function chooseSources({ watchCertificates }: SourceChoice): readonly Source[] {
  return watchCertificates ? [...sources, certificates] : sources;
}
