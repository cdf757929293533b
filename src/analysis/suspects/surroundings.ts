import type { Finding } from '../../core/finding.ts';
import { selects } from '../../core/label-selector.ts';
import { isTrouble } from '../../core/log-record.ts';
import { isWorkloadRef, type ResourceRef, refKey } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import { logsOf } from '../explain/patterns.ts';
import { blamedIn, configuredServices, signLine, workloadsBehind } from '../explain/upstream.ts';
import { livePods } from '../pod-finding.ts';
import type { Dependency } from './suspect.ts';

/** What a trouble may have come from, and what it may have drawn in. */
export interface Surroundings {
  /** What can be measured: the subject, then the nearest first. */
  readonly refs: readonly ResourceRef[];
  /** Between them, by `refKey`. */
  readonly dependencies: readonly Dependency[];
}

interface Place {
  readonly finding: Finding;
  /** Last lines of the exemplar's log. */
  readonly lines: readonly string[];
  readonly view: ClusterView;
}

/** Objects in all: each costs series, and what is further away says little. */
const most = 20;

/** Nodes of one workload, those with most of its pods; a DaemonSet is everywhere. */
const mostNodes = 3;

/** Patterns of a log, and workloads of the namespace, that are looked through. */
const looked = 200;

/**
 * What the subject of a finding depends on, as far as it is known: what the finding is about, what its log complains about and its environment names as
 * called, what stands behind its Service or route, and (first) the nodes of its pods; then the same of each of these. Last, what calls them in its namespace.
 */
export function surroundingsOf(place: Place): Surroundings {
  const { subject } = place.finding;
  const found = new Map([[refKey(subject), subject]]);
  const dependencies = new Map<string, Dependency>();
  function connect(of: ResourceRef, on: ResourceRef): void {
    const [from, to] = [refKey(of), refKey(on)];
    if (from === to || (!found.has(to) && found.size >= most)) return;
    if (!found.has(to)) found.set(to, on);
    dependencies.set(`${from} ${to}`, { of: from, on: to });
  }
  for (const ref of found.values()) for (const on of dependenciesOf(ref, place)) connect(ref, on);
  const called = [...found.values()];
  for (const { caller, on } of callersOf(called, place)) {
    if (found.size >= most) break;
    found.set(refKey(caller), caller);
    for (const ref of on) connect(caller, ref);
  }
  return { refs: [...found.values()], dependencies: [...dependencies.values()] };
}

interface Caller {
  readonly caller: ResourceRef;
  /** Which of them it calls. */
  readonly on: readonly ResourceRef[];
}

/** Workloads beside the subject that call one of these, and are none of them. */
function callersOf(called: readonly ResourceRef[], { finding, view }: Place): readonly Caller[] {
  const { namespace } = finding.subject;
  if (namespace === '') return [];
  const known = new Set(called.map(refKey));
  const behind = new Map(
    view.within('service', namespace).map(({ name, selector }) => {
      const selected = called.filter((ref) => selects(selector, view.workload(ref)?.template.labels));
      return [refKey({ kind: 'Service', namespace, name }), selected.filter((ref) => ref.namespace === namespace)];
    }),
  );
  return view
    .within('workload', namespace)
    .map(({ kind, name, uid }) => ({ kind, namespace, name, uid }))
    .filter((ref) => !known.has(refKey(ref)))
    .slice(0, looked)
    .map((caller) => ({ caller, on: calledBy(caller, view).flatMap((service) => behind.get(refKey(service)) ?? []) }))
    .filter(({ on }) => on.length > 0);
}

function dependenciesOf(ref: ResourceRef, { finding, lines, view }: Place): readonly ResourceRef[] {
  const isSubject = ref === finding.subject;
  if (ref.kind === 'Node') return isSubject ? view.podsOn(ref.name).map((pod) => view.ownerOf(pod)) : [];
  const blamed = isSubject ? lines.flatMap((line) => blamedIn(signLine(line), { namespace: ref.namespace, view })) : [];
  const named = isSubject ? [ref, ...(finding.about ?? []), ...blamed] : [];
  const distinct = new Map([...named, ...calledBy(ref, view)].map((one) => [refKey(one), one]));
  return [
    // What runs on a node in trouble is what it may suffer from.
    ...(finding.subject.kind === 'Node' ? [] : nodesOf(ref, view)),
    ...[...distinct.values()].flatMap((one) => measurable(one, view)),
  ];
}

/** Services that a workload complains about in its log, or has in its environment. */
function calledBy(ref: ResourceRef, view: ClusterView): readonly ResourceRef[] {
  const patterns = logsOf({ subject: ref, view })?.patterns ?? [];
  const blamed = patterns
    .filter(({ level }) => isTrouble(level) || level === 'warning')
    .slice(0, looked)
    .flatMap(({ sample }) => blamedIn(signLine(sample), { namespace: ref.namespace, view }))
    .filter(({ kind }) => kind === 'Service');
  return [...blamed, ...configuredServices(ref, view)];
}

/** The things behind an object on which something is measured. */
function measurable(ref: ResourceRef, view: ClusterView): readonly ResourceRef[] {
  const { kind, namespace, name } = ref;
  if (kind === 'Service') return workloadsBehind(ref, view);
  const backends =
    kind === 'Ingress'
      ? view.find('ingress', namespace, name)?.backends
      : view.find('route', namespace, name)?.backends.filter(() => kind.endsWith('Route'));
  if (backends !== undefined)
    return backends.flatMap((one) => workloadsBehind({ namespace: one.namespace, name: one.service }, view));
  return isWorkloadRef(ref) || kind === 'Node' ? [ref] : [];
}

function nodesOf(subject: ResourceRef, view: ClusterView): readonly ResourceRef[] {
  const counts = Map.groupBy(livePods({ subject, view }), ({ node }) => node ?? '');
  counts.delete('');
  return [...counts]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, mostNodes)
    .map(([name]) => ({ kind: 'Node', namespace: '', name }));
}
