import { selects } from '../../core/label-selector.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { ServiceView } from '../../core/views/network.ts';
import type { WorkloadView } from '../../core/views/workload.ts';

/** Ingresses and routes that send requests to a Service, from whatever namespace. */
export function routesTo({ namespace, name }: ServiceView, view: ClusterView): readonly ResourceRef[] {
  const ingresses = view.within('ingress', namespace).map((one) => ({ ...one, kind: 'Ingress' }));
  return [...ingresses, ...view.all('route')]
    .filter(({ backends }) => backends.some((one) => one.namespace === namespace && one.service === name))
    .map((one) => ({ kind: one.kind, namespace: one.namespace, name: one.name }));
}

/** Whether a load balancer of its own brings requests to a Service. */
export function hasLoadBalancer({ type }: ServiceView): boolean {
  return type === 'LoadBalancer';
}

/** Through what requests from outside reach the pods of a workload: `Ingress shop/front`; undefined where nothing is known that does. */
export function exposureOf({ namespace, template }: WorkloadView, view: ClusterView): string | undefined {
  const services = view.within('service', namespace).filter(({ selector }) => selects(selector, template.labels));
  const entries = services.flatMap((service) => [
    ...routesTo(service, view),
    ...(hasLoadBalancer(service) ? [{ kind: 'Service', namespace, name: service.name }] : []),
  ]);
  const [first] = entries.map((ref) => `${ref.kind} ${refName(ref)}`).toSorted();
  return first;
}
