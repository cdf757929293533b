import { describe, expect, it } from 'vitest';
import { ingressBroken } from '../../../src/analysis/detectors/ingress-broken.ts';
import type { IngressView } from '../../../src/core/views/network.ts';
import type { LiveView } from '../../../src/signals/cluster-view.ts';
import { anIngress, aService, minutes, now, seconds, takeAway, type ViewParts, viewOf } from '../../support/views.ts';

const detector = ingressBroken.configure({});
const subject = { kind: 'Ingress', namespace: 'shop', name: 'front' };
const nginx = {
  uid: 'uid-class',
  namespace: '',
  name: 'nginx',
  createdAt: 0,
  controller: 'x',
  isDefault: false,
  conditions: [],
};
const certificate = { uid: 'uid-cert', namespace: 'shop', name: 'shop-tls', createdAt: 0, issuer: 'x', names: [] };
const shop = { namespace: 'shop', service: 'checkout', port: 80, path: 'shop.local/' };

function judge(ingress: Partial<IngressView>, parts: ViewParts = {}) {
  const view = viewOf({ ingress: [anIngress(ingress)], service: [aService()], ingressClass: [nginx], ...parts });
  return detector.evaluate({ subject, view, now });
}

const kinds = (...args: Parameters<typeof judge>) => judge(...args).findings.map(({ kind }) => kind);

describe('fires', () => {
  it('critically where no path is left: the Service does not exist', () => {
    expect(judge({ backends: [{ ...shop, service: 'gone' }] }).findings).toEqual([
      expect.objectContaining({
        kind: 'ingress-no-backend',
        severity: 'critical',
        cause: 'Requests for shop.local/ go to Service gone, which does not exist.',
        impact: 'nothing behind it answers',
        about: [{ kind: 'Service', namespace: 'shop', name: 'gone' }],
      }),
    ]);
  });

  it('as a warning where other paths work, and names the ports there are', () => {
    const backends = [shop, { ...shop, port: 'http', path: 'shop.local/api' }];
    const service = [aService({ ports: [{ port: 80, targetPort: 8080, name: 'web' }] })];
    expect(judge({ backends }, { service }).findings[0]).toMatchObject({
      severity: 'warning',
      cause: 'Requests for shop.local/api go to port http of Service checkout, which only has web (80).',
      impact: '1 of 2 paths answer nothing',
    });
  });

  it('where its class does not exist', () => {
    expect(judge({ className: 'ngnix' }).findings[0]).toMatchObject({
      kind: 'ingress-no-class',
      severity: 'critical',
      cause: 'It asks for the IngressClass ngnix, which does not exist: the cluster has nginx.',
    });
  });

  it('as a warning where it asks for no class, none is the default, and nobody has given it an address', () => {
    expect(judge({ taken: false }).findings).toMatchObject([
      {
        kind: 'ingress-no-class',
        severity: 'warning',
        cause:
          "It asks for no IngressClass, and none of the cluster's is the default (nginx). No controller has given it an address.",
      },
    ]);
    const young = judge({ taken: false, specWrittenAt: now - 60 * seconds });
    expect(young).toMatchObject({ findings: [], recheckAt: now + 240 * seconds });
  });

  it('where its certificate does not exist, once Secrets are watched', () => {
    const tls = { tlsSecrets: ['shop-tls'] };
    expect(kinds(tls, { certificate: [] })).toEqual(['ingress-no-certificate']);
    expect(kinds(tls, { certificate: [certificate] })).toEqual([]);
    expect(kinds(tls)).toEqual([]);
  });
});

describe('an old Ingress', () => {
  const year = 365 * 24 * 60 * minutes;
  const old = anIngress({ createdAt: now - year });
  const at = (view: LiveView, time: number) => detector.evaluate({ subject, view, now: time });

  it('whose Service is deleted now broke now, and is given time to get it back', () => {
    const view = viewOf({ ingress: [old], service: [aService({ createdAt: now - year })] });
    takeAway(view, { kind: 'service', object: aService() });
    expect(at(view, now)).toEqual({ findings: [], recheckAt: now + 30 * seconds });
    expect(at(view, now + 30 * seconds).findings).toMatchObject([{ kind: 'ingress-no-backend', since: now }]);
    view.apply({
      type: 'seen',
      stream: { name: 'given', kind: 'pod' },
      observation: { kind: 'service', object: aService({ uid: 'second' }) },
    });
    expect(at(view, now + 30 * seconds).findings).toEqual([]);
  });

  it('that is found broken after a restart is said at once, as seen since then', () => {
    const view = viewOf({ ingress: [old], service: [] });
    expect(at(view, now).findings).toMatchObject([{ kind: 'ingress-no-backend', since: now }]);
  });

  it('that was written a moment ago broke then', () => {
    const specWrittenAt = now - 40 * seconds;
    const view = viewOf({ ingress: [{ ...old, specWrittenAt }], service: [] }, now - 60 * minutes);
    expect(at(view, now).findings).toMatchObject([{ since: specWrittenAt }]);
    expect(at(view, now - 20 * seconds)).toEqual({ findings: [], recheckAt: now - 10 * seconds });
  });

  it('loses one path after the other: each counts in its turn', () => {
    const cart = { ...shop, service: 'cart', path: 'shop.local/cart' };
    const view = viewOf(
      { ingress: [{ ...old, backends: [shop, cart] }], service: [aService({ name: 'cart' })] },
      now - minutes,
    );
    takeAway(view, { kind: 'service', object: aService({ name: 'cart' }) });
    const first = at(view, now - 40 * seconds);
    expect(first.findings).toMatchObject([{ impact: '1 of 2 paths answer nothing', severity: 'warning' }]);
    expect(first.recheckAt).toBe(now - 30 * seconds);
    expect(at(view, now).findings).toMatchObject([{ impact: 'nothing behind it answers', since: now - minutes }]);
  });
});

describe('stays silent', () => {
  const cases: readonly (readonly [string, Partial<IngressView>, ViewParts])[] = [
    ['about one that is whole', { className: 'nginx' }, {}],
    [
      'about a port by its name',
      { backends: [{ ...shop, port: 'web' }] },
      { service: [aService({ ports: [{ port: 8, targetPort: 8, name: 'web' }] })] },
    ],
    ['about one without a class that a controller has taken', {}, {}],
    ['about one without a class where there are none', { taken: false }, { ingressClass: [] }],
    [
      'about one without a class where one is the default',
      { taken: false },
      { ingressClass: [{ ...nginx, isDefault: true }] },
    ],
    [
      'about a name outside the cluster',
      { backends: [{ ...shop, port: 9999 }] },
      { service: [aService({ type: 'ExternalName' })] },
    ],
    [
      'about one that is being deleted',
      { backends: [{ ...shop, service: 'gone' }], deletion: { since: now, finalizers: [] } },
      {},
    ],
  ];
  it.each(cases)('%s', (_name, ingress, parts) => {
    expect(kinds(ingress, parts)).toEqual([]);
  });

  it('while what it points at may still come, and where Services are not seen', () => {
    const young = judge({ backends: [{ ...shop, service: 'gone' }], createdAt: now - 10 * seconds });
    expect(young).toMatchObject({ findings: [], recheckAt: now + 20 * seconds });
    const view = viewOf({
      ingress: [anIngress({ backends: [{ ...shop, service: 'gone' }], createdAt: now - 60 * minutes })],
    });
    expect(detector.evaluate({ subject, view, now }).findings).toEqual([]);
  });
});
