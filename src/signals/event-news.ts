import type { EventRecord } from '../core/event-record.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import type { Observation, Signal } from '../core/signal.ts';
import type { EventView } from '../core/views/event.ts';
import type { ContainerView, PodView } from '../core/views/pod.ts';

/** A record of which it is not known yet what its object belongs to and where it runs: the object itself may be seen a moment later. */
export interface Novelty {
  readonly record: Omit<EventRecord, 'owner'>;
  readonly ref: ResourceRef;
}

/** What is new in a signal. The same news has the same id, so hearing it again after a restart does no harm. */
export interface News {
  read(signal: Signal): readonly Novelty[];
}

/** `now`: epoch milliseconds. */
export function createNews(now: () => number): News {
  /** Event or container -> its last count. */
  const counts = new Map<string, number>();

  /** How often more than when it was last heard; 0 where it is not new. */
  function countUp(key: string, count: number): number {
    const known = counts.get(key);
    counts.set(key, count);
    if (known === count) return 0;
    return known === undefined || count < known ? 1 : count - known;
  }

  function readOne({ kind, object }: Observation): readonly Novelty[] {
    if (kind === 'event') return readEvent(object, countUp(object.uid, object.count));
    if (kind !== 'pod') return [];
    return object.containers.flatMap((container) => {
      const times = countUp(`${object.uid}/${container.name}`, container.restarts);
      return container.restarts === 0 ? [] : readRestart(object, { container, times }, now());
    });
  }

  function forget({ kind, object }: Observation): readonly Novelty[] {
    counts.delete(object.uid);
    if (kind === 'pod') for (const { name } of object.containers) counts.delete(`${object.uid}/${name}`);
    return [];
  }

  return {
    read(signal) {
      if (signal.type === 'listed') return signal.observations.flatMap(readOne);
      return signal.type === 'seen' ? readOne(signal.observation) : forget(signal.observation);
    },
  };
}

function readEvent(event: EventView, times: number): readonly Novelty[] {
  const { uid, count, lastSeen: at, type, reason, note, regarding: ref } = event;
  if (times === 0) return [];
  const node = ref.kind === 'Node' ? { node: ref.name } : {};
  return [{ ref, record: { ...placeOf(ref), ...node, id: `${uid}#${count}`, at, type, reason, note, times } }];
}

function readRestart(
  { uid, namespace, name, node }: PodView,
  { container, times }: { readonly container: ContainerView; readonly times: number },
  now: number,
): readonly Novelty[] {
  const { restarts, last } = container;
  if (times === 0) return [];
  const ended = last === undefined ? '' : ` after exit code ${last.exitCode} (${last.reason})`;
  const ref = { kind: 'Pod', namespace, name, uid };
  const record = {
    ...placeOf(ref),
    ...(node === undefined ? {} : { node }),
    id: `${uid}/${container.name}#${restarts}`,
    at: last?.finishedAt ?? now,
    type: 'Restart',
    reason: 'Restarted',
    note: `Container ${container.name} was started again${ended}.`,
    times,
  };
  return [{ ref, record }];
}

function placeOf({ namespace, kind, name }: ResourceRef): Pick<EventRecord, 'namespace' | 'kind' | 'name'> {
  return { namespace, kind, name };
}
