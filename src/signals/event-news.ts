import type { EventRecord } from '../core/event-record.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import type { Observation, Signal } from '../core/signal.ts';
import type { EventView } from '../core/views/event.ts';
import type { ContainerView, PodView } from '../core/views/pod.ts';

interface NewsContext {
  /** What an object belongs to; itself where it belongs to nothing. */
  readonly ownerOf: (ref: ResourceRef) => ResourceRef;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What is new in a signal. The same news has the same id, so hearing it again after a restart does no harm. */
export interface News {
  recordsOf(signal: Signal): readonly EventRecord[];
}

export function createNews(context: NewsContext): News {
  /** Event or container -> its last count. */
  const counts = new Map<string, number>();

  /** How often more than when it was last heard; 0 where it is not new. */
  function countUp(key: string, count: number): number {
    const known = counts.get(key);
    counts.set(key, count);
    if (known === count) return 0;
    return known === undefined || count < known ? 1 : count - known;
  }

  function read({ kind, object }: Observation): readonly EventRecord[] {
    if (kind === 'event') return readEvent(object, countUp(object.uid, object.count), context);
    if (kind !== 'pod') return [];
    return object.containers.flatMap((container) => {
      const times = countUp(`${object.uid}/${container.name}`, container.restarts);
      return container.restarts === 0 ? [] : readRestart(object, { container, times }, context);
    });
  }

  function forget({ kind, object }: Observation): readonly EventRecord[] {
    counts.delete(object.uid);
    if (kind === 'pod') for (const { name } of object.containers) counts.delete(`${object.uid}/${name}`);
    return [];
  }

  return {
    recordsOf(signal) {
      if (signal.type === 'listed') return signal.observations.flatMap(read);
      return signal.type === 'seen' ? read(signal.observation) : forget(signal.observation);
    },
  };
}

function readEvent(event: EventView, times: number, context: NewsContext): readonly EventRecord[] {
  const { uid, count, lastSeen: at, type, reason, note, regarding } = event;
  if (times === 0) return [];
  const node = regarding.kind === 'Node' ? { node: regarding.name } : {};
  return [{ ...placeOf(regarding, context), ...node, id: `${uid}#${count}`, at, type, reason, note, times }];
}

function readRestart(
  { uid, namespace, name, node }: PodView,
  { container, times }: { readonly container: ContainerView; readonly times: number },
  context: NewsContext,
): readonly EventRecord[] {
  const { restarts, last } = container;
  if (times === 0) return [];
  const ended = last === undefined ? '' : ` after exit code ${last.exitCode} (${last.reason})`;
  const record: EventRecord = {
    ...placeOf({ kind: 'Pod', namespace, name, uid }, context),
    ...(node === undefined ? {} : { node }),
    id: `${uid}/${container.name}#${restarts}`,
    at: last?.finishedAt ?? context.now(),
    type: 'Restart',
    reason: 'Restarted',
    note: `Container ${container.name} was started again${ended}.`,
    times,
  };
  return [record];
}

function placeOf(
  ref: ResourceRef,
  { ownerOf }: NewsContext,
): Pick<EventRecord, 'namespace' | 'kind' | 'name' | 'owner'> {
  const { kind, name } = ownerOf(ref);
  return { namespace: ref.namespace, kind: ref.kind, name: ref.name, owner: { kind, name } };
}
