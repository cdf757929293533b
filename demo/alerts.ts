/** One alert of the story, as a rule of Prometheus would give it. */
export interface DemoAlert {
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
}

/** Sends a notification as Alertmanager does (payload version 4). */
export async function notify(url: string, status: 'firing' | 'resolved', alerts: readonly DemoAlert[]): Promise<void> {
  const now = new Date().toISOString();
  const body = {
    version: '4',
    status,
    receiver: 'lifeguard',
    alerts: alerts.map(({ name, severity, labels, description }) => ({
      status,
      labels: { alertname: name, severity, ...labels },
      annotations: { description },
      startsAt: status === 'firing' ? now : (startedAt.get(name) ?? now),
      endsAt: now,
    })),
  };
  for (const { name } of alerts) if (status === 'firing') startedAt.set(name, now);
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`The alert was not taken: ${await answer.text()}`);
}

/** Alert -> when it began; its end must name the same beginning. */
const startedAt = new Map<string, string>();
