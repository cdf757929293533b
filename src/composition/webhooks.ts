import type { Bot } from '../bot/start.ts';
import type { Webhook } from '../bot/webhook.ts';
import { parseNotification } from '../signals/alertmanager.ts';
import type { Parts } from './parts.ts';

/** Bytes of a notification at most: room for several thousand alerts. */
const notificationLimit = 4 * 2 ** 20;

/** Path -> what other systems send us there. */
export function createWebhooks(
  { store, clock, log, environment, telemetry }: Parts,
  bot: Bot,
): Readonly<Record<string, Webhook>> {
  const received = telemetry.counter<'state'>({
    name: 'alerts_received_total',
    help: 'Alerts that Alertmanager has sent and that were kept, repeats included.',
    labels: ['state'],
  });
  return {
    ...(bot.webhook === undefined ? {} : { '/slack/events': bot.webhook }),
    '/webhooks/alertmanager': {
      limit: notificationLimit,
      token: environment.webhookToken,
      async accept(body) {
        const { alerts, truncated } = parseNotification(body, clock.now());
        await store.alerts.take(alerts);
        for (const { state } of alerts) received({ state });
        if (truncated > 0) log.warn('Alertmanager left out alerts; raise max_alerts of its receiver', { truncated });
        return undefined;
      },
    },
  };
}
