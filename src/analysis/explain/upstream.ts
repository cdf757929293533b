import { isIP } from 'node:net';
import { selects } from '../../core/label-selector.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { ServiceView } from '../../core/views/network.ts';

/** Host names in addresses and in what a program dialled. */
const hosts = [
  /\b[a-z][a-z0-9+.-]{1,15}:\/\/(?:[^\s/@"']{1,200}@)?([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)/gi,
  /\blookup ([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)/gi,
];

/**
 * What a line of a log names as called: the Services of that name or address, and the workloads behind them. `names`: host names and addresses that are
 * known to stand in it (with or without a port). Empty for what is not in this cluster.
 */
export function upstreamsOf(
  message: string,
  {
    namespace,
    names,
    view,
  }: { readonly namespace: string; readonly names: readonly string[]; readonly view: ClusterView },
): readonly ResourceRef[] {
  const found = hosts.flatMap((pattern) => [...message.matchAll(pattern)].map(([, host = '']) => host));
  const all = [...new Set([...names, ...found].map((name) => name.replace(/:\d{1,5}$/, '').toLowerCase()))];
  const called = new Set(all.flatMap((host) => serviceNamed(host, namespace, view) ?? serviceAt(host, view) ?? []));
  return [...called].flatMap((service) => withWorkloads(service, view));
}

/** `payments`, `payments.shop`, `payments.shop.svc.cluster.local`. */
function serviceNamed(host: string, own: string, view: ClusterView): ServiceView | undefined {
  const [name = '', namespace = own, svc = 'svc'] = host.split('.');
  return svc === 'svc' ? view.find('service', namespace, name) : undefined;
}

/** Most programs name only the address where they cannot connect. */
function serviceAt(address: string, view: ClusterView): ServiceView | undefined {
  if (isIP(address) === 0) return undefined;
  return [...view.all('service')].find(({ addresses }) => addresses.includes(address));
}

function withWorkloads({ namespace, name, selector }: ServiceView, view: ClusterView): readonly ResourceRef[] {
  const behind = view.within('workload', namespace).filter(({ template }) => selects(selector, template.labels));
  return [
    { kind: 'Service', namespace, name },
    ...behind.map((workload) => ({ kind: workload.kind, namespace, name: workload.name, uid: workload.uid })),
  ];
}
