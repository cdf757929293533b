import { readArray, readString } from '../../src/core/json.ts';
import type { LogLine } from './container-log.ts';
import { badRequest, notFound } from './failure.ts';
import type { Kubelet } from './kubelet.ts';
import { fieldsIn, type KubeObject, specOf } from './objects.ts';
import { requireName, type Target } from './request.ts';
import { pods } from './resources.ts';
import type { Store } from './store.ts';

/** The text of `pods/log`. */
export function readLog(
  { store, kubelet }: { readonly store: Store; readonly kubelet: Kubelet },
  target: Target,
  query: URLSearchParams,
): string {
  const name = requireName(target);
  const pod = store.get(pods, target.namespace, name)?.object;
  if (pod === undefined) throw notFound(pods, name);
  const container = chooseContainer(pod, query.get('container'));
  const run = kubelet.runner(pod)?.container(container);
  const previous = query.get('previous') === 'true';
  const lines = run?.lines(previous);
  if (lines !== undefined) return chosenText(lines, query);
  if (previous) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  const reason = blocked(run?.waitingReason() ?? 'ContainerCreating');
  throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${reason}`);
}

function chosenText(lines: readonly LogLine[], query: URLSearchParams): string {
  const since = Number(query.get('sinceSeconds') ?? 0);
  const recent = since > 0 ? lines.filter(({ at }) => at >= Date.now() - since * 1000) : lines;
  const tail = Number(query.get('tailLines') ?? recent.length);
  const isStamped = query.get('timestamps') === 'true';
  const texts = recent
    .slice(recent.length - Math.min(recent.length, tail))
    .map(({ at, text }) => `${isStamped ? `${new Date(at).toISOString()} ` : ''}${text}\n`);
  return texts.join('').slice(0, Number(query.get('limitBytes') ?? Number.POSITIVE_INFINITY));
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
