import { readArray, readNumber, readObject, readPath, readString } from '../../core/json.ts';
import type { ServicePortRef, WebhooksView, WebhookView } from '../../core/views/network.ts';
import { parseCertificates } from './certificate.ts';
import { readMetadata, readWrite } from './metadata.ts';

/** `kind` because list items do not carry it. */
export function slimWebhooks(kind: string, raw: unknown): WebhooksView | undefined {
  const metadata = readMetadata(raw);
  return metadata === undefined
    ? undefined
    : { ...metadata, kind, webhooks: readArray(raw, 'webhooks').map((one) => slimWebhook(one, raw)) };
}

function slimWebhook(raw: unknown, whole: unknown): WebhookView {
  const name = readString(raw, 'name') ?? '';
  const ends = parseCertificates(readString(raw, 'clientConfig', 'caBundle')).map((one) => one.validToDate.getTime());
  return {
    name,
    failurePolicy: readString(raw, 'failurePolicy') ?? 'Fail',
    service: readService(readPath(raw, 'clientConfig', 'service')),
    caExpiresAt: ends.length === 0 ? undefined : Math.max(...ends),
    writtenAt: readWrite(whole, 'f:webhooks', `k:${JSON.stringify({ name })}`, 'f:clientConfig', 'f:service')?.at,
    newPods: readArray(raw, 'rules').some(matchesNewPods)
      ? { namespaces: readObject(raw, 'namespaceSelector'), pods: readObject(raw, 'objectSelector') }
      : undefined,
  };
}

function matchesNewPods(rule: unknown): boolean {
  const names = (field: string, ...wanted: readonly string[]): boolean =>
    readArray(rule, field).some((one) => one === '*' || wanted.some((name) => name === one));
  return names('operations', 'CREATE') && names('apiGroups', '') && names('resources', 'pods', '*/*');
}

function readService(raw: unknown): ServicePortRef | undefined {
  const [namespace, name] = [readString(raw, 'namespace'), readString(raw, 'name')];
  if (namespace === undefined || name === undefined) return undefined;
  return { namespace, name, port: readNumber(raw, 'port') ?? 443 };
}
