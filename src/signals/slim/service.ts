import { readArray, readNumber, readPath, readString } from '../../core/json.ts';
import type { EndpointsView, PortName, ServicePortView, ServiceView } from '../../core/views/network.ts';
import { readAnnotations, readLabels, readMetadata, readWrite, readWritten } from './metadata.ts';
import { readPorts } from './template.ts';

export function slimService(raw: unknown): ServiceView | undefined {
  const metadata = readWritten(raw);
  if (metadata === undefined) return undefined;
  const addresses = readArray(raw, 'spec', 'clusterIPs').filter((one) => typeof one === 'string');
  const selector = readLabels(raw, 'spec', 'selector');
  return {
    ...metadata,
    type: readString(raw, 'spec', 'type') ?? 'ClusterIP',
    selector: Object.keys(selector).length === 0 ? undefined : selector,
    ports: readArray(raw, 'spec', 'ports').flatMap(slimPort),
    publishNotReady: readPath(raw, 'spec', 'publishNotReadyAddresses') === true,
    headless: readString(raw, 'spec', 'clusterIP') === 'None',
    addresses: addresses.filter((one) => one !== 'None'),
    annotations: readAnnotations(raw),
  };
}

function slimPort(raw: unknown): ServicePortView[] {
  const port = readNumber(raw, 'port');
  if (port === undefined) return [];
  return [{ name: readString(raw, 'name'), port, targetPort: readPortName(readPath(raw, 'targetPort')) ?? port }];
}

export function readPortName(value: unknown): PortName | undefined {
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

/** An EndpointSlice; undefined for one that belongs to no Service. */
export function slimEndpoints(raw: unknown): EndpointsView | undefined {
  const metadata = readMetadata(raw);
  const service = readString(raw, 'metadata', 'labels', 'kubernetes.io/service-name');
  if (metadata === undefined || service === undefined) return undefined;
  const endpoints = readArray(raw, 'endpoints');
  // "nil should be interpreted as true" (EndpointConditions of discovery.k8s.io/v1).
  const ready = endpoints.filter((endpoint) => readPath(endpoint, 'conditions', 'ready') !== false).length;
  return {
    ...metadata,
    service,
    ready,
    notReady: endpoints.length - ready,
    ports: readPorts(raw, 'port'),
    changedAt: readWrite(raw, 'f:endpoints')?.at,
  };
}
