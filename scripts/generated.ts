import { stringify } from 'yaml';
import { detectors } from '../src/analysis/detectors/index.ts';
import { neededRights } from '../src/composition/rights.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { usageOf } from '../src/handlers/parameters.ts';
import { actions } from '../src/ops/actions/index.ts';
import { guardrails } from '../src/ops/guardrails/index.ts';

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
    { path: 'docs/actions.md', text: actionsPage() },
  ];
}

/** One row for each action and each guardrail. */
function actionsPage(): string {
  const rows = actions.map((action) => {
    const surfaces = action.surfaces.map((surface) => surfaceNames[surface]).join(', ');
    const undone = action.undo === undefined ? 'no' : 'yes';
    return `| \`${action.id}\` | \`${action.command.name} ${usageOf(action)}\` | ${action.command.help} | ${action.risk} | ${surfaces} | ${undone} |`;
  });
  const rails = guardrails.map(({ id, promise }) => `| \`${id}\` | ${promise} |`);
  return [
    '<!-- Made by npm run generate from the lists of actions and guardrails. -->',
    '# Actions and guardrails',
    '',
    'Every action is planned with a server-side dry run and a diff, judged by every guardrail, confirmed by a person or allowed by the autonomy ladder, planned',
    'and judged again just before the write, applied once, watched until it is proven, and undone where it did not help and there is a way back. The risk is the least',
    'that a plan of it has; a plan may be riskier (fewer replicas, a revision never seen healthy).',
    '',
    '| action | words | what it does | risk | asked for by | undone |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    '| guardrail | promise |',
    '|---|---|',
    ...rails,
    '',
  ].join('\n');
}

const surfaceNames = { slash: 'people', button: 'buttons', auto: 'Lifeguard', ai: 'a model' } as const;

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
