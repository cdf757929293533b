import { type Finding, findingKey } from '../../core/finding.ts';
import { selects } from '../../core/label-selector.ts';
import { isWorkloadRef, type ResourceRef, refKey, refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { WebhooksView } from '../../core/views/network.ts';

/** A way in which one finding explains another. Pure. */
export interface Relation {
  readonly id: string;
  /** True where the effect itself names the cause or points at it, so that it does not matter how far apart they began. */
  readonly exact: boolean;
  /** Objects through which the effect leads to its causes. */
  readonly through: (effect: Finding, view: ClusterView) => readonly ResourceRef[];
  /** Causes are about one of these objects, or name one of them as well. */
  readonly causes: 'about-it' | 'naming-it';
  /** Says why a cause that was found so explains the effect, to follow on "because"; undefined where it does not. */
  readonly explain: (
    pair: { readonly effect: Finding; readonly cause: Finding },
    view: ClusterView,
  ) => string | undefined;
}

/** Both are about the same object: what shows itself lower down explains what follows from it. */
const sameSubject: Relation = {
  id: 'same-subject',
  exact: false,
  causes: 'about-it',
  through: ({ subject }) => [subject],
  explain({ effect, cause }, view) {
    if (!precedes(cause, effect)) return undefined;
    return (
      sharedRelease(effect, cause) ??
      sharedReplicaSet(effect, cause, view) ??
      `it is about the same ${cause.subject.kind}`
    );
  },
};

function sharedRelease({ release }: Finding, cause: Finding): string | undefined {
  const same = release !== undefined && release.toRevision === cause.release?.toRevision;
  return same ? `both follow the same release, revision ${release.toRevision}` : undefined;
}

/** Where the pods that tell their stories are of one ReplicaSet. */
function sharedReplicaSet(effect: Finding, cause: Finding, view: ClusterView): string | undefined {
  const pods = view.podsOf(effect.subject);
  const [own, other] = [effect, cause].map(({ exemplar }) => pods.find(({ name }) => name === exemplar?.pod)?.owner);
  const same = own?.kind === 'ReplicaSet' && own.uid === other?.uid;
  return same ? `both are about pods of the same ReplicaSet, ${own.name}` : undefined;
}

/** The cause is the very object that the effect names. */
const namedCause: Relation = {
  id: 'named-cause',
  exact: true,
  causes: 'about-it',
  through: ({ about = [] }) => about,
  explain: ({ cause }) => `${describe(cause.subject)} is what it names as its cause`,
};

/** Both name the same missing or broken object; the earliest tells it. */
const sharedCause: Relation = {
  id: 'shared-cause',
  exact: true,
  causes: 'naming-it',
  through: ({ about = [] }) => about,
  explain({ effect, cause }) {
    const named = new Set(cause.about?.map(refKey));
    const shared = effect.about?.find((ref) => named.has(refKey(ref)));
    return shared !== undefined && precedes(cause, effect) ? `both come from ${describe(shared)}` : undefined;
  },
};

/** Everything in trouble runs on a node that is in trouble. */
const onNode: Relation = {
  id: 'node',
  exact: false,
  causes: 'about-it',
  through({ subject }, view) {
    if (subject.kind === 'Node') return [];
    const troubled = view.podsOf(subject).filter((pod) => !pod.ready || pod.deletion !== undefined);
    const [name, ...others] = new Set(troubled.map(({ node }) => node));
    return name === undefined || others.length > 0 ? [] : [{ kind: 'Node', namespace: '', name }];
  },
  explain: ({ cause }) => `its troubled pods run on node ${cause.subject.name}`,
};

/** Faults of what is written in the object itself: nothing behind it explains them. */
const ownFaults: ReadonlySet<string> = new Set([
  'service-wrong-selector',
  'service-wrong-port',
  'ingress-no-class',
  'ingress-no-certificate',
  'route-not-accepted',
]);

/** A Service suffers from the workload whose pods it sends to; what routes to the Service suffers from the Service. */
const path: Relation = {
  id: 'path',
  exact: true,
  causes: 'about-it',
  through({ kind, subject }, view) {
    if (ownFaults.has(kind)) return [];
    if (subject.kind !== 'Service')
      return backendsOf(subject, view).map(({ namespace, service }) => ({ kind: 'Service', namespace, name: service }));
    const selector = view.find('service', subject.namespace, subject.name)?.selector;
    return view.within('workload', subject.namespace).filter(({ template }) => selects(selector, template.labels));
  },
  explain: ({ cause: { subject } }) =>
    isWorkloadRef(subject)
      ? `the Service sends to the pods of ${describe(subject)}`
      : `it routes to ${describe(subject)}`,
};

/** A route suffers from the Gateway that is to take it. */
const attached: Relation = {
  id: 'attached',
  exact: true,
  causes: 'about-it',
  through: ({ subject }, view) => (routeOf(subject, view)?.parents ?? []).map((one) => ({ kind: 'Gateway', ...one })),
  explain: ({ cause }) => `it attaches to ${describe(cause.subject)}`,
};

/** What the API server refuses because a webhook does not answer. */
const refused: Relation = {
  id: 'refused',
  exact: true,
  causes: 'about-it',
  through({ cause }, view) {
    if (!cause.includes('webhook "')) return [];
    return [...view.all('webhooks')].filter((one) => refuserOf(cause, one) !== undefined);
  },
  explain({ effect, cause }, view) {
    if (cause.kind !== 'webhook-no-endpoints' || effect.detector === cause.detector) return undefined;
    const { kind, name } = cause.subject;
    const configuration = [...view.all('webhooks')].find((one) => one.kind === kind && one.name === name);
    const refuser = configuration && refuserOf(effect.cause, configuration);
    return refuser && `the API server refuses it while webhook ${refuser.name} does not answer`;
  },
};

/** What keeps containers from starting at all is not what they could not write. */
const beforeStart: ReadonlySet<string> = new Set(['image-pull', 'unschedulable', 'create-failed', 'container-config']);

/** A workload fails when a volume that its pods write to has no room left. */
const mounted: Relation = {
  id: 'mounted',
  exact: true,
  causes: 'about-it',
  through({ detector, subject }, view) {
    if (beforeStart.has(detector)) return [];
    const claims = new Set(view.podsOf(subject).flatMap(({ claims = [] }) => claims));
    return [...claims].map((name) => ({ kind: 'PersistentVolumeClaim', namespace: subject.namespace, name }));
  },
  explain({ cause }) {
    if (cause.detector !== 'volume-nearly-full' || cause.severity !== 'critical') return undefined;
    return `its pods write to ${describe(cause.subject)}`;
  },
};

/** An autoscaler suffers from the workload that it scales. */
const scaled: Relation = {
  id: 'scaled',
  exact: false,
  causes: 'about-it',
  through({ subject: { kind, namespace, name } }, view) {
    const target = kind === 'HorizontalPodAutoscaler' ? view.find('autoscaler', namespace, name)?.target : undefined;
    return target === undefined ? [] : [{ kind: target.kind, namespace, name: target.name }];
  },
  explain: ({ cause }) => `the autoscaler scales ${describe(cause.subject)}`,
};

/** What is in a namespace that goes away goes away with it. */
const inNamespace: Relation = {
  id: 'namespace',
  exact: false,
  causes: 'about-it',
  through: ({ subject: { namespace } }) =>
    namespace === '' ? [] : [{ kind: 'Namespace', namespace: '', name: namespace }],
  explain: ({ cause }) => `its namespace ${cause.subject.name} is being deleted`,
};

/** The first that applies says why. */
export const relations: readonly Relation[] = [
  namedCause,
  onNode,
  inNamespace,
  path,
  attached,
  refused,
  mounted,
  scaled,
  sameSubject,
  sharedCause,
];

/** Findings that only say that something is wrong, or may go wrong: whatever is more exact comes before them. */
const vague: ReadonlySet<string> = new Set([
  'workload-short',
  'event-rate',
  'restart-rate',
  'memory-near-limit',
  'node-overcommitted',
  'log-error-new',
  'log-error-surge',
  'log-silent',
  'log-heartbeat-stopped',
  'log-number-drift',
]);

/** A strict order of findings that does not depend on when they were heard of: what was seen before what was told, the exact before the vague, the earlier onset, the name. */
export function precedes(a: Finding, b: Finding): boolean {
  if ((a.reportedBy === undefined) !== (b.reportedBy === undefined)) return a.reportedBy === undefined;
  if (vague.has(a.kind) !== vague.has(b.kind)) return vague.has(b.kind);
  return a.since === b.since ? findingKey(a) < findingKey(b) : a.since < b.since;
}

function backendsOf(ref: ResourceRef, view: ClusterView) {
  if (ref.kind === 'Ingress') return view.find('ingress', ref.namespace, ref.name)?.backends ?? [];
  return routeOf(ref, view)?.backends ?? [];
}

function routeOf({ kind, namespace, name }: ResourceRef, view: ClusterView) {
  return view.within('route', namespace).find((one) => one.kind === kind && one.name === name);
}

/** The webhook of this configuration in whose name the API server refuses. */
function refuserOf(cause: string, { webhooks }: WebhooksView) {
  return webhooks.find(({ name }) => cause.includes(`webhook "${name}"`));
}

function describe(ref: ResourceRef): string {
  return `${ref.kind} ${refName(ref)}`;
}
