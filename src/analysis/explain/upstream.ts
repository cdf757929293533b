import { selects } from '../../core/label-selector.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { ServiceView } from '../../core/views/network.ts';
import { matchSignature, type Signed } from '../logs/signatures/match.ts';

/** Host names in addresses and in what a program dialled. */
const hosts = [
  /\b[a-z][a-z0-9+.-]{1,15}:\/\/(?:[^\s/@"']{1,200}@)?([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)/gi,
  /\blookup ([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)/gi,
];

/** A line of a log, and what it is known to mean. */
interface SignedLine {
  readonly text: string;
  readonly signed: Signed | undefined;
}

export function signLine(text: string): SignedLine {
  return { text, signed: matchSignature(text) };
}

interface Place {
  /** Where a short name is looked for. */
  readonly namespace: string;
  readonly view: ClusterView;
}

/**
 * What a line that tells of a trouble names as called, in an address or as its signature knows it: the Services of that name or address, and the workloads behind
 * them. Empty for what is not in this cluster.
 */
export function blamedIn({ text, signed }: SignedLine, place: Place): readonly ResourceRef[] {
  const { host = '', endpoint = '' } = signed?.facts ?? {};
  return servicesIn(text, [host, endpoint], place).flatMap((service) => [
    service,
    ...workloadsBehind(service, place.view),
  ]);
}

/** Variables whose value is a bare host name. */
const hostVariable = /(?:^|_)(?:HOST|HOSTNAME|ADDR|ADDRESS|ENDPOINT|SERVER)$/i;

/** Services that the environment of a workload's newest revision names: `PAYMENTS_URL=http://payments:8080`, `DB_HOST=db`, `REDIS=redis:6379`. */
export function configuredServices(ref: ResourceRef, view: ClusterView): readonly ResourceRef[] {
  const variables = view.revisionsOf(ref)[0]?.containers.flatMap(({ env }) => Object.entries(env)) ?? [];
  return variables.flatMap(([name, value]) => {
    const names = value.split(/[,;\s]/).filter((part) => hostVariable.test(name) || /^[\w.-]+:\d{1,5}$/.test(part));
    return servicesIn(value, names, { namespace: ref.namespace, view });
  });
}

/** What requests to a Service reach. */
export function workloadsBehind(
  { namespace, name }: Pick<ResourceRef, 'namespace' | 'name'>,
  view: ClusterView,
): readonly ResourceRef[] {
  const service = view.find('service', namespace, name);
  if (service === undefined) return [];
  return view
    .within('workload', namespace)
    .filter(({ template }) => selects(service.selector, template.labels))
    .map((workload) => ({ kind: workload.kind, namespace, name: workload.name, uid: workload.uid }));
}

/** `names`: host names that are known to stand in the text, with or without a port. */
function servicesIn(text: string, names: readonly string[], place: Place): readonly ResourceRef[] {
  const found = hosts.flatMap((pattern) => [...text.matchAll(pattern)].map(([, host = '']) => host));
  const all = [...new Set([...names, ...found].map((name) => name.replace(/:\d{1,5}$/, '').toLowerCase()))];
  const called = all.flatMap((host) => serviceNamed(host, place) ?? serviceAt(host, place) ?? []);
  return [...new Set(called)].map(({ namespace, name }) => ({ kind: 'Service', namespace, name }));
}

/** `payments`, `payments.shop`, `payments.shop.svc.cluster.local`. */
function serviceNamed(host: string, { namespace: own, view }: Place): ServiceView | undefined {
  const [name = '', namespace = own, svc = 'svc'] = host.split('.');
  return svc === 'svc' ? view.find('service', namespace, name) : undefined;
}

/** Of IPv4 or IPv6; no name looks so. */
const looksLikeAddress = /^[\d.]{7,15}$|^[\da-f:.]{0,40}:[\da-f:.]{0,40}$/;

/** Most programs name only the address where they cannot connect. */
function serviceAt(address: string, { view }: Place): ServiceView | undefined {
  if (!looksLikeAddress.test(address)) return undefined;
  return [...view.all('service')].find(({ addresses }) => addresses.includes(address));
}
