import { createHash, randomBytes } from 'node:crypto';
import { readNumber, readString } from '../../src/core/json.ts';
import type { Behavior } from './behavior.ts';
import { type LogLine, logOf, type Run } from './container-log.ts';
import { type Fields, timeText } from './objects.ts';
import type { Timers } from './timers.ts';

export interface ContainerRunOptions {
  readonly name: string;
  readonly image: string;
  /** What its next run does. */
  readonly behavior: () => Behavior;
  readonly timers: Timers;
  /** Milliseconds that starting takes. */
  readonly startMs: number;
  /** Factor on the restart delays. */
  readonly backoff: number;
  readonly restarts: 'always' | 'on-failure' | 'never';
  /** `name_namespace(uid)`, as the kubelet's messages name the pod. */
  readonly podText: string;
  /** Why the container cannot be created, now. */
  readonly obstacle: () => Obstacle | undefined;
  readonly onChange: () => void;
  readonly onEvent: (event: ContainerEvent) => void;
}

export interface Obstacle {
  readonly reason: 'ErrImagePull' | 'CreateContainerConfigError';
  readonly message: string;
}

/** What one run writes, also while others follow. */
export interface RunLog {
  readonly isOver: () => boolean;
  readonly lines: () => readonly LogLine[];
}

export interface ContainerEvent {
  readonly reason: string;
  readonly note: string;
  readonly type: 'Normal' | 'Warning';
}

const firstDelayMs = 10_000;
const longestDelayMs = 300_000;

/** One container of a pod, with its restarts. */
export class ContainerRun {
  readonly name: string;
  readonly #options: ContainerRunOptions;
  #state: Fields = { waiting: { reason: 'ContainerCreating' } };
  #last: Fields | undefined;
  #behavior: Behavior | undefined;
  #restartCount = 0;
  #ready = false;
  #id = '';
  #runs: readonly Run[] = [];
  #ended = false;
  #cancels: (() => void)[] = [];

  constructor(options: ContainerRunOptions) {
    this.name = options.name;
    this.#options = options;
  }

  begin(): void {
    const obstacle = this.#options.obstacle();
    if (obstacle === undefined) this.#start();
    else this.#blocked(obstacle, 0);
  }

  /** Ends it as a stopped pod's container ends. */
  end(): void {
    this.#ended = true;
    if (this.isRunning()) this.#exit(0);
    this.#cancel();
  }

  isReady(): boolean {
    return this.#ready;
  }

  isRunning(): boolean {
    return this.#state['running'] !== undefined;
  }

