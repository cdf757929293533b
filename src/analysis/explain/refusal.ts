import { cut } from '../../core/cut.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';

/** Why the API server does not let a pod be created. */
export interface Refusal {
  /** A sentence. */
  readonly words: string;
  /** What refuses, or is missing. */
  readonly about?: ResourceRef | undefined;
  /** What to do about it: a sentence with the places of next steps; absent where nothing more is known than that. */
  readonly next?: string | undefined;
  /** True where waiting does not help. */
  readonly lasting: boolean;
  /** What of the pod's template is refused: `none` of it, its `resources`, or `any` of it. */
  readonly blames: 'none' | 'resources' | 'any';
}

interface RefusalQuestion {
  readonly message: string;
  readonly namespace: string;
  readonly view: ClusterView;
}

type Rule = readonly [RegExp, (match: RegExpExecArray, question: RefusalQuestion) => Refusal];

/** Undefined for a refusal that is part of a normal end: the namespace goes, or the pod's predecessor has not gone yet. */
export function explainRefusal(question: RefusalQuestion): Refusal | undefined {
  if (/because it is being terminated|object is being deleted|pods "[^"]+" already exists/i.test(question.message))
    return undefined;
  for (const [pattern, explain] of rules) {
    const match = pattern.exec(question.message);
    if (match !== null) return explain(match, question);
  }
  return { words: `The API server refuses the pods: ${bare(question.message)}.`, lasting: false, blames: 'any' };
}

/** Words of the admission plug-ins (k8s.io/kubernetes plugin/pkg/admission, k8s.io/apiserver/pkg/admission, k8s.io/pod-security-admission). */
const rules: readonly Rule[] = [
  [/exceeded quota: ([^,]+), requested: (.*), used: (.*), limited: (.*)/i, explainQuota],
  [/failed quota: ([^:]+): must specify (.*)/i, explainUnspecified],
  [/violates PodSecurity "([^"]+)":? ?(.*)/i, explainPodSecurity],
  [/failed calling webhook "([^"]+)": ?(.*)/i, explainSilentWebhook],
  [/admission webhook "([^"]+)" denied the request:? ?(.*)/i, explainDenial],
  [/ValidatingAdmissionPolicy '([^']+)'.* denied request: ?(.*)/i, explainPolicy],
  [/((?:maximum|minimum) \S+ usage per|max limit to request ratio per).*/i, explainLimitRange],
  [/service ?account "?([^"\s]+)"? not found/i, (match, q) => missing('ServiceAccount', match[1], q.namespace)],
  [/no PriorityClass with name (\S+) was found/i, (match) => missing('PriorityClass', match[1], '')],
  [
    / is invalid: (.*)/i,
    (match) =>
      refused(
        `The API server refuses the pods as invalid: ${bare(match[1])}.`,
        'Correct the field of the pod template that the API server names, or go back to the revision before.',
      ),
  ],
];

function refused(words: string, next: string, about?: ResourceRef): Refusal {
  return { words, next, about, lasting: true, blames: 'any' };
}

/** What admission policies want is known to those who keep them. */
const changeThePods =
  'Change the pod template so that {about|the policy} admits it, as its words in the cause say; those who keep it know what it wants and why.';

function missing(kind: string, name = '', namespace = ''): Refusal {
  const about = { kind, namespace, name };
  const next = `Create {about|the ${kind}}, or correct its name in the pod template; the controller tries again by itself.`;
  const words = `The pods cannot be created: ${kind} ${name} does not exist.`;
  return { words, next, about, lasting: false, blames: 'any' };
}

