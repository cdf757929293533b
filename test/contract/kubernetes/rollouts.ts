import { describe, expect, test } from 'vitest';
import { type JsonObject, readArray, readNumber, readObject, readPath, readString } from '../../../src/core/json.ts';
import {
  type ApiStage,
  appsPath,
  corePath,
  createDeployment,
  done,
  eventually,
  itemsOf,
  jsonPatch,
  mergePatch,
  nameOf,
  newImage,
  oldImage,
  readDeployment,
  rolledOut,
  type Stage,
} from './stage.ts';

const revisionNote = 'deployment.kubernetes.io/revision';

export function describeRollouts(name: string, stage: Stage): void {
  describe(`${name}: rollouts`, () => {
    test('make a ReplicaSet for each template, numbered', async () => {
      await createDeployment(stage(), { name: 'rolling', replicas: 2, annotations: { owner: 'contract' } });
      const first = await rolledOut(stage(), 'rolling');
      expect(readPath(first, 'metadata', 'annotations')).toEqual({ owner: 'contract', [revisionNote]: '1' });
      expect(readNumber(first, 'metadata', 'generation')).toBe(1);
      await setImage(stage(), 'rolling', newImage);
      const second = await rolledOut(stage(), 'rolling');
      expect(readString(second, 'metadata', 'annotations', revisionNote)).toBe('2');
      expect(readPath(second, 'status')).toMatchObject({
        replicas: 2,
        updatedReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
      });
      const sets = await eventually(async () => {
        const found = await setsOf(stage(), 'rolling');
        expect(found.map((set) => readNumber(set, 'status', 'replicas'))).toEqual([0, 2]);
        return found;
      });
      expect(sets.map((set) => readString(set, 'metadata', 'annotations', revisionNote))).toEqual(['1', '2']);
      for (const set of sets) {
        const hash = readString(set, 'metadata', 'labels', 'pod-template-hash');
        expect(nameOf(set)).toBe(`rolling-${hash}`);
        expect(readString(set, 'spec', 'selector', 'matchLabels', 'pod-template-hash')).toBe(hash);
        expect(readString(set, 'spec', 'template', 'metadata', 'labels', 'pod-template-hash')).toBe(hash);
        expect(readString(set, 'metadata', 'annotations', 'owner')).toBe('contract');
        expect(readArray(set, 'metadata', 'ownerReferences')).toMatchObject([
          { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rolling', controller: true, blockOwnerDeletion: true },
        ]);
      }
      await eventually(async () => {
        const owners = (await podsOf(stage(), 'rolling')).map((pod) =>
          readString(readArray(pod, 'metadata', 'ownerReferences')[0], 'name'),
        );
        expect(owners).toEqual([nameOf(sets[1]), nameOf(sets[1])]);
      });
      expect(conditionsOf(second)).toEqual({
        Available: 'True MinimumReplicasAvailable Deployment has minimum availability.',
        Progressing: `True NewReplicaSetAvailable ReplicaSet "${nameOf(sets[1])}" has successfully progressed.`,
      });
    });

    test('back to an old template reuse its ReplicaSet under a new number', async () => {
      await createDeployment(stage(), { name: 'undone' });
      const first = await rolledOut(stage(), 'undone');
      await setImage(stage(), 'undone', newImage);
      await rolledOut(stage(), 'undone');
      const before = (await setsOf(stage(), 'undone')).map((set) => nameOf(set));
      const body = [{ op: 'replace', path: '/spec/template', value: readObject(first, 'spec', 'template') }];
      const path = appsPath(stage(), 'deployments', 'undone');
      await done(stage(), { method: 'PATCH', path, body, contentType: jsonPatch });
      const third = await rolledOut(stage(), 'undone');
      expect(readString(third, 'metadata', 'annotations', revisionNote)).toBe('3');
      const sets = await setsOf(stage(), 'undone');
      expect(sets.map((set) => nameOf(set))).toEqual(before.toReversed());
      expect(sets.map((set) => readString(set, 'metadata', 'annotations', revisionNote))).toEqual(['2', '3']);
      expect(readString(sets[1], 'metadata', 'annotations', `${revisionNote}-history`)).toBe('1');
      expect(imageOf(sets[1])).toBe(oldImage);
    });

    test('do not begin while paused', async () => {
      await createDeployment(stage(), { name: 'paused' });
      await rolledOut(stage(), 'paused');
      await merge(stage(), 'paused', { spec: { paused: true } });
      await setImage(stage(), 'paused', newImage);
      await eventually(async () => {
        const found = await readDeployment(stage(), 'paused');
        expect(readNumber(found, 'status', 'observedGeneration')).toBe(readNumber(found, 'metadata', 'generation'));
        expect(readNumber(found, 'status', 'updatedReplicas') ?? 0).toBe(0);
        expect(conditionsOf(found)['Progressing']).toBe('Unknown DeploymentPaused Deployment is paused');
      });
      expect(await setsOf(stage(), 'paused')).toHaveLength(1);
      await merge(stage(), 'paused', { spec: { paused: null } });
      await rolledOut(stage(), 'paused');
      expect((await setsOf(stage(), 'paused')).map((set) => imageOf(set))).toEqual([oldImage, newImage]);
    });

    test('of a template that never gets ready keep the old pods, and run out of time', async () => {
      await createDeployment(stage(), { name: 'stuck', replicas: 2 });
      await rolledOut(stage(), 'stuck');
      await merge(stage(), 'stuck', { spec: { progressDeadlineSeconds: 2 } });
      await setImage(stage(), 'stuck', 'missing.local/app:9');
      const raw = await eventually(async () => {
        const found = await readDeployment(stage(), 'stuck');
        expect(conditionsOf(found)['Progressing']).toMatch(
          /^False ProgressDeadlineExceeded ReplicaSet ".*" has timed out progressing\.$/,
        );
        expect(readPath(found, 'status')).toMatchObject({
          replicas: 3,
          updatedReplicas: 1,
          availableReplicas: 2,
          unavailableReplicas: 1,
        });
        return found;
      });
      expect(conditionsOf(raw)['Available']).toBe('True MinimumReplicasAvailable Deployment has minimum availability.');
      await eventually(async () => {
        const waiting = (await podsOf(stage(), 'stuck')).map((pod) =>
          readString(readArray(pod, 'status', 'containerStatuses')[0], 'state', 'waiting', 'reason'),
        );
        expect(waiting.filter((reason) => reason === 'ErrImagePull' || reason === 'ImagePullBackOff')).toHaveLength(1);
      });
    });

    test('forget the oldest ReplicaSets beyond the limit', async () => {
      await createDeployment(stage(), { name: 'forgetful', replicas: 0 });
      await merge(stage(), 'forgetful', { spec: { revisionHistoryLimit: 1 } });
      for (const image of [newImage, 'test.local/app:1.1.0', 'test.local/app:2.0.0']) {
        await setImage(stage(), 'forgetful', image);
        await rolledOut0(stage(), 'forgetful');
      }
      await eventually(async () => {
        const images = (await setsOf(stage(), 'forgetful')).map((set) => imageOf(set));
        expect(images).toEqual(['test.local/app:1.1.0', 'test.local/app:2.0.0']);
      });
    });
  });

  describe(`${name}: removals`, () => {
    test('of a Deployment take its ReplicaSets and pods along', async () => {
      await createDeployment(stage(), { name: 'removed' });
      await rolledOut(stage(), 'removed');
      const path = appsPath(stage(), 'deployments', 'removed');
      const { body } = await stage().api.call({ method: 'DELETE', path });
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: { name: 'removed', group: 'apps', kind: 'deployments' },
      });
      await eventually(async () => {
        expect(await setsOf(stage(), 'removed')).toEqual([]);
        expect(await podsOf(stage(), 'removed')).toEqual([]);
      });
    });

    test('that orphan leave the ReplicaSet and its pod', async () => {
      await createDeployment(stage(), { name: 'orphaned' });
      await rolledOut(stage(), 'orphaned');
      const path = `${appsPath(stage(), 'deployments', 'orphaned')}?propagationPolicy=Orphan`;
      await stage().api.call({ method: 'DELETE', path });
      await eventually(async () => {
        const sets = await setsOf(stage(), 'orphaned');
        expect(sets.map((set) => readPath(set, 'metadata', 'ownerReferences'))).toEqual([undefined]);
      });
      expect(await podsOf(stage(), 'orphaned')).toHaveLength(1);
    });

    test('of a pod that a ReplicaSet wants bring another', async () => {
      await createDeployment(stage(), { name: 'replaced' });
      await rolledOut(stage(), 'replaced');
      const [old] = await podsOf(stage(), 'replaced');
      const { status, body } = await stage().api.call({
        method: 'DELETE',
        path: corePath(stage(), 'pods', nameOf(old)),
      });
      expect([status, body['kind'], nameOf(body)]).toEqual([200, 'Pod', nameOf(old)]);
      expect(readString(body, 'metadata', 'deletionTimestamp')).toBeDefined();
      await eventually(async () => {
        const pods = await podsOf(stage(), 'replaced');
        expect(pods).toHaveLength(1);
        expect(nameOf(pods[0])).not.toBe(nameOf(old));
        expect(readString(pods[0], 'status', 'phase')).toBe('Running');
      });
    });
  });
}

