import { type JsonObject, readObject } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import { rerunOf } from '../../core/views/job.ts';

/** Labels that the Job controller gives to a Job's pods; a copy gets its own. */
const given = [
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
] as const;

/** A new Job that does what `live` did, under another name. A CronJob's copy stays the CronJob's, so that it is tidied up with the others. */
export function copyJob({ ref, owner, labels, spec }: LiveObject, name: string): JsonObject {
  const template = readObject(spec, 'template');
  const metadata = readObject(template, 'metadata');
  return asJson({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: ref.namespace,
      labels: withoutGiven(labels),
      annotations: { [rerunOf]: ref.name },
      ...(owner?.kind === 'CronJob'
        ? { ownerReferences: [{ apiVersion: 'batch/v1', ...owner, controller: true }] }
        : {}),
    },
    spec: {
      ...without(spec, ['selector', 'manualSelector', 'suspend']),
      template: { ...template, metadata: { ...metadata, labels: withoutGiven(readObject(metadata, 'labels')) } },
    },
  });
}

function withoutGiven(labels: JsonObject): JsonObject {
  return without(labels, given);
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function asJson(object: object): JsonObject {
  return readObject(JSON.parse(JSON.stringify(object)));
}

/** Names of objects may have 253 characters, but a Job's is also a label of its pods: 63. */
const longestName = 63;

/** `backup-rerun-m1x2c3`; told apart by when it was planned. */
export function nameOfCopy(name: string, at: number): string {
  const suffix = `-rerun-${Math.floor(at / 1000).toString(36)}`;
  return `${firstName(name).slice(0, longestName - suffix.length)}${suffix}`;
}

/** A copy of a copy is of the first. */
function firstName(name: string): string {
  return name.replace(/-rerun-[a-z0-9]+$/, '');
}

/** What it is, however often it was run: what makes it, or the Job that was there first. */
export function originOf({ ref, owner }: LiveObject): ResourceRef {
  const { namespace } = ref;
  return owner === undefined ? { kind: 'Job', namespace, name: firstName(ref.name) } : { ...owner, namespace };
}
