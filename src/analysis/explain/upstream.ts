import { selects } from '../../core/label-selector.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import { matchSignature } from '../logs/signatures/match.ts';

/** Host names in addresses and in what a program dialled. */
const hosts = [
  /\b[a-z][a-z0-9+.-]{1,15}:\/\/(?:[^\s/@"']{1,200}@)?([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)/gi,
  /\blookup ([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)/gi,
];

/**
 * What a line of a log names as called: the Services of that name, and the workloads behind them. `names`: host names that are known to stand in it
 * (with or without a port). Empty for what is not in this cluster.
 */
function upstreamsOf(
  message: string,
  {
    namespace,
    names,
    view,
  }: { readonly namespace: string; readonly names: readonly string[]; readonly view: ClusterView },
): readonly ResourceRef[] {
  const found = hosts.flatMap((pattern) => [...message.matchAll(pattern)].map(([, host = '']) => host));
  const all = [...new Set([...names, ...found].map((name) => name.replace(/:\d{1,5}$/, '').toLowerCase()))];
  return all.flatMap((host) => serviceNamed(host, namespace, view));
}

/** The same of a line that tells of a trouble, with what its signature knows to be an address. */
export function blamedIn(
  line: string,
  { namespace, view }: { readonly namespace: string; readonly view: ClusterView },
): readonly ResourceRef[] {
  const { host = '', endpoint = '' } = matchSignature(line)?.facts ?? {};
  return upstreamsOf(line, { namespace, names: [host, endpoint], view });
}

/** Variables whose value is a bare host name. */
const hostVariable = /(?:^|_)(?:HOST|HOSTNAME|ADDR|ADDRESS|ENDPOINT|SERVER)$/i;

/** What the environment of a workload's newest revision names as called: `PAYMENTS_URL=http://payments:8080`, `DB_HOST=db`, `REDIS=redis:6379`. */
export function configuredUpstreams(ref: ResourceRef, view: ClusterView): readonly ResourceRef[] {
  const variables = view.revisionsOf(ref)[0]?.containers.flatMap(({ env }) => Object.entries(env)) ?? [];
  return variables.flatMap(([name, value]) => {
    const names = value.split(/[,;\s]/).filter((part) => hostVariable.test(name) || /^[\w.-]+:\d{1,5}$/.test(part));
    return upstreamsOf(value, { namespace: ref.namespace, names, view });
  });
}

/** What requests to a Service reach. */
export function workloadsBehind(namespace: string, name: string, view: ClusterView): readonly ResourceRef[] {
  const service = view.find('service', namespace, name);
  if (service === undefined) return [];
  return view
    .within('workload', namespace)
    .filter(({ template }) => selects(service.selector, template.labels))
    .map((workload) => ({ kind: workload.kind, namespace, name: workload.name, uid: workload.uid }));
}

/** `payments`, `payments.shop`, `payments.shop.svc.cluster.local`. */
function serviceNamed(host: string, own: string, view: ClusterView): readonly ResourceRef[] {
  const [name = '', namespace = own, svc = 'svc'] = host.split('.');
  if (svc !== 'svc' || view.find('service', namespace, name) === undefined) return [];
  return [{ kind: 'Service', namespace, name }, ...workloadsBehind(namespace, name, view)];
}
