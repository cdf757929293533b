import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generated } from '../../../scripts/generated.ts';
import { detectors } from '../../../src/analysis/detectors/index.ts';
import { type Config, loadConfig } from '../../../src/config/load.ts';

const schemas = Object.fromEntries(detectors.map((detector) => [detector.id, detector.params]));

function load(text: string): Config {
  return loadConfig(text, { name: 'lifeguard.yaml', detectors: schemas });
}

describe('lifeguard.yaml', () => {
  it('needs nothing but a channel, and defaults to suggesting', () => {
    const config = load('slack: { channel: C0123456789 }');
    expect(config.policy).toMatchObject({
      autonomy: 'suggest',
      protectedNamespaces: ['kube-system'],
      maxAutoRisk: 'low',
    });
    expect(config.policy.attempts).toEqual({ max: 3, daily: 6, backoffMs: 60_000, windowMs: 3_600_000 });
    expect(config.slack).toMatchObject({ command: '/kube', roles: { default: 'viewer' } });
    expect(config.detectors).toMatchObject({ 'crash-loop': { windowSeconds: 600, releaseWindowSeconds: 3600 } });
  });

  it('names whom to ask for a second opinion, and nobody by default', () => {
    expect(load('slack: { channel: C0123456789 }').investigators).toEqual({});
    const kagent = { url: 'http://kagent-controller.kagent:8083/mcp', agent: 'kagent/k8s-agent' };
    const text = `slack: { channel: C0123456789 }\ninvestigators: { kagent: ${JSON.stringify(kagent)} }`;
    expect(load(text).investigators).toEqual({ kagent });
    const faulty = 'slack: { channel: C0123456789 }\ninvestigators: { kagent: { url: "ftp://x", agent: k8s-agent } }';
    expect(() => load(faulty)).toThrow(
      /investigators\.kagent\.url[\s\S]*investigators\.kagent\.agent: found "k8s-agent"/,
    );
  });

  it('is refused with every fault: where, what was found, what is allowed', () => {
    const text = `
cluster: { name: Prod Cluster }
slack: { channel: "#ops", comand: /kube }
policy:
  autonomy: yolo
  attempts: { max: 0 }
  rules: [{ namespaces: shop, autonomy: auto }]
detectors: { crash-lop: {}, crash-loop: { windowSeconds: "ten" } }
`;
    const expected = [
      'cluster.name: found "Prod Cluster", allowed is lower-case letters',
      'slack.channel: found "#ops", allowed is a channel\'s id',
      'slack.comand: found a key that does not exist here',
      'policy.autonomy: found "yolo", allowed is one of observe, suggest, approve, auto',
      'policy.attempts.max: found 0, allowed is at least 1',
      'policy.rules.0.namespaces: found "shop", allowed is a list',
      'detectors.crash-lop: found a key that does not exist here',
      'detectors.crash-loop.windowSeconds: found "ten", allowed is a number',
    ];
    expect(() => load(text)).toThrow('8 faults');
    for (const sentence of expected) expect(() => load(text)).toThrow(sentence);
  });

  it('says where YAML itself is broken', () => {
    expect(() => load('slack: { channel: [')).toThrow(/lifeguard\.yaml is not valid YAML: .* line 1/);
  });

  it('says what is missing from an empty file', () => {
    expect(() => load('')).toThrow('slack: found nothing, allowed is a mapping');
  });
});

describe('identities in Kubernetes', () => {
  const withIdentities = (identities: string) => `slack: { channel: C_OPS }\nkubernetes: { identities: ${identities} }`;

  it('are none unless configured; who has none may change nothing then', () => {
    expect(load('slack: { channel: C_OPS }').kubernetes).toEqual({});
    expect(load(withIdentities('{ users: { U_ANA: { user: ana@example.com } } }')).kubernetes.identities).toEqual({
      users: { U_ANA: { user: 'ana@example.com', groups: [] } },
      groups: {},
      others: 'denied',
    });
  });

  it.each([
    ['system:masters', '{ users: { U_ANA: { user: ana, groups: [system:masters] } } }'],
    ['system:admin', '{ groups: { S_OPS: { user: system:admin } } }'],
    ['a name that no header can carry', '{ users: { U_ANA: { user: "ana\\r\\nImpersonate-Group: x" } } }'],
    ['no name', '{ users: { U_ANA: { user: "" } } }'],
    ['a Slack name', '{ users: { ana: { user: ana } } }'],
  ])('are never %s', (_what, identities) => {
    expect(() => load(withIdentities(identities))).toThrow('kubernetes.identities');
  });
});

describe('logs', () => {
  const read = (logs: string) => load(`slack: { channel: C0123456789 }\nlogs: ${logs}\n`).logs;

  it('are listened to at the pods unless said otherwise, and nobody may send any', () => {
    expect(read('{}')).toMatchObject({ source: 'pods', namespaces: [], push: { enabled: false } });
    expect(read('{ source: loki, loki: { url: "http://loki" } }').source).toBe('loki');
    expect(read('{ source: pushed, push: { enabled: true } }').source).toBe('pushed');
  });

  it('cannot be listened to where there are none, and labels are names', () => {
    expect(() => read('{ source: loki }')).toThrow('logs.loki.url');
    expect(() => read('{ source: pushed }')).toThrow('logs.push.enabled');
    expect(() => read('{ loki: { labels: { pod: \'pod="x"} or {a\' } } }')).toThrow('logs.loki.labels.pod');
    expect(() => read("{ loki: { match: { 'a\"': b } } }")).toThrow('logs.loki.match');
  });
});

describe('generated files', () => {
  it.each(generated())('$path is fresh (npm run generate)', ({ path, text }) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
