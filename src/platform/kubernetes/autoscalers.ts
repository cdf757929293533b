import { hasCode } from '../../core/errors.ts';
import { type JsonObject, readArray, readNumber, readString } from '../../core/json.ts';
import type { Autoscaler, VerticalAutoscaler } from '../../core/ports/workloads.ts';
import type { WorkloadRef } from '../../core/resource-ref.ts';
import type { HttpClient } from './http-client.ts';
import { readPages } from './pages.ts';

export async function findAutoscaler(http: HttpClient, ref: WorkloadRef): Promise<Autoscaler | undefined> {
  const found = await findAimed(http, ref, {
    api: 'autoscaling/v2',
    resource: 'horizontalpodautoscalers',
    field: 'scaleTargetRef',
  });
  if (found === undefined) return undefined;
  const metrics = readArray(found, 'spec', 'metrics');
  return {
    name: readString(found, 'metadata', 'name') ?? '',
    min: readNumber(found, 'spec', 'minReplicas') ?? 1,
    max: readNumber(found, 'spec', 'maxReplicas') ?? 0,
    shares: (['cpu', 'memory'] as const).filter((name) => metrics.some((metric) => isShareOf(metric, name))),
  };
}

/** Use as a share of the request; other targets do not reckon with it. */
function isShareOf(metric: unknown, resource: string): boolean {
  return ['resource', 'containerResource'].some(
    (source) =>
      readString(metric, source, 'name') === resource && readString(metric, source, 'target', 'type') === 'Utilization',
  );
}

/** Its kind is a custom one, which most clusters do not have. */
export async function findVerticalAutoscaler(
  http: HttpClient,
  ref: WorkloadRef,
): Promise<VerticalAutoscaler | undefined> {
  const found = await findAimed(http, ref, {
    api: 'autoscaling.k8s.io/v1',
    resource: 'verticalpodautoscalers',
    field: 'targetRef',
    counts: (item) => modeOf(item) !== 'Off',
  }).catch((error: unknown) => {
    if (hasCode(error, 'cluster-not-found')) return undefined;
    throw error;
  });
  return found === undefined ? undefined : { name: readString(found, 'metadata', 'name') ?? '', mode: modeOf(found) };
}

/** `Recreate` is what its own default does. */
function modeOf(item: JsonObject): string {
  return readString(item, 'spec', 'updatePolicy', 'updateMode') ?? 'Recreate';
}

interface Shelf {
  readonly api: string;
  readonly resource: string;
  /** Where it names what it scales. */
  readonly field: string;
  readonly counts?: (item: JsonObject) => boolean;
}

async function findAimed(
  http: HttpClient,
  { kind, namespace, name }: WorkloadRef,
  { api, resource, field, counts = () => true }: Shelf,
): Promise<JsonObject | undefined> {
  let found: JsonObject | undefined;
  await readPages(http, {
    collection: { path: `/apis/${api}/namespaces/${encodeURIComponent(namespace)}/${resource}` },
    onItem(item) {
      const aim = (part: string) => readString(item, 'spec', field, part);
      if (aim('kind') === kind && aim('name') === name && counts(item)) found = item;
    },
    onRestart() {
      found = undefined;
    },
  });
  return found;
}
