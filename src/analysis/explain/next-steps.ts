import type { Finding } from '../../core/finding.ts';
import { isWorkloadRef, refKey, refName } from '../../core/resource-ref.ts';
import type { FindingKind } from '../detectors/index.ts';
import { fillSentence } from '../logs/signatures/signature.ts';
import type { LastWords } from './last-words.ts';

/**
 * What a person on call does first about each kind of finding: what to look at, with which command, and which action of Lifeguard may help. Places:
 * `kube` (the slash command), `target`, `namespace`, `name`, `pod`, `container`, `about` (what the cause names as missing or broken).
 */
const nextSteps = {
  alert:
    'Look at what the alert measures and follow its runbook if it has one; `{kube|} events {target|<workload>}` shows what Kubernetes said of it meanwhile.',
  'autoscaler-blind':
    'See whether the metrics API answers (`kubectl top pods -n {namespace|<namespace>}`, `kubectl get apiservices`) and whether every container of its target requests what is measured; until then set the replicas by hand with `{kube|} scale`.',
  'autoscaler-target':
    'Correct scaleTargetRef (`kubectl -n {namespace|<namespace>} describe hpa {name|<name>}`), or delete the autoscaler if its target is gone for good.',
  'autoscaler-at-max':
    'If the load is real and the nodes have room, raise the maximum with `{kube|} autoscale {target|<autoscaler>}`; otherwise find out what makes the pods busy.',
  'autoscaler-flapping':
    'Lengthen behavior.scaleDown.stabilizationWindowSeconds of the autoscaler or move its target away from the usual load; until then narrow its bounds with `{kube|} autoscale {target|<autoscaler>}`.',
  'certificate-expiring':
    'Renew it before it ends: with cert-manager, `kubectl -n {namespace|<namespace>} get certificates,orders,challenges` shows what keeps the renewal.',
  'certificate-expired':
    'Renew it now and see that what serves it loads the new one; with cert-manager, `kubectl -n {namespace|<namespace>} get certificates,orders,challenges` shows why it was not renewed.',
  'container-config':
    'Create or correct {about|what the pod asks for}; the kubelet tries again by itself. `kubectl -n {namespace|<namespace>} describe pod {pod|<pod>}` shows its words.',
  'crash-loop':
    'Read the log of the run that crashed (`{kube|} logs {target|<workload>} --previous`) and mend what it ends with; `{kube|} events {target|<workload>}` shows what changed before.',
  'oom-loop':
    'See whether the load or the release made it need more: raise the limit with `{kube|} resources {target|<workload>}` if that is meant, else look for a leak.',
  'create-failed':
    'See what refuses the pods and mend their template or {about|what the cause names}; the controller tries again by itself.',
  'cronjob-missed':
    'Correct the schedule or what refuses the run (`kubectl -n {namespace|<namespace>} describe cronjob {name|<name>}`); a missed run can be started by hand with `kubectl create job --from`.',
  'cronjob-blocked':
    'See whether the run still gets anywhere (its log); if not, end it with `{kube|} delete-job` and give the Job an activeDeadlineSeconds.',
  'budget-blocks':
    'Loosen the budget or add a replica before nodes are drained (`kubectl -n {namespace|<namespace>} describe pdb {name|<name>}`).',
  'budget-empty':
    'Correct the selector of the budget or delete it (`kubectl -n {namespace|<namespace>} describe pdb {name|<name>}`).',
  'event-rate':
    'See which warnings they are with `{kube|} events {target|<workload>}` and what changed when they began.',
  'restart-rate':
    'See which containers restart and why with `{kube|} why {target|<workload>}`, and what changed when it began.',
  evicted:
    'Give the pods requests (and an ephemeral-storage limit) that match what they use, and see what fills {about|the node}; `{kube|} events {target|<workload>}` tells when.',
  'gateway-not-served':
    'Create {about|the GatewayClass} or start its controller; `kubectl -n {namespace|<namespace>} describe gateway {name|<name>}` shows its conditions.',
  'gateway-listener':
    'Correct the listener (certificate, port, protocol): `kubectl -n {namespace|<namespace>} describe gateway {name|<name>}` shows its conditions.',
  'route-not-accepted':
    'Correct the parentRefs of the route, or let the listener of {about|the Gateway} admit its namespace and host names.',
  'route-no-backend':
    'Correct name or port in the route, or make {about|the Service that it names} so: create it, or give it that port.',
  'image-pull':
    'Check the name and tag of the image, and whether the pull Secret of the namespace may read it; `{kube|} image {target|<workload>}` sets another one.',
  'init-stuck':
    'Read its log (`kubectl -n {namespace|<namespace>} logs {pod|<pod>} -c {container|<container>}`) and look at what it waits for: often a database, a Service or a lock that does not come.',
  'ingress-no-backend':
    'Correct name or port in the Ingress, or make {about|the Service that it names} so: create it, or give it that port.',
  'ingress-no-class':
    'Set an ingressClassName that the cluster has (`kubectl get ingressclass`), or install its controller.',
  'ingress-no-certificate':
    'Create {about|the Secret that the Ingress names} with type kubernetes.io/tls, or see why cert-manager did not (`kubectl -n {namespace|<namespace>} get certificates`).',
  'job-failed':
    'Read the log of its last pod (`kubectl -n {namespace|<namespace>} logs {pod|<pod>} -c {container|<container>}`), mend the reason, then run it once more with `{kube|} rerun {target|<job>}`.',
  'cronjob-failing':
    'Read the log of its last pod (`kubectl -n {namespace|<namespace>} logs {pod|<pod>} -c {container|<container>}`) and mend the reason; `{kube|} suspend {target|<cronjob>}` keeps it from failing further.',
  'memory-near-limit':
    'Raise the limit before it is killed with `{kube|} resize {target|<workload>}` (without a restart, where the cluster can) or `{kube|} resources {target|<workload>}`; if it only ever grows, look for a leak.',
  'node-cordoned': 'Ask who cordoned it and why; if nobody needs it any more, `{kube|} uncordon {target|<node>}`.',
  'node-overcommitted':
    'Move pods away with `{kube|} evict` or add a node, and correct the requests of what was placed past the scheduler (static pods, resized pods).',
  'node-not-ready':
    'Look at the machine itself (power, network, kubelet, disk) at your provider; `{kube|} drain {target|<node>}` moves what can move.',
  'node-pressure':
    'See what uses most on it (`kubectl top pods -A --sort-by=memory`, image and log disks); `{kube|} cordon {target|<node>}` keeps new pods away and `{kube|} drain {target|<node>}` moves those that are there.',
  'node-problem':
    'Look at the condition that it reports (`kubectl describe node {name|<node>}`) and its kernel log; `{kube|} drain {target|<node>}` moves what can move before it is repaired.',
  'pod-mutated':
    'See what changes the pods on their way in: {about|a mutating webhook or policy}; correct it, then `{kube|} restart {target|<workload>}`.',
  'pod-stuck-terminating':
    'See what holds it: its node, a process that does not stop, or a finalizer (`kubectl -n {namespace|<namespace>} get pods` shows which); only if the node is gone for good, `{kube|} delete-pod` or removing the node lets it go.',
  'liveness-failing':
    'See whether the container hangs or the probe is too strict (timeout, path, port) with its log (`kubectl -n {namespace|<namespace>} logs {pod|<pod>} -c {container|<container>} --previous`); a probe that also asks other services restarts healthy pods.',
  'readiness-failing':
    'Ask the probe by hand and read the log (`kubectl -n {namespace|<namespace>} logs {pod|<pod>} -c {container|<container>}`): often a service behind it does not answer, or path and port of the probe are wrong.',
  'startup-failing':
    'See how far it comes in its log (`kubectl -n {namespace|<namespace>} logs {pod|<pod>} -c {container|<container>}`); if it is only slow, give the startup probe more failures.',
  'rollout-stuck':
    'See why the new pods are not ready with `{kube|} why {target|<workload>}`; `{kube|} rollback {target|<workload>}` goes back meanwhile.',
  'scaled-to-zero':
    'If nobody meant it, `{kube|} scale {target|<workload>}` brings it back; if it is meant, say so with the annotation lifeguard.dev/expect-zero.',
  'service-no-endpoints':
    'See why the pods behind it are not ready: `{kube|} why` of the workload that the cause names.',
  'service-wrong-selector':
    'Correct the selector of the Service or the labels of the pods (`kubectl -n {namespace|<namespace>} get pods --show-labels`).',
  'service-wrong-port':
    'Correct targetPort of the Service (`kubectl -n {namespace|<namespace>} describe service {name|<name>}`) or the port that the container declares.',
  'stuck-deletion':
    'Mend {about|what the namespace still holds or the API that does not answer}, then the deletion goes on by itself (`kubectl get apiservices` shows APIs that do not answer).',
  'log-error-new':
    'See what else it says with `{kube|} patterns {target|<workload>}`, and what changed when it began with `{kube|} events {target|<workload>}`; the trouble is often in {about|what the line names}.',
  'log-error-surge':
    'See what else it says with `{kube|} patterns {target|<workload>}`, and what changed when it began with `{kube|} events {target|<workload>}`; the trouble is often in {about|what the line names}.',
  'log-silent':
    'See what it wrote last with `{kube|} logs {target|<workload>}` and whether requests and jobs still reach it; if it hangs, `{kube|} restart {target|<workload>}` helps for now.',
  'log-heartbeat-stopped':
    'See what else it says with `{kube|} logs {target|<workload>}`: what it did all the time is no longer done, though it runs; `{kube|} restart {target|<workload>}` often helps for now.',
  'log-number-drift':
    'See what the number waits for (a database, a pool, another Service) and what changed when it began with `{kube|} events {target|<workload>}`; if the load is real, `{kube|} scale {target|<workload>}`.',
  'stuck-finalizer':
    'See whether the controller that owns the finalizer still runs; only when what it protects is gone, `{kube|} remove-finalizer`.',
  unschedulable:
    'Make room or ask for less: {about|the words of the scheduler say what is short}; add a node, lower the requests with `{kube|} resources {target|<workload>}`, or correct selectors, taints and claims (`kubectl -n {namespace|<namespace>} describe pods`).',
  'volume-claim-pending':
    'Correct the claim: its storage class ({about|see the cause}), size or access mode; `kubectl get storageclass` shows what there is, and a claim has to be made anew to change its class.',
  'volume-claim-lost':
    'Do not delete the claim yet: see at the storage provider whether the disk still exists, then restore the volume or a backup.',
  'volume-nearly-full':
    'Enlarge it with `{kube|} expand {target|<claim>}` if its class allows, and find what grows on it (`kubectl -n {namespace|<namespace>} exec <pod> -- df -h`).',
  'volume-inodes':
    'Delete small files that nobody needs (caches, sessions, logs) on it; a bigger volume has more inodes only with some file systems.',
  'webhook-no-endpoints':
    'Bring {about|the Service behind the webhook} back; if it is gone for good, delete the configuration (`kubectl delete` of it lets writes through again).',
  'webhook-ca-expiring':
    'Renew the CA bundle of the webhook (cert-manager: see its cainjector) before it ends; from then on every write that it is asked about fails.',
  'workload-short':
    'See what the missing pods wait for with `{kube|} why {target|<workload>}`; the cause names them by reason.',
} as const satisfies Readonly<Record<FindingKind, string>>;

