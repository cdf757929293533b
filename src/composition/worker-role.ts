import { WebClient } from '@slack/web-api';
import { createSlackLog } from '../bot/slack-log.ts';
import type { SlackAccess } from '../bot/tokens.ts';
import type { Pager } from '../core/ports/pager.ts';
import type { Proposal } from '../core/proposal.ts';
import { lastDue } from '../incidents/routing.ts';
import { queues } from '../jobs/queues.ts';
import { startWorkers, type Workers } from '../jobs/workers.ts';
import { postBulletin } from '../notifications/bulletin.ts';
import type { OutboxContext } from '../notifications/outbox.ts';
import { renderDigest } from '../notifications/reports/digest.ts';
import { renderHygiene } from '../notifications/reports/hygiene.ts';
import { advanceExecution } from '../ops/execute.ts';
import { createPagerDuty } from '../platform/pagerduty/pagerduty.ts';
import { createChannel } from '../platform/slack/channel.ts';
import { clientOptions } from '../platform/slack/failures.ts';
import { callApprovers } from './approvers.ts';
import { createTeller } from './audit-channel.ts';
import { createDeliveryMeter } from './delivery-meter.ts';
import { createExplaining } from './explaining.ts';
import { inspectHygiene } from './hygiene.ts';
import { createAskAgain } from './left-behind.ts';
import type { Parts } from './parts.ts';
import { stormOf } from './storm.ts';

export interface WorkerDuties {
  /** Carries out approved proposals. */
  readonly executes: boolean;
  /** Brings Slack up to date; needs Slack's tokens. */
  readonly reports: SlackAccess | undefined;
}

export async function startWorkerRole(parts: Parts, { executes, reports }: WorkerDuties): Promise<Workers> {
  const outbox = reports === undefined ? undefined : outboxOf(parts, reports);
  const { audit } = parts.store;
  const auditChannel = parts.config.audit.channel;
  const deliver = outbox === undefined ? undefined : await createTeller({ outbox, audit, auditChannel });
  const dropped = parts.telemetry.counter({
    name: 'jobs_dropped_total',
    help: 'Jobs that failed for good; 0 is right.',
    labels: ['queue'],
  });
  for (const queue of Object.keys(queues)) dropped({ queue }, 0);
  const oldest = parts.telemetry.gauge({
    name: 'delivery_oldest_seconds',
    help: 'How long the longest has been waiting to be told; 0 where nothing waits.',
  });
  const askAgain = createAskAgain(parts);
  return startWorkers({
    redisUrl: parts.store.redisUrl,
    cluster: parts.config.cluster.name,
    log: parts.log,
    random: () => Math.random(),
    onDropped: (queue) => dropped({ queue }),
    tasks: {
      ...(executes
        ? {
            execute: (id: string) => advanceExecution(id, parts.ops),
            explain: createExplaining(parts),
            sweep: () => sweep(parts, { outbox, oldest, askAgain }),
          }
        : {}),
      ...(deliver === undefined ? {} : { deliver }),
    },
  });
}

function outboxOf(parts: Parts, access: SlackAccess): OutboxContext {
  const { config, store, clock, log } = parts;
  const client = new WebClient(access.botToken, {
    ...clientOptions,
    slackApiUrl: access.apiUrl,
    logger: createSlackLog(log),
  });
  return {
    ...store,
    ledger: store.messageLedger,
    channel: createChannel(client),
    meter: createDeliveryMeter(parts.telemetry),
    clock,
    log,
    storm: stormOf(config),
    commandName: config.slack.command,
    mention: (proposal: Proposal) => callApprovers(proposal, config),
    pager: pagerOf(parts),
  };
}

/** One that is to be called without a key would be found out in the night. */
function pagerOf({ config, environment, log }: Parts): Pager | undefined {
  const { pagerKey: routingKey } = environment;
  if (routingKey !== undefined) return createPagerDuty({ url: config.pager.url, routingKey });
  const steps = Object.values(config.incidents.escalations).flatMap((escalation) => escalation.steps);
  if (steps.some(({ call }) => 'pager' in call))
    log.error('an escalation calls the pager, but PAGERDUTY_ROUTING_KEY is not set: nobody would be paged');
  return undefined;
}

interface Sweep {
  readonly outbox: OutboxContext | undefined;
  /** Sets the age of what has been waiting the longest, seconds. */
  readonly oldest: (labels: object, seconds: number) => void;
  readonly askAgain: () => Promise<void>;
}

/** Does what only time brings, and asks again for what was left behind. */
async function sweep(parts: Parts, { outbox, oldest, askAgain }: Sweep): Promise<void> {
  const { store, registry, clock } = parts;
  const now = clock.now();
  oldest({}, (now - ((await store.schedule.oldest()) ?? now)) / 1000);
  for (const { id } of await registry.open()) await registry.attend(id);
  await askAgain();
  for (const channel of await channelsOf(parts)) await store.queue.deliver(channel);
  if (outbox !== undefined) await sumUp(parts, outbox);
}

async function channelsOf({ config, store }: Parts): Promise<ReadonlySet<string>> {
  const routed = config.incidents.routes.map(({ channel }) => channel);
  const audit = config.audit.channel === undefined ? [] : [config.audit.channel];
  return new Set([config.slack.channel, ...routed, ...audit, ...(await store.schedule.channels())]);
}

/** What comes by the calendar is posted late rather than not at all, but not on the next day, milliseconds. */
const latestMs = 6 * 3_600_000;
const dayMs = 86_400_000;

/** Incidents, proposals and executions that a digest looks through: more than a day has. */
const summedUp = 1_000;

/** Posts what comes by the calendar. */
async function sumUp(parts: Parts, outbox: OutboxContext): Promise<void> {
  const { config, store } = parts;
  const cluster = config.cluster.name;
  const bulletins = [
    {
      name: 'digest',
      calendar: config.incidents.digest,
      render: async (to: number) =>
        renderDigest({
          cluster,
          from: to - dayMs,
          to,
          incidents: await store.incidents.recent(summedUp),
          proposals: await store.proposals.recent(summedUp),
          executions: await store.executions.recent(summedUp),
        }),
    },
    {
      name: 'hygiene',
      calendar: config.incidents.hygiene,
      render: async () => renderHygiene(cluster, await inspectHygiene(parts)),
    },
  ];
  for (const { name, calendar, render } of bulletins) {
    const due = calendar === undefined ? undefined : lastDue(calendar, parts.clock.now());
    if (calendar === undefined || due === undefined || parts.clock.now() - due > latestMs) continue;
    const channel = calendar.channel ?? config.slack.channel;
    await postBulletin({ name, channel, due, render: () => render(due) }, outbox);
  }
}
