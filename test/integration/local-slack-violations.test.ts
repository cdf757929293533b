import type { App } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { openClient, startBolt } from '../support/bolt-app.ts';
import { openLocalSlack } from '../support/local-slack.ts';

const section: KnownBlock = { type: 'section', text: { type: 'mrkdwn', text: 'hello' } };
const kube = { user: 'U_ANA', channel: 'C_OPS', text: '/kube status' } as const;

interface Planted {
  readonly name: string;
  readonly kind: string;
  readonly commit: (slack: LocalSlack) => Promise<unknown>;
}

function api(method: string, args: Readonly<Record<string, unknown>>): Planted['commit'] {
  return (slack) => openClient(slack).apiCall(method, { channel: 'C_OPS', ...args });
}

function bolt(configure: (app: App) => void): Planted['commit'] {
  return async (slack) => {
    await startBolt(slack, configure);
    return await slack.command(kube);
  };
}

const button = { type: 'button', action_id: 'same', text: { type: 'plain_text', text: 'Go' } };
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'c2lnbmF0dXJl'].join('.');

const planted: readonly Planted[] = [
  { name: 'a command nobody listens to', kind: 'unacked', commit: bolt(() => undefined) },
  {
    name: 'an acknowledgement after the deadline',
    kind: 'unacked',
    commit: bolt((app) => {
      app.command('/kube', async ({ ack }) => {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        await ack();
      });
    }),
  },
  {
    name: 'a command answered with broken blocks',
    kind: 'bad-ack',
    commit: bolt((app) => {
      app.command('/kube', async ({ ack }) => ack({ text: 'x', blocks: [{ type: 'header' }] }));
    }),
  },
  { name: 'blocks without text', kind: 'missing-text', commit: api('chat.postMessage', { blocks: [section] }) },
  { name: 'a text over the limit', kind: 'over-limit', commit: api('chat.postMessage', { text: 'x'.repeat(40_001) }) },
  {
    name: 'an unknown block',
    kind: 'invalid-blocks',
    commit: api('chat.postMessage', { text: 't', blocks: [{ type: 'no' }] }),
  },
  {
    name: 'the same action_id twice in a block',
    kind: 'duplicate-action-id',
    commit: api('chat.postMessage', { text: 't', blocks: [{ type: 'actions', elements: [button, button] }] }),
  },
  {
    name: 'a Slack token',
    kind: 'secret',
    commit: api('chat.postMessage', { text: `token ${'xoxb'}-1234567890-abc` }),
  },
  {
    name: 'a cloud key in a block',
    kind: 'secret',
    commit: api('chat.postMessage', {
      text: 't',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `key ${'AKIA'}IOSFODNN7EXAMPLE` } }],
    }),
  },
  {
    name: 'a JWT in a button value',
    kind: 'secret',
    commit: api('chat.postMessage', {
      text: 't',
      blocks: [{ type: 'actions', elements: [{ ...button, value: jwt }] }],
    }),
  },
  {
    name: 'a password in metadata',
    kind: 'secret',
    commit: api('chat.postMessage', {
      text: 't',
      metadata: { event_type: 'e', event_payload: { dsn: `postgres://app:${'hunter22'}@db/prod` } },
    }),
  },
  {
    name: 'a private key in a file',
    kind: 'secret',
    commit: (slack) =>
      openClient(slack).filesUploadV2({
        channel_id: 'C_OPS',
        filename: 'log.txt',
        content: `-----BEGIN RSA ${'PRIVATE'} KEY-----`,
      }),
  },
  {
    name: 'a method the manifest does not allow',
    kind: 'missing-scope',
    commit: api('reactions.add', { timestamp: '1', name: 'eyes' }),
  },
  { name: 'a method that does not exist', kind: 'unknown-method', commit: api('chat.shout', {}) },
];

describe('violations', () => {
  it.each(planted)('sees $name', async ({ kind, commit }) => {
    const slack = await openLocalSlack({ limits: { ackMs: 500 } });
    await commit(slack).catch(() => undefined);
    expect(slack.violations().map((violation) => violation.kind)).toContain(kind);
    expect(() => slack.assertNoViolations()).toThrow(kind);
  });

  it('tells the person when the app did not respond in time', async () => {
    const slack = await openLocalSlack({ limits: { ackMs: 500 } });
    await startBolt(slack);
    expect(await slack.command(kube)).toEqual({
      ok: false,
      error: 'The app did not respond in time. Please try again.',
    });
    expect(slack.notices('U_ANA')).toEqual(['The app did not respond in time. Please try again.']);
    expect(slack.notices('U_BEN')).toEqual([]);
  });

  it('finds nothing in ordinary messages', async () => {
    const slack = await openLocalSlack();
    const text = 'OOMKilled: sk-8 pods of api-7f9c (limit 128Mi), see https://grafana.local/d/1 password: [redacted]';
    await openClient(slack).chat.postMessage({ channel: 'C_OPS', text, blocks: [section] });
    expect(slack.violations()).toEqual([]);
  });
});
