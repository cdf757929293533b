import { z } from 'zod';
import { Risk } from '../core/action.ts';
import { Others } from '../core/identity.ts';
import { Autonomy, Role } from '../core/policy.ts';
import { parseQuantity } from '../core/quantity.ts';
import { IncidentSettings, Maintenance } from './incidents.ts';
import { LogSettings } from './logs.ts';
import { InvestigatorSettings, ModelSettings } from './model.ts';
import { channelId, groupId, kubernetesName, minutes, namespaceName, pattern, userId } from './words.ts';

const seconds = z
  .number()
  .positive()
  .max(24 * 3600);
const Cluster = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, 'lower-case letters, digits, dots and dashes')
    .default('kubernetes')
    .describe('How people call this cluster. Shown in every message and part of every key in Redis.'),
  namespaces: z.array(namespaceName).default([]).describe('Namespaces to watch. Empty: the whole cluster.'),
  watchCertificates: z
    .boolean()
    .default(false)
    .describe(
      'Look at the certificates in Secrets of type kubernetes.io/tls. Needs the right to read Secrets; keys are never kept.',
    ),
});

const grants = {
  users: z.record(userId, Role).default({}),
  groups: z.record(groupId, Role).default({}),
};

const Roles = z.strictObject({
  default: Role.default('viewer').describe('Role of everybody who is not named below.'),
  ...grants,
  rules: z
    .array(z.strictObject({ namespaces: z.array(pattern).min(1), ...grants }))
    .default([])
    .describe(
      'More for some namespaces: the highest role that any of these, or what is given everywhere, gives counts.',
    ),
});

const Slack = z.strictObject({
  mode: z
    .enum(['socket', 'http'])
    .default('socket')
    .describe(
      'How what people do gets here: over a socket that Lifeguard opens (SLACK_APP_TOKEN), or as signed requests to /slack/events (SLACK_SIGNING_SECRET).',
    ),
  channel: channelId.describe('Where incidents are posted. Invite the bot there.'),
  command: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'a slash command such as /kube')
    .default('/kube'),
  roles: Roles.prefault({}),
  storm: z
    .strictObject({
      incidents: z.number().int().min(1).max(100).default(4),
      withinMinutes: minutes.default(5),
    })
    .prefault({})
    .describe('More new incidents in a channel than this, within the time, become one message that lists them.'),
});

const AlertmanagerSettings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where Alertmanager answers, to silence alerts and to see those end that it is silent about.'),
});

const PrometheusSettings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where Prometheus, or what speaks its API, answers: for graphs in threads and for how full volumes are.'),
});

const AuditSettings = z.strictObject({
  channel: channelId
    .optional()
    .describe('Where each approval, change, result, stop and pause is posted as one line. Invite the bot there.'),
});

const EventSettings = z
  .strictObject({
    retentionHours: z.number().positive().max(720).default(48),
    maxEntries: z.number().int().min(100).max(200_000).default(20_000).describe('Each takes about 0.5 kB in Redis.'),
  })
  .describe('How long and how many Kubernetes Events are kept, for `/kube events` and to know what is usual.');

const PagerSettings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://events.pagerduty.com')
    .describe('Takes PagerDuty Events v2. The routing key comes from PAGERDUTY_ROUTING_KEY.'),
});

const Identity = z.strictObject({
  user: kubernetesName.describe('Their name as the API server knows it, such as alice@example.com.'),
  groups: z.array(kubernetesName).default([]).describe('The groups they have there.'),
});

const KubernetesSettings = z.strictObject({
  identities: z
    .strictObject({
      users: z.record(userId, Identity).default({}),
      groups: z
        .record(groupId, Identity)
        .default({})
        .describe('For people without an entry of their own; the first that fits counts.'),
      others: Others.default('denied').describe(
        'Whether everybody else may change nothing, or change it with the rights of Lifeguard.',
      ),
    })
    .optional()
    .describe(
      'Who people are in Kubernetes. What somebody approves is then checked against their own rights there, and written in their name.',
    ),
});

const quantity = z.string().refine((text) => (parseQuantity(text) ?? 0) > 0, 'a quantity such as 500m, 8 or 16Gi');

const AutonomyRule = z.strictObject({
  namespaces: z.array(pattern).min(1).default(['*']),
  actions: z.array(pattern).min(1).default(['*']).describe('Action ids such as rollback-workload.'),
  autonomy: Autonomy,
});

