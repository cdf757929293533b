/** Objects by uid, with a second index by one key. Keeps both in step. */
export interface Shelf<T> {
  get(uid: string): T | undefined;
  put(item: T): void;
  remove(uid: string): void;
  under(key: string): readonly T[];
  values(): Iterable<T>;
  readonly size: number;
}

export function createShelf<T extends { readonly uid: string }>(keyOf: (item: T) => string | undefined): Shelf<T> {
  const items = new Map<string, T>();
  const index = new Map<string, Set<string>>();

  function remove(uid: string): void {
    const item = items.get(uid);
    if (item === undefined) return;
    items.delete(uid);
    const key = keyOf(item);
    const group = key === undefined ? undefined : index.get(key);
    group?.delete(uid);
    if (key !== undefined && group?.size === 0) index.delete(key);
  }

  return {
    remove,
    get: (uid) => items.get(uid),
    put(item) {
      remove(item.uid);
      items.set(item.uid, item);
      const key = keyOf(item);
      if (key === undefined) return;
      const group = index.get(key) ?? new Set();
      index.set(key, group.add(item.uid));
    },
    under(key) {
      return [...(index.get(key) ?? [])].map((uid) => items.get(uid)).filter((item) => item !== undefined);
    },
    values: () => items.values(),
    get size() {
      return items.size;
    },
  };
}
