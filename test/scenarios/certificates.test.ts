import { describe, expect, it } from 'vitest';
import { createCertificate } from '../../demo/cluster/certificate.ts';
import { play, releaseWell, rootsOf, rootWith } from '../support/shop-scenario.ts';

/** The certificate of the test is valid for a year. */
const detectors = '{ certificate-expiring: { withinDays: 400, urgentDays: 1 } }';

async function tlsSecret() {
  const { key, cert } = await createCertificate();
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  const data = { 'tls.crt': encode(cert), 'tls.key': encode(key) };
  const metadata = { name: 'front-tls', namespace: 'shop' };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', data };
}

describe('a certificate about to expire', () => {
  it('becomes one thread where Lifeguard may look at certificates, and no key leaves the cluster', async () => {
    const scene = await play({ detectors, cluster: '{ name: test, watchCertificates: true }' });
    const secret = await tlsSecret();
    scene.cluster.apply(secret);
    await rootWith(scene.slack, 'shop/front-tls: certificate is about to expire', 'for localhost', 'no Ingress');
    expect(rootsOf(scene.slack)).toHaveLength(1);
    const asked = scene.cluster.requests().filter(({ path }) => path.endsWith('/secrets'));
    expect(asked.length).toBeGreaterThan(0);
    expect(JSON.stringify(scene.log)).not.toContain(secret.data['tls.key'].slice(0, 40));
  });

  it('is not looked for otherwise: no Secret is ever read', async () => {
    const scene = await play({ detectors });
    scene.cluster.apply(await tlsSecret());
    await releaseWell(scene);
    expect(scene.cluster.requests().filter(({ path }) => path.includes('/secrets'))).toEqual([]);
    expect(rootsOf(scene.slack)).toEqual([]);
  });
});
