import { isWorkloadRef, type ResourceRef, refKey } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { Labels } from '../../core/views/object.ts';
import { formatBytes } from '../explain/bytes.ts';
import { fillQuery, oneOf, stringOf } from '../explain/promql.ts';
import { livePods } from '../pod-finding.ts';
import type { SuspectSeries } from './suspect.ts';

/** One query that tells how several things fared. */
export interface Measure extends Pick<SuspectSeries, 'kind' | 'unit'> {
  /** PromQL. */
  readonly query: string;
  /** Which thing a series tells of, by `refKey`; undefined for one that was not asked about. */
  readonly nodeOf: (labels: Labels) => string | undefined;
  /** What was measured of it: `memory of a pod (limit 256 MiB)`. */
  readonly nameOf: (node: string) => string;
}

export interface Measured {
  /** The subject first, then the nearest. */
  readonly refs: readonly ResourceRef[];
  readonly view: ClusterView;
  /** What people configured for how a workload serves: a share of requests, and seconds. */
  readonly traffic: { readonly errorRate?: string | undefined; readonly latency?: string | undefined };
}

/** Two queries for each are asked. */
const mostServing = 4;

/** Names of pods that no template tells. */
const mostPods = 20;

/** Long enough for two samples where they are taken once a minute. */
const window = '2m';

/** What is asked for these objects; the same number of queries however many they are, except for how they serve. */
export function measuresOf(measured: Measured): readonly Measure[] {
  return [...podMeasures(measured), ...nodeMeasures(measured), ...servingMeasures(measured)];
}

/** How each kind names its pods: apimachinery's `SafeEncodeString` of a hash, and five characters of a generated name. */
const podNames = { Deployment: '-[a-z0-9]{4,10}-[a-z0-9]{5}', StatefulSet: '-[0-9]+', DaemonSet: '-[a-z0-9]{5}' };

interface Owners {
  /** Matchers for their pods. */
  readonly selector: string;
  /** Gives a series the label `owner` in place of the name of its pod. */
  readonly label: (perPod: string) => string;
  readonly nodeOf: Measure['nodeOf'];
}

/** Pods of the past are told by their names: those of before a release are gone from the view, and they are what was usual. */
function ownersOf(refs: readonly ResourceRef[], view: ClusterView): Owners | undefined {
  const groups = Object.entries({ ...podNames, other: '' })
    .map(([kind, suffix]) => ({
      suffix,
      named: refs.flatMap((ref) => namesFor(kind, ref, view).map((name) => ({ ref, name }))),
    }))
    .filter(({ named }) => named.length > 0);
  if (groups.length === 0) return undefined;
  const ownerAt = (position: number, name: string): string =>
    groups.map((_, at) => (at === position ? name : '')).join('/');
  const known = new Map(
    groups.flatMap(({ named }, position) =>
      named.map(({ ref, name }) => [`${ref.namespace} ${ownerAt(position, name)}`, refKey(ref)] as const),
    ),
  );
  const pods = stringOf(
    groups.map(({ suffix, named }) => `(${oneOf(named.map(({ name }) => name))})${suffix}`).join('|'),
  );
  // Only the group that matched says something: the same name may be a Deployment's and a StatefulSet's.
  const owner = stringOf(groups.map((_, at) => `$${at + 1}`).join('/'));
  const namespaces = new Set(groups.flatMap(({ named }) => named.map(({ ref }) => ref.namespace)));
  return {
    selector: `namespace=~${stringOf(oneOf([...namespaces]))},pod=~${pods}`,
    label: (perPod) => `max by (namespace, owner) (label_replace(${perPod}, "owner", ${owner}, "pod", ${pods}))`,
    nodeOf: ({ namespace, owner: name }) => known.get(`${namespace} ${name}`),
  };
}

function namesFor(kind: string, ref: ResourceRef, view: ClusterView): readonly string[] {
  if (isWorkloadRef(ref)) return ref.kind === kind ? [ref.name] : [];
  if (kind !== 'other' || ref.kind === 'Node') return [];
  return livePods({ subject: ref, view })
    .slice(0, mostPods)
    .map(({ name }) => name);
}

