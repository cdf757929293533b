import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actions } from '../../src/ops/actions/index.ts';
import { channel, chart, helm, type Manifest, templateChart, templateText } from '../support/kubernetes/chart.ts';
import { kubectlApply } from '../support/kubernetes/kubectl.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';

const { namespace } = await useNamespace('chart');

const Rules = z.array(
  z.object({
    apiGroups: z.array(z.string()),
    resources: z.array(z.string()),
    verbs: z.array(z.string()),
    resourceNames: z.array(z.string()).optional(),
  }),
);

function clusterRights(manifests: readonly Manifest[]): ReadonlySet<string> {
  const rules = Rules.parse(manifests.find(({ kind }) => kind === 'ClusterRole')?.['rules'] ?? []);
  return new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    ),
  );
}

/** Values that let only some in, and leave the way to only one API server. */
const closed = [
  '--set-json',
  'networkPolicy.from=[{"namespaceSelector":{"matchLabels":{"name":"monitoring"}}}]',
  '--set-json',
  'ingress.from=[{"namespaceSelector":{"matchLabels":{"name":"ingress"}}}]',
  '--set-json',
  'networkPolicy.egress.apiServer.cidrs=["10.0.0.1/32"]',
];

const writing = /^(?!get|list|watch)/;

describe('the chart', () => {
  it('is in order for helm', async () => {
    expect(await helm('lint', chart, '--strict', ...channel)).toContain('0 chart(s) failed');
  });

  it.each<[string, readonly string[]]>([
    ['as it is', []],
    [
      'read-only, without Redis, policies and budgets',
      ['--set', 'readOnly=true,redis.enabled=false,networkPolicy.enabled=false,podDisruptionBudget.enabled=false'],
    ],
    [
      'with one of each and Redis in memory',
      ['--set', 'bot.replicas=1,watcher.replicas=1,worker.replicas=1,redis.size='],
    ],
    [
      'with an image by digest and everything that can be added',
      [
        '--set',
        `image.digest=sha256:${'a'.repeat(64)},imagePullSecrets[0].name=pull,priorityClassName=system-cluster-critical,nodeSelector.disk=ssd,env[0].name=A,env[0].value=b,config.cluster.watchCertificates=true`,
      ],
    ],
    [
      'with requests from Slack, and as little way in and out as can be said',
      [
        '--set',
        'config.slack.mode=http,ingress.enabled=true,ingress.host=lifeguard.example.com,ingress.className=nginx,networkPolicy.egress.enabled=true',
        '--set-json',
        'ingress.tls=[{"hosts":["lifeguard.example.com"],"secretName":"tls"}]',
        ...closed,
      ],
    ],
  ])('is taken by the API server: %s', async (_case, values) => {
    const text = await templateText(...values);
    const applied = await kubectlApply(text, '--dry-run=server', '--namespace', namespace);
    expect(applied).toContain('deployment.apps/lg-lifeguard-watcher created (server dry run)');
    expect(applied).not.toMatch(/warning/i);
  });

  it('gives every right that an action declares, and none to write where it is read-only', async () => {
    const whole = clusterRights(await templateChart());
    for (const { rbac } of actions)
      for (const { apiGroup, resource, verbs } of rbac)
        for (const verb of verbs) expect(whole).toContain(`${verb} ${apiGroup}/${resource}`);
    expect([...whole].filter((right) => writing.test(right)).length).toBeGreaterThan(0);
    expect([...whole].filter((right) => right.includes('secrets') || right.includes('*'))).toEqual([]);
    const reading = clusterRights(await templateChart('--set', 'readOnly=true'));
    expect([...reading].filter((right) => writing.test(right))).toEqual([]);
    expect([...whole].filter((right) => !writing.test(right) && !reading.has(right))).toEqual([]);
    const certificates = clusterRights(await templateChart('--set', 'config.cluster.watchCertificates=true'));
    expect([...certificates].some((right) => right.endsWith('/secrets'))).toBe(true);
  });

  describe('people who have identities', () => {
    const identities = [
      '--set',
      'config.kubernetes.identities.users.U_ANA.user=ana@example.com',
      '--set',
      'config.kubernetes.identities.users.U_ANA.groups={shop-devs,people}',
      '--set',
      'config.kubernetes.identities.groups.S_OPS.user=ops',
      '--set',
      'config.kubernetes.identities.groups.S_OPS.groups={people}',
    ];
    const aboutPeople = (manifests: readonly Manifest[]) =>
      Rules.parse(manifests.find(({ kind }) => kind === 'ClusterRole')?.['rules'] ?? []).filter(
        ({ verbs, resources }) => verbs.includes('impersonate') || resources.includes('subjectaccessreviews'),
      );

    it('may be acted as, by their names, and nobody else may', async () => {
      const manifests = await templateChart(...identities);
      const impersonate = (resource: string, resourceNames: readonly string[]) => ({
        apiGroups: [''],
        resources: [resource],
        resourceNames,
        verbs: ['impersonate'],
      });
      expect(aboutPeople(manifests)).toEqual([
        { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
        impersonate('groups', ['people', 'shop-devs']),
        impersonate('users', ['ana@example.com', 'ops']),
      ]);
      expect(
        await kubectlApply(await templateText(...identities), '--dry-run=server', '--namespace', namespace),
      ).toContain('clusterrole');
    });

    it('are not where none are configured, or where it is read-only', async () => {
      expect(aboutPeople(await templateChart())).toEqual([]);
      expect(aboutPeople(await templateChart(...identities, '--set', 'readOnly=true'))).toEqual([]);
    });

    it.each(['users.U_ANA.user=system:admin', 'users.U_ANA.groups={system:masters}'])('never are %s', async (value) => {
      const wish = [
        '--set',
        `config.kubernetes.identities.users.U_ANA.user=ana`,
        '--set',
        `config.kubernetes.identities.${value}`,
      ];
      await expect(templateText(...wish)).rejects.toThrow('system:');
    });
  });

  it('runs nothing as root, writes nowhere but /tmp, and drops every capability', async () => {
    const pods = (await templateChart())
      .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
      .map((one) => JSON.stringify(one));
    expect(pods).toHaveLength(4);
    for (const pod of pods) {
      for (const words of [
        '"runAsNonRoot":true',
        '"readOnlyRootFilesystem":true',
        '"allowPrivilegeEscalation":false',
        '"drop":["ALL"]',
        'RuntimeDefault',
        '"limits":{"memory"',
        '"livenessProbe"',
        '"readinessProbe"',
      ])
        expect(pod).toContain(words);
      expect(pod).not.toMatch(/"runAs(User|Group)":0\b|"privileged":true|"host(Network|PID|IPC|Path)"/);
      const mounts = [...pod.matchAll(/\{[^{}]*"mountPath":"([^"]+)"[^{}]*\}/g)];
      const writable = mounts.filter(([mount]) => !mount.includes('"readOnly":true')).map(([, path]) => path);
      expect(['/tmp', '/data']).toContain(writable.join());
    }
  });

  it.each([
    ['no channel', ['--set', 'readOnly=false'], 'Set config.slack.channel'],
    ['a word that does not exist', [...channel, '--set', 'readonly=true'], 'readonly'],
    ['a configuration that the program would refuse', [...channel, '--set', 'config.policy.autonomy=yolo'], 'autonomy'],
    ['replicas that are no number', [...channel, '--set', 'bot.replicas=many'], 'replicas'],
    ['another way to Slack than there is', [...channel, '--set', 'config.slack.mode=pigeon'], 'mode'],
    ['an Ingress where there is a socket', [...channel, '--set', 'ingress.enabled=true,ingress.host=a.b'], 'http only'],
    ['an Ingress without a host', [...channel, '--set', 'ingress.enabled=true,config.slack.mode=http'], 'ingress.host'],
    [
      'an ingress controller that is kept out',
      [
        ...channel,
        '--set',
        'ingress.enabled=true,ingress.host=a.b,config.slack.mode=http,networkPolicy.from[0].podSelector.matchLabels.a=b',
      ],
      'Set ingress.from',
    ],
    [
      'no way to a Redis of one’s own',
      [...channel, '--set', 'redis.enabled=false,networkPolicy.egress.enabled=true'],
      'networkPolicy.egress.extra',
    ],
    ['a setting of the policy that does not exist', [...channel, '--set', 'networkPolicy.egres.enabled=true'], 'egres'],
  ])('says what is wrong: %s', async (_case, values, words) => {
    await expect(helm('template', 'lg', chart, ...values)).rejects.toThrow(words);
  });
});
