import { createServer } from 'node:http';
import { WebClient } from '@slack/web-api';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createChannel } from '../../../src/platform/slack/channel.ts';
import { clientOptions } from '../../../src/platform/slack/failures.ts';
import { quiet } from '../../support/bolt-app.ts';

/** A workspace to which Slack has not brought pictures yet: it refuses what it does not know. */
async function startOldSlack() {
  const taken: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const blocks = new URLSearchParams(body).get('blocks') ?? '';
      const known = !blocks.includes('data_visualization') && !blocks.includes('nonsense');
      if (known) taken.push(blocks);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(known ? { ok: true, ts: '1.2' } : { ok: false, error: 'invalid_blocks' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const slackApiUrl = `http://127.0.0.1:${port}/api/`;
  return { taken, channel: createChannel(new WebClient('xoxb-1', { ...clientOptions, slackApiUrl, logger: quiet })) };
}

const words = { type: 'section', text: { type: 'mrkdwn', text: 'Memory: 95 MiB' } };
const picture = { type: 'data_visualization', title: 'Memory' };
const key = { incidentId: 'inc-1', entry: 'evidence' };

it('posts and edits the words where the workspace takes no pictures', async () => {
  const { taken, channel } = await startOldSlack();
  const message = { text: 'Evidence', blocks: [words, picture] };
  expect(await channel.post({ channel: 'C1', message, key })).toBe('1.2');
  await channel.update({ channel: 'C1', ts: '1.2', message });
  expect(taken).toEqual([JSON.stringify([words]), JSON.stringify([words])]);
});

it('still fails where the words are at fault', async () => {
  const { channel } = await startOldSlack();
  const message = { text: 'Evidence', blocks: [{ type: 'nonsense' }, picture] };
  await expect(channel.post({ channel: 'C1', message, key })).rejects.toMatchObject({ code: 'channel-rejected' });
});
