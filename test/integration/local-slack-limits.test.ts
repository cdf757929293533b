import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { slackLimits } from '../../demo/slack/limits.ts';
import { openClient } from '../support/bolt-app.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { openLocalSlack } from '../support/local-slack.ts';
import { refusal, retryAfter } from '../support/slack-answers.ts';

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

describe('rate limits', () => {
  it('allows a burst in a channel, then one message per second, apart for each channel', async () => {
    const clock = createSteppedClock();
    const slack = await openLocalSlack({ clock });
    const client = openClient(slack);
    const post = (channel: string) => client.chat.postMessage({ channel, text: 'hello' });
    for (let sent = 0; sent < slackLimits.messageBurst; sent += 1) await post('C_OPS');

    expect(await retryAfter(post('C_OPS'))).toBe(1);
    expect(await post('C_GENERAL')).toMatchObject({ ok: true });
    clock.advance(1_000);
    expect(await post('C_OPS')).toMatchObject({ ok: true });
    expect(slack.violations()).toEqual([{ kind: 'rate-limited', detail: 'chat.postMessage called too often' }]);
  });

  it('allows 50 updates a minute for the whole workspace', async () => {
    const clock = createSteppedClock();
    const slack = await openLocalSlack({ clock });
    const client = openClient(slack);
    const { ts = '' } = await client.chat.postMessage({ channel: 'C_OPS', text: 'zero' });
    const update = (text: string) => client.chat.update({ channel: 'C_OPS', ts, text });
    for (let sent = 0; sent < 50; sent += 1) await update(String(sent));

    expect(await retryAfter(update('one too many'))).toBe(2);
    clock.advance(1_200);
    expect(await update('again')).toMatchObject({ ok: true });
  });

  it('limits a list method to its tier', async () => {
    const slack = await openLocalSlack({ clock: createSteppedClock() });
    const client = openClient(slack);
    for (let sent = 0; sent < 20; sent += 1) await client.users.list({});
    expect(await retryAfter(client.users.list({}))).toBe(3);
  });

  it('can be switched off', async () => {
    const slack = await openLocalSlack({ clock: createSteppedClock(), limits: { rates: false } });
    const client = openClient(slack);
    for (let sent = 0; sent < 20; sent += 1) await client.chat.postMessage({ channel: 'C_OPS', text: 'hello' });
    expect(slack.messages('C_OPS')).toHaveLength(20);
  });
});

