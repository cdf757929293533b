import { describe, expect, test } from 'vitest';
import { readPath, readString } from '../../../src/core/json.ts';
import type { RawRequest } from '../../support/kubernetes/raw-api.ts';
import { corePath, createConfigMap, done, eventually, failure, mergePatch, type Stage, statusOf } from './stage.ts';

const reviews = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** Acting as somebody else, and asking what somebody else may do. */
export function describeImpersonation(name: string, stage: Stage): void {
  /** Lets somebody patch ConfigMaps in the namespace, and waits until that counts. */
  async function grant(kind: 'User' | 'Group', who: string, of: string): Promise<void> {
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${stage().namespace}`;
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['patch'], resourceNames: [of] }];
    await done(stage(), { method: 'POST', path: `${rbac}/roles`, body: { metadata: { name: of }, rules } });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: of };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind, name: who }];
    const body = { metadata: { name: of }, roleRef, subjects };
    await done(stage(), { method: 'POST', path: `${rbac}/rolebindings`, body });
  }

  function patch(of: string, headers: NonNullable<RawRequest['headers']>): RawRequest {
    const body = { data: { color: 'blue' } };
    return { method: 'PATCH', path: corePath(stage(), 'configmaps', of), body, contentType: mergePatch, headers };
  }

  async function mayPatch(of: string, who: { readonly user: string; readonly groups?: string[] }): Promise<unknown> {
    const { namespace } = stage();
    const resourceAttributes = { group: '', resource: 'configmaps', verb: 'patch', namespace, name: of };
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { ...who, resourceAttributes },
    };
    return readPath(await done(stage(), { method: 'POST', path: reviews, body }), 'status', 'allowed');
  }

  describe(`${name}: acting as somebody else`, () => {
    test('has that person’s rights and no others', async () => {
      await createConfigMap(stage(), 'of-alice');
      const { namespace } = stage();
      const refused = await stage().api.call(patch('of-alice', { 'impersonate-user': 'alice' }));
      const message = `configmaps "of-alice" is forbidden: User "alice" cannot patch resource "configmaps" in API group "" in the namespace "${namespace}"`;
      expect(statusOf(refused)).toEqual(failure(403, 'Forbidden', message, { name: 'of-alice', kind: 'configmaps' }));
      await grant('User', 'alice', 'of-alice');
      await eventually(async () => done(stage(), patch('of-alice', { 'impersonate-user': 'alice' })));
      expect((await stage().api.call(patch('of-alice', { 'impersonate-user': 'bob' }))).status).toBe(403);
    });

    test('may be by group, one of several', async () => {
      await createConfigMap(stage(), 'of-devs');
      await grant('Group', 'devs', 'of-devs');
      const headers = { 'impersonate-user': 'carol', 'impersonate-group': ['people', 'devs'] };
      await eventually(async () => done(stage(), patch('of-devs', headers)));
      expect((await stage().api.call(patch('of-devs', { 'impersonate-user': 'carol' }))).status).toBe(403);
    });

    test('makes everybody one of those who are somebody', async () => {
      await createConfigMap(stage(), 'of-all');
      await grant('Group', 'system:authenticated', 'of-all');
      const patched = await eventually(async () => done(stage(), patch('of-all', { 'impersonate-user': 'dave' })));
      expect(readPath(patched, 'data', 'color')).toBe('blue');
    });

    test('is for those who may, name by name', async () => {
      const path = `${corePath(stage(), 'serviceaccounts', 'default')}/token`;
      const made = await eventually(() => done(stage(), { method: 'POST', path, body: { spec: {} } }));
      const authorization = `Bearer ${readString(made, 'status', 'token') ?? ''}`;
      const headers = { 'impersonate-user': 'alice' };
      const answer = await stage().api.call({ ...patch('of-alice', headers), authorization });
      const user = `system:serviceaccount:${stage().namespace}:default`;
      const message = `users "alice" is forbidden: User "${user}" cannot impersonate resource "users" in API group "" at the cluster scope`;
      expect(statusOf(answer)).toEqual(failure(403, 'Forbidden', message, { name: 'alice', kind: 'users' }));
    });

    test('is foretold by access reviews, which add no group of their own', async () => {
      expect(await mayPatch('of-alice', { user: 'alice' })).toBe(true);
      expect(await mayPatch('of-devs', { user: 'alice' })).toBe(false);
      expect(await mayPatch('of-devs', { user: 'carol', groups: ['devs'] })).toBe(true);
      expect(await mayPatch('of-all', { user: 'dave' })).toBe(false);
      expect(await mayPatch('of-all', { user: 'dave', groups: ['system:authenticated'] })).toBe(true);
    });
  });
}
