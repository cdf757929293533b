import { WebClient } from '@slack/web-api';
import { createSlackLog } from '../bot/slack-log.ts';
import type { SlackAccess } from '../bot/tokens.ts';
import type { Proposal } from '../core/proposal.ts';
import { startWorkers, type Workers } from '../jobs/workers.ts';
import { reconcileIncident } from '../notifications/outbox.ts';
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
      ...(reports === undefined ? {} : { report: reporter(parts, reports) }),
    },
  });
}

function reporter({ config, store, clock, log }: Parts, access: SlackAccess) {
  const client = new WebClient(access.botToken, {
    ...clientOptions,
    slackApiUrl: access.apiUrl,
    logger: createSlackLog(log),
  });
  const context = {
    ...store,
    ledger: store.messageLedger,
    channel: createChannel(client),
    clock,
    log,
    channelFor: () => config.slack.channel,
    mention: (proposal: Proposal) => callApprovers(proposal, config),
  };
  return (incidentId: string, version: number) => reconcileIncident({ incidentId, version }, context);
}

/** Asks again for what was written down but never queued, because Redis or the process went away in between. */
async function sweep({ store }: Parts): Promise<void> {
  for (const proposal of await store.proposals.recent(swept)) {
    if (proposal.state === 'approved') await store.queue.execute(proposal.id);
  }
  for (const incident of await store.incidents.recent(swept)) {
    const delivered = await store.messageLedger.read(incident.id);
    if ((delivered?.version ?? 0) < incident.version) await store.queue.report(incident.id, incident.version);
  }
}
