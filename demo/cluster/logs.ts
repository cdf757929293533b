import { readArray, readString } from '../../src/core/json.ts';
import type { LogLine } from './container-log.ts';
import type { RunLog } from './container-run.ts';
import { badRequest, notFound } from './failure.ts';
import type { Kubelet } from './kubelet.ts';
import { fieldsIn, type KubeObject, specOf } from './objects.ts';
import { requireName, type Target } from './request.ts';
import { pods } from './resources.ts';
import type { Store } from './store.ts';

/** What is read of a log: how it is to be answered. */
export interface LogReading {
  /** What is there. */
  readonly text: string;
  /** What has been written since the last call; absent where nothing more is wanted. */
  readonly more?: () => string;
  /** Nothing more will come. */
  readonly isOver: () => boolean;
}

/** The log that `pods/log` asks for. */
export function openLog(
  { store, kubelet }: { readonly store: Store; readonly kubelet: Kubelet },
  target: Target,
  query: URLSearchParams,
): LogReading {
  const name = requireName(target);
  const pod = store.get(pods, target.namespace, name)?.object;
  if (pod === undefined) throw notFound(pods, name);
  const container = chooseContainer(pod, query.get('container'));
  const run = kubelet.runner(pod)?.container(container);
  const previous = query.get('previous') === 'true';
  const log = run?.log(previous);
  if (log !== undefined) return readingOf(log, query, () => kubelet.runner(pod) === undefined);
  if (previous) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  const reason = blocked(run?.waitingReason() ?? 'ContainerCreating');
  throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${reason}`);
}

function readingOf(log: RunLog, query: URLSearchParams, isGone: () => boolean): LogReading {
  const lines = log.lines();
  const text = chosenText(lines, query);
  if (query.get('follow') !== 'true') return { text, isOver: () => true };
  let told = lines.length;
  function more(): string {
    const all = log.lines();
    const fresh = all.slice(told);
    told = Math.max(told, all.length);
    return chosenText(fresh, query);
  }
  return { text, more, isOver: () => log.isOver() || isGone() };
}

function chosenText(lines: readonly LogLine[], query: URLSearchParams): string {
  const since = sinceOf(query);
  const recent = lines.filter(({ at }) => at >= since);
  const tail = Number(query.get('tailLines') ?? recent.length);
  const isStamped = query.get('timestamps') === 'true';
  const texts = recent
    .slice(recent.length - Math.min(recent.length, tail))
    .map(({ at, text }) => `${isStamped ? `${stampOf(at)} ` : ''}${text}\n`);
  return texts.join('').slice(0, Number(query.get('limitBytes') ?? Number.POSITIVE_INFINITY));
}

/** Only whole seconds of `sinceTime` count. */
function sinceOf(query: URLSearchParams): number {
  const time = query.get('sinceTime');
  if (time !== null) return Math.floor(Date.parse(time) / 1000) * 1000;
  const seconds = Number(query.get('sinceSeconds') ?? 0);
  return seconds > 0 ? Date.now() - seconds * 1000 : 0;
}

/** To the nanosecond, as the kubelet writes it. */
function stampOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000000Z`;
}

function blocked(reason: string): string {
  return reason === 'ImagePullBackOff' || reason === 'ErrImagePull' ? 'trying and failing to pull image' : reason;
}

function chooseContainer(pod: KubeObject, wanted: string | null): string {
  const { name } = pod.metadata;
  const all = ['containers', 'initContainers'].flatMap((list) =>
    fieldsIn(readArray(specOf(pod), list)).map((one) => readString(one, 'name') ?? ''),
  );
  const main = fieldsIn(readArray(specOf(pod), 'containers')).map((one) => readString(one, 'name') ?? '');
  if (wanted !== null && wanted !== '') {
    if (all.includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const [only] = main;
  if (only !== undefined && main.length === 1) return only;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${main.join(' ')}]`);
}
