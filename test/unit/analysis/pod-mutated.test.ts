import { describe, expect, it } from 'vitest';
import { podMutated } from '../../../src/analysis/detectors/pod-mutated.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import { slimPod } from '../../../src/signals/slim/pod.ts';
import { slimWebhooks } from '../../../src/signals/slim/webhooks.ts';
import {
  aContainer,
  aPod,
  aRevision,
  checkout,
  minutes,
  now,
  seconds,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const MiB = 2 ** 20;
const detector = podMutated.configure({});

function current(resources: Readonly<Record<string, string>>) {
  const [container] = aRevision(2).containers;
  return aRevision(2, { containers: [{ name: 'app', image: '', env: {}, command: '', ...container, resources }] });
}

const declared = current({ 'limits.memory': '64Mi', 'limits.cpu': '0.3', 'requests.memory': '32Mi' });

function madeOf(limits: { readonly memoryLimit?: number; readonly cpuLimit?: number }, rest: Partial<PodView> = {}) {
  return aPod({ createdAt: now - 2 * minutes, containers: [aContainer(limits)], ...rest });
}

function judge(pod: readonly PodView[], parts: ViewParts = {}, at = now) {
  return detector.evaluate({
    subject: checkout,
    view: viewOf({ revision: [aRevision(1), declared], pod, ...parts }),
    now: at,
  });
}

const small = madeOf({ memoryLimit: 16 * MiB, cpuLimit: 0.3 });

describe('pods with lower limits than their template', () => {
  it('are a warning with the numbers, and no release is blamed', () => {
    const { findings } = judge([small, madeOf({ memoryLimit: 64 * MiB, cpuLimit: 0.3 }, { name: 'whole' })]);
    expect(findings).toEqual([
      expect.objectContaining({
        kind: 'pod-mutated',
        severity: 'warning',
        since: now - 2 * minutes,
        affectedPods: 1,
        totalPods: 2,
        cause:
          'Container app runs with a limit of 16 MiB of memory, its template says 64 MiB.\n' +
          'Something changes its pods on their way in, most likely a mutating webhook.',
      }),
    ]);
    expect(findings[0]).not.toHaveProperty('release');
  });

  it('are told of CPU as well', () => {
    expect(judge([madeOf({ memoryLimit: 64 * MiB, cpuLimit: 0.05 })]).findings[0]?.cause).toContain(
      'a limit of 0.05 cores of CPU, its template says 0.3 cores.',
    );
  });

  it('count a minute after the first of them was made', () => {
    const fresh = { ...small, createdAt: now - 10 * seconds };
    expect(judge([fresh])).toEqual({ findings: [], recheckAt: now + 50 * seconds });
    expect(judge([fresh], {}, now + 50 * seconds).findings).toHaveLength(1);
  });

  it.each([
    ['are as declared, however it is written', madeOf({ memoryLimit: 64 * MiB, cpuLimit: 300 * 1e-3 })],
    ['have more', madeOf({ memoryLimit: 128 * MiB, cpuLimit: 1 })],
    ['have no limit', madeOf({})],
    ['were resized in place', { ...small, adjusted: true }],
    [
      'are of an older revision',
      { ...small, owner: { kind: 'ReplicaSet', name: 'checkout-1', uid: 'uid-checkout-1' } },
    ],
    ['are on their way out', { ...small, deletion: { since: now, finalizers: [] } }],
    ['have been evicted', { ...small, phase: 'Failed' }],
    ['carry an injected container', { ...small, containers: [aContainer({ name: 'proxy', memoryLimit: MiB })] }],
  ])('are not found where they %s', (_name, pod) => {
    expect(judge([pod])).toEqual({ findings: [] });
  });

  it('are not found where the template sets no limit', () => {
    const revision = [current({ 'requests.memory': '64Mi' })];
    expect(judge([small], { revision })).toEqual({ findings: [] });
  });
});

const podRule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };

function webhooks(name: string, webhook: object, kind = 'MutatingWebhookConfiguration') {
  const whole = { metadata: { uid: name, name }, webhooks: [{ name: 'a.example.com', rules: [podRule], ...webhook }] };
  const slim = slimWebhooks(kind, whole);
  return slim === undefined ? [] : [slim];
}

describe('the webhooks that may have done it', () => {
  it('are those that are asked about new pods of this workload', () => {
    const given = [
      ...webhooks('sidecars', { objectSelector: { matchLabels: { app: 'checkout' } } }),
      ...webhooks('limiter', { rules: [{ ...podRule, operations: ['*'], resources: ['*'] }] }),
      ...webhooks('updates', { rules: [{ ...podRule, operations: ['UPDATE'] }] }),
      ...webhooks('deployments', { rules: [{ ...podRule, apiGroups: ['apps'], resources: ['deployments'] }] }),
      ...webhooks('elsewhere', { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } } }),
      ...webhooks('others', { objectSelector: { matchLabels: { app: 'cart' } } }),
      ...webhooks('checks', {}, 'ValidatingWebhookConfiguration'),
    ];
    const [finding] = judge([small], { webhooks: given }).findings;
    expect(finding?.cause).toContain('Asked about them: limiter, sidecars.');
    expect(finding?.about?.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'MutatingWebhookConfiguration limiter',
      'MutatingWebhookConfiguration sidecars',
    ]);
  });

  it('are none where none is asked about pods', () => {
    const [finding] = judge([small], { webhooks: [] }).findings;
    expect(finding?.cause).toContain('No mutating webhook is asked about them');
    expect(finding).not.toHaveProperty('about');
  });
});

describe('a pod whose resources are meant to differ', () => {
  const metadata = { uid: 'u', name: 'app' };

  it.each([
    ['was resized', { managedFields: [{ manager: 'kubectl', operation: 'Update', subresource: 'resize' }] }],
    ['has been given them by an autoscaler', { annotations: { vpaObservedContainers: 'app' } }],
  ])('is known where it %s', (_name, rest) => {
    expect(slimPod({ metadata: { ...metadata, ...rest } })?.adjusted).toBe(true);
  });

  it('is none that is debugged', () => {
    const managedFields = [{ manager: 'kubectl', operation: 'Update', subresource: 'ephemeralcontainers' }];
    expect(slimPod({ metadata: { ...metadata, generation: 2, managedFields } })?.adjusted).toBe(false);
  });

  it('has its limits read from its spec', () => {
    const resources = { limits: { cpu: '250m', memory: '16Mi' } };
    const status = { containerStatuses: [{ name: 'app' }] };
    expect(slimPod({ metadata, spec: { containers: [{ name: 'app', resources }] }, status })?.containers).toMatchObject(
      [{ memoryLimit: 16 * MiB, cpuLimit: 0.25 }],
    );
  });
});
