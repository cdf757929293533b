import { X509Certificate } from 'node:crypto';
import { readString } from '../../core/json.ts';
import type { CertificateView } from '../../core/views/network.ts';
import { readMetadata } from './metadata.ts';

/** A Secret of type kubernetes.io/tls. Of its data only the public certificate is looked at. */
export function slimCertificate(raw: unknown): CertificateView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const certificate = parseCertificate(readString(raw, 'data', 'tls.crt'));
  return {
    ...metadata,
    expiresAt: certificate === undefined ? undefined : certificate.validToDate.getTime(),
    issuer: certificate?.issuer.replaceAll('\n', ', ') ?? '',
    names: certificate?.subjectAltName?.split(', ').map((name) => name.replace(/^DNS:/, '')) ?? [],
  };
}

/** The first certificate of a base64-encoded PEM bundle; undefined where there is none. */
export function parseCertificate(base64: string | undefined): X509Certificate | undefined {
  if (base64 === undefined || base64 === '') return undefined;
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
