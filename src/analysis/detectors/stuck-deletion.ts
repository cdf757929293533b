import { z } from 'zod';
import { isWorkloadRef, type ResourceRef, workloadKinds } from '../../core/resource-ref.ts';
import type { ConditionView, ObjectView } from '../../core/views/object.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { judgeTroubles, quoteCondition } from '../object-finding.ts';

const StuckDeletionParams = z.strictObject({
  /** Pods get their time to stop, and volumes are detached; a namespace that is not gone after this long will not go by itself. */
  forSeconds: z.number().nonnegative().default(300),
});
type StuckDeletionParams = z.infer<typeof StuckDeletionParams>;

const titles = {
  'stuck-deletion': 'deletion of the namespace does not end',
  'stuck-finalizer': 'is held by a finalizer',
} as const;

/** Kinds besides namespaces that are often held; pods have a detector of their own. */
const held = {
  PersistentVolumeClaim: 'volumeClaim',
  Service: 'service',
  Ingress: 'ingress',
  Job: 'job',
  CronJob: 'cronJob',
  Gateway: 'gateway',
} as const;

/** A namespace, or an object, that is being deleted and does not go. */
export const stuckDeletion = defineDetector({
  id: 'stuck-deletion',
  judges: ['Namespace', ...Object.keys(held), ...workloadKinds],
  kinds: titles,
  params: StuckDeletionParams,
  evaluate: (subject, params) =>
    subject.subject.kind === 'Namespace' ? evaluateNamespace(subject, params) : evaluateObject(subject, params),
});

/** What is in a namespace that goes away is told with the namespace. */
function evaluateObject(subject: Subject, { forSeconds }: StuckDeletionParams): Judgement {
  const object = findObject(subject);
  const finalizers = object?.deletion?.finalizers ?? [];
  if (object?.deletion === undefined || finalizers.length === 0) return { findings: [] };
  const { since } = object.deletion;
  const trouble = {
    detector: 'stuck-deletion',
    kind: 'stuck-finalizer',
    title: titles['stuck-finalizer'],
    severity: 'warning',
    cause: [`It was deleted and waits for ${finalizers.join(', ')}, which its controller does not remove.`],
    impact: 'its name cannot be used again',
    since,
    from: since + forSeconds * 1000,
  } as const;
  return judgeTroubles(subject, object, [trouble]);
}

function findObject({ subject, view }: Subject): ObjectView | undefined {
  const { kind, namespace, name } = subject;
  if (isWorkloadRef(subject)) return view.workload(subject);
  const shelf = Object.entries(held).find(([known]) => known === kind)?.[1];
  return shelf === undefined ? undefined : view.find(shelf, namespace, name);
}

function evaluateNamespace(subject: Subject, { forSeconds }: StuckDeletionParams): Judgement {
  const namespace = subject.view.find('namespace', '', subject.subject.name);
  if (namespace?.deletion === undefined) return { findings: [] };
  const { since, finalizers } = namespace.deletion;
  const obstacles = meanings.flatMap(({ type }) =>
    namespace.conditions.filter((condition) => condition.type === type && condition.status === 'True'),
  );
  const own = finalizers.length === 0 ? [] : [`It is itself held by finalizers: ${finalizers.join(', ')}.`];
  const cause = [...obstacles.map(describeObstacle), ...own];
  const trouble = {
    detector: 'stuck-deletion',
    kind: 'stuck-deletion',
    title: titles['stuck-deletion'],
    severity: 'warning',
    cause: cause.length === 0 ? ['Kubernetes does not say what it waits for.'] : cause,
    impact: 'nothing can be made in it',
    since,
    from: since + forSeconds * 1000,
    about: obstacles.flatMap(brokenApis),
  } as const;
  return judgeTroubles(subject, namespace, [trouble]);
}

/** Conditions of the namespace controller (k8s.io/kubernetes pkg/controller/namespace), in the order in which people can act on them. */
const meanings: readonly { readonly type: string; readonly meaning: string }[] = [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    meaning: 'An API does not answer, so nobody knows whether it still has objects there.',
  },
  { type: 'NamespaceDeletionGroupVersionParsingFailure', meaning: 'An API has a name that cannot be read.' },
  { type: 'NamespaceDeletionContentFailure', meaning: 'Objects in it could not be deleted.' },
  {
    type: 'NamespaceFinalizersRemaining',
    meaning: 'Objects in it are held by finalizers, which their controllers do not remove.',
  },
  { type: 'NamespaceContentRemaining', meaning: 'Objects are left in it.' },
];

function describeObstacle(condition: ConditionView): string {
  const known = meanings.find(({ type }) => type === condition.type);
  return [...(known === undefined ? [] : [known.meaning]), quoteCondition(condition)].join(' ');
}

/** `metrics.k8s.io/v1beta1: …` is served by the APIService `v1beta1.metrics.k8s.io`. */
function brokenApis({ type, message }: ConditionView): readonly ResourceRef[] {
  if (type !== 'NamespaceDeletionDiscoveryFailure') return [];
  const named = [...message.matchAll(/([a-z0-9-]+(?:\.[a-z0-9-]+)+)\/(v\d\w*)/g)].map(
    ([, group = '', version = '']) => `${version}.${group}`,
  );
  return [...new Set(named)].map((name) => ({ kind: 'APIService', namespace: '', name }));
}
