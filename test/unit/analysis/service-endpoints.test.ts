import { describe, expect, it } from 'vitest';
import { findCause } from '../../../src/analysis/correlation/correlate.ts';
import { serviceEndpoints } from '../../../src/analysis/detectors/service-endpoints.ts';
import type { EndpointsView, ServiceView } from '../../../src/core/views/network.ts';
import type { ContainerSpecView } from '../../../src/core/views/workload.ts';
import {
  aContainer,
  anIngress,
  aPod,
  aRevision,
  aService,
  aWorkload,
  checkout,
  minutes,
  now,
  seconds,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const detector = serviceEndpoints.configure({});
const subject = { kind: 'Service', namespace: 'shop', name: 'checkout' };
const broken = aPod({ containers: [aContainer({ ready: false })], readySince: now - 5 * minutes });

function slice(overrides: Partial<EndpointsView> = {}): EndpointsView {
  const base = { uid: 'uid-slice', namespace: 'shop', name: 'checkout-a', createdAt: now - 60 * minutes };
  return { ...base, service: 'checkout', ready: 0, notReady: 0, ports: [], ...overrides };
}

function judge(service: Partial<ServiceView>, parts: ViewParts = {}) {
  const revision = [aRevision(2, { createdAt: now - 60 * minutes })];
  const view = viewOf({ service: [aService(service)], revision, pod: [broken], endpoints: [slice()], ...parts });
  return { view, ...detector.evaluate({ subject, view, now }) };
}

const labelled = { template: { labels: { app: 'checkout', tier: 'web' }, containers: [] } };
const named = { ports: [{ port: 80, targetPort: 'http' }] };

describe('fires', () => {
  it('when no pod behind it is ready, as a consequence of its workload', () => {
    const { findings, view } = judge({});
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      kind: 'service-no-endpoints',
      severity: 'warning',
      since: now - 5 * minutes,
      cause: 'It sends to the pods of Deployment checkout: 1 pod, none of them ready.',
    });
    const crash = { ...findings[0], kind: 'crash-loop', subject: checkout };
    const [effect] = findings;
    if (effect === undefined) throw new Error('no finding');
    const cause = findCause(effect, [{ ...effect, ...crash }], view);
    expect(cause?.because).toContain('the Service sends to the pods of Deployment shop/checkout');
  });

  it('critically where an Ingress sends to it', () => {
    expect(judge({}, { ingress: [anIngress()] }).findings[0]).toMatchObject({
      severity: 'critical',
      impact: 'shop/front cannot reach it',
    });
  });

  it('critically where a load balancer of its own does', () => {
    expect(judge({ type: 'LoadBalancer' }).findings[0]).toMatchObject({
      severity: 'critical',
      impact: 'its load balancer has nowhere to send to',
    });
  });

  it.each([
    ['a value that differs', { app: 'checkout', tier: 'api' }, 'Deployment checkout: tier is web there, not api.'],
    ['a label that is missing', { app: 'checkout', zone: 'a' }, 'Deployment checkout: zone is not set there, not a.'],
    ['a slip', { app: 'chekout' }, 'Deployment checkout: app is checkout there, not chekout.'],
  ])('about a selector with %s', (_case, selector, words) => {
    const { findings } = judge({ selector }, { workload: [aWorkload(labelled)] });
    expect(findings[0]?.kind).toBe('service-wrong-selector');
    expect(findings[0]?.cause).toContain(words);
  });

  it('about a named port that no container has', () => {
    const containers = [{ name: 'app', ports: [{ name: 'web', number: 8080 }], probes: {} }];
    const workload = [aWorkload({ template: { labels: { app: 'checkout' }, containers } })];
    const { findings } = judge(named, { workload, endpoints: [slice({ ready: 1 })] });
    expect(findings[0]).toMatchObject({
      kind: 'service-wrong-port',
      cause:
        'Its port 80 sends to the port named http, which no container of Deployment checkout has.\nThey declare web (8080).',
    });
  });
});

