import { type Finding, findingKey } from '../../core/finding.ts';
import { selects } from '../../core/label-selector.ts';
import { isWorkloadRef, type ResourceRef, refKey, refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';

/** Says why `cause` explains `effect`, to follow on "because"; undefined where it does not. Pure. */
export interface Relation {
  readonly id: string;
  /** True where the effect itself names the cause or points at it, so that it does not matter how far apart they began. */
  readonly exact: boolean;
  readonly explain: (
    pair: { readonly effect: Finding; readonly cause: Finding },
    view: ClusterView,
  ) => string | undefined;
}

/** Both are about the same object: what shows itself lower down explains what follows from it. */
const sameSubject: Relation = {
  id: 'same-subject',
  exact: false,
  explain({ effect, cause }, view) {
    if (refKey(effect.subject) !== refKey(cause.subject) || !precedes(cause, effect)) return undefined;
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
  explain({ effect, cause }) {
    const named = effect.about?.some((ref) => refKey(ref) === refKey(cause.subject)) === true;
    return named ? `${describe(cause.subject)} is what it names as its cause` : undefined;
  },
};

/** Both name the same missing or broken object; the earliest tells it. */
const sharedCause: Relation = {
  id: 'shared-cause',
  exact: true,
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
  explain({ effect, cause }, view) {
    if (cause.subject.kind !== 'Node' || effect.subject.kind === 'Node') return undefined;
    const troubled = view.podsOf(effect.subject).filter((pod) => !pod.ready || pod.deletion !== undefined);
    const here = troubled.length > 0 && troubled.every((pod) => pod.node === cause.subject.name);
    return here ? `its troubled pods run on node ${cause.subject.name}` : undefined;
  },
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
  explain({ effect, cause }, view) {
    const { subject } = effect;
    if (ownFaults.has(effect.kind)) return undefined;
    if (subject.kind === 'Service' && isWorkloadRef(cause.subject)) {
      const selector = view.find('service', subject.namespace, subject.name)?.selector;
      const labels = view.workload(cause.subject)?.template.labels;
      const sends = cause.subject.namespace === subject.namespace && selects(selector, labels);
      return sends ? `the Service sends to the pods of ${describe(cause.subject)}` : undefined;
    }
    if (cause.subject.kind !== 'Service') return undefined;
    const routes = backendsOf(subject, view).some(
      ({ namespace, service }) => namespace === cause.subject.namespace && service === cause.subject.name,
    );
    return routes ? `it routes to ${describe(cause.subject)}` : undefined;
  },
};

/** A route suffers from the Gateway that is to take it. */
const attached: Relation = {
  id: 'attached',
  exact: true,
  explain({ effect, cause }, view) {
    if (cause.subject.kind !== 'Gateway') return undefined;
    const { kind, namespace, name } = effect.subject;
    const route = view.within('route', namespace).find((one) => one.kind === kind && one.name === name);
    const attaches = route?.parents.some((one) => refKey({ kind: 'Gateway', ...one }) === refKey(cause.subject));
    return attaches === true ? `it attaches to ${describe(cause.subject)}` : undefined;
  },
};

/** What the API server refuses because a webhook does not answer. */
const refused: Relation = {
  id: 'refused',
  exact: true,
  explain({ effect, cause }, view) {
    if (cause.kind !== 'webhook-no-endpoints' || effect.detector === cause.detector) return undefined;
    const { kind, name } = cause.subject;
    const configuration = [...view.all('webhooks')].find((one) => one.kind === kind && one.name === name);
    const named = configuration?.webhooks.find((webhook) => effect.cause.includes(`webhook "${webhook.name}"`));
    return named === undefined ? undefined : `the API server refuses it while webhook ${named.name} does not answer`;
  },
};

/** What keeps containers from starting at all is not what they could not write. */
const beforeStart: ReadonlySet<string> = new Set(['image-pull', 'unschedulable', 'create-failed', 'container-config']);

/** A workload fails when a volume that its pods write to has no room left. */
const mounted: Relation = {
  id: 'mounted',
  exact: true,
  explain({ effect, cause }, view) {
    if (cause.detector !== 'volume-nearly-full' || cause.severity !== 'critical') return undefined;
    if (beforeStart.has(effect.detector)) return undefined;
    const { namespace, name } = cause.subject;
    if (effect.subject.namespace !== namespace) return undefined;
    const mounts = view.podsOf(effect.subject).some(({ claims = [] }) => claims.includes(name));
    return mounts ? `its pods write to ${describe(cause.subject)}` : undefined;
  },
};

/** An autoscaler suffers from the workload that it scales. */
const scaled: Relation = {
  id: 'scaled',
  exact: false,
  explain({ effect: { subject }, cause }, view) {
    if (subject.kind !== 'HorizontalPodAutoscaler' || cause.subject.namespace !== subject.namespace) return undefined;
    const target = view.find('autoscaler', subject.namespace, subject.name)?.target;
    const same = target?.kind === cause.subject.kind && target.name === cause.subject.name;
    return same ? `the autoscaler scales ${describe(cause.subject)}` : undefined;
  },
};

/** What is in a namespace that goes away goes away with it. */
const inNamespace: Relation = {
  id: 'namespace',
  exact: false,
  explain({ effect, cause }) {
    if (cause.subject.kind !== 'Namespace' || effect.subject.namespace !== cause.subject.name) return undefined;
    return `its namespace ${cause.subject.name} is being deleted`;
  },
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

/** Findings that only say that something is wrong: whatever is more exact comes before them. */
const vague: ReadonlySet<string> = new Set(['workload-short', 'event-rate', 'restart-rate', 'memory-near-limit']);

/** A strict order of findings that does not depend on when they were heard of: what was seen before what was told, the exact before the vague, the earlier onset, the name. */
export function precedes(a: Finding, b: Finding): boolean {
  if ((a.reportedBy === undefined) !== (b.reportedBy === undefined)) return a.reportedBy === undefined;
  if (vague.has(a.kind) !== vague.has(b.kind)) return vague.has(b.kind);
  return a.since === b.since ? findingKey(a) < findingKey(b) : a.since < b.since;
}

function backendsOf({ kind, namespace, name }: ResourceRef, view: ClusterView) {
  if (kind === 'Ingress') return view.find('ingress', namespace, name)?.backends ?? [];
  const route = view.within('route', namespace).find((one) => one.kind === kind && one.name === name);
  return route?.backends ?? [];
}

function describe(ref: ResourceRef): string {
  return `${ref.kind} ${refName(ref)}`;
}
