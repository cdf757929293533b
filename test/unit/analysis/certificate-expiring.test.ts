import { describe, expect, it } from 'vitest';
import { certificateExpiring } from '../../../src/analysis/detectors/certificate-expiring.ts';
import type { CertificateView } from '../../../src/core/views/network.ts';
import { anIngress, minutes, now, viewOf } from '../../support/views.ts';

const days = 24 * 60 * minutes;
const detector = certificateExpiring.configure({});
const subject = { kind: 'Secret', namespace: 'shop', name: 'front-tls' };

function judge(overrides: Partial<CertificateView>, { used = true } = {}) {
  const certificate: CertificateView = {
    uid: 'uid-front-tls',
    namespace: 'shop',
    name: 'front-tls',
    createdAt: now - 80 * days,
    expiresAt: now + 60 * days,
    issuer: 'CN=Example CA',
    names: ['shop.example.com'],
    ...overrides,
  };
  const ingress = [anIngress({ tlsSecrets: used ? ['front-tls'] : [] })];
  return detector.evaluate({ subject, view: viewOf({ certificate: [certificate], ingress }), now });
}

describe('fires', () => {
  it('two weeks before the end, with names, issuer, date and users', () => {
    const { findings, recheckAt } = judge({ expiresAt: now + 10.5 * days });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      kind: 'certificate-expiring',
      severity: 'warning',
      impact: 'serves shop/front',
      subject: { kind: 'Secret', namespace: 'shop', name: 'front-tls' },
      cause:
        'The certificate for shop.example.com is valid until 2026-03-12 22:00 UTC (10 days left).\nIssued by CN=Example CA.\nNothing has renewed it yet.',
    });
    expect(recheckAt).toBe(now + 7.5 * days);
  });

  it.each<[string, number, boolean, string, string]>([
    ['urgently in the last days', 2, true, 'certificate-expiring', 'critical'],
    ['once it has expired', -1, true, 'certificate-expired', 'critical'],
    ['mildly where nothing uses it', 10, false, 'certificate-expiring', 'info'],
    ['more loudly when that has expired', -1, false, 'certificate-expired', 'warning'],
  ])('%s', (_case, left, used, kind, severity) => {
    expect(judge({ expiresAt: now + left * days }, { used }).findings[0]).toMatchObject({ kind, severity });
  });

  it('says how long ago it expired', () => {
    expect(judge({ expiresAt: now - 3.2 * days }).findings[0]?.cause).toContain('(3 days ago)');
  });
});

describe('stays silent', () => {
  it('while there is time, and looks again when it is due', () => {
    expect(judge({})).toEqual({ findings: [], recheckAt: now + 46 * days });
  });

  it.each<[string, Partial<CertificateView>]>([
    ['that cannot be read', { expiresAt: undefined }],
    ['that is being deleted', { expiresAt: now - days, deletion: { since: now, finalizers: [] } }],
  ])('about one %s', (_case, overrides) => {
    expect(judge(overrides)).toEqual({ findings: [] });
  });
});
