import { z } from 'zod';
import { selects } from '../../core/label-selector.ts';
import type { ClusterView } from '../../core/view.ts';
import type { WorkloadView } from '../../core/views/workload.ts';
import { defineDetector, type Subject } from '../detector.ts';
import { readyEndpoints } from '../explain/endpoints.ts';
import { type DueTrouble, judgeTroubles } from '../object-finding.ts';

const ScaledToZeroParams = z.strictObject({
  /** Zero replicas count after this long: some scale down and up to restart. */
  forSeconds: z.number().nonnegative().default(120),
});

const titles = { 'scaled-to-zero': 'is scaled to zero, and something depends on it' } as const;

/** Writers that scale to zero on purpose and back by themselves. */
const knownScalers = /keda|knative|autoscaler|sablier|snorlax|kube-downscaler|py-kube/i;

/** A number that was written this soon after the workload was made is that with which it was made, milliseconds. */
const madeSoMs = 5_000;

/** Workloads without a pod although requests are routed to them, a Service sends to them, or an autoscaler is to keep them up. */
export const scaledToZero = defineDetector({
  id: 'scaled-to-zero',
  judges: ['Deployment', 'StatefulSet'],
  kinds: titles,
  params: ScaledToZeroParams,
  evaluate(subject, { forSeconds }) {
    const workload = subject.view.workload(subject.subject);
    if (workload === undefined || !isUnexpected(workload)) return { findings: [] };
    const dependents = findDependents(subject, workload);
    const scaled = findScaling(subject, workload);
    if (dependents.length === 0 || scaled === undefined) return { findings: [] };
    return judgeTroubles(subject, workload, [describeZero(scaled, dependents, forSeconds * 1000)]);
  },
});

interface Scaling {
  readonly by: string;
  readonly at: number;
}

/** Who set it to 0, and when; undefined where it was made so, or where that is not known. */
function findScaling({ view, subject }: Subject, { scaled, createdAt }: WorkloadView): Scaling | undefined {
  const [newest] = view.revisionsOf(subject);
  const found = scaled ?? (newest?.scaledAt === undefined ? undefined : { by: 'Somebody', at: newest.scaledAt });
  return found === undefined || found.at - createdAt < madeSoMs ? undefined : found;
}

function describeZero({ by, at }: Scaling, dependents: readonly Dependent[], forMs: number): DueTrouble {
  const uses = new Set(dependents.map(({ use }) => use));
  const impact = uses.has('routed') ? 'requests to it fail' : 'whoever calls it gets no answer';
  return {
    detector: 'scaled-to-zero',
    kind: 'scaled-to-zero',
    title: titles['scaled-to-zero'],
    severity: uses.has('routed') ? 'critical' : 'warning',
    cause: [`${by} set its replicas to 0.`, ...dependents.map(({ words }) => words)],
    impact: uses.has('routed') || uses.has('called') ? impact : 'nothing of it runs',
    since: at,
    from: at + forMs,
  };
}

/** `lifeguard.dev/expect-zero: "true"` says that it is meant. */
function isUnexpected({ desired, deletion, annotations, scaled }: WorkloadView): boolean {
  if (desired > 0 || deletion !== undefined || annotations['expect-zero'] === 'true') return false;
  return scaled === undefined || !knownScalers.test(scaled.by);
}

interface Dependent {
  readonly words: string;
  readonly use: 'routed' | 'called' | 'scaled';
}

function findDependents({ view, subject }: Subject, workload: WorkloadView): readonly Dependent[] {
  const { namespace } = subject;
  const targeting = view
    .within('autoscaler', namespace)
    .filter(({ target }) => target.kind === subject.kind && target.name === subject.name);
  if (targeting.some(({ name }) => name.startsWith('keda-hpa-'))) return [];
  const scalers = targeting.map(({ name }) => ({
    words: `HorizontalPodAutoscaler ${name} is off while it is at 0.`,
    use: 'scaled' as const,
  }));
  // With two versions behind one Service, one of them at 0 is how the other took over.
  const services = view
    .within('service', namespace)
    .filter((service) => selects(service.selector, workload.template.labels) && readyEndpoints(service, view) === 0)
    .map(({ name }) => name);
  const callers = services.map((name) => ({
    words: `Service ${name} sends to it, and has no other endpoint that is ready.`,
    use: 'called' as const,
  }));
  return [...routesTo(services, namespace, view), ...callers, ...scalers];
}

function routesTo(services: readonly string[], namespace: string, view: ClusterView): readonly Dependent[] {
  const ingresses = view.within('ingress', namespace).map((one) => ({ ...one, kind: 'Ingress' }));
  return [...ingresses, ...view.within('route', namespace)].flatMap(({ kind, name, backends }) => {
    const reached = backends.find((one) => one.namespace === namespace && services.includes(one.service));
    return reached === undefined ? [] : [{ words: `${kind} ${name} sends ${reached.path} to it.`, use: 'routed' }];
  });
}
