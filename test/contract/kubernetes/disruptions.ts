import { describe, expect, test } from 'vitest';
import { type JsonObject, readArray, readNumber, readPath, readString } from '../../../src/core/json.ts';
import type { RawAnswer } from '../../support/kubernetes/raw-api.ts';
import { corePath, done, eventually, failure, jsonPatch, mergePatch, readyPod, type Stage, statusOf } from './stage.ts';

/** Disruption budgets and evictions. */
export function describeDisruptions(name: string, stage: Stage): void {
  const budgetPath = (one?: string): string =>
    `/apis/policy/v1/namespaces/${stage().namespace}/poddisruptionbudgets${one === undefined ? '' : `/${one}`}`;

  /** A budget over the pods with its name as the label `guard`. */
  async function createBudget(one: string, spec: object, guard = one): Promise<void> {
    const selector = { matchLabels: { guard } };
    const body = { metadata: { name: one }, spec: { selector, ...spec } };
    await done(stage(), { method: 'POST', path: budgetPath(), body });
  }

  /** Waits until the budget's controller says this. */
  async function counted(one: string, counts: object): Promise<JsonObject> {
    return await eventually(async () => {
      const budget = await done(stage(), { path: budgetPath(one) });
      expect(readNumber(budget, 'status', 'observedGeneration')).toBe(readNumber(budget, 'metadata', 'generation'));
      expect(readPath(budget, 'status')).toMatchObject(counts);
      return budget;
    });
  }

  async function evict(pod: string, deleteOptions: object = {}, query = ''): Promise<RawAnswer> {
    const metadata = { name: pod, namespace: stage().namespace };
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata, deleteOptions };
    return await stage().api.call({ method: 'POST', path: `${corePath(stage(), 'pods', pod)}/eviction${query}`, body });
  }

  const readPod = (pod: string) => stage().api.call({ path: corePath(stage(), 'pods', pod) });

  const held = (message: string) =>
    failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [{ reason: 'DisruptionBudget', message }],
    });

  describe(`${name}: an eviction`, () => {
    test('takes a pod that no budget holds, after a dry run that leaves it', async () => {
      await readyPod(stage(), 'free', {});
      for (const attempt of [() => evict('free', { dryRun: ['All'] }, '?dryRun=All'), () => evict('free')]) {
        expect((await readPod('free')).body['metadata']).not.toHaveProperty('deletionTimestamp');
        const { status, body } = await attempt();
        expect([status, body['kind'], body['status']]).toEqual([201, 'Status', 'Success']);
      }
      await eventually(async () => expect((await readPod('free')).status).toBe(404));
    });

    test('takes as many pods as their budget allows, and names the budget that holds the next', async () => {
      const labels = { guard: 'two' };
      for (const one of ['two-a', 'two-b']) await readyPod(stage(), one, { labels });
      await createBudget('two', { minAvailable: 2 });
      const healthy = { currentHealthy: 2, expectedPods: 2 };
      const full = await counted('two', { ...healthy, disruptionsAllowed: 0, desiredHealthy: 2 });
      expect(readArray(full, 'status', 'conditions')).toMatchObject([
        { type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' },
      ]);
      expect(statusOf(await evict('two-a'))).toEqual(
        held('The disruption budget two needs 2 healthy pods and has 2 currently'),
      );
      const body = { spec: { minAvailable: 1 } };
      await done(stage(), { method: 'PATCH', path: budgetPath('two'), body, contentType: mergePatch });
      const open = await counted('two', { ...healthy, disruptionsAllowed: 1, desiredHealthy: 1 });
      expect(readArray(open, 'status', 'conditions')).toMatchObject([
        { type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods' },
      ]);
      expect((await evict('two-a', { dryRun: ['All'] }, '?dryRun=All')).status).toBe(201);
      await counted('two', { disruptionsAllowed: 1 });
      expect((await evict('two-a')).status).toBe(201);
      expect((await evict('two-b')).status).toBe(429);
      await counted('two', { currentHealthy: 1, expectedPods: 1, disruptionsAllowed: 0 });
      expect((await readPod('two-b')).body['metadata']).not.toHaveProperty('deletionTimestamp');
    });

    test('of a pod with two budgets is an error of the server', async () => {
      await readyPod(stage(), 'torn', { labels: { guard: 'torn' } });
      for (const one of ['torn-a', 'torn-b']) await createBudget(one, { minAvailable: 0 }, 'torn');
      const { status, body } = await evict('torn');
      expect([status, body['message']]).toEqual([
        500,
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      ]);
    });

    test('of another pod under the same name, or of none, is refused', async () => {
      await readyPod(stage(), 'renamed', {});
      const other = await evict('renamed', { preconditions: { uid: 'another' } });
      expect([other.status, other.body['reason']]).toEqual([409, 'Conflict']);
      expect(statusOf(await evict('nobody'))).toEqual(
        failure(404, 'NotFound', 'pods "nobody" not found', { name: 'nobody', kind: 'pods' }),
      );
    });
  });

  describe(`${name}: a resize`, () => {
    const resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '100m', memory: '64Mi' } };
    const wanted = '/spec/containers/0/resources';

    async function resize(pod: string, operations: readonly object[], query = '') {
      const path = `${corePath(stage(), 'pods', pod)}/resize${query}`;
      return await stage().api.call({ method: 'PATCH', path, body: operations, contentType: jsonPatch });
    }

    test('changes what a running container has, without a restart', async () => {
      await readyPod(stage(), 'growing', { resources });
      const more = [{ op: 'replace', path: `${wanted}/requests/cpu`, value: '20m' }];
      const dry = await resize('growing', more, '?dryRun=All');
      expect([dry.status, readNumber(dry.body, 'metadata', 'generation')]).toEqual([200, 2]);
      const { status, body } = await resize('growing', more);
      expect([status, readNumber(body, 'metadata', 'generation')]).toEqual([200, 2]);
      const requests = { cpu: '20m', memory: '16Mi' };
      expect(readArray(body, 'spec', 'containers')).toMatchObject([{ resources: { ...resources, requests } }]);
      const writes = readArray(body, 'metadata', 'managedFields').map((entry) => readString(entry, 'subresource'));
      expect(writes.filter((one) => one === 'resize')).toHaveLength(1);
      await eventually(async () => {
        const pod = await done(stage(), { path: corePath(stage(), 'pods', 'growing') });
        expect(readNumber(pod, 'status', 'observedGeneration')).toBe(2);
        expect(readArray(pod, 'status', 'containerStatuses')).toMatchObject([
          { restartCount: 0, ready: true, allocatedResources: requests, resources: { ...resources, requests } },
        ]);
      });
    });

    test('changes nothing else, and is the only way', async () => {
      const before = await readyPod(stage(), 'fixed', { resources });
      const image = [{ op: 'replace', path: '/spec/containers/0/image', value: 'test.local/app:9.9.9' }];
      const { status, body } = await resize('fixed', image);
      expect(status).toBe(200);
      const imageOf = (pod: JsonObject) => readString(readArray(pod, 'spec', 'containers')[0], 'image');
      expect(imageOf(body)).toBe(imageOf(before));
      const path = corePath(stage(), 'pods', 'fixed');
      const more = [{ op: 'replace', path: `${wanted}/requests/cpu`, value: '20m' }];
      const plain = await stage().api.call({ method: 'PATCH', path, body: more, contentType: jsonPatch });
      expect([plain.status, plain.body['reason']]).toEqual([422, 'Invalid']);
      expect((await resize('nobody', more)).status).toBe(404);
    });

    test.each([
      [
        'another quality of service',
        [{ op: 'replace', path: `${wanted}/requests`, value: resources.limits }],
        'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
      ],
      [
        'more than the limit',
        [{ op: 'replace', path: `${wanted}/requests/memory`, value: '128Mi' }],
        'spec.containers[0].resources.requests: Invalid value: "128Mi": must be less than or equal to memory limit of 64Mi',
      ],
      [
        'no limit any more',
        [{ op: 'remove', path: `${wanted}/limits/cpu` }],
        'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
      ],
    ])('to %s is refused', async (_to, operations, why) => {
      const { namespace } = stage();
      const found = await stage().api.call({ path: corePath(stage(), 'pods', 'sized') });
      if (found.status === 404) await readyPod(stage(), 'sized', { resources });
      const { status, body } = await resize('sized', operations);
      expect([namespace, status, body['message']]).toEqual([namespace, 422, `Pod "sized" is invalid: ${why}`]);
    });
  });
}