function explainQuota(match: RegExpExecArray, { namespace }: RefusalQuestion): Refusal {
  const [, name = '', requested = '', used = '', limited = ''] = match;
  const [asked, inUse, limits] = [requested, used, limited].map(readQuantities);
  const each = [...(asked ?? [])].map(
    ([resource, value]) =>
      `${inUse?.get(resource) ?? '?'} of ${limits?.get(resource) ?? '?'} ${resource} are used, and a pod asks for ${value}`,
  );
  return {
    words: `Quota ${name} of namespace ${namespace} is full: ${each.join('; ')}.`,
    next: 'Ask for less of what is full (fewer replicas with `{kube|} scale`, lower requests with `{kube|} resources {target|<workload>}`) or have {about|the quota} raised; the controller tries again by itself.',
    about: { kind: 'ResourceQuota', namespace, name },
    lasting: false,
    blames: 'resources',
  };
}

/** `requests.cpu=400m,pods=1`. */
function readQuantities(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(',').map((one) => [one.split('=')[0]?.trim() ?? '', one.split('=')[1]?.trim() ?? '']));
}

function explainUnspecified([, name = '', what = '']: RegExpExecArray, { namespace }: RefusalQuestion): Refusal {
  const words = `Quota ${name} of namespace ${namespace} admits only pods that specify ${bare(what)}.`;
  const next =
    'Give every container what the quota wants to be told with `{kube|} resources {target|<workload>}`, or give the namespace a LimitRange with defaults; the controller tries again by itself.';
  return refused(words, next, { kind: 'ResourceQuota', namespace, name });
}

/** The plug-in names every container behind every point; the points are enough. */
function explainPodSecurity([, policy = '', what = '']: RegExpExecArray, { namespace }: RefusalQuestion): Refusal {
  const level = policy.split(':')[0] ?? policy;
  return refused(
    `Pod Security level ${level} of namespace ${namespace} forbids the pods: ${bare(what.replace(/ ?\([^)]*\)/g, ''))}.`,
    'Give the pod template the securityContext that the level wants, point by point as the cause names them; only where the pods need these rights, lower the label pod-security.kubernetes.io/enforce of the namespace.',
  );
}

function explainDenial([, name = '', what = '']: RegExpExecArray, { view }: RefusalQuestion): Refusal {
  return refused(
    `Admission webhook ${name} denies the pods: ${bare(what)}.`,
    changeThePods,
    configurationOf(name, view),
  );
}

function explainPolicy([, name = '', what = '']: RegExpExecArray): Refusal {
  const about = { kind: 'ValidatingAdmissionPolicy', namespace: '', name };
  return refused(`ValidatingAdmissionPolicy ${name} denies the pods: ${bare(what)}.`, changeThePods, about);
}

function explainLimitRange([words = '']: RegExpExecArray, { namespace }: RefusalQuestion): Refusal {
  return {
    ...refused(
      `A LimitRange of namespace ${namespace} forbids the pods: ${bare(words)}.`,
      'Keep requests and limits within the range with `{kube|} resources {target|<workload>}`, or have it widened (`kubectl -n {namespace|<namespace>} describe limitrange`).',
    ),
    blames: 'resources',
  };
}

/** Its answer is required, so that nothing is created while it is away. */
function explainSilentWebhook([, name = '', what = '']: RegExpExecArray, { view }: RefusalQuestion): Refusal {
  const about = configurationOf(name, view);
  const words = `Admission webhook ${name} must agree to every pod and cannot be asked: ${bare(what)}.`;
  const next =
    'Bring back what answers for {about|the webhook}, its Service and the pods behind it; if it is gone for good, delete the configuration, and pods are created again.';
  return { words, next, about, lasting: false, blames: 'none' };
}

function configurationOf(webhook: string, view: ClusterView): ResourceRef | undefined {
  const found = [...view.all('webhooks')].find(({ webhooks }) => webhooks.some(({ name }) => name === webhook));
  return found === undefined ? undefined : { kind: found.kind, namespace: '', name: found.name };
}

/** What quotes give of foreign words: one line, without a full stop, no longer than people read. */
function bare(text = ''): string {
  const line = text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.\]]+$/, '');
  return cut(line, 240);
}
