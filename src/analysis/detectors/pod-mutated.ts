import { z } from 'zod';
import { matchesSelector } from '../../core/label-selector.ts';
import { parseQuantity } from '../../core/quantity.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { ContainerView, PodView } from '../../core/views/pod.ts';
import type { ContainerTemplate, RevisionView, WorkloadView } from '../../core/views/workload.ts';
import { defineDetector, type Subject } from '../detector.ts';
import { formatBytes } from '../explain/bytes.ts';
import { formatCores } from '../explain/cores.ts';
import { belongsTo } from '../explain/release.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const PodMutatedParams = z.strictObject({
  /** A pod counts this long after it was created. */
  forSeconds: z.number().nonnegative().default(60),
});

const titles = { 'pod-mutated': 'pods have lower limits than their template' } as const;

/**
 * Pods that something changed on their way in, so that what is written in the workload is not what runs. Only lower limits: what injects and raises
 * does no harm, and requests are lowered on purpose where nodes are overcommitted.
 */
export const podMutated = defineDetector({
  id: 'pod-mutated',
  judges: ['Deployment', 'StatefulSet', 'DaemonSet'],
  kinds: titles,
  params: PodMutatedParams,
  evaluate(subject, { forSeconds }) {
    const workload = subject.view.workload(subject.subject);
    const lowered = findLowered(subject);
    if (workload === undefined || lowered.length === 0) return { findings: [] };
    const since = Math.min(...lowered.map(({ pod }) => pod.createdAt));
    const from = since + forSeconds * 1000;
    if (subject.now < from) return { findings: [], recheckAt: from };
    const suspects = findSuspects(workload, subject.view);
    const finding = findingOfPods(subject, {
      detector: 'pod-mutated',
      kind: 'pod-mutated',
      title: titles['pod-mutated'],
      severity: 'warning',
      cause: [...new Set(lowered.map(({ sentence }) => sentence))].slice(0, 3).concat(describeSuspects(suspects)),
      since,
      affected: [...new Set(lowered.map(({ pod }) => pod))],
      about: suspects ?? [],
      blames: () => false,
    });
    return { findings: [finding] };
  },
});

interface Lowered {
  readonly pod: PodView;
  readonly sentence: string;
}

/** Pods of the present revision only: the others have another template. */
function findLowered(subject: Subject): readonly Lowered[] {
  const [current] = subject.view.revisionsOf(subject.subject);
  if (current === undefined) return [];
  const pods = livePods(subject).filter((pod) => runs(pod) && pod.adjusted !== true && belongsTo(pod, current));
  return pods.flatMap((pod) => compare(pod, current).map((sentence) => ({ pod, sentence })));
}

function runs({ phase }: PodView): boolean {
  return phase !== 'Failed' && phase !== 'Succeeded';
}

/** A sentence for each limit that is lower; containers that the template does not name were injected. */
function compare({ containers }: PodView, { containers: templates }: RevisionView): readonly string[] {
  return templates.flatMap((template) => {
    const container = containers.find(({ name }) => name === template.name);
    return container === undefined ? [] : limits.flatMap((limit) => compareLimit(limit, template, container));
  });
}

const limits = [
  { noun: 'memory', key: 'limits.memory', of: ({ memoryLimit }: ContainerView) => memoryLimit, format: formatBytes },
  { noun: 'CPU', key: 'limits.cpu', of: ({ cpuLimit }: ContainerView) => cpuLimit, format: formatCores },
] as const;

/** Less than a thousandth is how it was written, not how much it is. */
const tolerance = 0.999;

function compareLimit(
  { noun, key, of, format }: (typeof limits)[number],
  { name, resources }: ContainerTemplate,
  container: ContainerView,
): readonly string[] {
  const [declared, given] = [parseQuantity(resources[key] ?? ''), of(container)];
  if (declared === undefined || given === undefined || given >= declared * tolerance) return [];
  return [`Container ${name} runs with a limit of ${format(given)} of ${noun}, its template says ${format(declared)}.`];
}

/** The mutating webhooks that are asked about its new pods, by name; undefined where they are not known. */
function findSuspects(workload: WorkloadView, view: ClusterView): readonly ResourceRef[] | undefined {
  if (!view.knows('webhooks', '')) return undefined;
  const { namespace, template } = workload;
  const labels = view.find('namespace', '', namespace)?.labels ?? { 'kubernetes.io/metadata.name': namespace };
  return [...view.all('webhooks')]
    .filter(
      ({ kind, webhooks }) =>
        kind === 'MutatingWebhookConfiguration' &&
        webhooks.some(
          ({ newPods }) =>
            newPods !== undefined &&
            matchesSelector(newPods.namespaces, labels) &&
            matchesSelector(newPods.pods, template.labels),
        ),
    )
    .map(({ kind, name }) => ({ kind, namespace: '', name }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, 5);
}

function describeSuspects(suspects: readonly ResourceRef[] | undefined): string {
  const something = 'Something changes its pods on their way in';
  if (suspects === undefined) return `${something}, most likely a mutating webhook.`;
  if (suspects.length === 0)
    return `${something}. No mutating webhook is asked about them: look for an admission policy, or for who made them by hand.`;
  const names = suspects.map(({ name }) => name).join(', ');
  return `${something}, most likely a mutating webhook. Asked about them: ${names}.`;
}