/** Of the busiest pod of each. A restart of the subject is what people noticed, and no news. */
function podMeasures({ refs, view }: Measured): readonly Measure[] {
  const [owners, others] = [ownersOf(refs, view), ownersOf(refs.slice(1).filter(isWorkloadRef), view)];
  const limits = new Map(refs.map((ref) => [refKey(ref), memoryLimitOf(ref, view)]));
  const memoryName = (node: string): string => {
    const limit = limits.get(node);
    return limit === undefined ? 'memory of a pod' : `memory of a pod (limit ${formatBytes(limit)})`;
  };
  const measures: Measure[] = [];
  if (owners !== undefined) {
    const { selector, label, nodeOf } = owners;
    const rate = (metric: string, more = ''): string => `rate(${metric}{${selector}${more}}[${window}])`;
    const cpu = perPod((container) => rate('container_cpu_usage_seconds_total', container));
    const memory = perPod((container) => `container_memory_working_set_bytes{${selector}${container}}`);
    const [throttled, periods] = ['throttled_periods', 'periods'].map(
      (name) => `sum by (namespace, pod) (${rate(`container_cpu_cfs_${name}_total`)})`,
    );
    const saturation = { kind: 'saturation', nodeOf } as const;
    measures.push(
      { ...saturation, unit: 'cores', query: label(cpu), nameOf: () => 'CPU of a pod' },
      { ...saturation, unit: 'bytes', query: label(memory), nameOf: memoryName },
      {
        ...saturation,
        unit: 'percent',
        query: label(`100 * ${throttled} / ${periods}`),
        nameOf: () => 'CPU throttling of a pod',
      },
    );
  }
  if (others !== undefined) {
    const restarts = `increase(kube_pod_container_status_restarts_total{${others.selector}}[5m])`;
    const query = others.label(`sum by (namespace, pod) (max by (namespace, pod, container) (${restarts}))`);
    const nameOf = (): string => 'restarts of a pod within 5 min';
    measures.push({ kind: 'errors', unit: 'count', query, nodeOf: others.nodeOf, nameOf });
  }
  return measures;
}

/** cAdvisor tells containers, or only the pod as a whole, or both; the sandbox is no container. The same may be scraped twice. */
function perPod(of: (container: string) => string): string {
  const containers = `sum by (namespace, pod) (max by (namespace, pod, container) (${of(',container!="",container!="POD"')}))`;
  return `${containers} or max by (namespace, pod) (${of(',container=""')})`;
}

/** Bytes; undefined where a container may take what it wants. */
function memoryLimitOf(subject: ResourceRef, view: ClusterView): number | undefined {
  const [pod] = livePods({ subject, view });
  const limits = pod?.containers.filter(({ role }) => role !== 'init').map(({ memoryLimit }) => memoryLimit) ?? [];
  const total = limits.reduce<number>((sum, limit) => sum + (limit ?? Number.NaN), 0);
  return total > 0 ? total : undefined;
}

/** By cAdvisor's root, or by node-exporter. Who scrapes names the node, or only where it is. */
function nodeMeasures({ refs, view }: Measured): readonly Measure[] {
  const nodes = refs.filter(({ kind }) => kind === 'Node');
  if (nodes.length === 0) return [];
  const known = new Map<string, string>();
  for (const ref of nodes) {
    const addresses = view.find('node', '', ref.name)?.addresses ?? [];
    for (const host of [ref.name, ...addresses]) known.set(host, refKey(ref));
  }
  const matchers = [
    `node=~${stringOf(oneOf(nodes.map(({ name }) => name)))}`,
    String.raw`instance=~${stringOf(String.raw`\[?(${oneOf([...known.keys()])})\]?(:[0-9]+)?`)}`,
  ];
  const either = (of: (matcher: string) => string): string =>
    matchers.map((matcher) => `sum by (node, instance) (${of(matcher)})`).join(' or ');
  const rate = (metric: string, matcher: string): string => `rate(${metric},${matcher}}[${window}])`;
  const cpu = [
    either((matcher) => rate('container_cpu_usage_seconds_total{id="/"', matcher)),
    either((matcher) => rate('node_cpu_seconds_total{mode!~"idle|iowait|steal"', matcher)),
  ];
  const memory = [
    either((matcher) => `container_memory_working_set_bytes{id="/",${matcher}}`),
    either((matcher) => `node_memory_MemTotal_bytes{${matcher}} - node_memory_MemAvailable_bytes{${matcher}}`),
  ];
  const nodeOf: Measure['nodeOf'] = ({ node = '', instance = '' }) =>
    known.get(node) ?? known.get(instance.replace(/:\d+$/, '').replaceAll(/[[\]]/g, ''));
  const saturation = { kind: 'saturation', nodeOf } as const;
  return [
    { ...saturation, unit: 'cores', query: cpu.join(' or '), nameOf: () => 'CPU in use' },
    { ...saturation, unit: 'bytes', query: memory.join(' or '), nameOf: () => 'memory in use' },
  ];
}

/** How the subject serves is what people noticed; how others do may be why. */
function servingMeasures({ refs, traffic: { errorRate, latency } }: Measured): readonly Measure[] {
  return refs
    .slice(1)
    .filter(isWorkloadRef)
    .slice(0, mostServing)
    .flatMap((ref): readonly Measure[] => {
      const nodeOf = (): string => refKey(ref);
      // A query of several lines may end with a comment.
      const errors = errorRate === undefined ? [] : [`100 * (${fillQuery(errorRate, ref)}\n)`];
      const slow = latency === undefined ? [] : [fillQuery(latency, ref)];
      return [
        ...errors.map((query): Measure => {
          return { kind: 'errors', unit: 'percent', query, nodeOf, nameOf: () => 'failed requests' };
        }),
        ...slow.map((query): Measure => {
          return { kind: 'latency', unit: 'seconds', query, nodeOf, nameOf: () => 'latency' };
        }),
      ];
    });
}
