import { describe, expect, test } from 'vitest';
import { type JsonObject, readArray, readNumber, readObject, readPath, readString } from '../../../src/core/json.ts';
import {
  applyPatch,
  appsPath,
  corePath,
  createConfigMap,
  createDeployment,
  done,
  eventually,
  failure,
  jsonPatch,
  mergePatch,
  newImage,
  readDeployment,
  type Stage,
  statusOf,
  strategicPatch,
  versionOf,
} from './stage.ts';

export function describeWrites(name: string, stage: Stage): void {
  async function patch(one: string, contentType: string, body: object, query = '') {
    const path = `${appsPath(stage(), 'deployments', one)}${query}`;
    return await stage().api.call({ method: 'PATCH', path, body, contentType });
  }

  /** Waits until the controller has seen a generation and has nothing more to write. */
  async function observed(one: string, generation: number): Promise<void> {
    await eventually(async () => {
      const raw = await readDeployment(stage(), one);
      expect(readNumber(raw, 'status', 'observedGeneration')).toBe(generation);
      const reasons = readArray(raw, 'status', 'conditions').map((one) => readString(one, 'reason'));
      expect(new Set(reasons)).toEqual(new Set(['MinimumReplicasAvailable', 'NewReplicaSetAvailable']));
    });
  }

  describe(`${name}: patches`, () => {
    test('a JSON patch is carried out whole or not at all', async () => {
      await createDeployment(stage(), { name: 'json-patched', replicas: 0 });
      const image = '/spec/template/spec/containers/0/image';
      const done = await patch('json-patched', jsonPatch, [{ op: 'replace', path: image, value: newImage }]);
      expect(imageOf(done.body)).toBe(newImage);
      const refused = await patch('json-patched', jsonPatch, [
        { op: 'replace', path: image, value: 'test.local/app:2.0.0' },
        { op: 'test', path: '/spec/replicas', value: 7 },
      ]);
      const message = 'the server rejected our request due to an error in our request';
      expect(statusOf(refused)).toEqual(failure(422, 'Invalid', message, {}));
      expect(imageOf(await readDeployment(stage(), 'json-patched'))).toBe(newImage);
    });

    test('a JSON patch may test for null where there is nothing', async () => {
      await createConfigMap(stage(), 'null-tested');
      const path = corePath(stage(), 'configmaps', 'null-tested');
      const request = { method: 'PATCH', path, contentType: jsonPatch } as const;
      const body = [
        { op: 'test', path: '/binaryData', value: null },
        { op: 'add', path: '/binaryData', value: { blob: 'AAEC' } },
      ];
      expect(await done(stage(), { ...request, body })).toMatchObject({ binaryData: { blob: 'AAEC' } });
      expect((await stage().api.call({ ...request, body })).status).toBe(422);
    });

    test('a merge patch merges objects, replaces lists and takes out what is null', async () => {
      const { name: one } = { name: 'merge-patched' };
      await createConfigMap(stage(), one, { old: 'yes', kept: 'yes' });
      const body = { metadata: { labels: { old: null, fresh: 'yes' } }, data: { color: null } };
      const path = corePath(stage(), 'configmaps', one);
      const raw = await done(stage(), { method: 'PATCH', path, body, contentType: mergePatch });
      expect(raw).toMatchObject({ data: { size: 'small' } });
      expect(readPath(raw, 'metadata', 'labels')).toEqual({ kept: 'yes', fresh: 'yes' });
      expect(readPath(raw, 'data', 'color')).toBeUndefined();
    });

    test('a strategic merge patch merges containers and environments by name', async () => {
      await createDeployment(stage(), { name: 'strategic', replicas: 0, env: { A: '1', B: '2' } });
      const container = {
        name: 'app',
        image: newImage,
        env: [
          { name: 'B', value: '3' },
          { name: 'A', $patch: 'delete' },
          { name: 'C', value: '4' },
        ],
      };
      const { status, body } = await patch('strategic', strategicPatch, {
        spec: { template: { spec: { containers: [container] } } },
      });
      expect(status).toBe(200);
      const [found] = readArray(body, 'spec', 'template', 'spec', 'containers');
      expect(readString(found, 'image')).toBe(newImage);
      const env = readArray(found, 'env').map((entry) => `${readString(entry, 'name')}=${readString(entry, 'value')}`);
      expect(env.toSorted()).toEqual(['B=3', 'C=4']);
    });

    test('of an unknown type are refused', async () => {
      await createConfigMap(stage(), 'strange');
      const path = corePath(stage(), 'configmaps', 'strange');
      const answer = await stage().api.call({ method: 'PATCH', path, body: {}, contentType: 'application/json' });
      expect([answer.status, answer.body['reason']]).toEqual([415, 'UnsupportedMediaType']);
    });
  });

  describe(`${name}: server-side apply`, () => {
    function manifest(one: string, data: object): object {
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: one }, data };
    }
    async function apply(one: string, manager: string, data: object, force = false) {
      const query = `fieldManager=${manager}${force ? '&force=true' : ''}`;
      const path = `${corePath(stage(), 'configmaps', one)}?${query}`;
      return await stage().api.call({ method: 'PATCH', path, body: manifest(one, data), contentType: applyPatch });
    }

    test('creates, changes, and takes out what its owner no longer wants', async () => {
      expect((await apply('applied', 'first', { color: 'red', size: 'small' })).status).toBe(201);
      const { status, body } = await apply('applied', 'first', { color: 'blue' });
      expect([status, body['data']]).toEqual([200, { color: 'blue' }]);
      const managers = readArray(body, 'metadata', 'managedFields');
      expect(managers).toMatchObject([
        { manager: 'first', operation: 'Apply', fieldsV1: { 'f:data': { 'f:color': {} } } },
      ]);
    });

    test('is refused where another owner wants something else, unless forced', async () => {
      await apply('disputed', 'first', { color: 'red' });
      const refused = await apply('disputed', 'second', { color: 'blue' });
      expect([refused.status, refused.body['reason']]).toEqual([409, 'Conflict']);
      expect(refused.body['message']).toBe('Apply failed with 1 conflict: conflict with "first": .data.color');
      expect(readPath(refused.body, 'details', 'causes')).toEqual([
        { reason: 'FieldManagerConflict', message: 'conflict with "first"', field: '.data.color' },
      ]);
      const forced = await apply('disputed', 'second', { color: 'blue' }, true);
      expect(forced.body['data']).toEqual({ color: 'blue' });
      expect((await apply('disputed', 'first', { color: 'blue' })).status).toBe(200);
    });

    test('shares a field that two owners want alike', async () => {
      await apply('shared', 'first', { color: 'red', size: 'small' });
      await apply('shared', 'second', { color: 'red' });
      const { body } = await apply('shared', 'first', {});
      expect(body['data']).toEqual({ color: 'red' });
    });
  });

  describe(`${name}: versions`, () => {
    test('a stale version is a conflict', async () => {
      const raw = await createConfigMap(stage(), 'contested');
      const path = corePath(stage(), 'configmaps', 'contested');
      await done(stage(), { method: 'PUT', path, body: { ...raw, data: { color: 'green' } } });
      const refused = await stage().api.call({ method: 'PUT', path, body: { ...raw, data: { color: 'blue' } } });
      const message =
        'Operation cannot be fulfilled on configmaps "contested": the object has been modified; please apply your changes to the latest version and try again';
      expect(statusOf(refused)).toEqual(failure(409, 'Conflict', message, { name: 'contested', kind: 'configmaps' }));
    });

    test('a write that changes nothing makes no version', async () => {
      const raw = await createConfigMap(stage(), 'idle');
      const path = corePath(stage(), 'configmaps', 'idle');
      const again = await done(stage(), {
        method: 'PATCH',
        path,
        body: { data: { color: 'red' } },
        contentType: mergePatch,
      });
      expect(versionOf(again)).toBe(versionOf(raw));
    });

    test('of two candidates for a lease one is refused', async () => {
      const path = `/apis/coordination.k8s.io/v1/namespaces/${stage().namespace}/leases`;
      const body = { metadata: { name: 'leader' }, spec: { holderIdentity: 'one', leaseDurationSeconds: 15 } };
      const lease = await done(stage(), { method: 'POST', path, body });
      const claims = await Promise.all(
        ['two', 'three'].map((holderIdentity) =>
          stage().api.call({ method: 'PUT', path: `${path}/leader`, body: { ...lease, spec: { holderIdentity } } }),
        ),
      );
      expect(claims.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([200, 409]);
      expect((await stage().api.call({ method: 'POST', path, body })).body['reason']).toBe('AlreadyExists');
    });
  });

  describe(`${name}: generations`, () => {
    test('count changes of the specification, not of the status or labels', async () => {
      await createDeployment(stage(), { name: 'counted', replicas: 0 });
      await observed('counted', 1);
      const seen: (number | undefined)[] = [];
      for (const body of [
        { metadata: { labels: { tier: 'web' } } },
        { spec: { minReadySeconds: 1 } },
        { spec: { minReadySeconds: 1 } },
        { metadata: { annotations: { note: 'a Deployment counts its annotations too' } } },
        { status: { replicas: 9 } },
      ]) {
        seen.push(readNumber((await patch('counted', mergePatch, body)).body, 'metadata', 'generation'));
      }
      expect(seen).toEqual([1, 2, 2, 3, 3]);
      await observed('counted', 3);
    });

    test('the scale of a workload is its number of pods', async () => {
      await createDeployment(stage(), { name: 'scaled', replicas: 0 });
      await observed('scaled', 1);
      const path = `${appsPath(stage(), 'deployments', 'scaled')}/scale`;
      const scale = await done(stage(), { path });
      expect(scale).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        spec: {},
        status: { replicas: 0, selector: 'app=scaled' },
      });
      await done(stage(), { method: 'PUT', path: `${path}?dryRun=All`, body: { ...scale, spec: { replicas: 3 } } });
      expect(readPath(await readDeployment(stage(), 'scaled'), 'spec', 'replicas')).toBe(0);
      const changed = await done(stage(), {
        method: 'PATCH',
        path,
        body: { spec: { replicas: 1 } },
        contentType: mergePatch,
      });
      expect(readPath(changed, 'spec', 'replicas')).toBe(1);
      expect(readPath(await readDeployment(stage(), 'scaled'), 'spec', 'replicas')).toBe(1);
    });
  });

  describe(`${name}: dry runs`, () => {
    test('answer what would be and leave no trace', async () => {
      const before = await createConfigMap(stage(), 'untouched');
      const path = corePath(stage(), 'configmaps', 'untouched');
      const patched = await done(stage(), {
        method: 'PATCH',
        path: `${path}?dryRun=All`,
        body: { data: { color: 'blue' } },
        contentType: mergePatch,
      });
      expect(readString(patched, 'data', 'color')).toBe('blue');
      expect((await stage().api.call({ method: 'DELETE', path: `${path}?dryRun=All` })).status).toBe(200);
      const body = { metadata: { name: 'never' }, data: {} };
      const made = await done(stage(), { method: 'POST', path: `${corePath(stage(), 'configmaps')}?dryRun=All`, body });
      expect(readString(made, 'metadata', 'uid')).not.toBe('');
      expect((await stage().api.call({ path: corePath(stage(), 'configmaps', 'never') })).status).toBe(404);
      const after = await done(stage(), { path });
      expect([versionOf(after), readObject(after, 'data')]).toEqual([versionOf(before), readObject(before, 'data')]);
    });

    test('of a workload start no rollout', async () => {
      await createDeployment(stage(), { name: 'dry', replicas: 0 });
      await observed('dry', 1);
      const before = await readDeployment(stage(), 'dry');
      const { body } = await patch('dry', mergePatch, { spec: { replicas: 5 } }, '?dryRun=All');
      expect([readPath(body, 'spec', 'replicas'), readPath(body, 'metadata', 'generation')]).toEqual([5, 2]);
      expect(await readDeployment(stage(), 'dry')).toEqual(before);
    });
  });
}

function imageOf(raw: JsonObject): string | undefined {
  return readString(readArray(raw, 'spec', 'template', 'spec', 'containers')[0], 'image');
}
