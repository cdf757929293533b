import type { Source } from '../source.ts';
import { events } from './events.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods.ts';
import { controllerRevisions, replicaSets } from './revisions.ts';
import { daemonSets, deployments, statefulSets } from './workloads.ts';

/** Every source. Adding one is one file and one line here. */
export const sources: readonly Source[] = [
  pods,
  deployments,
  statefulSets,
  daemonSets,
  replicaSets,
  controllerRevisions,
  nodes,
  events,
];
