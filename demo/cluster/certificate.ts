import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM; signs itself, so it is the authority too. */
  readonly cert: string;
}

/** A certificate for loopback, good for a year unless said otherwise. */
export async function createCertificate(notAfterDate?: Date): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'simulated-cluster' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(notAfterDate === undefined
      ? {}
      : { notBeforeDate: new Date(notAfterDate.getTime() - 86_400_000), notAfterDate }),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
