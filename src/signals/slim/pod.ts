import { readArray, readNumber, readObject, readPath, readString, readTime } from '../../core/json.ts';
import type { ContainerState, ContainerView, PodView, Termination } from '../../core/view.ts';
import { readMetadata, readOwner } from './metadata.ts';
import { parseQuantity } from './quantity.ts';

/** Keeps of a raw Pod what detectors read; undefined for an object without identity. */
export function slimPod(raw: unknown): PodView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const owner = readOwner(raw);
  const node = readString(raw, 'spec', 'nodeName');
  const revisionHash = readString(raw, 'metadata', 'labels', 'controller-revision-hash');
  return {
    ...metadata,
    phase: readString(raw, 'status', 'phase') ?? 'Unknown',
    deleting: readString(raw, 'metadata', 'deletionTimestamp') !== undefined,
    ready: readCondition(raw, 'Ready'),
    restartPolicy: readString(raw, 'spec', 'restartPolicy') ?? 'Always',
    containers: [...readContainers(raw, 'initContainers'), ...readContainers(raw, 'containers')],
    ...(node === undefined ? {} : { node }),
    ...(owner === undefined ? {} : { owner }),
    ...(revisionHash === undefined ? {} : { revisionHash }),
  };
}

function readCondition(raw: unknown, type: string): boolean {
  const condition = readArray(raw, 'status', 'conditions').find((one) => readString(one, 'type') === type);
  return readString(condition, 'status') === 'True';
}

function readContainers(raw: unknown, list: 'containers' | 'initContainers'): ContainerView[] {
  const statuses = readArray(raw, 'status', list === 'containers' ? 'containerStatuses' : 'initContainerStatuses');
  const specs = readArray(raw, 'spec', list);
  return statuses.flatMap((status) => {
    const name = readString(status, 'name');
    if (name === undefined) return [];
    const spec = specs.find((one) => readString(one, 'name') === name);
    return [{ name, role: readRole(spec, list), ...readStatus(status), ...readLimit(spec) }];
  });
}

function readRole(spec: unknown, list: 'containers' | 'initContainers'): ContainerView['role'] {
  if (list === 'containers') return 'main';
  return readString(spec, 'restartPolicy') === 'Always' ? 'sidecar' : 'init';
}

function readLimit(spec: unknown): { readonly memoryLimit?: number } {
  const bytes = parseQuantity(readString(spec, 'resources', 'limits', 'memory') ?? '');
  return bytes === undefined ? {} : { memoryLimit: bytes };
}

function readStatus(status: unknown): Pick<ContainerView, 'ready' | 'restarts' | 'state' | 'last'> {
  const last = readTermination(readPath(status, 'lastState', 'terminated'));
  return {
    ready: readPath(status, 'ready') === true,
    restarts: readNumber(status, 'restartCount') ?? 0,
    state: readState(readObject(status, 'state')),
    ...(last === undefined ? {} : { last }),
  };
}

function readState(state: unknown): ContainerState {
  const terminated = readTermination(readPath(state, 'terminated'));
  if (terminated !== undefined) return { phase: 'terminated', ...terminated };
  const startedAt = readTime(state, 'running', 'startedAt');
  if (startedAt !== undefined) return { phase: 'running', startedAt };
  return { phase: 'waiting', reason: readString(state, 'waiting', 'reason') ?? '' };
}

/** A termination whose times are missing (the runtime lost them) is put at its end, so that it never counts as a long run. */
function readTermination(raw: unknown): Termination | undefined {
  const exitCode = readNumber(raw, 'exitCode');
  const finishedAt = readTime(raw, 'finishedAt');
  if (exitCode === undefined || finishedAt === undefined) return undefined;
  const message = readString(raw, 'message');
  return {
    exitCode,
    finishedAt,
    startedAt: readTime(raw, 'startedAt') ?? finishedAt,
    reason: readString(raw, 'reason') ?? '',
    ...(message === undefined ? {} : { message }),
  };
}
