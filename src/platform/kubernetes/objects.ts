import { hasCode, LifeguardError } from '../../core/errors.ts';
import { type JsonObject, readObject, readString } from '../../core/json.ts';
import type { LiveObject, ObjectKind, Objects } from '../../core/ports/objects.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { HttpClient } from './http-client.ts';
import { readPages } from './pages.ts';
import { textsOf } from './workload-state.ts';

/** The name under which the API server records our changes in `managedFields`. */
const fieldManager = 'lifeguard';

interface Place {
  readonly api: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

const places: Readonly<Record<ObjectKind, Place>> = {
  Node: { api: '/api/v1', resource: 'nodes', namespaced: false },
  CronJob: { api: '/apis/batch/v1', resource: 'cronjobs', namespaced: true },
  HorizontalPodAutoscaler: { api: '/apis/autoscaling/v2', resource: 'horizontalpodautoscalers', namespaced: true },
};

export function createObjects(http: HttpClient): Objects {
  return {
    async read(ref) {
      try {
        const raw = await http.json({ path: pathOf(ref) });
        return ref.uid === undefined || readString(raw, 'metadata', 'uid') === ref.uid ? liveOf(ref, raw) : undefined;
      } catch (error) {
        if (hasCode(error, 'cluster-not-found')) return undefined;
        throw error;
      }
    },
    async patch({ ref, operations, dryRun }) {
      const guard = ref.uid === undefined ? [] : [{ op: 'test', path: '/metadata/uid', value: ref.uid }];
      const raw = await http.json({
        method: 'PATCH',
        path: pathOf(ref),
        query: { fieldManager, fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined },
        contentType: 'application/json-patch+json',
        body: JSON.stringify([...guard, ...operations]),
      });
      return liveOf(ref, raw);
    },
    async find(kind, words) {
      const { api, resource, namespaced } = places[kind];
      const [name, namespace, ...more] = words.split('/').toReversed();
      if (name === undefined || name === '' || more.length > 0 || (!namespaced && namespace !== undefined)) return [];
      const part = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
      let found: ResourceRef[] = [];
      await readPages(http, {
        collection: { path: `${api}${part}/${resource}`, fieldSelector: `metadata.name=${name}` },
        onItem: (raw) => void found.push(refOf(kind, raw)),
        onRestart() {
          found = [];
        },
      });
      return found;
    },
  };
}

function pathOf({ kind, namespace, name }: ResourceRef): string {
  const place = Object.entries(places).find(([known]) => known === kind)?.[1];
  if (place === undefined)
    throw new LifeguardError(`There is no action on a ${kind}.`, { code: 'action-invalid', retry: 'permanent' });
  const part = place.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${place.api}${part}/${place.resource}/${encodeURIComponent(name)}`;
}

function refOf(kind: string, raw: JsonObject): ResourceRef & { readonly uid: string } {
  const at = (field: string): string => readString(raw, 'metadata', field) ?? '';
  return { kind, namespace: at('namespace'), name: at('name'), uid: at('uid') };
}

function liveOf({ kind }: ResourceRef, raw: JsonObject): LiveObject {
  return {
    ref: refOf(kind, raw),
    annotations: textsOf(raw, 'annotations'),
    labels: textsOf(raw, 'labels'),
    spec: readObject(raw, 'spec'),
  };
}
