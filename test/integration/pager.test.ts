import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Page } from '../../src/core/ports/pager.ts';
import { createPagerDuty } from '../../src/platform/pagerduty/pagerduty.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';

/** A server that takes events as PagerDuty does, and answers as the test says. */
async function openServer(status = 202) {
  const taken: unknown[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      taken.push({ path: request.url, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"status":"told"}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { taken, url: `http://127.0.0.1:${address.port}/` };
}

const page: Page = {
  event: 'trigger',
  key: 'lifeguard-prod-inc-1',
  summary: 'shop/checkout: crash loop',
  severity: 'critical',
  source: 'prod',
  details: { cause: 'It crashes.' },
  link: 'https://slack.test/p1',
};

describe('PagerDuty', () => {
  it('gets an event of version 2', async () => {
    const { taken, url } = await openServer();
    await createPagerDuty({ url, routingKey: 'key' }).send({ ...page, summary: 'x'.repeat(2_000) });
    expect(taken).toEqual([
      {
        path: '/v2/enqueue',
        body: {
          routing_key: 'key',
          event_action: 'trigger',
          dedup_key: 'lifeguard-prod-inc-1',
          client: 'Lifeguard',
          payload: {
            summary: `${'x'.repeat(1_023)}…`,
            severity: 'critical',
            source: 'prod',
            custom_details: { cause: 'It crashes.' },
          },
          links: [{ href: 'https://slack.test/p1', text: 'Thread in Slack' }],
        },
      },
    ]);
  });

  it.each([
    [429, 'pager-unreachable', 'transient'],
    [503, 'pager-unreachable', 'transient'],
    [400, 'pager-rejected', 'permanent'],
  ])('answers %i: %s', async (status, code, retry) => {
    const { url } = await openServer(status);
    const failure = await failureOf(createPagerDuty({ url, routingKey: 'secret-key' }).send(page));
    expect(failure).toMatchObject({ code, retry });
    expect(failure.message).not.toContain('secret-key');
  });

  it('is away', async () => {
    const failure = await failureOf(createPagerDuty({ url: 'http://127.0.0.1:9', routingKey: 'key' }).send(page));
    expect(failure).toMatchObject({ code: 'pager-unreachable' });
  });
});