const Traffic = z.strictObject({
  errorRate: z.string().min(1).optional().describe('The share of requests that fail, 0 to 1.'),
  latency: z.string().min(1).optional().describe('How long requests take, seconds: the 99th percentile, say.'),
  tolerance: z.number().min(0).max(10).default(0.2).describe('By which share either may rise and still be no worse.'),
});

const PolicySettings = z.strictObject({
  autonomy: Autonomy.default('suggest').describe('How much Lifeguard does by itself where no rule says otherwise.'),
  rules: z.array(AutonomyRule).default([]).describe('The first rule that matches wins.'),
  protectedNamespaces: z.array(namespaceName).default(['kube-system']).describe('Nothing is ever changed here.'),
  approvalExpiresMinutes: minutes.default(30),
  approval: z
    .strictObject({
      byRequester: z.boolean().default(true).describe('Whether who asked for something may approve it too.'),
      twoPersons: z
        .strictObject({ namespaces: z.array(pattern).default([]), risks: z.array(Risk).default([]) })
        .prefault({})
        .describe('Where two different people have to say yes.'),
    })
    .prefault({}),
  attempts: z
    .strictObject({
      max: z.number().int().min(1).max(20).default(3).describe('For one cause, within the window; then people.'),
      daily: z
        .number()
        .int()
        .min(1)
        .max(100)
        .default(6)
        .describe('For all causes together, within 24 hours; then people, however often it comes back.'),
      backoffSeconds: seconds.default(60).describe('Wait after the first attempt; doubled after each.'),
      windowMinutes: minutes.default(60),
    })
    .prefault({}),
  budget: z
    .strictObject({
      cluster: z.number().int().min(0).default(10),
      namespace: z.number().int().min(0).default(3),
      windowMinutes: minutes.default(60),
    })
    .prefault({})
    .describe('How many actions are allowed within the window.'),
  bounds: z
    .strictObject({
      replicas: z.number().int().min(0).max(100_000).default(50),
      cpu: quantity.default('8'),
      memory: quantity.default('16Gi'),
      storage: quantity.default('1Ti').describe('Of one volume.'),
      nodesOut: z
        .number()
        .min(0)
        .max(1)
        .default(0.34)
        .describe('The share of nodes that may be out of service at once; past it a person decides.'),
      memoryRaises: z
        .number()
        .int()
        .min(0)
        .max(10)
        .default(2)
        .describe('How often Lifeguard raises the memory of a workload by itself, ever.'),
    })
    .prefault({})
    .describe(
      'What nobody gets past from Slack: replicas of a workload, CPU and memory of a container, storage of a volume.',
    ),
  storm: z
    .strictObject({ incidents: z.number().int().min(0).default(10) })
    .prefault({})
    .describe('With more open incidents than this, nothing is done automatically.'),
  freezes: z.array(Maintenance).default([]).describe('Times in which nothing is changed automatically.'),
  verification: z
    .strictObject({
      stableForSeconds: seconds
        .default(120)
        .describe('How long a workload must be ready without a crash to count as healed.'),
      deadlineSeconds: seconds.default(600).describe('After this long without that, the action did not help.'),
      traffic: Traffic.prefault({}).describe(
        'Queries to Prometheus for how a workload serves. `$namespace`, `$kind` and `$name` stand for the workload. Their time range must be shorter than stableForSeconds.',
      ),
    })
    .prefault({}),
});

/** `lifeguard.yaml`. `detectors` holds the parameters of each detector, checked by that detector's own schema. */
export function configSchema(detectors: Readonly<Record<string, z.ZodType>>) {
  const optional = Object.fromEntries(Object.entries(detectors).map(([id, params]) => [id, params.prefault({})]));
  return z.strictObject({
    cluster: Cluster.prefault({}),
    slack: Slack,
    alertmanager: AlertmanagerSettings.prefault({}),
    prometheus: PrometheusSettings.prefault({}),
    model: ModelSettings.prefault({}).describe(
      'Words for explanations, where OPENAI_API_KEY or OPENAI_BASE_URL is set. It decides nothing.',
    ),

    investigators: InvestigatorSettings.prefault({}),
    kubernetes: KubernetesSettings.prefault({}),
    incidents: IncidentSettings.prefault({}),
    pager: PagerSettings.prefault({}),
    events: EventSettings.prefault({}),
    logs: LogSettings.prefault({}),
    audit: AuditSettings.prefault({}),
    policy: PolicySettings.prefault({}),
    detectors: z.strictObject(optional).prefault({}).describe('Parameters by detector id.'),
  });
}

export type Settings = z.infer<ReturnType<typeof configSchema>>;
