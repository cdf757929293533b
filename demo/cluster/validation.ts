import { isDeepStrictEqual } from 'node:util';
import { readArray, readObject, readPath, readString } from '../../src/core/json.ts';
import { matchesSelector } from '../../src/core/label-selector.ts';
import { type Cause, invalidValue, required } from './failure.ts';
import { type Fields, fieldsIn, labelsOf } from './objects.ts';
import type { Resource } from './resources.ts';

const templated = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'];
const nameForm = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** What the API server would refuse in the object; `before` for an update. */
export function validate(resource: Resource, object: Fields, before?: Fields): readonly Cause[] {
  const name = readString(object, 'metadata', 'name') ?? '';
  const causes: Cause[] = [];
  if (!nameForm.test(name) && !isRbac(resource)) {
    const why =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    causes.push(invalidValue('metadata.name', name, why));
  }
  if (before !== undefined) causes.push(...validateFinalizers(object, before));
  if (templated.includes(resource.kind)) causes.push(...validateWorkload(object, before));
  if (resource.kind === 'Pod') {
    causes.push(...validateContainers(readObject(object, 'spec'), 'spec'));
    if (before !== undefined) causes.push(...validatePodUpdate(object, before));
  }
  if (resource.kind === 'StatefulSet' && before !== undefined) causes.push(...validateStatefulUpdate(object, before));
  return causes;
}

/** What is being deleted gets no new ones. */
function validateFinalizers(object: Fields, before: Fields): readonly Cause[] {
  if (readString(before, 'metadata', 'deletionTimestamp') === undefined) return [];
  const known = readArray(before, 'metadata', 'finalizers');
  const fresh = readArray(object, 'metadata', 'finalizers').filter((one) => !known.includes(one));
  if (fresh.length === 0) return [];
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${fresh.map((one) => JSON.stringify(one)).join(', ')}}`;
  return [{ reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' }];
}

function isRbac({ group }: Resource): boolean {
  return group === 'rbac.authorization.k8s.io';
}

function validateWorkload(object: Fields, before: Fields | undefined): readonly Cause[] {
  const spec = readObject(object, 'spec');
  const template = readObject(spec, 'template');
  const causes: Cause[] = [];
  for (const field of ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']) {
    const value = spec[field];
    if (typeof value === 'number' && value < 0) {
      causes.push(invalidValue(`spec.${field}`, value, 'must be greater than or equal to 0'));
    }
  }
  const selector = readObject(spec, 'selector');
  if (Object.keys(selector).length === 0) causes.push(required('spec.selector'));
  if (!matchesSelector(selector, labelsOf(template))) {
    const why = '`selector` does not match template `labels`';
    causes.push(invalidValue('spec.template.metadata.labels', labelsOf(template), why));
  }
  if (before !== undefined && !isDeepStrictEqual(selector, readPath(before, 'spec', 'selector'))) {
    causes.push(invalidValue('spec.selector', selector, 'field is immutable'));
  }
  return [...causes, ...validateContainers(readObject(template, 'spec'), 'spec.template.spec')];
}

function validateContainers(spec: Fields, at: string): readonly Cause[] {
  const containers = fieldsIn(readArray(spec, 'containers'));
  if (containers.length === 0) return [required(`${at}.containers`)];
  return containers.flatMap((container, index) =>
    ['name', 'image']
      .filter((field) => typeof container[field] !== 'string' || container[field] === '')
      .map((field) => required(`${at}.containers[${index}].${field}`)),
  );
}

/** Only images, some deadlines and added tolerations of a pod may change. */
function validatePodUpdate(object: Fields, before: Fields): readonly Cause[] {
  if (isDeepStrictEqual(withoutImages(object), withoutImages(before))) return [];
  const message =
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
}

function withoutImages(pod: Fields): Fields {
  const spec = readObject(pod, 'spec');
  const lists = ['containers', 'initContainers'].map((list) => [
    list,
    fieldsIn(readArray(spec, list)).map((container) => ({ ...container, image: '' })),
  ]);
  const open = { activeDeadlineSeconds: 0, tolerations: [], terminationGracePeriodSeconds: 0, nodeName: '' };
  return { ...spec, ...Object.fromEntries(lists), ...open };
}

const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function validateStatefulUpdate(object: Fields, before: Fields): readonly Cause[] {
  const fixed = [object, before].map((one) => {
    const entries = Object.entries(readObject(one, 'spec')).filter(([field]) => !changeable.includes(field));
    return Object.fromEntries(entries);
  });
  if (isDeepStrictEqual(fixed[0], fixed[1])) return [];
  const message =
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
}