describe('a port by number', () => {
  const app = { name: 'app', ports: [{ name: 'web', number: 3000 }], probes: {} };
  const mute = { name: 'log', ports: [], probes: {} };
  const asked = { ...app, probes: { readiness: 'GET :8080/ready every 10 s, 3 failures in a row count' } };

  function kinds(service: Partial<ServiceView>, containers: readonly ContainerSpecView[]) {
    const workload = [aWorkload({ template: { labels: { app: 'checkout' }, containers } })];
    return judge(service, { workload, endpoints: [slice({ ready: 1 })], ingress: [anIngress()] }).findings;
  }

  it('that no container declares is a warning, though requests are routed to it', () => {
    expect(kinds({}, [app])).toMatchObject([
      {
        kind: 'service-wrong-port',
        severity: 'warning',
        cause:
          'Its port 80 sends to port 8080, which no container of Deployment checkout declares.\nThey declare web (3000).',
        impact: 'shop/front cannot reach it, unless something listens there undeclared',
      },
    ]);
  });

  it.each<[string, Partial<ServiceView>, readonly ContainerSpecView[]]>([
    ['containers that declare no port', {}, [mute]],
    ['one container of several that declares none', {}, [app, mute]],
    ['a container that is probed there', {}, [asked]],
    [
      'a second port beside one that is declared',
      {
        ports: [
          { port: 1, targetPort: 9 },
          { port: 2, targetPort: 3000 },
        ],
      },
      [app],
    ],
    ['a headless Service', { headless: true }, [app]],
  ])('is not doubted for %s', (_case, service, containers) => {
    expect(kinds(service, containers)).toEqual([]);
  });
});

describe('an old Service breaks now', () => {
  const year = 365 * 24 * 60 * minutes;
  const old = { createdAt: now - year };

  it.each<[string, Partial<ServiceView>, Partial<EndpointsView>]>([
    ['when its selector is changed', { ...old, specWrittenAt: now - 40 * seconds }, {}],
    ['when the last pod that it selects goes', old, { changedAt: now - 40 * seconds }],
  ])('%s', (_case, service, endpoints) => {
    const parts = { workload: [aWorkload(labelled)], endpoints: [slice(endpoints)] };
    const selector = { app: 'checkout', tier: 'api' };
    expect(judge({ ...service, selector }, parts).findings).toMatchObject([
      { kind: 'service-wrong-selector', since: now - 40 * seconds },
    ]);
    const { view } = judge({ ...service, selector }, parts);
    const sooner = detector.evaluate({ subject, view, now: now - 20 * seconds });
    expect(sooner).toEqual({ findings: [], recheckAt: now - 10 * seconds });
  });

  it('when a release renames the port that it sends to', () => {
    const containers = [{ name: 'app', ports: [{ name: 'web', number: 8080 }], probes: {} }];
    const workload = [aWorkload({ ...old, template: { labels: { app: 'checkout' }, containers } })];
    const revision = [aRevision(2, { createdAt: now - 40 * seconds })];
    const { findings } = judge({ ...old, ...named }, { workload, revision, endpoints: [slice({ ready: 1 })] });
    expect(findings).toMatchObject([{ kind: 'service-wrong-port', since: now - 40 * seconds }]);
  });
});

describe('stays silent', () => {
  it.each<[string, Partial<ServiceView>, ViewParts]>([
    ['with a ready endpoint', {}, { endpoints: [slice({ ready: 1, notReady: 2 })] }],
    ['without a selector', { selector: undefined }, {}],
    ['of type ExternalName', { type: 'ExternalName' }, {}],
    ['that publishes pods that are not ready', { publishNotReady: true }, {}],
    ['that is being deleted', { deletion: { since: now, finalizers: [] } }, {}],
    ['whose workload is at zero', {}, { workload: [aWorkload({ desired: 0 })], pod: [] }],
    ['that selects by the role an operator gives', { selector: { app: 'checkout', role: 'replica' } }, {}],
    ['that selects one pod by name', { selector: { 'statefulset.kubernetes.io/pod-name': 'db-0' } }, {}],
    ['with bare pods', { selector: { run: 'x' } }, { endpoints: [slice({ notReady: 1 })] }],
    [
      'whose named port an injected container has',
      named,
      { endpoints: [slice({ ready: 1, ports: [{ name: '', number: 15_006 }] })] },
    ],
  ])('about one %s', (_case, service, parts) => {
    expect(judge(service, parts).findings).toEqual([]);
  });

  it('where endpoints are not known', () => {
    const view = viewOf({ service: [aService()], pod: [broken] });
    expect(detector.evaluate({ subject, view, now })).toEqual({ findings: [] });
  });

  it('while pods start, and looks again', () => {
    const starting = aPod({ containers: [aContainer({ ready: false })], createdAt: now - 10 * seconds });
    expect(judge({}, { pod: [starting] })).toMatchObject({ findings: [], recheckAt: now + 50 * seconds });
  });

  it('about a selector with nothing alike: an operator may make such pods', () => {
    for (const selector of [{ component: 'x' }, { app: 'postgres' }]) expect(judge({ selector }).findings).toEqual([]);
  });

  it('about a selector of a Service just made', () => {
    const young = { selector: { app: 'chekout' }, createdAt: now - 10 * seconds };
    expect(judge(young)).toMatchObject({ findings: [], recheckAt: now + 20 * seconds });
  });
});
