import { WebClient } from '@slack/web-api';
import { beforeEach, describe, expect, it } from 'vitest';
import manifest from '../../slack-manifest.json' with { type: 'json' };
import { createChannel } from '../../src/platform/slack/channel.ts';
import { clientOptions } from '../../src/platform/slack/failures.ts';
import { quiet } from '../support/bolt-app.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { useLocalSlack } from '../support/local-slack.ts';
import { type ChannelUnderTest, describeChannel } from './channel.ts';

const slack = useLocalSlack({ manifest });
const place = 'C_OPS';
const elsewhere = 'C_RANDOM';
const key = { incidentId: 'inc-1', entry: 'root' };
const message = { text: 'Something happened.', blocks: [] };
let open: ChannelUnderTest;
let client: WebClient;

beforeEach(() => {
  client = new WebClient(slack.current.botToken, {
    ...clientOptions,
    slackApiUrl: slack.current.apiUrl,
    logger: quiet,
  });
  open = {
    channel: createChannel(client),
    place,
    elsewhere,
    read: () => slack.current.messages(place).map(({ text }) => text),
    readFiles: () => slack.current.messages(place).flatMap(({ files = [] }) => files.map(({ content }) => content)),
    remove: async (ts) => void (await client.chat.delete({ channel: place, ts })),
    loseReplyOfNextPost: () => slack.current.faults.loseReplyOfNext('chat.postMessage'),
    loseReplyOfNextFile: () => slack.current.faults.loseReplyOfNext('files.completeUploadExternal'),
  };
});

const post = (channel = place) => open.channel.post({ channel, message, key });
const calls = (method: string) => slack.current.requests.filter((call) => call.method === method).length;

describe('a channel of Slack', () => {
  describeChannel(() => open);

  it('is called once, whatever comes back', async () => {
    slack.current.faults.failNext('chat.postMessage', 500);
    expect((await failureOf(post())).code).toBe('channel-unreachable');
    expect(calls('chat.postMessage')).toBe(1);
  });

  it('that hangs up is away', async () => {
    slack.current.faults.loseReplyOfNext('chat.postMessage', 0);
    expect((await failureOf(post())).code).toBe('channel-unreachable');
    slack.current.outage(true, 'reset');
    expect((await failureOf(post())).code).toBe('channel-unreachable');
  });

  it.each([
    [7, 7_000],
    [null, 30_000],
  ])('that is told to slow down for %s seconds says so at once', async (seconds, ms) => {
    slack.current.faults.rateLimitNext('chat.postMessage', seconds);
    const failure = await failureOf(post());
    expect([failure.code, failure.retryAfterMs]).toEqual(['channel-rate-limited', ms]);
  });

  it.each([
    [elsewhere, 'invite the bot'],
    ['C_NOWHERE', 'slack.channel'],
    ['C_OLD', 'unarchive'],
  ])('that cannot be posted to (%s) says what an operator can do', async (channel, words) => {
    const failure = await failureOf(post(channel));
    expect([failure.code, failure.retry]).toEqual(['channel-rejected', 'transient']);
    expect(failure.message).toContain(words);
  });

  it('finds a message although two hundred newer ones followed', async () => {
    const ts = await post();
    for (let index = 0; index < 220; index += 1) await slack.current.say({ user: 'U_ANA', channel: place, text: 'hm' });
    expect(await open.channel.find({ channel: place, key })).toBe(ts);
  });

  it('makes no links, mentions or previews of plain words, and keeps its key out of sight', async () => {
    const bodies: URLSearchParams[] = [];
    const watched = new WebClient(slack.current.botToken, {
      ...clientOptions,
      slackApiUrl: slack.current.apiUrl,
      logger: quiet,
      fetch: async (input, init) => {
        bodies.push(new URLSearchParams(await new Response(init?.body ?? null).text()));
        return fetch(input, init);
      },
    });
    const channel = createChannel(watched);
    const ts = await channel.post({ channel: place, message, key });
    await channel.update({ channel: place, ts, message });
    expect(bodies.map((body) => [body.get('parse'), body.get('link_names')])).toEqual(Array(2).fill(['none', 'false']));
    expect([bodies[0]?.get('unfurl_links'), bodies[0]?.get('unfurl_media')]).toEqual(['false', 'false']);
    expect(slack.current.messages(place)[0]?.metadata).toEqual({
      event_type: 'lifeguard_incident',
      event_payload: { incident: 'inc-1', entry: 'root' },
    });
  });
});
