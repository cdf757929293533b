import { readNumber, readPath } from '../../core/json.ts';
import type { WorkloadView } from '../../core/view.ts';
import { readMetadata } from './metadata.ts';

/** Keeps of a raw Deployment, StatefulSet or DaemonSet what detectors read. `kind` because list items do not carry it. */
export function slimWorkload(kind: string, raw: unknown): WorkloadView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const daemon = kind === 'DaemonSet';
  const status = (name: string): number => readNumber(raw, 'status', name) ?? 0;
  return {
    ...metadata,
    kind,
    generation: readNumber(raw, 'metadata', 'generation') ?? 0,
    observedGeneration: status('observedGeneration'),
    desired: daemon ? status('desiredNumberScheduled') : (readNumber(raw, 'spec', 'replicas') ?? 1),
    ready: status(daemon ? 'numberReady' : 'readyReplicas'),
    updated: status(daemon ? 'updatedNumberScheduled' : 'updatedReplicas'),
    paused: readPath(raw, 'spec', 'paused') === true,
  };
}
