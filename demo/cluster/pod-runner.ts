import { isDeepStrictEqual } from 'node:util';
import { readArray, readNumber, readObject, readString } from '../../src/core/json.ts';
import { type Behavior, behaviorOf, initCrashOf } from './behavior.ts';
import { type ContainerEvent, ContainerRun, type Obstacle } from './container-run.ts';
import { type Fields, fieldsIn, type KubeObject, specOf } from './objects.ts';
import { podStatus } from './pod-status.ts';
import type { Timers } from './timers.ts';

export interface PodRunnerOptions {
  readonly pod: KubeObject;
  readonly timers: Timers;
  readonly startMs: number;
  readonly backoff: number;
  readonly hostIp: string;
  readonly podIp: string;
  /** The container with its environment as it is now. */
  readonly resolve: (container: Fields) => Fields;
  readonly obstacle: (container: Fields) => Obstacle | undefined;
  readonly onStatus: (status: Fields) => void;
  readonly onEvent: (container: string, event: ContainerEvent) => void;
}

/** Runs one pod as a kubelet: first its init containers, one by one, then the others together. */
export class PodRunner {
  readonly #options: PodRunnerOptions;
  readonly #init: readonly ContainerRun[];
  readonly #main: readonly ContainerRun[];
  readonly #since: string;
  #status: Fields = {};
  #hasBegun = false;

  constructor(options: PodRunnerOptions) {
    this.#options = options;
    this.#init = this.#createRuns('initContainers');
    this.#main = this.#createRuns('containers');
    this.#since = new Date().toISOString();
  }

  begin(): void {
    this.#publish();
    this.#options.timers.after(this.#options.startMs, () => this.#next());
  }

  /** Ends the containers of a pod that is removed. */
  end(): void {
    for (const run of [...this.#init, ...this.#main]) run.end();
  }

  container(name: string): ContainerRun | undefined {
    return [...this.#main, ...this.#init].find((run) => run.name === name);
  }

  #createRuns(list: 'containers' | 'initContainers'): readonly ContainerRun[] {
    const { pod, timers, startMs, backoff, onEvent, obstacle, resolve } = this.#options;
    const isInit = list === 'initContainers';
    const { name, namespace, uid } = pod.metadata;
    return fieldsIn(readArray(specOf(pod), list)).map((container, index) => {
      const containerName = readString(container, 'name') ?? '';
      const behavior = (): Behavior => behaviorOf(pod, resolve(container));
      const crash = index === 0 ? initCrashOf(pod) : undefined;
      const end = { crashAfterMs: crash ?? startMs, exitCode: crash === undefined ? 0 : 1 };
      return new ContainerRun({
        name: containerName,
        image: readString(container, 'image') ?? '',
        behavior: () => (isInit ? { ...behavior(), ...end } : behavior()),
        timers,
        startMs,
        backoff,
        restarts: restartsOf(pod, isInit),
        podText: `${name}_${namespace ?? ''}(${uid})`,
        obstacle: () => obstacle(container),
        onChange: () => this.#onChange(),
        onEvent: (event) => onEvent(containerName, event),
      });
    });
  }

  #onChange(): void {
    this.#publish();
    this.#next();
  }

  /** Begins the next init container, or all others after the last. */
  #next(): void {
    if (this.#hasBegun) return;
    const waiting = this.#init.find((run) => run.finalCode() !== 0);
    if (waiting === undefined) {
      this.#hasBegun = true;
      for (const run of this.#main) run.begin();
      return;
    }
    if (waiting.waitingReason() === 'ContainerCreating') waiting.begin();
  }

  #publish(): void {
    const { pod, hostIp, podIp, onStatus } = this.#options;
    const status = podStatus({
      init: this.#init,
      main: this.#main,
      before: this.#status,
      generation: readNumber(pod, 'metadata', 'generation') ?? 1,
      quality: readString(readObject(pod, 'status'), 'qosClass') ?? 'BestEffort',
      restarts: restartsOf(pod, false),
      startedAt: this.#since,
      hostIp,
      podIp,
    });
    if (isDeepStrictEqual(status, this.#status)) return;
    this.#status = status;
    onStatus(status);
  }
}

/** Init containers that fail are tried again unless the pod says never. */
function restartsOf(pod: KubeObject, isInit: boolean): 'always' | 'on-failure' | 'never' {
  const policy = readString(specOf(pod), 'restartPolicy');
  if (policy === 'Never') return 'never';
  return isInit || policy === 'OnFailure' ? 'on-failure' : 'always';
}