  /** The exit code of a container that will not run again. */
  finalCode(): number | undefined {
    const code = readNumber(this.#state, 'terminated', 'exitCode');
    return code === undefined || this.#willRestart(code) ? undefined : code;
  }

  waitingReason(): string | undefined {
    return readString(this.#state, 'waiting', 'reason');
  }

  status(): Fields {
    const { name, image } = this.#options;
    return {
      ...(this.#id === '' ? {} : { containerID: this.#id }),
      image,
      imageID: this.#id === '' ? '' : `sha256:${createHash('sha256').update(image).digest('hex')}`,
      lastState: this.#last ?? {},
      name,
      ready: this.#ready,
      restartCount: this.#restartCount,
      started: this.isRunning(),
      state: this.#state,
    };
  }

  /** Undefined where there was no such run. */
  log(previous: boolean): RunLog | undefined {
    if (previous && this.#last === undefined) return undefined;
    const isPast = previous && this.#state['waiting'] === undefined;
    const startedAt = (isPast ? this.#runs.at(-2) : this.#runs.at(-1))?.startedAt;
    if (startedAt === undefined) return undefined;
    return { isOver: () => this.#run(startedAt)?.endedAt !== undefined, lines: () => this.#lines(startedAt) };
  }

  #lines(startedAt: number): readonly LogLine[] {
    const run = this.#run(startedAt);
    if (run === undefined || this.#behavior === undefined) return [];
    return logOf(run, this.#behavior, Date.now());
  }

  #run(startedAt: number): Run | undefined {
    return this.#runs.find((run) => run.startedAt === startedAt);
  }

  #schedule(ms: number | undefined, act: () => void): void {
    if (ms !== undefined) this.#cancels.push(this.#options.timers.after(ms, act));
  }

  #cancel(): void {
    for (const stop of this.#cancels) stop();
    this.#cancels = [];
  }

  #wait(reason: string, message: string): void {
    this.#state = { waiting: { reason, message } };
    this.#options.onChange();
  }

  #setReady(ready: boolean): void {
    this.#ready = ready;
    const note = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
    if (!ready) this.#options.onEvent({ reason: 'Unhealthy', note, type: 'Warning' });
    this.#options.onChange();
  }

  /** Tries again as the kubelet does; a pull that failed is waited for. */
  #blocked({ reason, message }: Obstacle, attempt: number): void {
    const { image, startMs, backoff, onEvent, obstacle } = this.#options;
    const isPull = reason === 'ErrImagePull';
    this.#wait(reason, message);
    if (isPull) onEvent({ reason: 'Failed', note: `Failed to pull image "${image}": ${message}`, type: 'Warning' });
    onEvent({ reason: 'Failed', note: `Error: ${isPull ? reason : message}`, type: 'Warning' });
    this.#schedule(isPull ? startMs : undefined, () => {
      this.#wait('ImagePullBackOff', `Back-off pulling image "${image}": ${reason}: ${message}`);
      onEvent({ reason: 'BackOff', note: `Back-off pulling image "${image}"`, type: 'Normal' });
    });
    this.#schedule(startMs + (isPull ? restartDelay(attempt + 1) : firstDelayMs) * backoff, () => {
      const still = obstacle();
      if (still === undefined) this.#start();
      else this.#blocked(still, attempt + 1);
    });
  }

  #start(): void {
    const { onChange } = this.#options;
    const behavior = this.#options.behavior();
    this.#behavior = behavior;
    const startedAt = Date.now();
    this.#cancel();
    this.#announce();
    this.#id = `containerd://${randomBytes(32).toString('hex')}`;
    this.#runs = [...this.#runs.slice(-1), { startedAt, endedAt: undefined, crashed: false }];
    this.#state = { running: { startedAt: timeText(startedAt) } };
    this.#ready = behavior.readyAfterMs === 0;
    if (!this.#ready) this.#schedule(behavior.readyAfterMs, () => this.#setReady(true));
    this.#schedule(behavior.notReadyAfterMs, () => this.#setReady(false));
    this.#schedule(behavior.crashAfterMs, () => this.#exit(behavior.exitCode));
    this.#schedule(behavior.oomAfterMs, () => this.#exit(137, 'OOMKilled'));
    onChange();
  }

  #announce(): void {
    const { image, name, onEvent } = this.#options;
    const pulled = `Container image "${image}" already present on machine and can be accessed by the pod`;
    onEvent({ reason: 'Pulled', note: pulled, type: 'Normal' });
    onEvent({ reason: 'Created', note: `Container created: ${name}`, type: 'Normal' });
    onEvent({ reason: 'Started', note: `Container started: ${name}`, type: 'Normal' });
  }

  #exit(exitCode: number, reason = exitCode === 0 ? 'Completed' : 'Error'): void {
    this.#cancel();
    const finishedAt = Date.now();
    const startedAt = this.#runs.at(-1)?.startedAt ?? finishedAt;
    const crashed = reason !== 'OOMKilled' && !this.#ended;
    this.#runs = [...this.#runs.slice(0, -1), { startedAt, endedAt: finishedAt, crashed }];
    this.#ready = false;
    const times = { startedAt: timeText(startedAt), finishedAt: timeText(finishedAt) };
    const terminated = { containerID: this.#id, exitCode, ...times, reason };
    this.#state = { terminated };
    this.#options.onChange();
    if (!this.#willRestart(exitCode)) return;
    this.#schedule(this.#options.startMs, () => this.#restart({ terminated }, finishedAt));
  }

  #willRestart(exitCode: number): boolean {
    const { restarts } = this.#options;
    return !this.#ended && (restarts === 'always' || (restarts === 'on-failure' && exitCode !== 0));
  }

  #restart(last: Fields, since: number): void {
    const { name, podText, backoff, onEvent } = this.#options;
    const delayMs = restartDelay(this.#restartCount);
    if (delayMs > 0) {
      this.#last = last;
      const text = 'restarting failed container';
      this.#wait('CrashLoopBackOff', `back-off ${durationText(delayMs)} ${text}=${name} pod=${podText}`);
      onEvent({ reason: 'BackOff', note: `Back-off ${text} ${name} in pod ${podText}`, type: 'Warning' });
    }
    const elapsed = delayMs === 0 ? 0 : Date.now() - since;
    this.#schedule(Math.max(0, delayMs * backoff - elapsed), () => {
      this.#last = last;
      this.#restartCount += 1;
      this.#start();
    });
  }
}

/** The first restart is at once, then ten seconds doubling to five minutes. */
function restartDelay(restarts: number): number {
  return restarts === 0 ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (restarts - 1));
}

/** As Go writes durations: `10s`, `1m20s`, `5m0s`. */
function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
