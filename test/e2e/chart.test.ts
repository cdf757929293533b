import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { actions } from '../../src/ops/actions/index.ts';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { kubectlApply } from '../support/kubernetes/kubectl.ts';
import { createNamespace, removeNamespace, requireCluster } from '../support/kubernetes/real-cluster.ts';

const run = promisify(execFile);
const namespace = `lifeguard-chart-${process.pid}`;
const chart = 'helm/lifeguard';
const channel = ['--set', 'config.slack.channel=C0123456789'];

const Manifest = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  rules: z
    .array(
      z.object({
        apiGroups: z.array(z.string()),
        resources: z.array(z.string()),
        verbs: z.array(z.string()),
        resourceNames: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});
type Manifest = z.infer<typeof Manifest>;

let http: HttpClient;

beforeAll(async () => {
  http = await requireCluster();
  await createNamespace(http, namespace);
});

afterAll(async () => {
  await removeNamespace(http, namespace);
  await http.close();
});

async function helm(...args: readonly string[]): Promise<string> {
  return (await run('helm', [...args], { maxBuffer: 2 ** 26 })).stdout;
}

async function template(...values: readonly string[]): Promise<{ text: string; manifests: readonly Manifest[] }> {
  const text = await helm('template', 'lg', chart, '--namespace', namespace, ...channel, ...values);
  const manifests = parseAllDocuments(text).flatMap((document) => {
    const value: unknown = document.toJS();
    return value === null ? [] : [Manifest.parse(value)];
  });
  return { text, manifests };
}

function clusterRights(manifests: readonly Manifest[]): ReadonlySet<string> {
  const rules = manifests.find(({ kind }) => kind === 'ClusterRole')?.rules ?? [];
  return new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    ),
  );
}

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
  ])('is taken by the API server: %s', async (_case, values) => {
    const { text } = await template(...values);
    const applied = await kubectlApply(text, '--dry-run=server', '--namespace', namespace);
    expect(applied).toContain('deployment.apps/lg-lifeguard-watcher created (server dry run)');
    expect(applied).not.toMatch(/warning/i);
  });

  it('gives every right that an action declares, and none to write where it is read-only', async () => {
    const whole = clusterRights((await template()).manifests);
    for (const { rbac } of actions)
      for (const { apiGroup, resource, verbs } of rbac)
        for (const verb of verbs) expect(whole).toContain(`${verb} ${apiGroup}/${resource}`);
    expect([...whole].filter((right) => writing.test(right)).length).toBeGreaterThan(0);
    expect([...whole].filter((right) => right.includes('secrets') || right.includes('*'))).toEqual([]);
    const reading = clusterRights((await template('--set', 'readOnly=true')).manifests);
    expect([...reading].filter((right) => writing.test(right))).toEqual([]);
    expect([...whole].filter((right) => !writing.test(right) && !reading.has(right))).toEqual([]);
    const certificates = clusterRights((await template('--set', 'config.cluster.watchCertificates=true')).manifests);
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
      (manifests.find(({ kind }) => kind === 'ClusterRole')?.rules ?? []).filter(
        ({ verbs, resources }) => verbs.includes('impersonate') || resources.includes('subjectaccessreviews'),
      );

    it('may be acted as, by their names, and nobody else may', async () => {
      const { text, manifests } = await template(...identities);
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
      expect(await kubectlApply(text, '--dry-run=server', '--namespace', namespace)).toContain('clusterrole');
    });

    it('are not where none are configured, or where it is read-only', async () => {
      expect(aboutPeople((await template()).manifests)).toEqual([]);
      expect(aboutPeople((await template(...identities, '--set', 'readOnly=true')).manifests)).toEqual([]);
    });

    it.each(['users.U_ANA.user=system:admin', 'users.U_ANA.groups={system:masters}'])('never are %s', async (value) => {
      const wish = [
        '--set',
        `config.kubernetes.identities.users.U_ANA.user=ana`,
        '--set',
        `config.kubernetes.identities.${value}`,
      ];
      await expect(template(...wish)).rejects.toThrow('system:');
    });
  });

  it('runs nothing as root, writes nowhere but /tmp, and drops every capability', async () => {
    const { manifests } = await template();
    const pods = manifests
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
      ])
        expect(pod).toContain(words);
    }
  });

  it.each([
    ['no channel', ['--set', 'readOnly=false'], 'Set config.slack.channel'],
    ['a word that does not exist', [...channel, '--set', 'readonly=true'], 'readonly'],
    ['a configuration that the program would refuse', [...channel, '--set', 'config.policy.autonomy=yolo'], 'autonomy'],
    ['replicas that are no number', [...channel, '--set', 'bot.replicas=many'], 'replicas'],
  ])('says what is wrong: %s', async (_case, values, words) => {
    await expect(helm('template', 'lg', chart, ...values)).rejects.toThrow(words);
  });
});
