import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { openClient, startBolt } from '../support/bolt-app.ts';
import { useLocalSlack } from '../support/local-slack.ts';

const channel = 'C_OPS';
const section: KnownBlock = { type: 'section', text: { type: 'mrkdwn', text: 'blocks' } };

describe('messages', () => {
  const slack = useLocalSlack({ limits: { rates: false } });

  it('gives each message its own, later ts, even while the clock stands', async () => {
    const client = openClient(slack.current);
    const sent = await Promise.all([1, 2, 3].map(() => client.chat.postMessage({ channel, text: 'x' })));
    const stamps = sent.map((one) => one.ts ?? '');
    expect(new Set(stamps).size).toBe(3);
    expect(slack.current.messages(channel).map((one) => one.ts)).toEqual(stamps.toSorted());
  });

  it('removes blocks when an update gives only text, and keeps them when it gives neither', async () => {
    const client = openClient(slack.current);
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'x', blocks: [section] });
    const metadata = { event_type: 'incident', event_payload: { id: 'i1' } };
    await client.apiCall('chat.update', { channel, ts, metadata });
    expect(slack.current.messages(channel)[0]?.blocks).toHaveLength(1);
    await client.chat.update({ channel, ts, text: 'plain' });
    expect(slack.current.messages(channel)[0]).toMatchObject({ text: 'plain', blocks: undefined });
  });

  it('shows "(edited)" for a changed text only', async () => {
    const client = openClient(slack.current);
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'x' });
    await client.chat.update({ channel, ts, text: 'x', blocks: [section] });
    expect(slack.current.messages(channel)[0]?.edited).toBeUndefined();
    await client.chat.update({ channel, ts, text: 'y' });
    expect(slack.current.messages(channel)[0]?.edited).toMatchObject({ user: 'U_BOT' });
  });

  it('changes and deletes only its own messages', async () => {
    const client = openClient(slack.current);
    const { ts } = await slack.current.say({ user: 'U_ANA', channel, text: 'mine' });
    await expect(client.chat.update({ channel, ts, text: 'x' })).rejects.toMatchObject({
      data: { error: 'cant_update_message' },
    });
    await expect(client.chat.delete({ channel, ts })).rejects.toMatchObject({ data: { error: 'cant_delete_message' } });
    await expect(client.chat.update({ channel, ts: '1.2', text: 'x' })).rejects.toMatchObject({
      data: { error: 'message_not_found' },
    });
  });

  it('counts replies, broadcasts on request, and refuses replies to nothing', async () => {
    const client = openClient(slack.current);
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'root' });
    await client.chat.postMessage({ channel, thread_ts: ts, text: 'one' });
    await client.chat.postMessage({ channel, thread_ts: ts, text: 'two', reply_broadcast: true });
    const history = await client.conversations.history({ channel });
    expect(history.messages?.map((one) => [one.text, one.subtype, one.reply_count])).toEqual([
      ['two', 'thread_broadcast', undefined],
      ['root', undefined, 2],
    ]);
    const replies = await client.conversations.replies({ channel, ts });
    expect(replies.messages?.map((one) => one.text)).toEqual(['root', 'one', 'two']);
    await expect(client.chat.postMessage({ channel, thread_ts: '1.2', text: 'x' })).rejects.toMatchObject({
      data: { error: 'thread_not_found' },
    });
  });

  it('returns metadata only when asked, in history and replies', async () => {
    const client = openClient(slack.current);
    const metadata = { event_type: 'incident', event_payload: { id: 'i1', version: 3 } };
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'root', metadata });
    const read = async (include_all_metadata: boolean) => {
      const history = await client.conversations.history({ channel, include_all_metadata });
      const replies = await client.conversations.replies({ channel, ts, include_all_metadata });
      return [history.messages?.[0]?.metadata, replies.messages?.[0]?.metadata];
    };
    expect(await read(false)).toEqual([undefined, undefined]);
    expect(await read(true)).toEqual([metadata, metadata]);
  });

  it('pages through history with a cursor and a time range', async () => {
    const client = openClient(slack.current);
    const stamps: string[] = [];
    for (const text of ['a', 'b', 'c']) stamps.push((await client.chat.postMessage({ channel, text })).ts ?? '');
    const first = await client.conversations.history({ channel, limit: 2 });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await client.conversations.history({ channel, limit: 2, cursor });
    expect([first.has_more, second.has_more]).toEqual([true, false]);
    expect([first, second].map((page) => page.messages?.map((one) => one.text))).toEqual([['c', 'b'], ['a']]);
    const after = await client.conversations.history({ channel, oldest: stamps[1] ?? '' });
    expect(after.messages?.map((one) => one.text)).toEqual(['c']);
  });

  it('keeps ephemeral messages out of history and from other people', async () => {
    const client = openClient(slack.current);
    const { message_ts: ts = '' } = await client.chat.postEphemeral({ channel, user: 'U_ANA', text: 'psst' });
    expect((await client.conversations.history({ channel })).messages).toEqual([]);
    await expect(client.chat.update({ channel, ts, text: 'x' })).rejects.toMatchObject({
      data: { error: 'message_not_found' },
    });
    await expect(client.chat.postEphemeral({ channel: 'C_GENERAL', user: 'U_EVE', text: 'x' })).rejects.toMatchObject({
      data: { error: 'user_not_in_channel' },
    });
  });

  it('uploads a file into a thread in three calls', async () => {
    const client = openClient(slack.current);
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'root' });
    await client.filesUploadV2({
      channel_id: channel,
      thread_ts: ts,
      initial_comment: 'the log',
      filename: 'api.log',
      content: 'line 1\nline 2',
    });
    expect(slack.current.thread(channel, ts).at(-1)).toMatchObject({
      text: 'the log',
      files: [{ name: 'api.log', content: 'line 1\nline 2' }],
    });
    const calls = slack.current.requests.map((call) => call.method);
    expect(calls.slice(-2)).toEqual(['files.getUploadURLExternal', 'files.completeUploadExternal']);
  });

  it('links to a message and leads the browser to the page', async () => {
    const client = openClient(slack.current);
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'root' });
    const { permalink = '' } = await client.chat.getPermalink({ channel, message_ts: ts });
    expect(permalink).toBe(`${slack.current.url}/archives/C_OPS/p${ts.replace('.', '')}`);
    const answer = await fetch(permalink, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe(`/?channel=C_OPS&ts=${ts}`);
  });

  it('takes text that starts with a bracket as text', async () => {
    await openClient(slack.current).chat.postMessage({ channel, text: '[1]' });
    expect(slack.current.messages(channel)[0]?.text).toBe('[1]');
  });
});

