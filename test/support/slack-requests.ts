import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { startHttp } from '../../src/bot/http.ts';
import { type BotSettings, type DeskWorld, openBot } from './desk.ts';

/** A request as it travels. */
export interface SentRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface SigningOptions {
  /** Epoch milliseconds; now unless said. */
  readonly at?: number;
  /** A form unless said. */
  readonly contentType?: string;
}

/** Signed as Slack does it. */
export function signed(secret: string, body: string, options: SigningOptions = {}): SentRequest {
  const { at = Date.now(), contentType = 'application/x-www-form-urlencoded' } = options;
  const stamp = String(Math.floor(at / 1000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`;
  const headers = { 'content-type': contentType, 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature };
  return { body, headers };
}

export async function send(url: string, { body, headers }: SentRequest): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers });
}

/** A server of this machine until the test ends; answers its address. */
export async function listen(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

/** Stands between Slack and the bot: passes everything on, and keeps it for somebody who wants to send it again. */
async function tap(target: string) {
  const seen: SentRequest[] = [];
  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wanted = ['content-type', 'x-slack-request-timestamp', 'x-slack-signature'] as const;
    const headers = Object.fromEntries(wanted.map((name) => [name, String(request.headers[name])]));
    const sent = { body: await text(request), headers };
    seen.push(sent);
    const answer = await send(target, sent);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(await answer.text());
  }
  return { url: await listen((request, response) => void passOn(request, response)), seen };
}

/** The real bot, to which the local Slack sends requests, until the test ends. */
export async function openHttpBot(slack: LocalSlack, world: DeskWorld, settings: BotSettings = {}) {
  const { bot } = openBot(slack, world, { ...settings, mode: 'http' });
  if (bot.webhook === undefined) throw new Error('the bot takes no requests');
  const http = await startHttp({
    port: 0,
    health: {},
    readiness: {},
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
    webhooks: { '/slack/events': bot.webhook },
  });
  onTestFinished(() => http.close());
  const url = `http://127.0.0.1:${http.port}/slack/events`;
  return {
    bot,
    url,
    /** Has Slack send its requests here; answers what it sent, oldest first. */
    connect: async (): Promise<readonly SentRequest[]> => {
      await expect.poll(() => bot.state()).toBe('connected');
      const wire = await tap(url);
      await slack.deliverTo(wire.url);
      return wire.seen;
    },
  };
}