async function merge(stage: ApiStage, name: string, body: object): Promise<void> {
  await done(stage, { method: 'PATCH', path: appsPath(stage, 'deployments', name), body, contentType: mergePatch });
}

async function setImage(stage: ApiStage, name: string, value: string): Promise<void> {
  const body = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value }];
  await done(stage, { method: 'PATCH', path: appsPath(stage, 'deployments', name), body, contentType: jsonPatch });
}

/** For a Deployment without pods. */
async function rolledOut0(stage: ApiStage, name: string): Promise<void> {
  await eventually(async () => {
    const raw = await readDeployment(stage, name);
    expect(readNumber(raw, 'status', 'observedGeneration')).toBe(readNumber(raw, 'metadata', 'generation'));
  });
}

/** In the order of their numbers. */
async function setsOf(stage: ApiStage, name: string): Promise<readonly unknown[]> {
  const sets = await itemsOf(stage, `${appsPath(stage, 'replicasets')}?labelSelector=app%3D${name}`);
  return sets.toSorted((left, right) => numberOf(left) - numberOf(right));
}

function numberOf(set: unknown): number {
  return Number(readString(set, 'metadata', 'annotations', revisionNote));
}

async function podsOf(stage: ApiStage, name: string): Promise<readonly unknown[]> {
  return await itemsOf(stage, `${corePath(stage, 'pods')}?labelSelector=app%3D${name}`);
}

function conditionsOf(raw: JsonObject): Readonly<Record<string, string>> {
  const entries = readArray(raw, 'status', 'conditions').map((one) => {
    const parts = ['status', 'reason', 'message'].map((field) => readString(one, field) ?? '');
    return [readString(one, 'type') ?? '', parts.join(' ')] as const;
  });
  return Object.fromEntries(entries);
}

function imageOf(raw: unknown): string | undefined {
  return readString(readArray(raw, 'spec', 'template', 'spec', 'containers')[0], 'image');
}