describe('size and shape of messages', () => {
  const tooLong: readonly [string, KnownBlock, string][] = [
    ['a section over 3,000 characters', section('x'.repeat(3001)), '/blocks/0/text/text'],
    [
      'a header over 150',
      { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } },
      '/blocks/0/text/text',
    ],
    [
      'a button text over 75',
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'x'.repeat(76) } }],
      },
      '/blocks/0/elements/0/text/text',
    ],
    [
      'eleven fields',
      { type: 'section', fields: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' })) },
      '/blocks/0/fields',
    ],
    ['a markdown block over 12,000', { type: 'markdown', text: 'x'.repeat(12_001) }, '/blocks/0/text'],
  ];

  it.each(tooLong)('refuses %s and points at it', async (_name, block, pointer) => {
    const slack = await openLocalSlack();
    const client = openClient(slack);
    const { code, messages } = await refusal(client.chat.postMessage({ channel: 'C_OPS', text: 't', blocks: [block] }));
    expect(code).toBe('invalid_blocks');
    expect(messages.join()).toContain(`json-pointer:${pointer}`);
    expect(slack.messages('C_OPS')).toEqual([]);
  });

  const wrongShape: readonly [string, unknown][] = [
    ['an unknown block type', { type: 'text', text: 'x' }],
    ['mrkdwn in a header', { type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
    ['an unknown property', { type: 'divider', colour: 'red' }],
    [
      'a blue button',
      { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'x' }, style: 'blue' }] },
    ],
    ['an empty section', { type: 'section' }],
    ['an alert block, which is for modals', { type: 'alert', text: { type: 'plain_text', text: 'x' } }],
  ];

  it.each(wrongShape)('refuses %s', async (_name, block) => {
    const slack = await openLocalSlack();
    const answer = await openClient(slack)
      .apiCall('chat.postMessage', { channel: 'C_OPS', text: 't', blocks: [block] })
      .catch((error: unknown) => error);
    expect(answer).toMatchObject({ data: { error: 'invalid_blocks' } });
  });

  it('refuses 51 blocks, twice the same block_id, and twice the same action_id in a block', async () => {
    const slack = await openLocalSlack();
    const client = openClient(slack);
    const button = { type: 'button', action_id: 'same', text: { type: 'plain_text', text: 'Go' } } as const;
    const attempts: readonly KnownBlock[][] = [
      Array.from({ length: 51 }, () => ({ type: 'divider' as const })),
      [
        { type: 'divider', block_id: 'one' },
        { type: 'divider', block_id: 'one' },
      ],
      [{ type: 'actions', elements: [button, button] }],
    ];
    for (const blocks of attempts) {
      expect(await refusal(client.chat.postMessage({ channel: 'C_OPS', text: 't', blocks }))).toMatchObject({
        code: 'invalid_blocks',
      });
    }
  });

  it('refuses more than 13,200 characters of blocks, whatever their type', async () => {
    const slack = await openLocalSlack();
    const blocks = Array.from({ length: 5 }, () => section('x'.repeat(2700)));
    const post = openClient(slack).chat.postMessage({ channel: 'C_OPS', text: 't', blocks });
    expect(await refusal(post)).toMatchObject({ code: 'msg_blocks_too_long' });
  });

  it('refuses a text over 40,000 characters, and over 4,000 bytes in an update', async () => {
    const slack = await openLocalSlack();
    const client = openClient(slack);
    const long = client.chat.postMessage({ channel: 'C_OPS', text: 'x'.repeat(40_001) });
    expect(await refusal(long)).toMatchObject({ code: 'msg_too_long' });
    const { ts = '' } = await client.chat.postMessage({ channel: 'C_OPS', text: 'x'.repeat(4_000) });
    const update = client.chat.update({ channel: 'C_OPS', ts, text: `${'x'.repeat(3_999)}<` });
    expect(await refusal(update)).toMatchObject({ code: 'msg_too_long' });
  });

  it('takes a coloured attachment with blocks, and judges those blocks too', async () => {
    const slack = await openLocalSlack();
    const client = openClient(slack);
    const attach = (block: KnownBlock) =>
      client.chat.postMessage({ channel: 'C_OPS', text: 't', attachments: [{ color: '#d00', blocks: [block] }] });
    expect(await attach(section('fine'))).toMatchObject({ ok: true });
    expect(await refusal(attach(section('x'.repeat(3001))))).toMatchObject({ code: 'invalid_attachments' });
  });

  it('takes a chart with one value per category and refuses one without', async () => {
    const slack = await openLocalSlack();
    const chart = (labels: readonly string[]) => ({
      type: 'data_visualization',
      title: 'Memory',
      chart: {
        type: 'line',
        series: [{ name: 'api', data: labels.map((label) => ({ label, value: 1 })) }],
        axis_config: { categories: ['10:00', '10:05'], y_label: 'MiB' },
      },
    });
    const post = (block: unknown) =>
      openClient(slack).apiCall('chat.postMessage', { channel: 'C_OPS', text: 't', blocks: [block] });
    expect(await post(chart(['10:00', '10:05']))).toMatchObject({ ok: true });
    expect(await refusal(post(chart(['10:00'])))).toMatchObject({ code: 'invalid_blocks' });
  });
});

describe('where and who', () => {
  it.each([
    ['C_RANDOM', 'not_in_channel'],
    ['C_OLD', 'is_archived'],
    ['C_NOWHERE', 'channel_not_found'],
  ])('refuses to post to %s', async (channel, code) => {
    const slack = await openLocalSlack();
    const post = openClient(slack).chat.postMessage({ channel, text: 'hello' });
    expect(await refusal(post)).toMatchObject({ code });
  });

  it('refuses wrong tokens and swapped tokens', async () => {
    const slack = await openLocalSlack();
    const asWhom = (token: string) => openClient(slack, token);
    expect(await refusal(asWhom('xoxb-wrong').auth.test())).toMatchObject({ code: 'invalid_auth' });
    expect(await refusal(asWhom('').auth.test())).toMatchObject({ code: 'not_authed' });
    const swapped = asWhom(slack.appToken).chat.postMessage({ channel: 'C_OPS', text: 'x' });
    expect(await refusal(swapped)).toMatchObject({ code: 'not_allowed_token_type' });
    expect(await refusal(asWhom(slack.botToken).apps.connections.open())).toMatchObject({
      code: 'not_allowed_token_type',
    });
  });

  it('computes missing scopes from the manifest', async () => {
    const manifest = { display_information: { name: 'Small' }, oauth_config: { scopes: { bot: ['chat:write'] } } };
    const slack = await openLocalSlack({ manifest });
    const client = openClient(slack);
    expect(await client.chat.postMessage({ channel: 'C_OPS', text: 'x' })).toMatchObject({ ok: true });
    await expect(client.users.info({ user: 'U_ANA' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'users:read', provided: 'chat:write' },
    });
    await expect(client.conversations.history({ channel: 'D_ANA' })).rejects.toMatchObject({
      data: { needed: 'im:history' },
    });
  });
});
