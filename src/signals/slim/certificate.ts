import { X509Certificate } from 'node:crypto';
import { readString } from '../../core/json.ts';
import type { CertificateView } from '../../core/views/network.ts';
import { readMetadata } from './metadata.ts';

/** A Secret of type kubernetes.io/tls. Of its data only the public certificate is looked at. */
export function slimCertificate(raw: unknown): CertificateView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  // The server's own comes first; what follows leads to its issuer (RFC 8446, 4.4.2).
  const [certificate] = parseCertificates(readString(raw, 'data', 'tls.crt'));
  return {
    ...metadata,
    expiresAt: certificate === undefined ? undefined : certificate.validToDate.getTime(),
    issuer: certificate?.issuer.replaceAll('\n', ', ') ?? '',
    names: certificate?.subjectAltName?.split(', ').map((name) => name.replace(/^DNS:/, '')) ?? [],
  };
}

const block = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/** The certificates of a base64-encoded PEM bundle, in its order, without those that cannot be read. */
export function parseCertificates(base64: string | undefined): readonly X509Certificate[] {
  const blocks = Buffer.from(base64 ?? '', 'base64')
    .toString()
    .match(block);
  return (blocks ?? []).flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return [];
    }
  });
}
