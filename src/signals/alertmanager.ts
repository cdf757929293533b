import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Alert } from '../core/alert.ts';
import { cut } from '../core/cut.ts';
import { LifeguardError } from '../core/errors.ts';
import { redact, redactVariable } from '../core/redact.ts';
import type { Labels } from '../core/views/object.ts';

/** Characters kept. Alertmanager bounds nothing. */
const limits = { label: 1_024, summary: 500, description: 2_000, runbook: 500, expression: 2_000 } as const;

/** Labels and alerts kept at most. */
const mostLabels = 64;
const mostAlerts = 10_000;

const Texts = z.record(z.string(), z.string()).default({});
const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'expected a time (RFC 3339)');

/** Payload version 4 of Alertmanager's webhook; what is not read may be anything. */
const Notification = z.object({
  version: z.literal('4'),
  truncatedAlerts: z.number().default(0),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: Texts,
        annotations: Texts,
        startsAt: time,
        endsAt: time.optional(),
        fingerprint: z.string().max(64).optional(),
        generatorURL: z.string().default(''),
      }),
    )
    .max(mostAlerts),
});
type RawAlert = z.infer<typeof Notification>['alerts'][number];

export interface Notified {
  readonly alerts: readonly Alert[];
  /** Alerts that Alertmanager left out because of its `max_alerts`. */
  readonly truncated: number;
}

/** Reads a notification; texts are cut and redacted. Fails with `input-invalid`. `now`: epoch milliseconds, when it arrived. */
export function parseNotification(body: string, now: number): Notified {
  const parsed = Notification.safeParse(parseJson(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(
      `The notification is not Alertmanager's version 4: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  const { alerts, truncatedAlerts } = parsed.data;
  return { alerts: alerts.map((alert) => readAlert(alert, now)), truncated: truncatedAlerts };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalid('The notification is not JSON.');
  }
}

function invalid(message: string): LifeguardError {
  return new LifeguardError(message, { code: 'input-invalid', retry: 'permanent' });
}

/** A clock that runs ahead of ours cannot make an alert begin in the future. */
function readAlert(
  { status, labels, annotations, startsAt, endsAt, fingerprint, generatorURL }: RawAlert,
  now: number,
): Alert {
  const kept = boundLabels(labels);
  const expression = readExpression(generatorURL);
  return {
    fingerprint: fingerprint || hashLabels(labels),
    state: status,
    labels: kept,
    ...readWords(annotations),
    startsAt: Math.min(Date.parse(startsAt), now),
    ...(status === 'resolved' ? { endsAt: Math.min(Date.parse(endsAt ?? ''), now) || now } : {}),
    heardAt: now,
    repeats: 1,
    ...(expression === undefined ? {} : { expression }),
  };
}

function readWords(annotations: Labels): Pick<Alert, 'summary' | 'description' | 'runbook'> {
  const { summary = '', message = '', description = message, runbook_url: runbook = '' } = annotations;
  return {
    summary: cut(redact(summary), limits.summary),
    description: cut(redact(description), limits.description),
    ...(isLink(runbook) ? { runbook: redact(cut(runbook, limits.runbook, '')) } : {}),
  };
}

function boundLabels(labels: Labels): Labels {
  const entries = Object.entries(labels).slice(0, mostLabels);
  return Object.fromEntries(
    entries.map(([name, value]) => [cut(name, limits.label), cut(redactVariable(name, value), limits.label)]),
  );
}

/** Prometheus links to its graph of the rule: `…/graph?g0.expr=up+%3D%3D+0&g0.tab=1`. One that is cut would not be PromQL. */
function readExpression(generatorURL: string): string | undefined {
  if (!isLink(generatorURL)) return undefined;
  const expression = new URL(generatorURL).searchParams.get('g0.expr') ?? '';
  return expression === '' || expression.length > limits.expression ? undefined : expression;
}

function isLink(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

/** Alertmanager gives a hash of the labels; who imitates it may not. */
function hashLabels(labels: Labels): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
