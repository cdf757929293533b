import { stringify } from 'yaml';
import { detectors } from '../src/analysis/detectors/index.ts';
import { neededRights } from '../src/composition/rights.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';

interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Every file made from the code, with its content as it should be. */
export function generated(): readonly GeneratedFile[] {
  const params = Object.fromEntries(detectors.map((detector) => [detector.id, detector.params]));
  return [
    { path: 'lifeguard.schema.json', text: `${JSON.stringify(configJsonSchema(params), null, 2)}\n` },
    { path: 'docs/rbac.yaml', text: rbacManifest() },
  ];
}

/** Service account, ClusterRole and binding with exactly the rights that the sources and actions declare. */
function rbacManifest(): string {
  const name = 'lifeguard';
  const metadata = { name };
  const rules = neededRights({ watchCertificates: false }).map(({ apiGroup, resource, verbs }) => ({
    apiGroups: [apiGroup],
    resources: [resource],
    verbs,
  }));
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const documents = [
    { apiVersion: 'v1', kind: 'Namespace', metadata },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: name } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef,
      subjects: [{ kind: 'ServiceAccount', name, namespace: name }],
    },
  ];
  return `# Made by npm run generate from what the sources and actions declare.\n${documents.map((document) => stringify(document)).join('---\n')}`;
}
