import { readArray, readNumber, readString, readTime } from '../src/core/json.ts';
import type { ClusterReader } from '../src/core/ports/cluster-reader.ts';

/** When a container ended for the second time. */
interface SecondCrash {
  /** By the kubelet, epoch milliseconds; whole seconds, rounded down. */
  readonly finishedAt: number;
  /** When our own watch brought it, epoch milliseconds. */
  readonly seenAt: number;
}

export interface CrashWatch {
  /** The first pod with the label `app` of that name to crash twice. */
  secondCrash(app: string): SecondCrash | undefined;
  /** When the image of this Deployment was last seen to change, epoch milliseconds, and to what. */
  image(name: string): { readonly image: string; readonly at: number } | undefined;
}

interface Seen<T> {
  readonly name: string;
  readonly fact: T;
}

/** Watches one namespace beside Lifeguard, so that both see a change at about the same time. */
export function watchCrashes(reader: ClusterReader, namespace: string, signal: AbortSignal): CrashWatch {
  const crashes = new Map<string, SecondCrash>();
  const images = new Map<string, { readonly image: string; readonly at: number }>();
  function follow<T>(path: string, slim: (raw: unknown) => Seen<T> | undefined, keep: (seen: Seen<T>) => void): void {
    const onList = (items: readonly Seen<T>[]): void => items.forEach(keep);
    const quiet = { onGone: () => undefined, onTrouble: () => undefined };
    void reader.watch({ collection: { path }, slim, onList, onSeen: keep, ...quiet, signal });
  }
  follow(`/api/v1/namespaces/${namespace}/pods`, crashOf, ({ name, fact }) => {
    if (!crashes.has(name)) crashes.set(name, { finishedAt: fact, seenAt: Date.now() });
  });
  follow(`/apis/apps/v1/namespaces/${namespace}/deployments`, imageOf, ({ name, fact }) => {
    if (images.get(name)?.image !== fact) images.set(name, { image: fact, at: Date.now() });
  });
  return { secondCrash: (app) => crashes.get(app), image: (name) => images.get(name) };
}

function crashOf(pod: unknown): Seen<number> | undefined {
  const [status] = readArray(pod, 'status', 'containerStatuses');
  const backingOff = readString(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff';
  const ended = readTime(status, backingOff ? 'lastState' : 'state', 'terminated', 'finishedAt');
  if (readNumber(status, 'restartCount') !== 1 || ended === undefined) return undefined;
  return { name: readString(pod, 'metadata', 'labels', 'app') ?? '', fact: ended };
}

function imageOf(deployment: unknown): Seen<string> {
  const [container] = readArray(deployment, 'spec', 'template', 'spec', 'containers');
  return { name: readString(deployment, 'metadata', 'name') ?? '', fact: readString(container, 'image') ?? '' };
}
