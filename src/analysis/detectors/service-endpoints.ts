import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Severity } from '../../core/finding.ts';
import { selects } from '../../core/label-selector.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { ServicePortView, ServiceView } from '../../core/views/network.ts';
import type { Labels } from '../../core/views/object.ts';
import type { ContainerSpecView, WorkloadView } from '../../core/views/workload.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { changedAt, lastChange, readyEndpoints, releasedAt } from '../explain/endpoints.ts';
import { hasLoadBalancer, routesTo } from '../explain/exposure.ts';
import { count, listRefs } from '../explain/node.ts';
import { lasting, type Onset, writtenAt } from '../explain/onset.ts';
import { type DueTrouble, judgeTroubles } from '../object-finding.ts';

const ServiceEndpointsParams = z.strictObject({
  /** No pod being ready counts after this long: pods need a while to start. */
  forSeconds: z.number().nonnegative().default(60),
  /** A wrong selector or port counts this long after the Service was written: what it points at may come after it. */
  graceSeconds: z.number().nonnegative().default(30),
});
type ServiceEndpointsParams = z.infer<typeof ServiceEndpointsParams>;

const titles = {
  'service-no-endpoints': 'Service has no ready endpoints',
  'service-wrong-selector': 'Service selects no pods',
  'service-wrong-port': 'Service sends to a port that no container has',
} as const;

interface Fault extends Onset {
  /** True where it may work all the same. */
  readonly guessed?: boolean;
  readonly kind: keyof typeof titles;
  readonly cause: readonly string[];
}

/** Services that send to nothing. Pods are known by the labels of their workload's template and by the endpoints themselves. */
export const serviceEndpoints = defineDetector({
  id: 'service-endpoints',
  judges: ['Service'],
  kinds: titles,
  params: ServiceEndpointsParams,
  evaluate: evaluateService,
});

function evaluateService(subject: Subject, params: ServiceEndpointsParams): Judgement {
  const { view } = subject;
  const { namespace, name } = subject.subject;
  const service = view.find('service', namespace, name);
  if (service === undefined || !isJudged(service, view)) return { findings: [] };
  const fault = findFault(service, view, params);
  return judgeTroubles(subject, service, fault === undefined ? [] : [describeFault(service, view, fault)]);
}

function isJudged({ namespace, type, selector = {}, deletion }: ServiceView, view: ClusterView): boolean {
  if (deletion !== undefined || type === 'ExternalName' || Object.keys(selector).length === 0) return false;
  return view.knows('endpoints', namespace) && view.knows('workload', namespace) && view.knows('pod', namespace);
}

function describeFault(service: ServiceView, view: ClusterView, fault: Fault): DueTrouble {
  const { guessed = false, ...known } = fault;
  const callers = describeCallers(service, routesTo(service, view));
  return {
    ...known,
    detector: 'service-endpoints',
    title: titles[fault.kind],
    severity: guessed ? 'warning' : callers.severity,
    impact: guessed ? `${callers.impact}, unless something listens there undeclared` : callers.impact,
  };
}

function describeCallers(
  service: ServiceView,
  routes: readonly ResourceRef[],
): { readonly severity: Severity; readonly impact: string } {
  if (routes.length > 0) return { severity: 'critical', impact: `${listRefs(routes)} cannot reach it` };
  if (hasLoadBalancer(service)) return { severity: 'critical', impact: 'its load balancer has nowhere to send to' };
  return { severity: 'warning', impact: 'whoever calls it gets no answer' };
}

function findFault(service: ServiceView, view: ClusterView, params: ServiceEndpointsParams): Fault | undefined {
  const selector = withoutGenerated(service.selector ?? {});
  const workloads = view.within('workload', service.namespace);
  const selected = workloads.filter(({ template }) => selects(selector, template.labels));
  const graceMs = params.graceSeconds * 1000;
  if (selected.length === 0) return findWrongSelector(service, view, { selector, workloads, graceMs });
  return (
    findWrongPort(service, view, { selected, graceMs }) ??
    findUnready(service, view, { selected, forMs: params.forSeconds * 1000 })
  );
}

interface Selection {
  readonly selector: Labels;
  readonly workloads: readonly WorkloadView[];
  readonly graceMs: number;
}

function findWrongSelector(service: ServiceView, view: ClusterView, selection: Selection): Fault | undefined {
  const slices = view.endpointsOf(service);
  if (slices.some(({ ready, notReady }) => ready + notReady > 0)) return undefined;
  const cause = explainSelector(selection.selector, selection.workloads);
  const since = Math.max(writtenAt(service), changedAt(slices));
  return cause === undefined
    ? undefined
    : { kind: 'service-wrong-selector', cause, ...lasting(since, selection.graceMs) };
}

function findWrongPort(
  service: ServiceView,
  view: ClusterView,
  { selected, graceMs }: { readonly selected: readonly WorkloadView[]; readonly graceMs: number },
): Fault | undefined {
  const named = service.ports.find((one) => lacksName(one, selected) && !isServed(one, service, view));
  const port = named ?? (readyEndpoints(service, view) > 0 ? findUndeclared(service, selected) : undefined);
  if (port === undefined) return undefined;
  const written = writtenAt(service);
  const since = Math.max(written, ...selected.map((one) => releasedAt(one, view)));
  const cause = explainPort(port, selected);
  return { kind: 'service-wrong-port', cause, since, from: written + graceMs, guessed: port !== named };
}

