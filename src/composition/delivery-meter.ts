import type { DeliveryMeter } from '../notifications/delivery.ts';
import type { Telemetry } from '../platform/telemetry/metrics.ts';

/** Seconds that people may have to wait; Slack's limits make the long ones. */
const buckets = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900];

export function createDeliveryMeter(telemetry: Telemetry): DeliveryMeter {
  const told = telemetry.histogram({
    name: 'delivery_seconds',
    help: 'From the opening of an incident to the first message that tells it: its own, or that of a storm.',
    buckets,
  });
  const sent = telemetry.counter({
    name: 'messages_total',
    help: 'Messages posted and edited in Slack, and files attached.',
    labels: ['lane'],
  });
  const coalesced = telemetry.counter({
    name: 'edits_coalesced_total',
    help: 'Changes that were told together with a later one.',
  });
  const slowedDown = telemetry.counter({
    name: 'slack_rate_limited_total',
    help: 'Times Slack asked to slow down.',
    labels: ['lane'],
  });
  return {
    told: (ms) => told({}, ms / 1000),
    sent: (lane) => sent({ lane }),
    coalesced: (changes) => coalesced({}, changes),
    slowedDown: (lane) => slowedDown({ lane }),
  };
}
