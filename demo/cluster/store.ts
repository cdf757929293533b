import { type KubeObject, ownersOf, withMetadata } from './objects.ts';
import { qualifiedName, type Resource } from './resources.ts';
import { type ChangeType, createStored, type Stored } from './stored.ts';

export interface Change {
  readonly type: ChangeType;
  readonly resource: Resource;
  /** The object as it is now; of a deletion, as it was last, with the version of the deletion. */
  readonly stored: Stored;
  readonly before: Stored | undefined;
}

/** All objects, under one growing version. Writes are not checked here. */
export interface Store {
  /** The newest version. */
  version(): number;
  get(resource: Resource, namespace: string | undefined, name: string): Stored | undefined;
  /** In the order of their keys. */
  list(resource: Resource, namespace?: string): readonly Stored[];
  /** The objects that name the uid as an owner. */
  ownedBy(uid: string): readonly Stored[];
  /** Creates or replaces; the object gets the next version. */
  put(resource: Resource, object: KubeObject): Stored;
  remove(stored: Stored): Stored;
  /** Changes after `version`, oldest first; undefined where they are forgotten. */
  since(resource: Resource, version: number): readonly Change[] | undefined;
  /** The objects as they were at a version, in the order of their keys; undefined where that is forgotten. */
  at(resource: Resource, version: number): readonly Stored[] | undefined;
  forgetHistory(): void;
  onChange(listener: (change: Change) => void): () => void;
}

interface Shelf {
  readonly objects: Map<string, Stored>;
  sorted: readonly Stored[] | undefined;
  log: Change[];
  /** The version up to which changes are forgotten. */
  forgotten: number;
}

const longestLog = 20_000;
/** A cluster has a past. */
const firstVersion = 1_000;

export function createStore(): Store {
  const shelf = createShelves();
  const owners = createOwnerIndex();
  const listeners = new Set<(change: Change) => void>();
  let version = firstVersion;

  function record(change: Change): void {
    const place = shelf.of(change.resource);
    place.log.push(change);
    if (place.log.length > longestLog) forget(place, longestLog / 2);
    owners.update(change);
    for (const listener of listeners) listener(change);
  }

  function stamp(resource: Resource, object: KubeObject): Stored {
    version += 1;
    return createStored(resource, withMetadata(object, { resourceVersion: String(version) }), version);
  }

  return {
    version: () => version,
    get: (resource, namespace, name) => shelf.of(resource).objects.get(keyOf(namespace, name)),
    list(resource, namespace) {
      const place = shelf.of(resource);
      place.sorted ??= [...place.objects].sort(byKey).map(([, stored]) => stored);
      if (namespace === undefined) return place.sorted;
      return place.sorted.filter(({ object }) => object.metadata.namespace === namespace);
    },
    ownedBy: (uid) => owners.children(uid),
    put(resource, object) {
      const place = shelf.of(resource);
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const before = place.objects.get(key);
      const stored = stamp(resource, object);
      place.objects.set(key, stored);
      place.sorted = undefined;
      record({ type: before === undefined ? 'ADDED' : 'MODIFIED', resource, stored, before });
      return stored;
    },
    remove(before) {
      const { resource, object } = before;
      const place = shelf.of(resource);
      const stored = stamp(resource, object);
      place.objects.delete(keyOf(object.metadata.namespace, object.metadata.name));
      place.sorted = undefined;
      record({ type: 'DELETED', resource, stored, before });
      return stored;
    },
    since: (resource, from) => changesSince(shelf.of(resource), from),
    at: (resource, from) => objectsAt(shelf.of(resource), from),
    forgetHistory() {
      for (const place of shelf.all()) forget(place, 0, version);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function createShelves() {
  const shelves = new Map<string, Shelf>();
  return {
    all: () => shelves.values(),
    of(resource: Resource): Shelf {
      const key = qualifiedName(resource);
      const known = shelves.get(key);
      if (known !== undefined) return known;
      const made: Shelf = { objects: new Map(), sorted: undefined, log: [], forgotten: firstVersion };
      shelves.set(key, made);
      return made;
    },
  };
}

/** Which objects name which others as owners. */
function createOwnerIndex() {
  const owned = new Map<string, Map<string, Stored>>();
  return {
    children: (uid: string): readonly Stored[] => [...(owned.get(uid)?.values() ?? [])],
    update({ type, stored, before }: Change): void {
      const { uid: child } = stored.object.metadata;
      for (const { uid } of ownersOf(before?.object ?? {})) owned.get(uid)?.delete(child);
      if (type === 'DELETED') return;
      for (const { uid } of ownersOf(stored.object)) {
        const children = owned.get(uid) ?? new Map<string, Stored>();
        owned.set(uid, children.set(child, stored));
      }
    },
  };
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

function changesSince({ log, forgotten }: Shelf, version: number): readonly Change[] | undefined {
  return version < forgotten ? undefined : log.slice(firstAfter(log, version));
}

function objectsAt(place: Shelf, version: number): readonly Stored[] | undefined {
  const changes = changesSince(place, version);
  if (changes === undefined) return undefined;
  const then = new Map(place.objects);
  for (const change of changes.toReversed()) undo(then, change);
  return [...then].sort(byKey).map(([, stored]) => stored);
}

function undo(objects: Map<string, Stored>, { stored, before }: Change): void {
  const key = keyOf(stored.object.metadata.namespace, stored.object.metadata.name);
  if (before === undefined) objects.delete(key);
  else objects.set(key, before);
}

function byKey([left]: readonly [string, Stored], [right]: readonly [string, Stored]): number {
  return left < right ? -1 : 1;
}

function forget(place: Shelf, keep: number, upTo?: number): void {
  const gone = place.log.slice(0, place.log.length - keep);
  place.log = place.log.slice(place.log.length - keep);
  place.forgotten = upTo ?? gone.at(-1)?.stored.version ?? place.forgotten;
}

/** The log is in order of versions. */
function firstAfter(log: readonly Change[], version: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((log[middle]?.stored.version ?? 0) <= version) low = middle + 1;
    else high = middle;
  }
  return low;
}
