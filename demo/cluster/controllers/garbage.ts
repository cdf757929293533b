import { isDeepStrictEqual } from 'node:util';
import { readArray } from '../../../src/core/json.ts';
import { fieldsIn, ownersOf, statusOf, timeText, withMetadata, withStatus } from '../objects.ts';
import { removeObject } from '../removals.ts';
import { namespaces, resources } from '../resources.ts';
import type { Change, Store } from '../store.ts';
import type { Stored } from '../stored.ts';
import type { ControllerTools } from './tools.ts';

/** How long until a namespace that still holds something is looked at again. */
const namespaceMs = 50;

/** Removes what belonged to something that is gone: children of owners, and everything in a namespace. */
export function startGarbageCollection({ store, timers }: ControllerTools): void {
  function collectNamespace(name: string): void {
    if (!emptyNamespace(store, name)) timers.after(namespaceMs, () => collectNamespace(name));
  }

  store.onChange((change) => {
    const { stored, type, resource } = change;
    if (type === 'DELETED') {
      timers.after(0, () => {
        collectChildren(store, change);
        for (const owner of waitingOwners(store, stored)) collectForeground(store, owner);
      });
    } else if (isForeground(stored)) timers.after(0, () => collectForeground(store, stored));
    else if (resource === namespaces && isFreshlyMarked(change)) {
      timers.after(0, () => collectNamespace(stored.object.metadata.name));
    }
  });
}

function isFreshlyMarked({ stored, before }: Change): boolean {
  const isMarked = stored.object.metadata.deletionTimestamp !== undefined;
  return isMarked && before?.object.metadata.deletionTimestamp === undefined;
}

/** A child goes with the last of its owners. */
function collectChildren(store: Store, { stored }: Change): void {
  const { uid: gone } = stored.object.metadata;
  for (const child of store.ownedBy(gone)) {
    const others = ownersOf(child.object).filter(({ uid }) => uid !== gone && isAlive(store, uid));
    if (others.length === 0) removeObject(store, child);
  }
}

function isAlive(store: Store, uid: string): boolean {
  return resources.some((one) => store.list(one).some(({ object }) => object.metadata.uid === uid));
}

function isForeground({ object }: Stored): boolean {
  const { deletionTimestamp } = object.metadata;
  return deletionTimestamp !== undefined && readArray(object, 'metadata', 'finalizers').includes('foregroundDeletion');
}

/** The children go first, then the owner. */
function collectForeground(store: Store, owner: Stored): void {
  const { uid, namespace, name } = owner.object.metadata;
  for (const child of store.ownedBy(uid)) {
    if (child.object.metadata.deletionTimestamp !== undefined) continue;
    removeObject(store, child, { propagationPolicy: 'Foreground' });
  }
  const current = store.get(owner.resource, namespace, name);
  if (store.ownedBy(uid).length > 0 || current?.object.metadata.uid !== uid) return;
  const finalizers = readArray(current.object, 'metadata', 'finalizers').filter((one) => one !== 'foregroundDeletion');
  if (finalizers.length === 0) store.remove(current);
  else store.put(current.resource, withMetadata(current.object, { finalizers }));
}

/** Owners that wait for the object to go. */
function waitingOwners(store: Store, { object }: Stored): readonly Stored[] {
  return ownersOf(object).flatMap(({ kind, name, apiVersion }) => {
    const resource = resources.find((one) => one.kind === kind && apiVersion.endsWith(one.version));
    const owner = resource === undefined ? undefined : store.get(resource, object.metadata.namespace, name);
    return owner !== undefined && isForeground(owner) ? [owner] : [];
  });
}

/** Removes everything in it and then itself; false where something takes its time. */
function emptyNamespace(store: Store, name: string): boolean {
  const contents = resources.filter(({ namespaced }) => namespaced);
  for (const stored of contents.flatMap((resource) => store.list(resource, name))) {
    if (stored.object.metadata.deletionTimestamp === undefined) removeObject(store, stored);
  }
  const left = contents.flatMap((resource) => store.list(resource, name));
  const stored = store.get(namespaces, undefined, name);
  if (stored === undefined) return true;
  if (left.length === 0) store.remove(stored);
  else sayWhatHolds(store, stored, left);
  return left.length === 0;
}

/** As the namespace controller writes it down. */
function sayWhatHolds(store: Store, { resource, object }: Stored, left: readonly Stored[]): void {
  const kinds = countBy(left.map(({ resource: { plural, group } }) => `${plural}.${group}`));
  const finalizers = countBy(left.flatMap((one) => readArray(one.object, 'metadata', 'finalizers').map(String)));
  const content = kinds.map(([kind, count]) => `${kind} has ${count} resource instances`).join(', ');
  const held = finalizers.map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).join(', ');
  const said = [
    ['NamespaceContentRemaining', 'SomeResourcesRemain', `Some resources are remaining: ${content}`],
    ...(held === ''
      ? []
      : [
          [
            'NamespaceFinalizersRemaining',
            'SomeFinalizersRemain',
            `Some content in the namespace has finalizers remaining: ${held}`,
          ],
        ]),
  ];
  const known = fieldsIn(readArray(statusOf(object), 'conditions'));
  const conditions = said.map(([type, reason, message]) => ({
    type,
    status: 'True',
    lastTransitionTime: known.find((one) => one['type'] === type)?.['lastTransitionTime'] ?? timeText(Date.now()),
    reason,
    message,
  }));
  if (!isDeepStrictEqual(conditions, known))
    store.put(resource, withStatus(object, { ...statusOf(object), conditions }));
}

function countBy(names: readonly string[]): readonly (readonly [string, number])[] {
  return [...Map.groupBy(names, (one) => one)].map(([one, all]) => [one, all.length]);
}
