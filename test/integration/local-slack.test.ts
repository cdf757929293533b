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

  it('counts a click on a button with confirm as confirmed unless the person backs out', async () => {
    const clicks: unknown[] = [];
    await startBolt(slack.current, (app) => {
      app.action('undo', async ({ ack, body, action }) => {
        await ack();
        clicks.push([body.user.id, body.user.team_id, body.team?.id, 'value' in action ? action.value : '']);
      });
    });
    const { ts = '' } = await openClient(slack.current).chat.postMessage({
      channel: 'C_OPS',
      text: 'undo?',
      blocks: [
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: 'undo',
              value: 'p1',
              style: 'danger',
              text: { type: 'plain_text', text: 'Undo' },
              confirm: { text: { type: 'plain_text', text: 'Sure?' } },
            },
          ],
        },
      ],
    });
    const click = { channel: 'C_OPS', ts, actionId: 'undo' };
    await slack.current.click({ ...click, user: 'U_ANA', confirm: false });
    await slack.current.click({ ...click, user: 'U_EVE' });
    await expect.poll(() => clicks).toEqual([['U_EVE', 'T0OTHER', 'T0LOCAL', 'p1']]);
    await expect(slack.current.click({ ...click, user: 'U_ANA', actionId: 'redo' })).rejects.toThrow('there are: Undo');
  });

  it('offers menus and message shortcuts', async () => {
    const seen: unknown[] = [];
    await startBolt(slack.current, (app) => {
      app.action('more', async ({ ack, action }) => {
        await ack();
        seen.push(action.type === 'overflow' ? action.selected_option.value : action.type);
      });
      app.shortcut({ type: 'message_action', callback_id: 'ask_about_message' }, async ({ ack, shortcut }) => {
        await ack();
        seen.push(shortcut.message.text);
      });
    });
    const options = ['Snooze', 'Mute'].map((text) => ({
      text: { type: 'plain_text' as const, text },
      value: text.toLowerCase(),
    }));
    const { ts = '' } = await openClient(slack.current).chat.postMessage({
      channel: 'C_OPS',
      text: 'pick',
      blocks: [
        {
          type: 'section',
          text: { type: 'mrkdwn', text: 'pick' },
          accessory: { type: 'overflow', action_id: 'more', options },
        },
      ],
    });
    await slack.current.click({ user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Mute' });
    await slack.current.shortcut({ user: 'U_ANA', channel: 'C_OPS', ts, callbackId: 'ask_about_message' });
    await expect.poll(() => seen).toEqual(['mute', 'pick']);
  });

  it('says what it waited for in vain', async () => {
    await slack.current.say({ user: 'U_ANA', channel: 'C_OPS', text: 'hello' });
    const waiting = slack.current.waitForMessage({ textIncludes: 'goodbye' }, { timeoutMs: 20 });
    await expect(waiting).rejects.toThrow(/goodbye[\s\S]*Ana Ruiz: hello/);
  });

  it('lets the Web API client post without any connection', async () => {
    const posted = await openClient(slack.current).chat.postMessage({ channel: '#general', text: 'hello' });
    expect(posted).toMatchObject({ ok: true, channel: 'C_GENERAL', message: { bot_id: 'B0LIFEGUARD' } });
  });
});
