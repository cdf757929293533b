import { WebClient } from '@slack/web-api';
import { createSlackLog } from '../bot/slack-log.ts';
import type { SlackAccess } from '../bot/tokens.ts';
import type { Proposal } from '../core/proposal.ts';
import { startWorkers, type Workers } from '../jobs/workers.ts';
import { deliverChannel } from '../notifications/outbox.ts';
import { advanceExecution } from '../ops/execute.ts';
import { createChannel } from '../platform/slack/channel.ts';
import { clientOptions } from '../platform/slack/failures.ts';
import { callApprovers } from './approvers.ts';
import type { Parts } from './parts.ts';

/** Records that the sweep looks through: enough for what can have been left behind. */
const swept = 200;

export interface WorkerDuties {
  /** Carries out approved proposals. */
  readonly executes: boolean;
  /** Brings Slack up to date; needs Slack's tokens. */
  readonly reports: SlackAccess | undefined;
}

export function startWorkerRole(parts: Parts, { executes, reports }: WorkerDuties): Promise<Workers> {
  return startWorkers({
    redisUrl: parts.store.redisUrl,
    cluster: parts.config.cluster.name,
    log: parts.log,
    random: () => Math.random(),
    tasks: {
      ...(executes ? { execute: (id: string) => advanceExecution(id, parts.ops), sweep: () => sweep(parts) } : {}),
      ...(reports === undefined ? {} : { deliver: deliverer(parts, reports) }),
    },
  });
}

function deliverer({ config, store, clock, log }: Parts, access: SlackAccess) {
  const client = new WebClient(access.botToken, {
    ...clientOptions,
    slackApiUrl: access.apiUrl,
    logger: createSlackLog(log),
  });
  const { incidents, withinMinutes } = config.slack.storm;
  const context = {
    ...store,
    ledger: store.messageLedger,
    channel: createChannel(client),
    clock,
    log,
    storm: { roots: incidents, withinMs: withinMinutes * 60_000 },
    commandName: config.slack.command,
    mention: (proposal: Proposal) => callApprovers(proposal, config),
  };
  return (channel: string) => deliverChannel(channel, context);
}

/** Asks again for what was written down but never queued, because Redis or the process went away in between. */
async function sweep({ store, config }: Parts): Promise<void> {
  for (const proposal of await store.proposals.recent(swept)) {
    if (proposal.state === 'approved') await store.queue.execute(proposal.id);
  }
  for (const incident of await store.incidents.recent(swept)) {
    const delivered = await store.messageLedger.read(incident.id);
    if ((delivered?.version ?? 0) < incident.version) await store.queue.report(incident);
  }
  for (const channel of new Set([config.slack.channel, ...(await store.schedule.channels())])) {
    await store.queue.deliver(channel);
  }
}
