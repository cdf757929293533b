import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { describeError } from '../../src/core/errors.ts';
import { createFakeAlertmanager } from './fakes/alertmanager.ts';

const PostedAlerts = z.array(
  z.object({ labels: z.record(z.string(), z.string()), startsAt: z.string(), endsAt: z.string().optional() }),
);
const PostedSilence = z.object({
  matchers: z.array(z.object({ name: z.string(), value: z.string(), isRegex: z.boolean() })),
  startsAt: z.iso.datetime().transform((text) => Date.parse(text)),
  endsAt: z.iso.datetime().transform((text) => Date.parse(text)),
  createdBy: z.string(),
  comment: z.string(),
});

interface LocalAlertmanager {
  readonly url: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** As much of Alertmanager's v2 API as is used here; passes the contract suite of the real one. */
export async function startAlertmanager(): Promise<LocalAlertmanager> {
  const kept = createFakeAlertmanager({ now: () => Date.now() });

  async function listAlerts(): Promise<Answer> {
    const body = [...(await kept.firing())].map(([fingerprint, silencedBy]) => {
      const state = silencedBy.length === 0 ? 'active' : 'suppressed';
      return { ...kept.alerts().get(fingerprint), fingerprint, status: { silencedBy, state } };
    });
    return { status: 200, body };
  }

  async function listSilences(): Promise<Answer> {
    const body = (await kept.silences()).map(({ state, ...silence }) => ({ ...silence, status: { state } }));
    return { status: 200, body };
  }

  async function lift(id: string): Promise<Answer> {
    if (!kept.asked().some((one) => one.id === id)) return { status: 404, body: 'silence not found' };
    await kept.lift(id);
    return { status: 200, body: {} };
  }

  async function takeSilence(body: unknown): Promise<Answer> {
    try {
      return { status: 200, body: { silenceID: await kept.silence(PostedSilence.parse(body)) } };
    } catch (error) {
      return { status: 400, body: describeError(error) };
    }
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '/', 'http://local');
    if (request.method === 'GET') return pathname === '/api/v2/silences' ? listSilences() : listAlerts();
    if (request.method === 'DELETE') return lift(pathname.split('/').at(-1) ?? '');
    const chunks: string[] = [];
    for await (const chunk of request) chunks.push(String(chunk));
    const body: unknown = JSON.parse(chunks.join(''));
    if (pathname === '/api/v2/silences') return takeSilence(body);
    kept.post(PostedAlerts.parse(body));
    return { status: 200, body: {} };
  }

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => response.writeHead(status).end(JSON.stringify(body)));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())));
  });
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${port}` };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
