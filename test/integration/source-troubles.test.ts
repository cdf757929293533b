import { expect, it, vi } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { startLifeguard } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
import { closedPort } from '../support/process.ts';
import { crash, manifest, openShop, rootWith } from '../support/shop-scenario.ts';

const settled = /Watching \d+ workloads/;

/** What `/kube status` says, once it says all of this. */
async function statusWith(slack: LocalSlack, ...patterns: readonly RegExp[]): Promise<string> {
  await slack.waitForConnections(1);
  return vi.waitFor(
    async () => {
      const before = slack.messages('C_OPS').length;
      await slack.command({ user: 'U_CHI', channel: 'C_OPS', text: '/kube status' });
      const answer = await slack.waitFor(() =>
        slack
          .messages('C_OPS')
          .slice(before)
          .find(({ text }) => text.startsWith('Status of')),
      );
      const shown = JSON.stringify(answer.blocks);
      for (const pattern of patterns) expect(shown).toMatch(pattern);
      return shown;
    },
    // A person may ask twenty times a minute.
    { ...soon, interval: 4_000 },
  );
}

it('no rights for one resource: /kube status names it and what is missing, and the rest works', async () => {
  const { cluster, kubeconfig } = await openShop();
  cluster.faults.forbid({ verb: 'list', resource: 'ingresses' });
  const { slack } = await startLifeguard({ kubeconfig });
  cluster.apply(manifest({ env: crash }));
  await rootWith(slack, 'shop/app: crash loop');
  const shown = await statusWith(
    slack,
    settled,
    /:warning: ingresses, since .{1,80}: Lifeguard may not list ingresses/,
  );
  expect(shown).toContain('networking.k8s.io');
  expect(shown.match(/:warning:/g)).toHaveLength(1);
  cluster.faults.forbid(null);
  await vi.waitFor(async () => expect(await statusWith(slack, settled)).not.toContain(':warning:'), {
    ...soon,
    interval: 4_000,
  });
});

it('no right to read ConfigMaps: one line says so, and the rest works', async () => {
  const { cluster, kubeconfig } = await openShop();
  for (const verb of ['list', 'watch']) cluster.faults.forbid({ verb, resource: 'configmaps' });
  const { slack } = await startLifeguard({ kubeconfig });
  cluster.apply(manifest({ env: crash }));
  await rootWith(slack, 'shop/app: crash loop');
  const shown = await statusWith(
    slack,
    settled,
    /:warning: configmaps, since .{1,80}: Lifeguard may not (list|watch) configmaps/,
  );
  expect(shown.match(/:warning:/g)).toHaveLength(1);
});

it('an API group that the cluster lacks is no trouble', async () => {
  const { cluster, kubeconfig } = await openShop();
  const { slack } = await startLifeguard({ kubeconfig });
  const shown = await statusWith(slack, settled);
  const asked = cluster.requests().filter(({ path }) => /gateway\.networking\.k8s\.io|metrics\.k8s\.io/.test(path));
  expect(new Set(asked.map(({ code }) => code))).toEqual(new Set([404]));
  expect(shown).not.toContain(':warning:');
});

it('a metrics-server that may not be asked, and an Alertmanager that does not answer, are named too', async () => {
  const { cluster, kubeconfig } = await openShop();
  cluster.faults.failNext({ match: '/apis/metrics.k8s.io/', status: 503, times: 100 });
  const alertmanager = `{ url: 'http://127.0.0.1:${closedPort}' }`;
  const { slack } = await startLifeguard({ kubeconfig, alertmanager });
  const shown = await statusWith(
    slack,
    settled,
    /:warning: metrics-server, since .{1,80}: /,
    /:warning: Alertmanager, since .{1,80}: /,
  );
  expect(shown.match(/:warning:/g)).toHaveLength(2);
});
