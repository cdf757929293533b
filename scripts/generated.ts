import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { z } from 'zod';
import { detectors } from '../src/analysis/detectors/index.ts';
import { neededRights, ownRights } from '../src/composition/rights.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import type { RbacRule } from '../src/core/action.ts';
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
    { path: 'helm/lifeguard/files/rights.yaml', text: chartRights() },
    { path: 'helm/lifeguard/values.schema.json', text: `${JSON.stringify(valuesSchema(params), null, 2)}\n` },
    { path: 'docs/actions.md', text: actionsPage() },
    { path: 'slack-manifest-http.json', text: `${JSON.stringify(httpManifest(), null, 2)}\n` },
  ];
}

const Manifest = z.looseObject({
  features: z.looseObject({ slash_commands: z.array(z.looseObject({})) }),
  settings: z.looseObject({ event_subscriptions: z.looseObject({}), interactivity: z.looseObject({}) }),
});

/** The app's manifest, with requests to an address in place of the socket. */
function httpManifest(): object {
  const url = 'https://lifeguard.example.com/slack/events';
  const { features, settings, ...rest } = Manifest.parse(JSON.parse(readFileSync('slack-manifest.json', 'utf8')));
  return {
    ...rest,
    features: { ...features, slash_commands: features.slash_commands.map((command) => ({ ...command, url })) },
    settings: {
      ...settings,
      event_subscriptions: { request_url: url, ...settings.event_subscriptions },
      interactivity: { ...settings.interactivity, request_url: url },
      socket_mode_enabled: false,
    },
  };
}

/** Rights as the chart takes them: cluster-wide, for certificates, and in its own namespace. */
function chartRights(): string {
  const own = new Set(ownRights.map(({ resource }) => resource));
  const rights = (choice: { readonly watchCertificates: boolean }) =>
    neededRights(choice)
      .filter(({ resource }) => !own.has(resource))
      .map(ruleOf);
  const rules = rights({ watchCertificates: false });
  const known = new Set(rules.map((rule) => JSON.stringify(rule)));
  const certificates = rights({ watchCertificates: true }).filter((rule) => !known.has(JSON.stringify(rule)));
  return `# Made by npm run generate from what the sources and actions declare.\n${stringify({ rules, certificates, own: ownRights.map(ruleOf) })}`;
}

function ruleOf({ apiGroup, resource, verbs }: RbacRule): object {
  return { apiGroups: [apiGroup], resources: [resource], verbs };
}

/** The chart's values: the configuration as the program takes it, and what the chart adds. */
function valuesSchema(params: Readonly<Record<string, z.ZodType>>): object {
  const { $schema, title: _title, ...config } = z.record(z.string(), z.unknown()).parse(configJsonSchema(params));
  const { slack, ...rest } = z.record(z.string(), z.unknown()).parse(config['properties']);
  // The channel is empty until somebody sets it; the template says so in words.
  const loose = { ...z.record(z.string(), z.unknown()).parse(slack) };
  const channel = { type: 'string', pattern: '^([CG][A-Z0-9_]+)?$' };
  const properties = { ...z.record(z.string(), z.unknown()).parse(loose['properties']), channel };
  const replicas = { type: 'integer', minimum: 0 };
  const flag = { enabled: { type: 'boolean' } };
  const list = { type: 'array' };
  const strict = (properties: object) => ({ type: 'object', additionalProperties: false, properties });
  const image = strict({
    repository: { type: 'string', minLength: 1 },
    tag: { type: 'string' },
    digest: { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
    pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
  });
  const ports = { type: 'array', items: { type: 'integer', minimum: 1, maximum: 65_535 } };
  const addresses = strict({ ports, cidrs: { type: 'array', items: { type: 'string' } } });
  const object = { type: 'object' };
  const role = strict({ replicas, resources: object });
  const text = { type: 'string' };
  return {
    $schema,
    title: 'Values of the chart lifeguard',
    type: 'object',
    additionalProperties: false,
    required: ['config', 'existingSecret'],
    properties: {
      config: { ...config, properties: { ...rest, slack: { ...loose, properties } } },
      image,
      imagePullSecrets: list,
      existingSecret: { type: 'string', minLength: 1 },
      readOnly: { type: 'boolean' },
      rbac: strict({ create: { type: 'boolean' } }),
      serviceAccount: object,
      bot: role,
      watcher: role,
      worker: role,
      redis: strict({ ...flag, image, storageClass: text, size: text, resources: object }),
      service: object,
      ingress: strict({ ...flag, className: text, host: text, annotations: object, tls: list, from: list }),
      networkPolicy: strict({ ...flag, from: list, egress: strict({ ...flag, apiServer: addresses, extra: list }) }),
      podDisruptionBudget: strict(flag),
      podMonitor: strict({ ...flag, interval: text, labels: object }),
      prometheusRule: strict({ ...flag, labels: object }),
      logLevel: { enum: ['debug', 'info', 'warn', 'error', 'silent'] },
      env: list,
      nodeSelector: object,
      tolerations: list,
      affinity: object,
      priorityClassName: text,
      podAnnotations: object,
      global: object,
    },
  };
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
