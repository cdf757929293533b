import { isJsonObject, type JsonObject, readString } from '../../src/core/json.ts';
import { adminUser } from './access.ts';
import { type ApiTools, answerRequest } from './api.ts';
import { ApiFailure, badRequest } from './failure.ts';
import { patchObject, patchTypes } from './patches.ts';
import { removeObject } from './removals.ts';
import { parseTarget } from './request.ts';
import { resourceOfKind } from './resources.ts';
import type { Store } from './store.ts';
import type { Stored } from './stored.ts';
import type { Writes } from './writes.ts';

/**
 * Creates the object, or merges it into the one that exists; its status too, as whatever controls it would write it. Namespaces that are
 * missing are made.
 */
export function applyManifest(store: Store, writes: Writes, manifest: JsonObject): JsonObject {
  const kind = readString(manifest, 'kind') ?? '';
  const resource = resourceOfKind(readString(manifest, 'apiVersion') ?? '', kind);
  if (resource === undefined) throw badRequest(`no matches for kind "${kind}"`);
  const name = readString(manifest, 'metadata', 'name') ?? '';
  const namespace = resource.namespaced ? (readString(manifest, 'metadata', 'namespace') ?? 'default') : undefined;
  if (namespace !== undefined) ensureNamespace(store, writes, namespace);
  const metadata = { ...(isJsonObject(manifest['metadata']) ? manifest['metadata'] : {}), namespace };
  const present = store.get(resource, namespace, name);
  const wanted = { ...manifest, metadata };
  const stored =
    present === undefined
      ? writes.create(resource, wanted)
      : writes.replace(present, patchObject(present.object, patchTypes.strategic, wanted));
  return parseText(withStatus(writes, stored, manifest['status']).text());
}

function withStatus(writes: Writes, stored: Stored, status: JsonObject[string]): Stored {
  if (!isJsonObject(status)) return stored;
  const reported = patchObject(stored.object, patchTypes.strategic, { status });
  return writes.replace(stored, reported, { status: true });
}

function ensureNamespace(store: Store, writes: Writes, name: string): void {
  const resource = resourceOfKind('v1', 'Namespace');
  if (resource === undefined || store.get(resource, undefined, name) !== undefined) return;
  writes.create(resource, { metadata: { name } });
}

/** What an administrator reads at `path`; undefined where there is nothing. */
export function readJson(tools: ApiTools, path: string): JsonObject | undefined {
  const { pathname, searchParams: query } = new URL(path, 'https://simulated');
  try {
    const request = { method: 'GET', path: pathname, query, headers: {}, body: '', user: adminUser, groups: [] };
    const outcome = answerRequest(tools, request);
    return 'body' in outcome ? parseText(outcome.body) : undefined;
  } catch (error) {
    if (error instanceof ApiFailure && error.body.code === 404) return undefined;
    throw error;
  }
}

function parseText(text: string): JsonObject {
  const parsed: unknown = JSON.parse(text);
  return isJsonObject(parsed) ? parsed : {};
}

/** Removes the object at an API path, where there is one. */
export function removeJson({ store }: Pick<ApiTools, 'store'>, path: string): void {
  const target = parseTarget(path);
  const stored = target?.name === undefined ? undefined : store.get(target.resource, target.namespace, target.name);
  if (stored !== undefined) removeObject(store, stored);
}