function findUnready(
  service: ServiceView,
  view: ClusterView,
  { selected, forMs }: { readonly selected: readonly WorkloadView[]; readonly forMs: number },
): Fault | undefined {
  const wanted = selected.filter(({ desired }) => desired > 0);
  if (readyEndpoints(service, view) > 0 || service.publishNotReady || wanted.length === 0) return undefined;
  const since = Math.max(writtenAt(service), ...wanted.map((one) => lastChange(one, view)));
  return { kind: 'service-no-endpoints', cause: explainPods(wanted, view), ...lasting(since, forMs) };
}

/** Labels that controllers give to pods; templates do not have them. */
const generated = /^(statefulset\.kubernetes\.io\/|apps\.kubernetes\.io\/|batch\.kubernetes\.io\/)|-hash$/;

/** Labels by which an operator tells which of its pods leads. None may have it for a time, and with one replica none follows. */
const roleLabel = /(role|leader|primary|master)$/i;

function withoutGenerated(selector: Labels): Labels {
  return Object.fromEntries(Object.entries(selector).filter(([name]) => !generated.test(name)));
}

/** Undefined where templates cannot tell whether it is wrong. */
function explainSelector(selector: Labels, workloads: readonly WorkloadView[]): readonly string[] | undefined {
  const wanted = Object.entries(selector);
  if (wanted.length === 0 || wanted.some(([name]) => roleLabel.test(name))) return undefined;
  const text = wanted.map(([name, value]) => `${name}=${value}`).join(', ');
  const first = `Its selector ${text} matches no pod and no workload of the namespace.`;
  const [nearest] = workloads
    .map((workload) => ({ workload, hits: wanted.filter(([name, value]) => labelOf(workload, name) === value).length }))
    .filter(({ workload, hits }) => hits > 0 || wanted.some((pair) => isSlip(pair, workload)))
    .toSorted((a, b) => b.hits - a.hits || (a.workload.name < b.workload.name ? -1 : 1));
  if (nearest === undefined) return undefined;
  const { workload } = nearest;
  const differences = wanted
    .filter(([name, value]) => labelOf(workload, name) !== value)
    .map(([name, value]) => `${name} is ${labelOf(workload, name) ?? 'not set'} there, not ${value}`);
  return [first, `The nearest is ${workload.kind} ${workload.name}: ${differences.join('; ')}.`];
}

/** Pods may also come from what is not seen here, such as an operator; a slip of the keyboard is not one of those. */
function isSlip([name, value]: readonly [string, string], workload: WorkloadView): boolean {
  const label = labelOf(workload, name);
  return label !== undefined && distance(label, value) <= 2;
}

function labelOf({ template }: WorkloadView, name: string): string | undefined {
  return template.labels[name];
}

/** A port by name that nobody declares leads nowhere. */
function lacksName({ targetPort }: ServicePortView, workloads: readonly WorkloadView[]): boolean {
  return typeof targetPort === 'string' && !portsOf(workloads).some(({ name }) => name === targetPort);
}

/**
 * A port by number reaches what listens there, declared or not. It is doubted only where every container declares its ports and no port of the Service leads
 * to one of them; never of a headless Service, whose port nothing goes through.
 */
function findUndeclared(
  { ports, headless }: ServiceView,
  workloads: readonly WorkloadView[],
): ServicePortView | undefined {
  const containers = workloads.flatMap(({ template }) => template.containers);
  if (headless || !containers.every((one) => one.ports.length > 0)) return undefined;
  const isKnown = ({ targetPort }: ServicePortView): boolean =>
    typeof targetPort === 'string' || containers.some((one) => hasPort(one, targetPort));
  return ports.some(isKnown) ? undefined : ports[0];
}

/** By declaration, or because the kubelet asks there. */
function hasPort({ ports, probes }: ContainerSpecView, wanted: number): boolean {
  const asked = Object.values(probes).some((words: string | undefined) => words?.match(/:(\d+)/)?.[1] === `${wanted}`);
  return asked || ports.some(({ number }) => number === wanted);
}

function isServed(port: ServicePortView, service: ServiceView, view: ClusterView): boolean {
  // A container that was injected has its ports in no template; Kubernetes found one all the same.
  return view.endpointsOf(service).some(({ ports }) => ports.some(({ name = '' }) => name === (port.name ?? '')));
}

function portsOf(workloads: readonly WorkloadView[]) {
  return workloads.flatMap(({ template }) => template.containers.flatMap(({ ports }) => ports));
}

function explainPort({ port, targetPort }: ServicePortView, workloads: readonly WorkloadView[]): readonly string[] {
  const declared = portsOf(workloads).map(({ name, number }) =>
    name === undefined ? `${number}` : `${name} (${number})`,
  );
  const owners = workloads.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const has = declared.length === 0 ? 'They declare no port.' : `They declare ${[...new Set(declared)].join(', ')}.`;
  const lacks =
    typeof targetPort === 'string'
      ? `the port named ${targetPort}, which no container of ${owners} has`
      : `port ${targetPort}, which no container of ${owners} declares`;
  return [`Its port ${port} sends to ${lacks}.`, has];
}

function explainPods(workloads: readonly WorkloadView[], view: ClusterView): readonly string[] {
  const pods = workloads.flatMap((workload) => podsOf(workload, view));
  const owners = workloads.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  if (pods.length === 0) return [`It sends to the pods of ${owners}, which has none.`];
  return [`It sends to the pods of ${owners}: ${count(pods.length, 'pod')}, none of them ready.`];
}

function podsOf({ kind, namespace, name, uid }: WorkloadView, view: ClusterView) {
  return view.podsOf({ kind, namespace, name, uid });
}
