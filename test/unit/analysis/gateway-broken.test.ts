import { describe, expect, it } from 'vitest';
import { findCause } from '../../../src/analysis/correlation/correlate.ts';
import { gatewayBroken } from '../../../src/analysis/detectors/gateway-broken.ts';
import type { GatewayView, RouteView } from '../../../src/core/views/network.ts';
import type { ConditionView } from '../../../src/core/views/object.ts';
import { aService, minutes, now, seconds, takeAway, type ViewParts, viewOf } from '../../support/views.ts';

const detector = gatewayBroken.configure({});
const base = { namespace: 'shop', createdAt: now - 60 * minutes };
const envoy = {
  uid: 'uid-class',
  namespace: '',
  name: 'envoy',
  createdAt: 0,
  controller: 'x',
  isDefault: false,
  conditions: [],
};

function condition(type: string, status: ConditionView['status'], ago = 10 * minutes): ConditionView {
  return { type, status, reason: `${type}Reason`, message: `${type} is ${status}`, since: now - ago };
}

function aGateway(overrides: Partial<GatewayView> = {}): GatewayView {
  const listener = { name: 'https', tlsSecrets: [], conditions: [] };
  return {
    ...base,
    uid: 'uid-gw',
    name: 'edge',
    className: 'envoy',
    listeners: [listener],
    conditions: [],
    ...overrides,
  };
}

function aRoute(overrides: Partial<RouteView> = {}): RouteView {
  return {
    ...base,
    uid: 'uid-route',
    name: 'cart',
    kind: 'HTTPRoute',
    parents: [{ namespace: 'shop', name: 'edge' }],
    backends: [{ namespace: 'shop', service: 'checkout', port: 80, path: '/' }],
    conditions: [condition('Accepted', 'True'), condition('ResolvedRefs', 'True')],
    ...overrides,
  };
}

function judge(kind: 'Gateway' | 'HTTPRoute', parts: ViewParts) {
  const given = { gatewayClass: [envoy], gateway: [aGateway()], service: [aService()], ...parts };
  const subject = { kind, namespace: 'shop', name: kind === 'Gateway' ? 'edge' : 'cart' };
  const view = viewOf(given);
  return { view, ...detector.evaluate({ subject, view, now }) };
}

describe('a Gateway', () => {
  it.each([
    ['without its class', { className: 'gone' }, 'gateway-not-served', 'GatewayClass gone, which does not exist'],
    ['that is refused', { conditions: [condition('Accepted', 'False')] }, 'gateway-not-served', 'Accepted is False'],
    ['that is not programmed', { conditions: [condition('Programmed', 'False')] }, 'gateway-not-served', 'Programmed'],
    [
      'with a listener whose certificate is missing',
      { listeners: [{ name: 'https', tlsSecrets: ['x'], conditions: [condition('ResolvedRefs', 'False')] }] },
      'gateway-listener',
      'Listener https: Kubernetes says: ResolvedRefs is False',
    ],
  ])('%s', (_name, overrides, kind, words) => {
    const [finding] = judge('Gateway', { gateway: [aGateway(overrides)] }).findings;
    expect(finding).toMatchObject({ kind, severity: 'critical', cause: expect.stringContaining(words) });
  });

  it('that is whole, young, or going away is not said', () => {
    expect(judge('Gateway', {}).findings).toEqual([]);
    const young = { conditions: [condition('Programmed', 'False', 10 * seconds)] };
    expect(judge('Gateway', { gateway: [aGateway(young)] })).toMatchObject({
      findings: [],
      recheckAt: now + 50 * seconds,
    });
    const gone = aGateway({ className: 'gone', deletion: { since: now, finalizers: [] } });
    expect(judge('Gateway', { gateway: [gone] }).findings).toEqual([]);
  });
});

describe('a route', () => {
  it.each([
    [
      'whose Gateway is missing',
      { parents: [{ namespace: 'infra', name: 'gone' }] },
      'route-not-accepted',
      'infra/gone',
    ],
    ['that is refused', { conditions: [condition('Accepted', 'False')] }, 'route-not-accepted', 'Accepted is False'],
    [
      'to a missing Service',
      { backends: [{ namespace: 'shop', service: 'gone', port: 80, path: '/x' }] },
      'route-no-backend',
      'Service gone, which does not exist',
    ],
    [
      'that may not refer',
      { conditions: [condition('ResolvedRefs', 'False')] },
      'route-no-backend',
      'ResolvedRefs is False',
    ],
  ])('%s', (_name, overrides, kind, words) => {
    const [finding] = judge('HTTPRoute', { route: [aRoute(overrides)] }).findings;
    expect(finding).toMatchObject({ kind, cause: expect.stringContaining(words) });
  });

  it('that one of two Gateways takes is not said', () => {
    const conditions = [condition('Accepted', 'False'), condition('Accepted', 'True')];
    expect(judge('HTTPRoute', { route: [aRoute({ conditions })] }).findings).toEqual([]);
    expect(judge('HTTPRoute', { route: [aRoute()] }).findings).toEqual([]);
  });

  it('belongs to the incident of its Gateway', () => {
    const refused = aRoute({ conditions: [condition('Accepted', 'False')] });
    const { view, findings } = judge('HTTPRoute', {
      route: [refused],
      gateway: [aGateway({ className: 'gone', createdAt: now - 10 * minutes })],
    });
    const gateway = detector.evaluate({ subject: { kind: 'Gateway', namespace: 'shop', name: 'edge' }, view, now });
    const [effect] = findings;
    if (effect === undefined) throw new Error('no finding');
    expect(findCause(effect, gateway.findings, view)?.because).toContain('it attaches to Gateway shop/edge');
  });
});

describe('an old one breaks now', () => {
  it('when its GatewayClass or its Gateway is deleted, after the usual time', () => {
    const old = { createdAt: now - 365 * 24 * 60 * minutes };
    const view = viewOf({ gatewayClass: [envoy], gateway: [aGateway(old)], route: [aRoute(old)], service: [] });
    takeAway(view, { kind: 'gatewayClass', object: envoy });
    const judgeAt = (kind: string, name: string, time: number) =>
      detector.evaluate({ subject: { kind, namespace: 'shop', name }, view, now: time });
    expect(judgeAt('Gateway', 'edge', now)).toEqual({ findings: [], recheckAt: now + minutes });
    expect(judgeAt('Gateway', 'edge', now + minutes).findings).toMatchObject([{ since: now }]);
    takeAway(view, { kind: 'gateway', object: aGateway(old) });
    const kinds = judgeAt('HTTPRoute', 'cart', now).findings.map(({ kind, since }) => [kind, since]);
    // The Service was missing already when it was first looked at.
    expect(kinds).toEqual([['route-no-backend', now]]);
    expect(judgeAt('HTTPRoute', 'cart', now + minutes).findings).toMatchObject([
      { kind: 'route-not-accepted', since: now },
      { kind: 'route-no-backend' },
    ]);
  });
});

it('says nothing where the cluster has no Gateway API', () => {
  const view = viewOf({ service: [aService()] });
  for (const kind of ['Gateway', 'HTTPRoute'])
    expect(detector.evaluate({ subject: { kind, namespace: 'shop', name: 'edge' }, view, now }).findings).toEqual([]);
});
