import { slimCertificate } from '../slim/certificate.ts';
import { defineSource } from '../source.ts';

/** Only Secrets of the TLS type are read, and of them only the certificate is kept. */
export const certificates = defineSource({
  kind: 'certificate',
  apiGroup: '',
  resource: 'secrets',
  fieldSelector: 'type=kubernetes.io/tls',
  slim: slimCertificate,
});
