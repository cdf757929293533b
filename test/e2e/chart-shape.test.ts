import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { readArray, readObject, readPath, readString } from '../../src/core/json.ts';
import { type Manifest, templateChart } from '../support/kubernetes/chart.ts';

const http = ['--set', 'config.slack.mode=http,ingress.enabled=true,ingress.host=lifeguard.example.com'];
const egress = ['--set', 'networkPolicy.egress.enabled=true,networkPolicy.egress.apiServer.cidrs[0]=10.0.0.1/32'];
const from = (name: string) => [{ podSelector: { matchLabels: { name } } }];

function ofKind(manifests: readonly Manifest[], kind: string): readonly Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}

function named(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = ofKind(manifests, kind).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

/** The labels of the pods that a workload makes. */
function podLabels(workload: Manifest) {
  return readObject(workload, 'spec', 'template', 'metadata', 'labels');
}

describe('the way in', () => {
  it('is there only where Slack sends requests, and only for these', async () => {
    expect(ofKind(await templateChart(), 'Ingress')).toEqual([]);
    const manifests = await templateChart(...http);
    const [rule] = readArray(named(manifests, 'Ingress', 'lg-lifeguard'), 'spec', 'rules');
    expect(readString(rule, 'host')).toBe('lifeguard.example.com');
    const service = { name: 'lg-lifeguard', port: { name: 'http' } };
    expect(readArray(rule, 'http', 'paths')).toEqual([
      { path: '/slack/events', pathType: 'Exact', backend: { service } },
    ]);
    const selector = readObject(named(manifests, 'Service', 'lg-lifeguard'), 'spec', 'selector');
    expect(podLabels(named(manifests, 'Deployment', 'lg-lifeguard-bot'))).toMatchObject(selector);
  });

  it('lets the ingress controller reach the bots, and nobody else than was said', async () => {
    const peers = [
      '--set-json',
      `networkPolicy.from=${JSON.stringify(from('prometheus'))}`,
      '--set-json',
      `ingress.from=${JSON.stringify(from('nginx'))}`,
    ];
    const manifests = await templateChart(...http, ...peers);
    const peersOf = (role: string) =>
      readArray(named(manifests, 'NetworkPolicy', `lg-lifeguard-${role}`), 'spec', 'ingress').flatMap((rule) =>
        readArray(rule, 'from'),
      );
    expect(peersOf('bot')).toEqual([...from('prometheus'), ...from('nginx')]);
    expect(peersOf('watcher')).toEqual(from('prometheus'));
    expect(peersOf('worker')).toEqual(from('prometheus'));
    expect(JSON.stringify(peersOf('redis'))).toContain('["bot","watcher","worker"]');
  });
});

describe('the way out', () => {
  it('is open unless it is closed, but for Redis', async () => {
    const policies = ofKind(await templateChart(), 'NetworkPolicy');
    const closed = policies.filter((policy) => readArray(policy, 'spec', 'policyTypes').includes('Egress'));
    expect(closed.map(({ metadata }) => metadata.name)).toEqual(['lg-lifeguard-redis']);
    expect(readPath(closed[0], 'spec', 'egress')).toEqual([]);
  });

  it('leads, once closed, to DNS, the API server and Redis, and from the bots to Slack', async () => {
    const manifests = await templateChart(...egress);
    for (const role of ['bot', 'watcher', 'worker']) {
      const rules = readArray(named(manifests, 'NetworkPolicy', `lg-lifeguard-${role}`), 'spec', 'egress');
      const anywhere = rules.filter((rule) => readPath(rule, 'to') === undefined);
      const ports = anywhere.flatMap((rule) => readArray(rule, 'ports').map((port) => readPath(port, 'port')));
      expect(ports).toEqual(role === 'bot' ? [53, 53, 443] : [53, 53]);
      const to = rules.flatMap((rule) => readArray(rule, 'to'));
      expect(to).toContainEqual({ ipBlock: { cidr: '10.0.0.1/32' } });
      const redis = readObject(to.at(-1), 'podSelector', 'matchLabels');
      expect(podLabels(named(manifests, 'StatefulSet', 'lg-lifeguard-redis'))).toMatchObject(redis);
      expect(to).toHaveLength(2);
    }
  });

  it('leads where else it is said to, and to a Redis of one’s own by that', async () => {
    const extra = [{ ports: [{ port: 6380, protocol: 'TCP' }] }];
    const values = [
      '--set',
      'redis.enabled=false',
      '--set-json',
      `networkPolicy.egress.extra=${JSON.stringify(extra)}`,
    ];
    const manifests = await templateChart(...egress, ...values);
    for (const policy of ofKind(manifests, 'NetworkPolicy'))
      expect(readArray(policy, 'spec', 'egress')).toContainEqual(extra[0]);
  });
});

describe('the keys of the Secret', () => {
  const everybody = ['LIFEGUARD_REDACTION_KEY', 'ALERTMANAGER_TOKEN'];
  const model = ['OPENAI_API_KEY', 'OPENAI_BASE_URL'];
  const peers = ['LOKI_TOKEN', 'KAGENT_TOKEN', 'KUBECTL_AI_TOKEN'];
  const bot = ['SLACK_API_URL', 'LIFEGUARD_WEBHOOK_TOKEN', 'PAGERDUTY_ROUTING_KEY', ...peers, ...model];

  /** The keys that a role gets, and those that have to be there. */
  async function keysOf(role: string, ...values: readonly string[]) {
    const deployment = named(await templateChart(...values), 'Deployment', `lg-lifeguard-${role}`);
    const [container] = readArray(deployment, 'spec', 'template', 'spec', 'containers');
    expect(readPath(container, 'envFrom')).toBeUndefined();
    const refs = readArray(container, 'env').flatMap((one) => {
      const ref = readPath(one, 'valueFrom', 'secretKeyRef');
      if (ref === undefined) return [];
      expect(ref).toMatchObject({ name: 'lifeguard', key: readString(one, 'name') });
      return [{ key: readString(ref, 'key') ?? '', isNeeded: readPath(ref, 'optional') !== true }];
    });
    return {
      needed: refs.filter(({ isNeeded }) => isNeeded).map(({ key }) => key),
      used: refs.filter(({ isNeeded }) => !isNeeded).map(({ key }) => key),
    };
  }

  it.each<[string, readonly string[], readonly string[]]>([
    ['bot', ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'], bot],
    ['watcher', [], ['PROMETHEUS_TOKEN', 'LOKI_TOKEN']],
    ['worker', [], ['PROMETHEUS_TOKEN', ...model]],
  ])('that the %s gets are those that it reads', async (role, needed, own) => {
    expect(await keysOf(role)).toEqual({ needed, used: [...everybody, ...own] });
  });

  it('are those of the way Slack reaches it, and of a Redis of one’s own', async () => {
    expect((await keysOf('bot', ...http)).needed).toEqual(['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET']);
    const elsewhere = ['--set', 'redis.enabled=false'];
    expect((await keysOf('bot', ...elsewhere)).needed).toEqual(['REDIS_URL', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']);
    for (const role of ['watcher', 'worker']) expect((await keysOf(role, ...elsewhere)).needed).toEqual(['REDIS_URL']);
  });
});

describe('disruptions', () => {
  it('take one pod of a role at a time, and a role with one pod is not in the way of a drain', async () => {
    const manifests = await templateChart('--set', 'worker.replicas=1');
    const budgets = ofKind(manifests, 'PodDisruptionBudget');
    expect(budgets.map(({ metadata }) => metadata.name)).toEqual(['lg-lifeguard-bot', 'lg-lifeguard-watcher']);
    for (const budget of budgets) {
      expect(readPath(budget, 'spec', 'maxUnavailable')).toBe(1);
      const labels = podLabels(named(manifests, 'Deployment', budget.metadata.name));
      expect(labels).toMatchObject(readObject(budget, 'spec', 'selector', 'matchLabels'));
    }
  });
});

describe('monitoring', () => {
  const both = ['--set', 'podMonitor.enabled=true,prometheusRule.enabled=true'];

  it.each<[string, readonly string[], readonly string[]]>([
    ['nothing unless asked for', [], []],
    ['pods', ['--set', 'podMonitor.enabled=true'], ['PodMonitor']],
    ['rules', ['--set', 'prometheusRule.enabled=true'], ['PrometheusRule']],
    ['both', both, ['PodMonitor', 'PrometheusRule']],
  ])('%s', async (_case, values, kinds) => {
    const manifests = await templateChart(...values);
    const found = manifests.filter(({ apiVersion }) => apiVersion === 'monitoring.coreos.com/v1');
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('reads the metrics of every role at its port, and carries the labels that Prometheus looks for', async () => {
    const labels = ['--set', 'podMonitor.labels.release=kps,prometheusRule.labels.release=kps,podMonitor.interval=10s'];
    const manifests = await templateChart(...both, ...labels);
    const monitor = named(manifests, 'PodMonitor', 'lg-lifeguard');
    for (const one of [monitor, named(manifests, 'PrometheusRule', 'lg-lifeguard')])
      expect(readObject(one, 'metadata', 'labels')).toMatchObject({
        release: 'kps',
        'app.kubernetes.io/name': 'lifeguard',
      });
    expect(readArray(monitor, 'spec', 'podMetricsEndpoints')).toEqual([
      { port: 'http', path: '/metrics', interval: '10s' },
    ]);
    const selector = readObject(monitor, 'spec', 'selector', 'matchLabels');
    for (const deployment of ofKind(manifests, 'Deployment')) {
      expect(podLabels(deployment)).toMatchObject(selector);
      expect(JSON.stringify(deployment)).toContain('"ports":[{"name":"http"');
    }
  });

  it('has rules that Prometheus can read, about metrics that there are, in this namespace only', async () => {
    const rules = readArray(named(await templateChart(...both), 'PrometheusRule', 'lg-lifeguard'), 'spec', 'groups')
      .flatMap((group) => readArray(group, 'rules'))
      .map((rule) => readString(rule, 'expr') ?? '');
    expect(rules).toHaveLength(3);
    const documented = readFileSync('docs/metrics.md', 'utf8');
    for (const rule of rules) {
      let broken = false;
      parser.parse(rule).iterate({ enter: ({ type }) => void (broken ||= type.isError) });
      expect({ rule, broken }).toEqual({ rule, broken: false });
      const selectors = [...rule.matchAll(/(lifeguard_\w+)\{([^}]*)\}/g)];
      expect(selectors.length).toBe(rule.match(/lifeguard_/g)?.length);
      for (const [, metric, matcher] of selectors) {
        expect(documented).toContain(`\`${metric}\``);
        expect(matcher).toBe('namespace="lifeguard-chart"');
      }
    }
  });
});
