import { describe, expect, it } from 'vitest';
import { createFailed } from '../../../src/analysis/detectors/create-failed.ts';
import type { EventView } from '../../../src/core/views/event.ts';
import type { JobView } from '../../../src/core/views/job.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import type { WorkloadView } from '../../../src/core/views/workload.ts';
import { aCondition } from '../../support/capacity-views.ts';
import { anEvent, aPod, aRevision, aWorkload, checkout, minutes, now, seconds, viewOf } from '../../support/views.ts';

const detector = createFailed.configure({});

const quota =
  'pods "checkout-2-x" is forbidden: exceeded quota: small, requested: pods=1,requests.cpu=400m, used: pods=3,requests.cpu=250m, limited: pods=3,requests.cpu=300m';
const security =
  'pods "checkout-2-x" is forbidden: violates PodSecurity "restricted:latest": privileged (container "app" must not set x), runAsNonRoot != true (pod)';

interface Given {
  readonly since?: number;
  readonly workload?: Partial<WorkloadView>;
  readonly pods?: readonly PodView[];
  readonly resources?: Record<string, string>;
}

/** The Deployment whose newest ReplicaSet may not create pods. */
function refused(message: string, { since = now - minutes, workload = {}, pods = [], resources = {} }: Given = {}) {
  const failure = aCondition('ReplicaFailure', 'True', { reason: 'FailedCreate', message, since });
  const container = { name: 'app', image: 'shop/checkout:1.0.0', env: {}, command: '', resources: {} };
  const revision = [
    aRevision(1, { containers: [container] }),
    aRevision(2, { failure, containers: [{ ...container, resources }] }),
  ];
  const view = viewOf({ workload: [aWorkload({ desired: 3, ...workload })], pod: pods, revision });
  return detector.evaluate({ subject: checkout, view, now });
}

describe('a Deployment', () => {
  it.each([
    [
      quota,
      'Quota small of namespace shop is full: 3 of 3 pods are used, and a pod asks for 1; 250m of 300m requests.cpu',
    ],
    ['failed quota: small: must specify requests.cpu for: app', 'admits only pods that specify requests.cpu for: app'],
    [security, 'level restricted of namespace shop forbids the pods: privileged, runAsNonRoot != true.'],
    [
      'is forbidden: maximum memory usage per Container is 64Mi, but limit is 1Gi',
      'LimitRange of namespace shop forbids',
    ],
    [
      'admission webhook "team.example.com" denied the request: no team',
      'webhook team.example.com denies the pods: no team',
    ],
    ['failed calling webhook "team.example.com": connection refused', 'cannot be asked: connection refused'],
    [
      "ValidatingAdmissionPolicy 'team' with binding 'b' denied request: no team",
      'Policy team denies the pods: no team',
    ],
    ['error looking up service account shop/x: serviceaccount "x" not found', 'ServiceAccount x does not exist'],
    ['is forbidden: no PriorityClass with name gold was found', 'PriorityClass gold does not exist'],
    ['Pod "x" is invalid: spec.containers[0].image: Required value', 'as invalid: spec.containers[0].image: Required'],
    ['etcdserver: request timed out', 'refuses the pods: etcdserver: request timed out.'],
  ])('is refused with %s', (message, words) => {
    const [finding] = refused(message).findings;
    expect(finding).toMatchObject({ kind: 'create-failed', impact: '3 of 3 pods are missing', severity: 'critical' });
    expect(finding?.cause).toContain(words);
  });

  it('has a warning at 2 of 3 replicas, with the quota as what it names', () => {
    const pods = ['a', 'b'].map((name) => aPod({ name, createdAt: now - 10 * minutes }));
    const [finding] = refused(quota, { pods }).findings;
    expect(finding).toMatchObject({ severity: 'warning', impact: '1 of 3 pods are missing' });
    expect(finding?.about).toEqual([{ kind: 'ResourceQuota', namespace: 'shop', name: 'small' }]);
  });

  it('has its release blamed for pods that are forbidden, and for a full quota where it asks for more', () => {
    expect(refused(security).findings[0]?.release).toMatchObject({ toRevision: 2 });
    expect(refused(quota, { resources: { 'requests.cpu': '400m' } }).findings[0]?.release).toBeDefined();
    expect(refused(quota).findings[0]?.release).toBeUndefined();
    expect(refused('failed calling webhook "x": timeout').findings[0]?.release).toBeUndefined();
  });

  it('is not told of a full quota while pods still come', () => {
    const pods = [aPod({ createdAt: now - 10 * seconds })];
    expect(refused(quota, { pods })).toEqual({ findings: [], recheckAt: now + 20 * seconds });
  });

  it.each<[string, string, Given]>([
    ['that is scaled to 0', quota, { workload: { desired: 0 } }],
    ['that is being deleted', quota, { workload: { deletion: { since: now, finalizers: [] } } }],
    ['whose namespace goes', 'unable to create new content in namespace shop because it is being terminated', {}],
  ])('%s is not told', (_case, message, given) => {
    expect(refused(message, given).findings).toEqual([]);
  });
});

