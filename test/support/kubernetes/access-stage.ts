import { createAccess } from '../../../src/platform/kubernetes/access.ts';
import type { HttpClient } from '../../../src/platform/kubernetes/http-client.ts';
import type { AccessStage } from '../../contract/access.ts';
import { createObjectsStage } from './objects-stage.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

interface Binding {
  /** Of the Role and its binding. */
  readonly name: string;
  readonly subject: { readonly kind: 'User' | 'Group'; readonly name: string };
  readonly rules: readonly object[];
}

/** Gives somebody rights in a namespace. */
export async function bind(http: HttpClient, namespace: string, { name, subject, rules }: Binding): Promise<void> {
  const path = `/apis/${rbacGroup}/v1/namespaces/${namespace}`;
  const metadata = { name };
  const roleRef = { apiGroup: rbacGroup, kind: 'Role', name };
  const subjects = [{ apiGroup: rbacGroup, ...subject }];
  const post = (plural: string, body: object) =>
    http.json({ method: 'POST', path: `${path}/${plural}`, body: JSON.stringify(body) });
  await post('roles', { metadata, rules });
  await post('rolebindings', { metadata, roleRef, subjects });
}

/** Plays the contract in a namespace of an API server. */
export function createAccessStage(http: HttpClient, namespace: string): AccessStage {
  const stage = createObjectsStage(http, namespace);
  return {
    access: createAccess(http),
    objects: stage.objects,
    createCronJob: (name) => stage.create('CronJob', name),
    async grant({ kind, to, verb, name }) {
      const rule = { apiGroups: ['batch'], resources: ['cronjobs'], verbs: [verb] };
      await bind(http, namespace, {
        name: `${verb}-${name ?? 'any'}`,
        subject: { kind, name: to },
        rules: [name === undefined ? rule : { ...rule, resourceNames: [name] }],
      });
    },
  };
}
