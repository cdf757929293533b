import { describe, expect, it } from 'vitest';
import { createClusterView } from '../../../src/signals/cluster-view.ts';
import { slimConfigMap } from '../../../src/signals/slim/config-map.ts';
import { slimCronJob, slimJob } from '../../../src/signals/slim/job.ts';
import { slimWorkload } from '../../../src/signals/slim/workload.ts';
import { minutes, now } from '../../support/views.ts';

interface Written {
  readonly by: string;
  readonly at: number;
  readonly keys?: readonly string[];
  readonly label?: string;
}

/** As the server sends it: metadata alone. */
function raw(written: readonly Written[], metadata: object = {}) {
  const managedFields = written.map(({ by, at, keys = [], label }) => ({
    manager: by,
    time: new Date(at).toISOString(),
    fieldsV1: {
      ...(keys.length === 0
        ? {}
        : { 'f:data': Object.fromEntries(['.', ...keys.map((key) => `f:${key}`)].map((key) => [key, {}])) }),
      ...(label === undefined ? {} : { 'f:metadata': { 'f:labels': { [label]: {} } } }),
    },
  }));
  const creationTimestamp = new Date(now - 60 * minutes).toISOString();
  return { metadata: { uid: 'u', namespace: 'shop', name: 'settings', creationTimestamp, managedFields, ...metadata } };
}

const made = { by: 'helm', at: now - 60 * minutes, keys: ['a', 'b'] };

describe('a ConfigMap was written', () => {
  it('when the newest of those who own a key says so, from before Lifeguard watched too', () => {
    const edits = [
      { ...made, keys: ['a'] },
      { by: 'ana', at: now - 5 * minutes, keys: ['b'] },
      { by: 'labeller', at: now - minutes, label: 'f:team' },
    ];
    expect(slimConfigMap(raw(edits))).toMatchObject({ keys: 2, writes: [{ at: now - 5 * minutes, by: 'ana' }] });
  });

  it('by nobody since it was made', () => {
    expect(slimConfigMap(raw([made]))).toMatchObject({ keys: 2, writes: [] });
  });

  it.each([
    ['a leader election', { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }],
    ['the certificate of every namespace', { name: 'kube-root-ca.crt' }],
    ['what a controller makes', { ownerReferences: [{ kind: 'Kafka', name: 'k', uid: 'k', controller: true }] }],
  ])('but of %s nothing is kept', (_what, metadata) => {
    expect(slimConfigMap(raw([made], metadata))).toBeUndefined();
  });
});

describe('while it is watched', () => {
  function watch(...told: readonly (readonly Written[])[]) {
    const view = createClusterView(() => now);
    const stream = { name: 'configmaps', kind: 'configMap' } as const;
    for (const written of told) {
      const object = slimConfigMap(raw(written));
      if (object === undefined) throw new Error('nothing is kept');
      view.apply({ type: 'seen', stream, observation: { kind: 'configMap', object } });
    }
    return view.find('configMap', 'shop', 'settings')?.writes;
  }

  it('each write is remembered, though the server tells only the last of each writer, and a few of many', () => {
    const writes = [50, 40, 30, 20, 10].map((age) => [{ ...made, at: now - age * minutes }]);
    const ages = watch(...writes)?.map(({ at }) => (now - at) / minutes);
    expect(ages).toEqual([10, 20, 30, 40]);
  });

  it('a key that is taken from another writer is a change, of which the server says neither when nor by whom', () => {
    expect(watch([made], [{ ...made, keys: ['a'] }])).toEqual([{ at: now }]);
  });

  it('a label that is written is none', () => {
    expect(watch([made], [made, { by: 'ana', at: now - minutes, label: 'f:team' }])).toEqual([]);
  });
});

it('what workloads, Jobs and CronJobs read is known by name, and what they read only at the start', () => {
  const spec = {
    containers: [{ name: 'app', envFrom: [{ configMapRef: { name: 'flags' } }] }],
    volumes: [
      { name: 'v', configMap: { name: 'settings' } },
      { name: 's', secret: { secretName: 'never' } },
    ],
  };
  const metadata = { uid: 'u', namespace: 'shop', name: 'app' };
  const template = { spec };
  const uses = [
    { name: 'settings', atStart: false },
    { name: 'flags', atStart: true },
  ];
  expect(slimWorkload('Deployment', { metadata, spec: { template } })?.configMaps).toEqual(uses);
  expect(slimJob({ metadata, spec: { template } })?.configMaps).toEqual(uses);
  expect(slimCronJob({ metadata, spec: { jobTemplate: { spec: { template } } } })?.configMaps).toEqual(uses);
  expect(JSON.stringify(slimWorkload('Deployment', { metadata, spec: { template } }))).not.toContain('never');
  expect(slimWorkload('Deployment', { metadata, spec: {} })).not.toHaveProperty('configMaps');
});
