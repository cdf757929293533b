import { readString } from '../../../src/core/json.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import type { HttpClient } from '../../../src/platform/kubernetes/http-client.ts';
import { createObjects } from '../../../src/platform/kubernetes/objects.ts';
import { untilThere } from '../patience.ts';

/** A StorageClass that nothing serves: volumes are made by hand and grow when the test says so. */
export interface Storage {
  readonly className: string;
  readonly namespace: string;
  /** Does what a storage driver does: gives a claim what it asks for. */
  grow(claim: ResourceRef): Promise<void>;
  remove(): Promise<void>;
}

/** Named after its namespace, as it belongs to none. */
export async function createStorage(http: HttpClient, namespace: string): Promise<Storage> {
  const className = namespace;
  const classes = '/apis/storage.k8s.io/v1/storageclasses';
  await post(http, classes, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: className },
    provisioner: 'lifeguard.dev/nothing',
    allowVolumeExpansion: true,
  });
  const objects = createObjects(http);
  return {
    className,
    namespace,
    async grow(claim) {
      const live = await objects.read(claim);
      const storage = readString(live?.spec, 'resources', 'requests', 'storage');
      await http.json({
        method: 'PATCH',
        path: `/api/v1/namespaces/${claim.namespace}/persistentvolumeclaims/${claim.name}/status`,
        contentType: 'application/merge-patch+json',
        body: JSON.stringify({ status: { capacity: { storage } } }),
      });
    },
    async remove() {
      await http.json({
        method: 'DELETE',
        path: '/api/v1/persistentvolumes',
        query: { labelSelector: `class=${className}` },
      });
      await http.json({ method: 'DELETE', path: `${classes}/${className}` });
    },
  };
}

/** A claim of 10 GiB with its volume. */
export async function bindClaim(
  http: HttpClient,
  { className, namespace }: Storage,
  name: string,
): Promise<ResourceRef & { readonly uid: string }> {
  const common = { storageClassName: className, accessModes: ['ReadWriteOnce'] };
  const volumeName = `${className}-${name}`;
  await post(http, '/api/v1/persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeName, labels: { class: className } },
    spec: { ...common, capacity: { storage: '10Gi' }, hostPath: { path: `/tmp/${volumeName}` } },
  });
  await post(http, `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { ...common, volumeName, resources: { requests: { storage: '10Gi' } } },
  });
  return untilThere(`the volume of claim ${name}`, async () => {
    const live = await createObjects(http).read({ kind: 'PersistentVolumeClaim', namespace, name });
    return readString(live?.status, 'phase') === 'Bound' ? live?.ref : undefined;
  });
}

async function post(http: HttpClient, path: string, body: object): Promise<void> {
  await http.json({ method: 'POST', path, body: JSON.stringify(body) });
}
