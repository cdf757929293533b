import type { Bot } from '../bot/start.ts';
import type { Webhook } from '../bot/webhook.ts';
import { parseNotification } from '../signals/alertmanager.ts';
import { describePushed, readPushed } from '../signals/pushed-logs.ts';
import type { Parts } from './parts.ts';

/** Bytes of a notification at most: room for several thousand alerts. */
const notificationLimit = 4 * 2 ** 20;

/** Bytes of lines that are sent together at most. */
const linesLimit = 8 * 2 ** 20;

/** Path -> what other systems send us there. */
export function createWebhooks(parts: Parts, bot: Bot): Readonly<Record<string, Webhook>> {
  return {
    ...(bot.webhook === undefined ? {} : { '/slack/events': bot.webhook }),
    '/webhooks/alertmanager': alertsWebhook(parts),
    ...(parts.config.logs.push.enabled ? { '/logs': linesWebhook(parts) } : {}),
  };
}

function alertsWebhook({ store, clock, log, environment, telemetry }: Parts): Webhook {
  const received = telemetry.counter<'state'>({
    name: 'alerts_received_total',
    help: 'Alerts that Alertmanager has sent and that were kept, repeats included.',
    labels: ['state'],
  });
  return {
    limit: notificationLimit,
    token: environment.webhookToken,
    async accept(body) {
      const { alerts, truncated } = parseNotification(body, clock.now());
      await store.alerts.take(alerts);
      for (const { state } of alerts) received({ state });
      if (truncated > 0) log.warn('Alertmanager left out alerts; raise max_alerts of its receiver', { truncated });
      return undefined;
    },
  };
}

function linesWebhook({ config, store, clock, environment, telemetry }: Parts): Webhook {
  const received = telemetry.counter<'outcome'>({
    name: 'log_lines_received_total',
    help: 'Lines that collectors have sent: kept, of namespaces that are not watched, or dropped because they say of no container.',
    labels: ['outcome'],
  });
  const { namespaces } = config.cluster;
  return {
    limit: linesLimit,
    token: environment.webhookToken,
    async accept(body) {
      const pushed = readPushed(body, clock.now());
      const lines = pushed.lines.filter(({ namespace }) => namespaces.length === 0 || namespaces.includes(namespace));
      await store.pushedLogs.append(lines);
      received({ outcome: 'kept' }, lines.length);
      received({ outcome: 'unwatched' }, pushed.lines.length - lines.length);
      received({ outcome: 'dropped' }, pushed.unplaced + pushed.unreadable);
      return { status: 200, text: describePushed({ ...pushed, lines }) };
    },
  };
}
