import { readArray, readNumber, readPath, readString } from '../../core/json.ts';
import type { ServicePortRef, WebhooksView, WebhookView } from '../../core/views/network.ts';
import { parseCertificate } from './certificate.ts';
import { readMetadata } from './metadata.ts';

/** `kind` because list items do not carry it. */
export function slimWebhooks(kind: string, raw: unknown): WebhooksView | undefined {
  const metadata = readMetadata(raw);
  return metadata === undefined
    ? undefined
    : { ...metadata, kind, webhooks: readArray(raw, 'webhooks').map(slimWebhook) };
}

function slimWebhook(raw: unknown): WebhookView {
  const certificate = parseCertificate(readString(raw, 'clientConfig', 'caBundle'));
  return {
    name: readString(raw, 'name') ?? '',
    failurePolicy: readString(raw, 'failurePolicy') ?? 'Fail',
    service: readService(readPath(raw, 'clientConfig', 'service')),
    caExpiresAt: certificate?.validToDate.getTime(),
  };
}

function readService(raw: unknown): ServicePortRef | undefined {
  const [namespace, name] = [readString(raw, 'namespace'), readString(raw, 'name')];
  if (namespace === undefined || name === undefined) return undefined;
  return { namespace, name, port: readNumber(raw, 'port') ?? 443 };
}
