/** How items of a shelf are found besides by uid: index name -> key of an item; undefined keeps it out of that index. */
export type Indexes<T> = Readonly<Record<string, (item: T) => string | undefined>>;

/** Objects by uid, and by the keys of named indexes. Keeps all in step. */
export interface Shelf<T> {
  get(uid: string): T | undefined;
  put(item: T): void;
  remove(uid: string): void;
  under(index: string, key: string): readonly T[];
  values(): Iterable<T>;
  readonly size: number;
}

interface Index<T> {
  readonly keyOf: (item: T) => string | undefined;
  readonly groups: Map<string, Set<string>>;
}

export function createShelf<T extends { readonly uid: string }>(indexes: Indexes<T>): Shelf<T> {
  const items = new Map<string, T>();
  const kept = new Map(
    Object.entries(indexes).map(([name, keyOf]): [string, Index<T>] => [name, { keyOf, groups: new Map() }]),
  );

  function remove(uid: string): void {
    const item = items.get(uid);
    if (item === undefined) return;
    items.delete(uid);
    for (const index of kept.values()) leave(index, item);
  }

  return {
    remove,
    get: (uid) => items.get(uid),
    put(item) {
      remove(item.uid);
      items.set(item.uid, item);
      for (const index of kept.values()) enter(index, item);
    },
    under(index, key) {
      const uids = kept.get(index)?.groups.get(key) ?? [];
      return [...uids].map((uid) => items.get(uid)).filter((item) => item !== undefined);
    },
    values: () => items.values(),
    get size() {
      return items.size;
    },
  };
}

function enter<T extends { readonly uid: string }>({ keyOf, groups }: Index<T>, item: T): void {
  const key = keyOf(item);
  if (key === undefined) return;
  const group = groups.get(key) ?? new Set();
  groups.set(key, group.add(item.uid));
}

function leave<T extends { readonly uid: string }>({ keyOf, groups }: Index<T>, item: T): void {
  const key = keyOf(item);
  const group = key === undefined ? undefined : groups.get(key);
  group?.delete(item.uid);
  if (key !== undefined && group?.size === 0) groups.delete(key);
}
