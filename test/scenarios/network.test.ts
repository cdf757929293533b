import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { manifest, play, releaseWell, rootsOf, rootWith } from '../support/shop-scenario.ts';

const detectors = '{ service-endpoints: { forSeconds: 1, graceSeconds: 0 } }';

function service(app: string): JsonObject {
  const metadata = { name: 'web', namespace: 'shop' };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app }, ports: [{ port: 80 }] } };
}

function slice(addresses: readonly string[]): JsonObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-a', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
  };
}

describe('a Service that is one label off', () => {
  it('becomes one thread that names the label', async () => {
    const scene = await play({ detectors });
    scene.cluster.apply(manifest({}));
    scene.cluster.apply(slice([]));
    scene.cluster.apply(service('ap'));
    await rootWith(scene.slack, 'shop/web: Service selects no pods', 'app is app there, not ap');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('is told apart from one whose pods answer', async () => {
    const scene = await play({ detectors });
    scene.cluster.apply(manifest({}));
    scene.cluster.apply(slice(['10.0.0.9']));
    scene.cluster.apply(service('app'));
    await releaseWell(scene);
    expect(rootsOf(scene.slack)).toEqual([]);
  });
});

const ingress = (service: string): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'front', namespace: 'shop' },
  spec: {
    rules: [
      {
        host: 'shop.local',
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: 80 } } } }],
        },
      },
    ],
  },
});

describe('an Ingress to a Service that does not exist', () => {
  it('becomes one thread that names path and Service; one that exists is left alone', async () => {
    const scene = await play({ detectors: '{ ingress-broken: { graceSeconds: 0 } }' });
    scene.cluster.apply(manifest({}));
    scene.cluster.apply(slice(['10.0.0.9']));
    scene.cluster.apply(service('app'));
    scene.cluster.apply({ ...ingress('web'), metadata: { name: 'whole', namespace: 'shop' } });
    scene.cluster.apply(ingress('wbe'));
    await rootWith(scene.slack, 'shop/front: Ingress routes to what does not exist', 'go to Service wbe');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });
});

describe('an admission webhook that nothing answers', () => {
  it('becomes one thread that says what follows', async () => {
    const scene = await play({ detectors: '{ webhook-broken: { forSeconds: 0 } }' });
    scene.cluster.apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'policy' },
      webhooks: [
        {
          name: 'check.policy.io',
          failurePolicy: 'Ignore',
          clientConfig: { service: { namespace: 'shop', name: 'gone' } },
        },
      ],
    });
    await rootWith(scene.slack, 'policy: nothing answers for an admission webhook', 'shop/gone, which does not exist');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });
});
