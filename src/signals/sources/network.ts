import { slimClass } from '../slim/class.ts';
import { slimGateway, slimRoute } from '../slim/gateway.ts';
import { slimIngress } from '../slim/ingress.ts';
import { slimEndpoints, slimService } from '../slim/service.ts';
import { defineSource, type Source } from '../source.ts';

export const services = defineSource({ kind: 'service', apiGroup: '', resource: 'services', slim: slimService });

export const endpointSlices = defineSource({
  kind: 'endpoints',
  apiGroup: 'discovery.k8s.io',
  resource: 'endpointslices',
  slim: slimEndpoints,
});

export const ingresses = defineSource({
  kind: 'ingress',
  apiGroup: 'networking.k8s.io',
  resource: 'ingresses',
  slim: slimIngress,
});

export const ingressClasses = defineSource({
  kind: 'ingressClass',
  apiGroup: 'networking.k8s.io',
  resource: 'ingressclasses',
  scope: 'cluster',
  slim: slimClass,
});

/** Many clusters have no Gateway API; what concerns it stays silent there. */
const gatewayApi = { apiGroup: 'gateway.networking.k8s.io', optional: true } as const;

export const gateways = defineSource({ ...gatewayApi, kind: 'gateway', resource: 'gateways', slim: slimGateway });

export const gatewayClasses = defineSource({
  ...gatewayApi,
  kind: 'gatewayClass',
  resource: 'gatewayclasses',
  scope: 'cluster',
  slim: slimClass,
});

function routeSource(kind: string, resource: string): Source {
  return defineSource({ ...gatewayApi, kind: 'route', resource, slim: (raw) => slimRoute(kind, raw) });
}

export const httpRoutes = routeSource('HTTPRoute', 'httproutes');
export const grpcRoutes = routeSource('GRPCRoute', 'grpcroutes');
