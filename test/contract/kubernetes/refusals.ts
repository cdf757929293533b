import { describe, expect, test } from 'vitest';
import { readPath, readString } from '../../../src/core/json.ts';
import {
  appsPath,
  corePath,
  createConfigMap,
  createDeployment,
  done,
  eventually,
  failure,
  jsonPatch,
  type Stage,
  statusOf,
} from './stage.ts';

export function describeRefusals(name: string, stage: Stage): void {
  /** Speaks as the namespace's own service account, which may do nothing. */
  async function poorAuthorization(): Promise<string> {
    const path = `${corePath(stage(), 'serviceaccounts', 'default')}/token`;
    const made = await eventually(() => done(stage(), { method: 'POST', path, body: { spec: {} } }));
    return `Bearer ${readString(made, 'status', 'token') ?? ''}`;
  }

  describe(`${name}: refusals`, () => {
    test('of what is not there', async () => {
      const answer = await stage().api.call({ path: appsPath(stage(), 'deployments', 'nobody') });
      const details = { name: 'nobody', group: 'apps', kind: 'deployments' };
      expect(statusOf(answer)).toEqual(failure(404, 'NotFound', 'deployments.apps "nobody" not found', details));
      const elsewhere = await stage().api.call({ path: corePath(stage(), 'pods', 'nobody') });
      expect(statusOf(elsewhere)).toEqual(
        failure(404, 'NotFound', 'pods "nobody" not found', { name: 'nobody', kind: 'pods' }),
      );
    });

    test('of what is there already', async () => {
      await createConfigMap(stage(), 'twice');
      const body = { metadata: { name: 'twice' } };
      const answer = await stage().api.call({ method: 'POST', path: corePath(stage(), 'configmaps'), body });
      const details = { name: 'twice', kind: 'configmaps' };
      expect(statusOf(answer)).toEqual(failure(409, 'AlreadyExists', 'configmaps "twice" already exists', details));
    });

    test('of a namespace that does not exist', async () => {
      const path = '/api/v1/namespaces/nowhere/configmaps';
      const answer = await stage().api.call({ method: 'POST', path, body: { metadata: { name: 'lost' } } });
      const details = { name: 'nowhere', kind: 'namespaces' };
      expect(statusOf(answer)).toEqual(failure(404, 'NotFound', 'namespaces "nowhere" not found', details));
    });

    test('of values that make no sense, each with its cause', async () => {
      await createDeployment(stage(), { name: 'sensible', replicas: 0 });
      const path = appsPath(stage(), 'deployments', 'sensible');
      const body = [{ op: 'replace', path: '/spec/replicas', value: -1 }];
      const answer = await stage().api.call({ method: 'PATCH', path, body, contentType: jsonPatch });
      const message = 'Invalid value: -1: must be greater than or equal to 0';
      expect(statusOf(answer)).toEqual(
        failure(422, 'Invalid', `Deployment.apps "sensible" is invalid: spec.replicas: ${message}`, {
          name: 'sensible',
          group: 'apps',
          kind: 'Deployment',
          causes: [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }],
        }),
      );
    });

    test('of another object under the same name', async () => {
      await createDeployment(stage(), { name: 'other', replicas: 0 });
      const path = appsPath(stage(), 'deployments', 'other');
      const body = [
        { op: 'test', path: '/metadata/uid', value: 'another' },
        { op: 'replace', path: '/spec/replicas', value: 1 },
      ];
      const answer = await stage().api.call({ method: 'PATCH', path, body, contentType: jsonPatch });
      expect([answer.status, answer.body['reason']]).toEqual([422, 'Invalid']);
      const removal = await stage().api.call({ method: 'DELETE', path, body: { preconditions: { uid: 'another' } } });
      expect([removal.status, removal.body['reason']]).toEqual([409, 'Conflict']);
    });

    test('of strangers', async () => {
      const answer = await stage().api.call({ path: corePath(stage(), 'pods'), authorization: 'Bearer wrong' });
      expect(statusOf(answer)).toEqual(failure(401, 'Unauthorized', 'Unauthorized'));
    });

    test('of those who have no right', async () => {
      const authorization = await poorAuthorization();
      const { namespace } = stage();
      const user = `system:serviceaccount:${namespace}:default`;
      const listed = await stage().api.call({ path: corePath(stage(), 'pods'), authorization });
      const listing = `pods is forbidden: User "${user}" cannot list resource "pods" in API group "" in the namespace "${namespace}"`;
      expect(statusOf(listed)).toEqual(failure(403, 'Forbidden', listing, { kind: 'pods' }));
      const logged = await stage().api.call({ path: `${corePath(stage(), 'pods', 'some')}/log`, authorization });
      expect(logged.body['message']).toBe(
        `pods "some" is forbidden: User "${user}" cannot get resource "pods/log" in API group "" in the namespace "${namespace}"`,
      );
      const patched = await stage().api.call({
        method: 'PATCH',
        path: appsPath(stage(), 'deployments', 'some'),
        body: [],
        contentType: jsonPatch,
        authorization,
      });
      expect(patched.body['message']).toBe(
        `deployments.apps "some" is forbidden: User "${user}" cannot patch resource "deployments" in API group "apps" in the namespace "${namespace}"`,
      );
      const nodes = await stage().api.call({ path: '/api/v1/nodes', authorization });
      expect(nodes.body['message']).toBe(
        `nodes is forbidden: User "${user}" cannot list resource "nodes" in API group "" at the cluster scope`,
      );
    });

    test('are foretold by access reviews, and rights follow roles', async () => {
      const authorization = await poorAuthorization();
      const { namespace } = stage();
      async function isAllowed(verb: string, own?: string): Promise<unknown> {
        const resourceAttributes = { group: '', resource: 'pods', subresource: 'log', verb, namespace };
        const body = {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes },
        };
        const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
        const request = { method: 'POST', path, body, ...(own === undefined ? {} : { authorization: own }) } as const;
        return readPath(await done(stage(), request), 'status', 'allowed');
      }
      expect([await isAllowed('get'), await isAllowed('get', authorization)]).toEqual([true, false]);
      const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
      const rules = [{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }];
      await done(stage(), { method: 'POST', path: `${rbac}/roles`, body: { metadata: { name: 'reader' }, rules } });
      const binding = {
        metadata: { name: 'reader' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
        subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
      };
      await done(stage(), { method: 'POST', path: `${rbac}/rolebindings`, body: binding });
      await eventually(async () => expect(await isAllowed('get', authorization)).toBe(true));
      expect(await isAllowed('list', authorization)).toBe(false);
    });
  });
}