/** Names that may stand in a command; the cluster's own always do, a label's value may not. */
const plainName = /^[\w.:/@-]{1,253}$/;

/** Objects named in a sentence at most. */
const mostNamed = 2;

/**
 * What to do next, a line each, the most telling first: what the log calls for, then what its cause or its kind does, then the way back where a release is blamed.
 * Undefined for a kind that no detector gives. `commandName` has its slash.
 */
export function nextStepOf(finding: Finding, words: LastWords | undefined, commandName: string): string | undefined {
  const sentence = finding.step ?? sentenceOf(finding.kind);
  if (sentence === undefined) return undefined;
  const signed = words?.signed === undefined ? [] : [words.signed.next];
  return [...signed, fillSentence(sentence, factsOf(finding, commandName)), ...wayBack(finding, commandName)].join(
    '\n',
  );
}

function sentenceOf(kind: string): string | undefined {
  const known: Readonly<Record<string, string>> = nextSteps;
  if (kind.startsWith('alert/')) return nextSteps.alert;
  return Object.hasOwn(known, kind) ? known[kind] : undefined;
}

function wayBack({ kind, subject, release }: Finding, commandName: string): readonly string[] {
  if (release === undefined || release.fromRevision === null || kind === 'rollout-stuck' || !isWorkloadRef(subject))
    return [];
  return [`Revision ${release.toRevision} may be to blame: \`${commandName} rollback ${refName(subject)}\` goes back.`];
}

function factsOf({ subject, exemplar, about = [] }: Finding, kube: string): Readonly<Record<string, string>> {
  const names = { target: refName(subject), namespace: subject.namespace, name: subject.name };
  const pods = exemplar === undefined ? {} : { pod: exemplar.pod, container: exemplar.container };
  const plain = Object.entries({ ...names, ...pods }).filter(([, value]) => plainName.test(value));
  const told = about.slice(0, mostNamed).map(refKey).join(' and ');
  return { kube, ...Object.fromEntries(plain), ...(told === '' ? {} : { about: told }) };
}
