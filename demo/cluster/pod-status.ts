import { readArray, readString } from '../../src/core/json.ts';
import type { ContainerRun } from './container-run.ts';
import { type Fields, fieldsIn, timeText } from './objects.ts';

export interface PodFacts {
  readonly init: readonly ContainerRun[];
  readonly main: readonly ContainerRun[];
  /** The last status, for the times of its conditions. */
  readonly before: Fields;
  readonly generation: number;
  readonly quality: string;
  readonly restarts: 'always' | 'on-failure' | 'never';
  readonly startedAt: string;
  readonly hostIp: string;
  readonly podIp: string;
}

/** A pod's status as the kubelet writes it. */
export function podStatus(facts: PodFacts): Fields {
  const { init, main, generation, quality, hostIp, podIp } = facts;
  const isUp =
    main.some((run) => run.isRunning() || run.finalCode() !== undefined) || init.some((run) => run.isRunning());
  return {
    observedGeneration: generation,
    phase: phaseOf(facts),
    conditions: conditionsOf(facts),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(isUp || readString(facts.before, 'podIP') !== undefined ? { podIP: podIp, podIPs: [{ ip: podIp }] } : {}),
    startTime: timeText(Date.parse(facts.startedAt)),
    ...(init.length === 0
      ? {}
      : { initContainerStatuses: init.map((run) => ({ ...run.status(), ready: run.finalCode() === 0 })) }),
    containerStatuses: main.map((run) => containerStatus(run, init)),
    qosClass: quality,
  };
}

/** Behind init containers a container waits under another name. */
function containerStatus(run: ContainerRun, init: readonly ContainerRun[]): Fields {
  const isBehind = init.length > 0 && run.waitingReason() === 'ContainerCreating';
  return isBehind ? { ...run.status(), state: { waiting: { reason: 'PodInitializing' } } } : run.status();
}

function phaseOf({ init, main, restarts }: PodFacts): string {
  if (restarts !== 'always') {
    const codes = main.map((run) => run.finalCode());
    if (init.some((run) => (run.finalCode() ?? 0) !== 0)) return 'Failed';
    if (codes.every((code) => code !== undefined)) return codes.every((code) => code === 0) ? 'Succeeded' : 'Failed';
  }
  return main.every((run) => isWaitingToStart(run)) ? 'Pending' : 'Running';
}

const beforeStart = [
  'ContainerCreating',
  'PodInitializing',
  'ErrImagePull',
  'ImagePullBackOff',
  'CreateContainerConfigError',
];

function isWaitingToStart(run: ContainerRun): boolean {
  return beforeStart.includes(run.waitingReason() ?? '');
}

function conditionsOf(facts: PodFacts): readonly Fields[] {
  const { init, main } = facts;
  const isInitialized = init.every((run) => run.finalCode() === 0);
  const unready = main.filter((run) => !run.isReady()).map(({ name }) => name);
  const uninitialized = init.filter((run) => run.finalCode() !== 0).map(({ name }) => name);
  const readiness = {
    isTrue: unready.length === 0,
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
  const hasBegun = main.some((run) => !isWaitingToStart(run)) || init.some((run) => run.isRunning());
  return [
    condition(facts, { type: 'PodReadyToStartContainers', isTrue: hasBegun }),
    condition(facts, {
      type: 'Initialized',
      isTrue: isInitialized,
      reason: 'ContainersNotInitialized',
      message: `containers with incomplete status: [${uninitialized.join(' ')}]`,
    }),
    condition(facts, { type: 'Ready', ...readiness }),
    condition(facts, { type: 'ContainersReady', ...readiness }),
    condition(facts, { type: 'PodScheduled', isTrue: true }),
  ];
}

interface ConditionFacts {
  readonly type: string;
  readonly isTrue: boolean;
  /** Given while the condition is false. */
  readonly reason?: string;
  readonly message?: string;
}

function condition({ before, generation }: PodFacts, { type, isTrue, reason, message }: ConditionFacts): Fields {
  const known = fieldsIn(readArray(before, 'conditions')).find((one) => one['type'] === type);
  const status = isTrue ? 'True' : 'False';
  return {
    type,
    observedGeneration: generation,
    status,
    lastProbeTime: null,
    lastTransitionTime: known?.['status'] === status ? known['lastTransitionTime'] : timeText(Date.now()),
    ...(isTrue || reason === undefined ? {} : { reason, message }),
  };
}
