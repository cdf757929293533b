import { describe, expect, it } from 'vitest';
import { openClient, startBolt } from '../support/bolt-app.ts';
import { useLocalSlack } from '../support/local-slack.ts';

describe('the local Slack and a real Bolt app', () => {
  const slack = useLocalSlack();

  it('carries a command, a message with a button, a click and a thread reply', async () => {
    await startBolt(slack.current, (app) => {
      app.command('/kube', async ({ ack, client, command }) => {
        await ack(`looking at ${command.text}`);
        await client.chat.postMessage({
          channel: command.channel_id,
          text: 'payments/api crashes',
          blocks: [
            { type: 'section', text: { type: 'mrkdwn', text: '*payments/api* crashes' } },
            {
              type: 'actions',
              elements: [
                { type: 'button', text: { type: 'plain_text', text: 'Approve' }, action_id: 'approve', value: 'p1' },
              ],
            },
          ],
        });
      });
      app.action('approve', async ({ ack, body, client, respond }) => {
        await ack();
        if (body.type !== 'block_actions' || body.channel === undefined || body.message === undefined) return;
        await client.chat.postMessage({
          channel: body.channel.id,
          thread_ts: body.message.ts,
          text: `approved by <@${body.user.id}>`,
        });
        await respond({ text: 'thank you', replace_original: false });
      });
    });

    const answer = await slack.current.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube status' });
    expect(answer).toMatchObject({ ok: true, message: { text: 'looking at status', ephemeral_to: 'U_ANA' } });
    const root = await slack.current.waitForMessage({ channel: 'C_OPS', textIncludes: 'crashes' });
    await slack.current.click({ user: 'U_ANA', channel: 'C_OPS', ts: root.ts, buttonText: 'Approve' });
    await slack.current.waitForMessage({ ephemeralTo: 'U_ANA', textIncludes: 'thank you' });

    expect(slack.current.thread('C_OPS', root.ts)).toMatchObject([
      { reply_count: 1 },
      { text: 'approved by <@U_ANA>' },
    ]);
    expect(slack.current.transcript('C_OPS')).toBe(
      [
        '#ops-alerts',
        'Lifeguard (only Ana Ruiz sees this): looking at status',
        'Lifeguard: *payments/api* crashes',
        '  [Approve]',
        '    Lifeguard: approved by @Ana Ruiz',
        'Lifeguard (only Ana Ruiz sees this): thank you',
      ].join('\n'),
    );
  });

  it('lets the Web API client post without any connection', async () => {
    const posted = await openClient(slack.current).chat.postMessage({ channel: '#general', text: 'hello' });
    expect(posted).toMatchObject({ ok: true, channel: 'C_GENERAL', message: { bot_id: 'B0LIFEGUARD' } });
  });
});
