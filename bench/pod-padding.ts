import type { JsonObject } from '../src/core/json.ts';
import { readString } from '../src/core/json.ts';

/** So many fields owned by each manager make a pod of about 4 kB, as it is with a few variables, probes and volumes. */
const fieldsPerManager = 24;
const managers = ['kube-controller-manager', 'kubelet', 'admission-webhook'];

/** The bookkeeping of a real pod (`managedFields`, annotations), to be merged into one that has none. */
export function padPod(pod: JsonObject): JsonObject {
  const name = readString(pod, 'metadata', 'name') ?? '';
  const namespace = readString(pod, 'metadata', 'namespace') ?? '';
  const managedFields = managers.map((manager) => ({
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:spec': Object.fromEntries(
        Array.from({ length: fieldsPerManager }, (_, index) => [`f:field-${index}`, fields]),
      ),
    },
  }));
  const annotations = { 'example.com/config-hash': '0123456789abcdef'.repeat(4) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, annotations, managedFields } };
}

const fields = { '.': {}, 'f:name': {} };
