import { describe, expect, it, vi } from 'vitest';
import { soon } from '../support/patience.ts';
import { crash, manifest, play, rootWith } from '../support/shop-scenario.ts';

const incidents = `{
  escalations: { default: { steps: [{ afterMinutes: 0.02, call: { group: S_ONCALL } }] } },
  tiers: { high: [shop] },
}`;

describe('an incident that nobody looks after', () => {
  it('calls the group, until somebody takes it from the menu of its message', async () => {
    const { cluster, slack } = await play({ incidents });
    cluster.apply(manifest({ env: crash }));
    const root = await rootWith(slack, 'shop/app: crash loop');
    await slack.waitForMessage({ channel: 'C_OPS', threadTs: root.ts, textIncludes: 'Nobody has acknowledged it' });
    const call = slack.messages('C_OPS').find(({ text }) => text.includes('Nobody has acknowledged'));
    expect(JSON.stringify(call)).toContain('<!subteam^S_ONCALL>');
    await slack.click({ user: 'U_ANA', channel: 'C_OPS', ts: root.ts, buttonText: 'Acknowledge' });
    await slack.waitForMessage({ channel: 'C_OPS', threadTs: root.ts, textIncludes: 'Acknowledged' });
    await slack.waitForMessage(
      (message) => message.ts === root.ts && JSON.stringify(message).includes('acknowledged by <@U_ANA>'),
    );
  });
});

describe('`/kube events` of a node', () => {
  it('tells what was said of the pods on it', async () => {
    const { cluster, slack } = await play({});
    await slack.waitForConnections(1);
    cluster.apply(manifest({ env: crash }));
    await rootWith(slack, 'shop/app: crash loop');
    const said = vi.waitFor(async () => {
      await slack.command({ user: 'U_CHI', channel: 'C_OPS', text: '/kube events node-1' });
      return slack.waitForMessage(
        ({ text, blocks }) =>
          text.includes('Events about node-1') && /\*BackOff\* Pod shop\/app-/.test(JSON.stringify(blocks)),
        { timeoutMs: 4_000 },
      );
    }, soon);
    expect(JSON.stringify((await said).blocks)).toContain('What Kubernetes said about node-1');
  });
});

describe('maintenance', () => {
  it('keeps quiet what begins in it, and `/kube events` knows it all the same', async () => {
    const { cluster, slack } = await play({});
    await slack.waitForConnections(1);
    await slack.command({ user: 'U_CHI', channel: 'C_OPS', text: '/kube maintenance shop 1h moving' });
    await slack.waitForMessage({ channel: 'C_OPS', textIncludes: 'nobody is told of what begins in shop' });
    cluster.apply(manifest({ env: crash }));
    cluster.apply(manifest({ name: 'till', namespace: 'pay', env: crash }));
    await rootWith(slack, 'pay/till: crash loop');
    await vi.waitFor(async () => {
      await slack.command({ user: 'U_CHI', channel: 'C_OPS', text: '/kube events shop/app' });
      await slack.waitForMessage({ channel: 'C_OPS', textIncludes: 'Events about shop/app' }, { timeoutMs: 4_000 });
    }, soon);
    await slack.command({ user: 'U_CHI', channel: 'C_OPS', text: '/kube incidents' });
    await slack.waitForMessage({ channel: 'C_OPS', textIncludes: '2 incidents' });
    const roots = slack.messages('C_OPS').filter(({ text }) => text.includes('shop/app: crash loop in cluster'));
    expect(roots).toEqual([]);
  });
});
