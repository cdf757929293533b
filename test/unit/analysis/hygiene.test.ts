import { describe, expect, it } from 'vitest';
import { hygieneChecks } from '../../../src/analysis/hygiene/index.ts';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { renderHygiene } from '../../../src/notifications/reports/hygiene.ts';
import { readInventory } from '../../../src/signals/inventory.ts';

type Listing = Readonly<Record<string, readonly JsonObject[]>>;

function readerOf(listing: Listing, refused: readonly string[] = []) {
  return {
    async list({ path }: { readonly path: string }) {
      const resource = path.split('/').at(-1) ?? '';
      if (refused.includes(resource)) throw new LifeguardError('no', { code: 'cluster-forbidden', retry: 'permanent' });
      return listing[resource] ?? [];
    },
  };
}

async function inspect(listing: Listing, refused: readonly string[] = []) {
  const inventory = await readInventory(readerOf(listing, refused), { namespaces: [], except: ['kube-system'] });
  return hygieneChecks.map(({ id, title, why, find }) => ({ id, title, why, found: find(inventory) }));
}

const named = (name: string, namespace = 'shop', metadata: JsonObject = {}) => ({
  metadata: { name, namespace, ...metadata },
});
const tidy = { name: 'app', image: 'shop:1.0', resources: { requests: { cpu: '1', memory: '1Gi' } } };

function deployment(spec: JsonObject, name = 'web', namespace = 'shop'): JsonObject {
  return { ...named(name, namespace), spec: { template: { spec: { containers: [tidy], ...spec } } } };
}

/** Check -> `name: detail` of what it finds. */
async function untidy(listing: Listing): Promise<Record<string, string[]>> {
  const results = await inspect(listing);
  return Object.fromEntries(
    results
      .filter(({ found = [] }) => found.length > 0)
      .map(({ id, found = [] }) => [id, found.map(({ subject, detail }) => `${subject.name}: ${detail}`)]),
  );
}

describe('what should be tidied', () => {
  it.each<[string, JsonObject, Record<string, string[]>]>([
    ['nothing', {}, {}],
    [
      'a container without requests, init containers too',
      {
        containers: [{ ...tidy, resources: {} }],
        initContainers: [{ ...tidy, name: 'init', resources: { limits: { memory: '1Gi' } } }],
      },
      { 'missing-requests': ['web: init (cpu), app (cpu, memory)'] },
    ],
    [
      'a privileged container',
      { containers: [{ ...tidy, securityContext: { privileged: true } }] },
      { privileged: ['web: app'] },
    ],
    [
      'a pod on the network of its node, with a piece of its disk',
      { hostNetwork: true, volumes: [{ name: 'v', hostPath: { path: '/var/run' } }] },
      { 'host-access': ['web: hostNetwork, hostPath /var/run'] },
    ],
    [
      'an image without a version',
      {
        containers: ['shop', 'shop:latest', 'registry:5000/shop', 'registry:5000/shop:1', 'shop@sha256:ab'].map(
          (image) => ({ ...tidy, image }),
        ),
      },
      { 'floating-image': ['web: shop, shop:latest, registry:5000/shop'] },
    ],
  ])('%s', async (_case, spec, expected) => {
    expect(await untidy({ deployments: [deployment(spec)] })).toEqual(expected);
  });

  it('a ConfigMap that no pod reads, in whatever way', async () => {
    const spec = {
      volumes: [
        { configMap: { name: 'mounted' } },
        { projected: { sources: [{ configMap: { name: 'projected' } }, { secret: { name: 's' } }] } },
      ],
      containers: [
        {
          ...tidy,
          envFrom: [{ configMapRef: { name: 'whole' } }],
          env: [{ valueFrom: { configMapKeyRef: { name: 'single' } } }],
        },
      ],
    };
    const maps = ['mounted', 'projected', 'whole', 'single', 'left-over', 'kube-root-ca.crt'].map((name) =>
      named(name),
    );
    const owned = named('owned', 'shop', { ownerReferences: [{ kind: 'Thing', name: 'x', uid: 'u' }] });
    expect(
      await untidy({ deployments: [deployment(spec)], configmaps: [...maps, owned, named('mounted', 'other')] }),
    ).toEqual({
      'unused-config-map': ['left-over: ', 'mounted: '],
    });
  });

  it('is looked for where it is declared, and not in protected namespaces', async () => {
    const spec = { containers: [{ ...tidy, image: 'shop' }] };
    const made = {
      ...named('web-1', 'shop', { ownerReferences: [{ kind: 'ReplicaSet', name: 'web', uid: 'u' }] }),
      spec,
    };
    expect(
      await untidy({
        deployments: [deployment(spec), deployment(spec, 'dns', 'kube-system')],
        cronjobs: [{ ...named('nightly'), spec: { jobTemplate: { spec: { template: { spec } } } } }],
        pods: [made, { ...named('bare'), spec }],
      }),
    ).toEqual({ 'floating-image': ['web: shop', 'nightly: shop', 'bare: shop'] });
  });

  it('says what it could not look at, and fails only where nothing can be read', async () => {
    const results = await inspect({ deployments: [deployment({})] }, ['configmaps']);
    const { text, blocks } = renderHygiene('prod', results);
    expect(text).toBe('Nothing to tidy in prod.');
    expect(JSON.stringify(blocks)).toContain('the right to read it is missing: no pod reads these ConfigMaps.');
    await expect(inspect({}, ['deployments'])).rejects.toMatchObject({ code: 'cluster-forbidden' });
  });

  it('is told by kind, with the number and the reason', async () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      deployment({ containers: [{ ...tidy, image: 'a<b' }] }, `web-${index}`),
    );
    const { text, blocks } = renderHygiene('prod', await inspect({ deployments: many }));
    expect(text).toBe('12 things to tidy in prod: images are not pinned to a version (12).');
    expect(JSON.stringify(blocks)).toContain('*Images are not pinned to a version* (12)');
    expect(JSON.stringify(blocks)).toContain('Deployment shop/web-0: a&lt;b');
    expect(JSON.stringify(blocks)).toContain('… and 4 more.');
  });
});
