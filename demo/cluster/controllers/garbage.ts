import { readArray } from '../../../src/core/json.ts';
import { ownersOf, withMetadata } from '../objects.ts';
import { removeObject } from '../removals.ts';
import { namespaces, resources } from '../resources.ts';
import type { Change } from '../store.ts';
import type { Stored } from '../stored.ts';
import type { ControllerTools } from './tools.ts';

/** Removes what belonged to something that is gone: children of owners, and everything in a namespace. */
export function startGarbageCollection({ store, timers }: ControllerTools): void {
  function isAlive(uid: string, change: Change): boolean {
    return (
      uid !== change.stored.object.metadata.uid &&
      resources.some((one) => store.list(one).some(({ object }) => object.metadata.uid === uid))
    );
  }

  function collectChildren(change: Change): void {
    for (const child of store.ownedBy(change.stored.object.metadata.uid)) {
      const others = ownersOf(child.object).filter(({ uid }) => uid !== change.stored.object.metadata.uid);
      if (!others.some(({ uid }) => isAlive(uid, change))) removeObject(store, child);
    }
  }

  /** Foreground: the children go first, then the owner. */
  function collectForeground(owner: Stored): void {
    const { uid, namespace, name } = owner.object.metadata;
    const children = store.ownedBy(uid);
    for (const child of children) {
      if (child.object.metadata.deletionTimestamp === undefined)
        removeObject(store, child, { propagationPolicy: 'Foreground' });
    }
    const current = store.get(owner.resource, namespace, name);
    if (store.ownedBy(uid).length > 0 || current?.object.metadata.uid !== uid) return;
    const finalizers = readArray(current.object, 'metadata', 'finalizers').filter(
      (one) => one !== 'foregroundDeletion',
    );
    if (finalizers.length === 0) store.remove(current);
    else store.put(current.resource, withMetadata(current.object, { finalizers }));
  }

  function collectNamespace(name: string): void {
    for (const resource of resources.filter(({ namespaced }) => namespaced)) {
      for (const stored of store.list(resource, name)) {
        if (stored.object.metadata.deletionTimestamp === undefined) removeObject(store, stored);
      }
    }
    const isEmpty = resources.every((one) => !one.namespaced || store.list(one, name).length === 0);
    const stored = store.get(namespaces, undefined, name);
    if (stored === undefined) return;
    if (isEmpty) store.remove(stored);
    else timers.after(50, () => collectNamespace(name));
  }

  function isForeground({ object }: Stored): boolean {
    const { deletionTimestamp } = object.metadata;
    return (
      deletionTimestamp !== undefined && readArray(object, 'metadata', 'finalizers').includes('foregroundDeletion')
    );
  }

  store.onChange((change) => {
    const { stored, type, resource } = change;
    if (type === 'DELETED') {
      timers.after(0, () => collectChildren(change));
      timers.after(0, () => {
        for (const owner of waitingOwners(stored)) collectForeground(owner);
      });
    } else if (isForeground(stored)) timers.after(0, () => collectForeground(stored));
    else if (
      resource === namespaces &&
      stored.object.metadata.deletionTimestamp !== undefined &&
      change.before?.object.metadata.deletionTimestamp === undefined
    ) {
      timers.after(0, () => collectNamespace(stored.object.metadata.name));
    }
  });

  function waitingOwners({ object }: Stored): readonly Stored[] {
    return ownersOf(object).flatMap(({ kind, name, apiVersion }) => {
      const resource = resources.find((one) => one.kind === kind && apiVersion.endsWith(one.version));
      const owner = resource === undefined ? undefined : store.get(resource, object.metadata.namespace, name);
      return owner !== undefined && isForeground(owner) ? [owner] : [];
    });
  }
}
