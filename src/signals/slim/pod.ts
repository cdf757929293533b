import { readArray, readNumber, readObject, readPath, readString, readTime } from '../../core/json.ts';
import { parseQuantity } from '../../core/quantity.ts';
import type { ContainerState, ContainerView, PodView, SchedulingView, Termination } from '../../core/views/pod.ts';
import { readConditions, readLabels, readMessage, readMetadata, readOwner } from './metadata.ts';

/** Keeps of a raw Pod what detectors read; undefined for an object without identity. */
export function slimPod(raw: unknown): PodView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const conditions = readConditions(raw, 'status', 'conditions');
  const ready = conditions.find(({ type }) => type === 'Ready');
  return {
    ...metadata,
    phase: readString(raw, 'status', 'phase') ?? 'Unknown',
    ready: ready?.status === 'True',
    readySince: ready?.since,
    restartPolicy: readString(raw, 'spec', 'restartPolicy') ?? 'Always',
    node: readString(raw, 'spec', 'nodeName'),
    owner: readOwner(raw),
    revisionHash: readRevisionHash(raw),
    adjusted: isAdjusted(raw),
    reason: readString(raw, 'status', 'reason'),
    message: readMessage(raw, 'status', 'message'),
    unscheduled: readScheduling(raw, conditions),
    requests: { cpu: sumRequests(raw, 'cpu'), memory: sumRequests(raw, 'memory') },
    claims: readClaims(raw, metadata.name),
    containers: [...readContainers(raw, 'initContainers'), ...readContainers(raw, 'containers')],
  };
}

function readRevisionHash(raw: unknown): string | undefined {
  const labels = readObject(raw, 'metadata', 'labels');
  return readString(labels, 'controller-revision-hash') ?? readString(labels, 'pod-template-hash');
}

/** What autoscalers write on pods whose resources they set as they are created. */
const adjustmentAnnotations = ['vpaUpdates', 'vpaObservedContainers', 'autopilot.gke.io/resource-adjustment'];

/** Running pods get other resources by one way only, and who writes so is on record; their `generation` also rises when somebody debugs them. */
function isAdjusted(raw: unknown): boolean {
  const annotations = readObject(raw, 'metadata', 'annotations');
  const writes = readArray(raw, 'metadata', 'managedFields');
  return (
    adjustmentAnnotations.some((name) => name in annotations) ||
    writes.some((entry) => readString(entry, 'subresource') === 'resize')
  );
}

function readScheduling(raw: unknown, conditions: ReturnType<typeof readConditions>): SchedulingView | undefined {
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled === undefined || scheduled.status === 'True') return undefined;
  const { reason, message, since } = scheduled;
  const selector = readLabels(raw, 'spec', 'nodeSelector');
  return { reason, message, since, ...(Object.keys(selector).length === 0 ? {} : { selector }) };
}

/** Cores or bytes. Init containers run before the others, so they are left out: their share is free again when it counts. */
function sumRequests(raw: unknown, resource: 'cpu' | 'memory'): number {
  const requests = readArray(raw, 'spec', 'containers').map((one) =>
    parseQuantity(readString(one, 'resources', 'requests', resource) ?? ''),
  );
  return requests.reduce<number>((sum, request) => sum + (request ?? 0), 0);
}

/** A generic ephemeral volume makes a claim that is named after its pod. */
function readClaims(raw: unknown, pod: string): string[] | undefined {
  const claims = readArray(raw, 'spec', 'volumes').flatMap((volume) => {
    const claim = readString(volume, 'persistentVolumeClaim', 'claimName');
    if (claim !== undefined) return [claim];
    return readPath(volume, 'ephemeral') === undefined ? [] : [`${pod}-${readString(volume, 'name') ?? ''}`];
  });
  return claims.length === 0 ? undefined : claims;
}

type ContainerList = 'containers' | 'initContainers';

function readContainers(raw: unknown, list: ContainerList): ContainerView[] {
  const statuses = readArray(raw, 'status', list === 'containers' ? 'containerStatuses' : 'initContainerStatuses');
  const specs = readArray(raw, 'spec', list);
  return statuses.flatMap((status) => {
    const name = readString(status, 'name');
    if (name === undefined) return [];
    const spec = specs.find((one) => readString(one, 'name') === name);
    return [{ name, role: readRole(spec, list), ...readStatus(status), ...readSpec(spec) }];
  });
}

function readRole(spec: unknown, list: ContainerList): ContainerView['role'] {
  if (list === 'containers') return 'main';
  return readString(spec, 'restartPolicy') === 'Always' ? 'sidecar' : 'init';
}

function readSpec(spec: unknown): Pick<ContainerView, 'image' | 'memoryLimit' | 'cpuLimit'> {
  return {
    image: readString(spec, 'image') ?? '',
    memoryLimit: parseQuantity(readString(spec, 'resources', 'limits', 'memory') ?? ''),
    cpuLimit: parseQuantity(readString(spec, 'resources', 'limits', 'cpu') ?? ''),
  };
}

function readStatus(status: unknown): Pick<ContainerView, 'ready' | 'started' | 'restarts' | 'state' | 'last'> {
  return {
    ready: readPath(status, 'ready') === true,
    started: readPath(status, 'started') === true,
    restarts: readNumber(status, 'restartCount') ?? 0,
    state: readState(readObject(status, 'state')),
    last: readTermination(readPath(status, 'lastState', 'terminated')),
  };
}

function readState(state: unknown): ContainerState {
  const terminated = readTermination(readPath(state, 'terminated'));
  if (terminated !== undefined) return { phase: 'terminated', ...terminated };
  const startedAt = readTime(state, 'running', 'startedAt');
  if (startedAt !== undefined) return { phase: 'running', startedAt };
  return {
    phase: 'waiting',
    reason: readString(state, 'waiting', 'reason') ?? '',
    message: readMessage(state, 'waiting', 'message'),
  };
}

/** A termination whose times are missing (the runtime lost them) is put at its end, so that it never counts as a long run. */
function readTermination(raw: unknown): Termination | undefined {
  const exitCode = readNumber(raw, 'exitCode');
  const finishedAt = readTime(raw, 'finishedAt');
  if (exitCode === undefined || finishedAt === undefined) return undefined;
  return {
    exitCode,
    finishedAt,
    startedAt: readTime(raw, 'startedAt') ?? finishedAt,
    reason: readString(raw, 'reason') ?? '',
    message: readMessage(raw, 'message'),
  };
}
