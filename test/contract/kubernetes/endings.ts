import { describe, expect, test } from 'vitest';
import { readArray, readPath, readString } from '../../../src/core/json.ts';
import { corePath, createConfigMap, done, eventually, jsonPatch, mergePatch, type Stage } from './stage.ts';

/** Finalizers, and namespaces that are deleted. */
export function describeEndings(name: string, stage: Stage): void {
  const guard = 'example.com/guard';
  const release = [{ op: 'remove', path: '/metadata/finalizers' }];

  describe(`${name}: an object with a finalizer`, () => {
    test('stays, marked, until the last finalizer is taken off', async () => {
      await createConfigMap(stage(), 'guarded');
      const path = corePath(stage(), 'configmaps', 'guarded');
      const patch = (body: object, contentType = mergePatch) =>
        stage().api.call({ method: 'PATCH', path, body, contentType });
      await patch({ metadata: { finalizers: [guard] } });
      const marked = await done(stage(), { method: 'DELETE', path });
      expect(marked).toMatchObject({ kind: 'ConfigMap', metadata: { finalizers: [guard] } });
      expect(readString(marked, 'metadata', 'deletionTimestamp')).toMatch(/Z$/);
      expect((await patch({ data: { color: 'blue' } })).status).toBe(200);
      const refused = await patch({ metadata: { finalizers: [guard, 'example.com/more'] } });
      expect(refused.status).toBe(422);
      expect(refused.body['message']).toBe(
        'ConfigMap "guarded" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}',
      );
      expect((await patch(release, jsonPatch)).status).toBe(200);
      expect((await stage().api.call({ path })).status).toBe(404);
    });
  });

  describe(`${name}: a deletion`, () => {
    test('with options in its body is not made a dry run by its query', async () => {
      await createConfigMap(stage(), 'tried');
      const path = corePath(stage(), 'configmaps', 'tried');
      const remove = (query: string, body: object) =>
        stage().api.call({ method: 'DELETE', path: `${path}${query}`, body });
      expect((await remove('', { dryRun: ['All'] })).status).toBe(200);
      expect((await stage().api.call({ path })).status).toBe(200);
      expect((await remove('?dryRun=All', { propagationPolicy: 'Background' })).status).toBe(200);
      expect((await stage().api.call({ path })).status).toBe(404);
    });
  });

  describe(`${name}: a namespace that is deleted`, () => {
    test('takes nothing new, says what holds it, and goes when that is gone', async () => {
      const own = `${stage().namespace}-ending`;
      const path = `/api/v1/namespaces/${own}`;
      const maps = `${path}/configmaps`;
      await done(stage(), { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: own } } });
      for (const metadata of [{ name: 'held', finalizers: [guard] }, { name: 'loose' }])
        await done(stage(), { method: 'POST', path: maps, body: { metadata } });
      const marked = await done(stage(), { method: 'DELETE', path });
      expect(readString(marked, 'status', 'phase')).toBe('Terminating');
      const late = await stage().api.call({ method: 'POST', path: maps, body: { metadata: { name: 'late' } } });
      expect([late.status, readPath(late.body, 'details', 'causes')]).toEqual([
        403,
        [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${own} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      ]);
      await eventually(async () => {
        expect((await stage().api.call({ path: `${maps}/loose` })).status).toBe(404);
        const conditions = readArray(await done(stage(), { path }), 'status', 'conditions');
        expect(conditions).toContainEqual(
          expect.objectContaining({
            type: 'NamespaceFinalizersRemaining',
            status: 'True',
            reason: 'SomeFinalizersRemain',
            message: `Some content in the namespace has finalizers remaining: ${guard} in 1 resource instances`,
          }),
        );
        expect(conditions).toContainEqual(
          expect.objectContaining({
            type: 'NamespaceContentRemaining',
            status: 'True',
            reason: 'SomeResourcesRemain',
            message: 'Some resources are remaining: configmaps. has 1 resource instances',
          }),
        );
      });
      await done(stage(), { method: 'PATCH', path: `${maps}/held`, body: release, contentType: jsonPatch });
      await eventually(async () => expect((await stage().api.call({ path })).status).toBe(404));
    });
  });
}
