import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { slimCertificate } from '../../../src/signals/slim/certificate.ts';
import { slimWebhooks } from '../../../src/signals/slim/webhooks.ts';

const [soon, late] = [Date.parse('2026-03-05T00:00:00Z'), Date.parse('2027-03-05T00:00:00Z')];

async function pemUntil(end: number): Promise<string> {
  const dates = { notBeforeDate: new Date('2026-01-01'), notAfterDate: new Date(end) };
  return (await generate([{ name: 'commonName', value: 'ca' }], { keyType: 'ec', algorithm: 'sha256', ...dates })).cert;
}

const encode = (text: string): string => Buffer.from(text).toString('base64');

describe('of a bundle', () => {
  function endOf(bundle: string): number | undefined {
    const webhooks = [{ name: 'a.policy.io', clientConfig: { caBundle: encode(bundle) } }];
    const raw = { metadata: { uid: 'u', name: 'policy' }, webhooks };
    return slimWebhooks('ValidatingWebhookConfiguration', raw)?.webhooks[0]?.caExpiresAt;
  }

  it('the last CA to end counts, wherever it stands: a rotation is quiet', async () => {
    const [old, fresh] = [await pemUntil(soon), await pemUntil(late)];
    expect(endOf(`${old}\n${fresh}`)).toBe(late);
    expect(endOf(`# new\n${fresh}\n${old}`)).toBe(late);
    expect(endOf(old)).toBe(soon);
    const broken = old.replace(/[A-Za-z]{20}/, '');
    expect(endOf(`${broken}\n${fresh}`)).toBe(late);
    expect(endOf('no certificate')).toBeUndefined();
  });

  it('the certificate of a server is the first, whatever the chain behind it', async () => {
    const chain = `${await pemUntil(soon)}\n${await pemUntil(late)}`;
    const raw = { metadata: { uid: 'u', name: 'tls' }, data: { 'tls.crt': encode(chain) } };
    expect(slimCertificate(raw)?.expiresAt).toBe(soon);
  });
});
