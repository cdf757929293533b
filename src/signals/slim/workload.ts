import { readNumber, readObject, readPath, readString } from '../../core/json.ts';
import type { WorkloadView } from '../../core/views/workload.ts';
import { slimUses } from './config-map.ts';
import { readAnnotations, readConditions, readMetadata, readScaling } from './metadata.ts';
import { slimTemplate } from './template.ts';

/** Keeps of a raw Deployment, StatefulSet or DaemonSet what detectors read. `kind` because list items do not carry it. */
export function slimWorkload(kind: string, raw: unknown): WorkloadView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const daemon = kind === 'DaemonSet';
  const status = (name: string): number => readNumber(raw, 'status', name) ?? 0;
  const strategy = readObject(raw, 'spec', kind === 'Deployment' ? 'strategy' : 'updateStrategy');
  return {
    ...metadata,
    kind,
    generation: readNumber(raw, 'metadata', 'generation') ?? 0,
    observedGeneration: status('observedGeneration'),
    desired: daemon ? status('desiredNumberScheduled') : (readNumber(raw, 'spec', 'replicas') ?? 1),
    ready: status(daemon ? 'numberReady' : 'readyReplicas'),
    updated: status(daemon ? 'updatedNumberScheduled' : 'updatedReplicas'),
    available: status(daemon ? 'numberAvailable' : 'availableReplicas'),
    paused: readPath(raw, 'spec', 'paused') === true,
    conditions: readConditions(raw, 'status', 'conditions'),
    strategy: readString(strategy, 'type') ?? 'RollingUpdate',
    partition: readNumber(strategy, 'rollingUpdate', 'partition'),
    maxSurge: asWritten(readPath(strategy, 'rollingUpdate', 'maxSurge')),
    maxUnavailable: asWritten(readPath(strategy, 'rollingUpdate', 'maxUnavailable')),
    template: slimTemplate(readPath(raw, 'spec', 'template')),
    ...slimUses(readPath(raw, 'spec', 'template', 'spec')),
    annotations: readAnnotations(raw),
    scaled: readScaling(raw),
  };
}

function asWritten(value: unknown): string | undefined {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
}