describe('people and places', () => {
  const manifestScopes = [
    'channels:read',
    'channels:join',
    'im:write',
    'users:read',
    'usergroups:read',
    'reactions:write',
  ];
  const slack = useLocalSlack({
    limits: { rates: false },
    manifest: {
      display_information: { name: 'Lifeguard' },
      oauth_config: {
        scopes: { bot: [...manifestScopes, 'chat:write', 'channels:history', 'team:read', 'app_mentions:read'] },
      },
      settings: { event_subscriptions: { bot_events: ['app_mention', 'message.im'] } },
    },
  });

  it('knows strangers, guests, admins and groups', async () => {
    const client = openClient(slack.current);
    expect((await client.users.info({ user: 'U_EVE' })).user).toMatchObject({ is_stranger: true, team_id: 'T0OTHER' });
    expect((await client.users.info({ user: 'U_GUS' })).user).toMatchObject({ is_restricted: true });
    expect((await client.users.info({ user: 'U_CHI' })).user).toMatchObject({ is_admin: true });
    expect((await client.usergroups.users.list({ usergroup: 'S_ONCALL' })).users).toEqual(['U_ANA', 'U_CHI']);
    expect((await client.usergroups.list({})).usergroups).toMatchObject([{ handle: 'oncall', user_count: 2 }]);
    expect(await client.auth.test()).toMatchObject({ team_id: 'T0LOCAL', user_id: 'U_BOT', bot_id: 'B0LIFEGUARD' });
    expect((await client.bots.info({ bot: 'B0LIFEGUARD' })).bot).toMatchObject({ user_id: 'U_BOT' });
    expect((await client.team.info()).team).toMatchObject({ name: 'Acme Shop' });
  });

  it('lists, joins and opens conversations', async () => {
    const client = openClient(slack.current);
    const { channels = [] } = await client.conversations.list({ exclude_archived: true });
    expect(channels.map((one) => [one.name, one.is_member])).toEqual([
      ['ops-alerts', true],
      ['general', true],
      ['random', false],
    ]);
    await client.conversations.join({ channel: 'C_RANDOM' });
    expect(await client.chat.postMessage({ channel: 'C_RANDOM', text: 'hi' })).toMatchObject({ ok: true });
    const { channel } = await client.conversations.open({ users: 'U_BEN' });
    expect(await client.chat.postMessage({ channel: channel?.id ?? '', text: 'hi' })).toMatchObject({
      channel: 'D_BEN',
    });
    expect((await client.conversations.info({ channel: 'C_OLD' })).channel).toMatchObject({ is_archived: true });
  });

  it('adds a reaction once', async () => {
    const client = openClient(slack.current);
    const { ts } = await slack.current.say({ user: 'U_ANA', channel, text: 'hello' });
    await client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
    expect(slack.current.messages(channel)[0]?.reactions).toEqual([{ name: 'eyes', users: ['U_BOT'], count: 1 }]);
    await expect(client.reactions.add({ channel, timestamp: ts, name: 'eyes' })).rejects.toMatchObject({
      data: { error: 'already_reacted' },
    });
  });

  it('tells the app of mentions where it is, and of direct messages', async () => {
    const heard: string[] = [];
    await startBolt(slack.current, (app) => {
      app.event('app_mention', async ({ event }) => void heard.push(`${event.channel} ${event.thread_ts ?? 'root'}`));
      app.message(async ({ message }) => void heard.push(`${message.channel} dm`));
    });
    const { ts } = await slack.current.mention({ user: 'U_ANA', channel, text: 'status' });
    await slack.current.mention({ user: 'U_ANA', channel, threadTs: ts, text: 'why' });
    await slack.current.mention({ user: 'U_ANA', channel: 'C_RANDOM', text: 'nobody here' });
    await slack.current.say({ user: 'U_ANA', channel, text: 'just talking' });
    await slack.current.say({ user: 'U_ANA', channel: 'D_ANA', text: 'hi' });
    await expect.poll(() => heard).toEqual(['C_OPS root', `C_OPS ${ts}`, 'D_ANA dm']);
  });
});
