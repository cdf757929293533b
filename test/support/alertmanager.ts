import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const PostedAlerts = z.array(
  z.object({ labels: z.record(z.string(), z.string()), startsAt: z.string(), endsAt: z.string().optional() }),
);
const Posted = z.object({
  matchers: z.array(z.object({ name: z.string(), value: z.string(), isRegex: z.boolean() })),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
});
type Silence = z.infer<typeof Posted> & { readonly id: string };

export interface LocalAlertmanager {
  readonly url: string;
  /** Silences in force, the oldest first. */
  silences(): readonly Silence[];
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** As much of Alertmanager's v2 API as is used here; passes the contract suite of the real one. */
export async function startAlertmanager(): Promise<LocalAlertmanager> {
  const alerts = new Map<string, z.infer<typeof PostedAlerts>[number]>();
  const silences = new Map<string, Silence>();

  function fits(labels: Readonly<Record<string, string>>, { matchers }: Silence): boolean {
    return matchers.every(({ name, value, isRegex }) =>
      isRegex ? new RegExp(`^(?:${value})$`).test(labels[name] ?? '') : (labels[name] ?? '') === value,
    );
  }

  function listAlerts(filter: string | null): Answer {
    const [, name = '', value = ''] = /^(\w+)="(.*)"$/.exec(filter ?? '') ?? [];
    const shown = [...alerts].filter(([, { labels }]) => name === '' || labels[name] === value);
    const body = shown.map(([fingerprint, alert]) => {
      const silencedBy = [...silences.values()].filter((one) => fits(alert.labels, one)).map(({ id }) => id);
      return {
        ...alert,
        fingerprint,
        status: { silencedBy, state: silencedBy.length === 0 ? 'active' : 'suppressed' },
      };
    });
    return { status: 200, body };
  }

  function takeAlerts(body: unknown): Answer {
    for (const alert of PostedAlerts.parse(body)) {
      const print = createHash('sha256').update(JSON.stringify(alert.labels)).digest('hex').slice(0, 16);
      if (alert.endsAt === undefined || Date.parse(alert.endsAt) > Date.now()) alerts.set(print, alert);
      else alerts.delete(print);
    }
    return { status: 200, body: {} };
  }

  function takeSilence(body: unknown): Answer {
    const silence = Posted.parse(body);
    if (silence.endsAt < silence.startsAt) return { status: 400, body: 'start time must be before end time' };
    const id = randomUUID();
    silences.set(id, { ...silence, id });
    return { status: 200, body: { silenceID: id } };
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local');
    if (request.method === 'GET' && pathname === '/api/v2/alerts') return listAlerts(searchParams.get('filter'));
    if (request.method === 'DELETE') {
      const known = silences.delete(pathname.split('/').at(-1) ?? '');
      return known ? { status: 200, body: {} } : { status: 404, body: 'silence not found' };
    }
    const chunks: string[] = [];
    for await (const chunk of request) chunks.push(String(chunk));
    const body: unknown = JSON.parse(chunks.join(''));
    return pathname === '/api/v2/silences' ? takeSilence(body) : takeAlerts(body);
  }

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => response.writeHead(status).end(JSON.stringify(body)));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())));
  });
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${port}`, silences: () => [...silences.values()] };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
