import { readArray, readPath, readString } from '../../core/json.ts';
import type { BackendView, IngressView } from '../../core/views/network.ts';
import { readWritten } from './metadata.ts';
import { readPortName } from './service.ts';

export function slimIngress(raw: unknown): IngressView | undefined {
  const metadata = readWritten(raw);
  if (metadata === undefined) return undefined;
  const { namespace } = metadata;
  const rules = readArray(raw, 'spec', 'rules').flatMap((rule) => slimRule(rule, namespace));
  return {
    ...metadata,
    className: readString(raw, 'spec', 'ingressClassName'),
    taken:
      readString(raw, 'metadata', 'annotations', 'kubernetes.io/ingress.class') !== undefined ||
      readArray(raw, 'status', 'loadBalancer', 'ingress').length > 0,
    backends: [
      ...slimBackend(readPath(raw, 'spec', 'defaultBackend'), { namespace, path: 'everything else' }),
      ...rules,
    ],
    tlsSecrets: readArray(raw, 'spec', 'tls').flatMap((tls) => {
      const name = readString(tls, 'secretName');
      return name === undefined ? [] : [name];
    }),
  };
}

function slimRule(rule: unknown, namespace: string): BackendView[] {
  const host = readString(rule, 'host') ?? '*';
  return readArray(rule, 'http', 'paths').flatMap((path) =>
    slimBackend(readPath(path, 'backend'), { namespace, path: `${host}${readString(path, 'path') ?? '/'}` }),
  );
}

function slimBackend(backend: unknown, place: Pick<BackendView, 'namespace' | 'path'>): BackendView[] {
  const service = readString(backend, 'service', 'name');
  if (service === undefined) return [];
  const port = readPath(backend, 'service', 'port', 'number') ?? readPath(backend, 'service', 'port', 'name');
  return [{ ...place, service, port: readPortName(port) }];
}
