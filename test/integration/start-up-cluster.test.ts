import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { SimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { freePort } from '../../demo/free-port.ts';
import { neededRights } from '../../src/composition/rights.ts';
import { readString } from '../../src/core/json.ts';
import { loadCredentials } from '../../src/platform/kubernetes/credentials.ts';
import { createHttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { openSlack, privateRedis, startLifeguard } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
import { closedPort, kubeconfigFor, runProcess, startProcess, temporaryFolder } from '../support/process.ts';
import { crash, manifest, openShop, rootsOf, rootWith } from '../support/shop-scenario.ts';

describe('no cluster', () => {
  const wrong = JSON.parse(kubeconfigFor(`https://127.0.0.1:${closedPort}`));

  it.each([
    ['a kubeconfig that is not YAML', '{ clusters: [', /The kubeconfig \S+ cannot be read \(.+\)\.\n$/],
    ['a kubeconfig that is empty', '', /The kubeconfig \S+ cannot be read \(.+\)\.\n$/],
    [
      'a context that is missing',
      JSON.stringify({ ...wrong, 'current-context': 'other' }),
      /has no usable current context; choose one with "kubectl config use-context"\.\n$/,
    ],
    [
      'a context without its cluster',
      JSON.stringify({ ...wrong, clusters: [] }),
      /has no usable current context; choose one with "kubectl config use-context"\.\n$/,
    ],
  ])('%s', async (_case, text, sentence) => {
    const kubeconfig = join(await temporaryFolder(), 'kubeconfig');
    await writeFile(kubeconfig, text);
    await expectRefusal(kubeconfig, sentence);
  });

  it('a kubeconfig that is not there', () =>
    expectRefusal(
      '/nowhere/kubeconfig',
      'KUBECONFIG names no file that exists (/nowhere/kubeconfig); set it to a kubeconfig file.',
    ));

  it.each([undefined, ''])('KUBECONFIG=%s outside a cluster', (kubeconfig) =>
    expectRefusal(kubeconfig, 'set KUBECONFIG to a kubeconfig file or run Lifeguard inside the cluster.'),
  );

  async function expectRefusal(kubeconfig: string | undefined, sentence: string | RegExp): Promise<void> {
    const { code, stderr } = await runProcess({ env: { KUBECONFIG: kubeconfig } });
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^lifeguard: .+\n$/);
    expect(code).toBe(2);
  }
});

describe('the API server', () => {
  it('is not there at start: it is said, and what crashes once it is there is reported', async () => {
    const [port, folder, slack, redis] = [
      await freePort(),
      await temporaryFolder(),
      await openSlack(),
      await privateRedis(),
    ];
    const [kubeconfig, tokenFile] = [join(folder, 'kubeconfig'), join(folder, 'token')];
    await writeFile(kubeconfig, kubeconfigFor(`https://127.0.0.1:${port}`, { tokenFile }));
    await writeFile(tokenFile, 'none yet');
    const lifeguard = await startProcess({
      env: {
        KUBECONFIG: kubeconfig,
        REDIS_URL: redis.url,
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_APP_TOKEN: slack.appToken,
        SLACK_API_URL: slack.apiUrl,
      },
    });
    await lifeguard.untilLogged(
      `The Kubernetes API at https://127.0.0.1:${port} does not answer (connection refused).`,
    );
    const { cluster } = await openShop({ port });
    await writeFile(tokenFile, `${tokenOf(cluster)}\n`);
    cluster.apply(manifest({ env: crash }));
    await rootWith(slack, 'shop/app: crash loop');
    const { code, stdout, stderr } = await lifeguard.terminate();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain(tokenOf(cluster));
  });
});

describe('rights', () => {
  it.each([
    ['list', 'pods', '', 'a source is in trouble and goes on trying'],
    ['list', 'deployments', 'apps', 'a source is in trouble and goes on trying'],
    ['create', 'leases', 'coordination.k8s.io', 'the leader election is in trouble'],
  ])('may not %s %s: it is said once, and once it may it catches up', async (verb, resource, apiGroup, msg) => {
    const { cluster, kubeconfig } = await openShop();
    cluster.faults.forbid({ verb, resource });
    cluster.apply(manifest({ env: crash }));
    const { slack, log } = await startLifeguard({ kubeconfig });
    const told = (): unknown[] => log.filter((line) => line['msg'] === msg).map(({ problem }) => problem);
    await vi.waitFor(() => expect(told()).toHaveLength(1), soon);
    expect(told()[0]).toContain(`Lifeguard may not ${verb} ${resource} in`);
    expect(rootsOf(slack)).toEqual([]);
    expect(told()[0]).toContain(`add apiGroups ["${apiGroup}"], resources ["${resource}"], verbs ["${verb}"] to the`);
    cluster.faults.forbid(null);
    await rootWith(slack, 'shop/app: crash loop');
    expect(told()).toHaveLength(1);
  });

  it('in one of two namespaces: the other is watched, and the first as soon as it may be', async () => {
    const { cluster } = await openShop();
    cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank' } });
    const kubeconfig = await loginAs(cluster, 'lifeguard');
    for (const namespace of ['default', 'shop']) allow(cluster, 'lifeguard', namespace);
    for (const namespace of ['bank', 'shop']) cluster.apply(manifest({ namespace, env: crash }));
    const { slack, log } = await startLifeguard({ kubeconfig, cluster: '{ name: test, namespaces: [bank, shop] }' });
    await rootWith(slack, 'shop/app: crash loop');
    expect(rootsOf(slack)).toHaveLength(1);
    const missing =
      'Lifeguard may not list pods in namespace bank; add apiGroups [""], resources ["pods"], verbs ["list"] to the Role of namespace bank bound to system:serviceaccount:shop:lifeguard';
    expect(JSON.stringify(log)).toContain(JSON.stringify(missing).slice(1, -1));
    allow(cluster, 'lifeguard', 'bank');
    await rootWith(slack, 'bank/app: crash loop');
  });
});

describe('a token', () => {
  it.each([
    ['of the kubeconfig', (cluster: SimulatedCluster) => ({ token: tokenOf(cluster) })],
    ['in a file that the kubeconfig names', () => ({ tokenFile: 'token' })],
  ])('%s that expired: it is said, and goes on with the renewed one', async (_where, userOf) => {
    const { cluster } = await openShop();
    const folder = await temporaryFolder();
    const kubeconfig = join(folder, 'kubeconfig');
    async function renew(): Promise<void> {
      await writeFile(join(folder, 'token'), `${tokenOf(cluster)}\n`);
      await writeFile(kubeconfig, kubeconfigFor(cluster.url, userOf(cluster)));
    }
    await renew();
    const { slack, log } = await startLifeguard({ kubeconfig });
    cluster.apply(manifest({ name: 'before', env: crash }));
    await rootWith(slack, 'shop/before: crash loop');
    await cluster.faults.rotateToken();
    cluster.faults.resetWatches();
    await vi.waitFor(() => expect(JSON.stringify(log)).toContain("refuses Lifeguard's credentials"), soon);
    cluster.apply(manifest({ name: 'after', env: crash }));
    await renew();
    await rootWith(slack, 'shop/after: crash loop');
    expect(JSON.stringify(log)).not.toContain(tokenOf(cluster));
  });
});

/** The administrator's token of now. */
function tokenOf({ kubeconfig }: { readonly kubeconfig: string }): string {
  return /token: (\S+)/.exec(kubeconfig)?.[1] ?? '';
}

/** A kubeconfig for a new service account of namespace `shop`, which may do nothing yet. */
async function loginAs(cluster: SimulatedCluster, name: string): Promise<string> {
  cluster.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'shop' } });
  const folder = await temporaryFolder();
  const [admin, kubeconfig] = [join(folder, 'admin'), join(folder, 'kubeconfig')];
  await writeFile(admin, cluster.kubeconfig);
  const http = createHttpClient(await loadCredentials({ kubeconfig: admin, now: () => 0 }));
  const path = `/api/v1/namespaces/shop/serviceaccounts/${name}/token`;
  const answer = await http.json({ method: 'POST', path, body: JSON.stringify({ spec: {} }) });
  await http.close();
  await writeFile(kubeconfig, kubeconfigFor(cluster.url, { token: readString(answer, 'status', 'token') }));
  return kubeconfig;
}

/** Gives the service account every right that Lifeguard needs, in one namespace. */
function allow(cluster: SimulatedCluster, name: string, namespace: string): void {
  const metadata = { name, namespace };
  const [roleRef, apiVersion] = [
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    'rbac.authorization.k8s.io/v1',
  ];
  const rules = neededRights({ watchCertificates: false }).map(({ apiGroup, resource, verbs }) => ({
    apiGroups: [apiGroup],
    resources: [resource],
    verbs: [...verbs],
  }));
  cluster.apply({ apiVersion, kind: 'Role', metadata, rules });
  const subjects = [{ kind: 'ServiceAccount', name, namespace: 'shop' }];
  cluster.apply({ apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects });
}