const failed = anEvent({
  reason: 'FailedCreate',
  note: `Create Pod checkout-0 in StatefulSet checkout failed error: ${quota}`,
  count: 7,
});

/** A StatefulSet of three pods, with an Event about it. */
function complained(event: Partial<EventView>, pods: readonly PodView[] = [], workload: Partial<WorkloadView> = {}) {
  const regarding = { ...checkout, kind: 'StatefulSet' };
  const given = aWorkload({ kind: 'StatefulSet', desired: 3, ...workload });
  const view = viewOf({ workload: [given], revision: [], pod: pods, event: [{ ...failed, regarding, ...event }] });
  return detector.evaluate({ subject: regarding, view, now });
}

const member = aPod({
  createdAt: now - 5 * minutes,
  owner: { kind: 'StatefulSet', name: 'checkout', uid: 'uid-checkout' },
});

describe('a StatefulSet', () => {
  it('is told from its Events, until they are old', () => {
    const judged = complained({}, [member]);
    expect(judged.findings[0]).toMatchObject({ impact: '2 of 3 pods are missing', occurrences: 7 });
    expect(judged.findings[0]?.cause).toContain('Quota small of namespace shop is full');
    expect(judged.recheckAt).toBe(now - minutes + 20 * minutes);
  });

  it.each<[string, Partial<EventView>, readonly PodView[], Partial<WorkloadView>]>([
    ['with an old Event', { lastSeen: now - 21 * minutes }, [], {}],
    ['whose pods came since', {}, [{ ...member, createdAt: now - 30 * seconds }], {}],
    ['with all its pods', {}, [member], { desired: 1 }],
    ['with another Event', { reason: 'RecreatingFailedPod' }, [], {}],
    ['of the same name as the one that was meant', { regarding: { ...checkout, uid: 'another' } }, [], {}],
    ['whose predecessor is still there', { note: 'object is being deleted: pods "checkout-0" already exists' }, [], {}],
  ])('%s is not told', (_case, event, pods, workload) => {
    expect(complained(event, pods, workload).findings).toEqual([]);
  });
});

function aJob(overrides: Partial<JobView> = {}): JobView {
  const numbers = { backoffLimit: 6, active: 0, succeeded: 0, failed: 0 };
  const meta = { uid: 'uid-report', namespace: 'shop', name: 'report', createdAt: now - 5 * minutes };
  return { ...meta, ...numbers, suspended: false, conditions: [], ...overrides };
}

describe('a Job', () => {
  const ref = { kind: 'Job', namespace: 'shop', name: 'report', uid: 'uid-report' };
  const event = [{ ...failed, regarding: ref }];

  it('is told, and rolled up to its CronJob', () => {
    const alone = viewOf({ job: [aJob()], event });
    const [finding] = detector.evaluate({ subject: ref, view: alone, now }).findings;
    expect(finding).toMatchObject({ impact: 'the job does not run', severity: 'warning' });
    const owner = { kind: 'CronJob', name: 'nightly', uid: 'uid-nightly' };
    const owned = viewOf({ job: [aJob({ owner })], event });
    const subject = { ...owner, namespace: 'shop' };
    expect(detector.evaluate({ subject, view: owned, now }).findings).toHaveLength(1);
  });

  it.each<[string, Partial<JobView>]>([
    ['that has ended', { conditions: [aCondition('Failed', 'True')] }],
    ['that is suspended', { suspended: true }],
  ])('%s is not told', (_case, job) => {
    expect(detector.evaluate({ subject: ref, view: viewOf({ job: [aJob(job)], event }), now }).findings).toEqual([]);
  });
});
