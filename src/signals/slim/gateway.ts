import { readArray, readPath, readString } from '../../core/json.ts';
import type { BackendView, GatewayView, ListenerView, RouteView } from '../../core/views/network.ts';
import { readConditions, readWritten } from './metadata.ts';
import { readPortName } from './service.ts';

export function slimGateway(raw: unknown): GatewayView | undefined {
  const metadata = readWritten(raw);
  if (metadata === undefined) return undefined;
  const statuses = readArray(raw, 'status', 'listeners');
  return {
    ...metadata,
    className: readString(raw, 'spec', 'gatewayClassName') ?? '',
    listeners: readArray(raw, 'spec', 'listeners').map((listener) => slimListener(listener, statuses)),
    conditions: readConditions(raw, 'status', 'conditions'),
  };
}

function slimListener(listener: unknown, statuses: readonly unknown[]): ListenerView {
  const name = readString(listener, 'name') ?? '';
  const status = statuses.find((one) => readString(one, 'name') === name);
  const secrets = readArray(listener, 'tls', 'certificateRefs').filter(
    (ref) => (readString(ref, 'kind') ?? 'Secret') === 'Secret' && readString(ref, 'namespace') === undefined,
  );
  return {
    name,
    tlsSecrets: secrets.map((ref) => readString(ref, 'name') ?? ''),
    conditions: readConditions(status, 'conditions'),
  };
}

/** An HTTPRoute or GRPCRoute. `kind` because list items do not carry it. */
export function slimRoute(kind: string, raw: unknown): RouteView | undefined {
  const metadata = readWritten(raw);
  if (metadata === undefined) return undefined;
  const { namespace } = metadata;
  return {
    ...metadata,
    kind,
    parents: readArray(raw, 'spec', 'parentRefs').map((ref) => ({
      namespace: readString(ref, 'namespace') ?? namespace,
      name: readString(ref, 'name') ?? '',
    })),
    backends: readArray(raw, 'spec', 'rules').flatMap((rule) =>
      readArray(rule, 'backendRefs').flatMap((ref) => slimBackend(ref, { namespace, path: pathOf(rule) })),
    ),
    conditions: readArray(raw, 'status', 'parents').flatMap((parent) => readConditions(parent, 'conditions')),
  };
}

function pathOf(rule: unknown): string {
  const [match] = readArray(rule, 'matches');
  return readString(match, 'path', 'value') ?? readString(match, 'method', 'service') ?? '/';
}

function slimBackend(ref: unknown, place: Pick<BackendView, 'namespace' | 'path'>): BackendView[] {
  if ((readString(ref, 'kind') ?? 'Service') !== 'Service') return [];
  const service = readString(ref, 'name');
  if (service === undefined) return [];
  const namespace = readString(ref, 'namespace') ?? place.namespace;
  return [{ ...place, namespace, service, port: readPortName(readPath(ref, 'port')) }];
}
